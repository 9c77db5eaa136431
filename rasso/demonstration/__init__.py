"""The invented force: its clock, its people, its cases. Never part of production."""
