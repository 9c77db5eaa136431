def load_reference_data() -> None:
    """Replaced in a moment."""
