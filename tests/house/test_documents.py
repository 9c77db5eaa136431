"""Documents made from tables say what the tables say."""

import pytest

from rasso import documents


@pytest.mark.parametrize("name", sorted(documents.DOCUMENTS))
def test_document_is_current(name: str) -> None:
    assert name not in documents.stale(), "Run `make docs` and read what changed."


def test_stale_document_is_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(documents, "DOCS", tmp_path)
    documents.write()
    assert documents.stale() == []
    (tmp_path / "access.md").write_text("Everybody may do everything.")
    assert documents.stale() == ["access.md"]
