"""Set-up repeats only what has changed."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from kit.devservers import ROOT


@pytest.fixture
def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("prepare", ROOT / "scripts" / "prepare.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, place in {"ROOT": tmp_path, "STAMPS": tmp_path, "LOGS": tmp_path}.items():
        monkeypatch.setattr(module, name, place)
    return module


@pytest.fixture
def steps(prepare: ModuleType, tmp_path: Path) -> "Steps":
    return Steps(prepare, tmp_path)


class Steps:
    """One step that makes a product from an input, and how often it was taken."""

    def __init__(self, prepare: ModuleType, place: Path) -> None:
        self.prepare = prepare
        self.input = place / "input"
        self.product = place / "product"
        self.input.write_text("one")
        self.taken = 0

    def go(self) -> int:
        self.prepare.once("step", [self.input], self.product, self.take)
        return self.taken

    def take(self) -> None:
        self.taken += 1
        self.product.write_text("made")


def test_the_same_content_is_not_done_again(steps: Steps) -> None:
    assert steps.go() == 1
    steps.input.touch()
    assert steps.go() == 1


def test_changed_content_is_done_again(steps: Steps) -> None:
    steps.go()
    steps.input.write_text("two")
    assert steps.go() == 2


def test_a_lost_product_is_made_again(steps: Steps) -> None:
    steps.go()
    steps.product.unlink()
    assert steps.go() == 2


def test_a_step_that_failed_is_done_again(steps: Steps, prepare: ModuleType) -> None:
    steps.go()
    steps.input.write_text("two")

    def fail() -> None:
        raise prepare.Failed

    with pytest.raises(prepare.Failed):
        prepare.once("step", [steps.input], steps.product, fail)
    steps.input.write_text("one")
    assert steps.go() == 2


def test_a_command_that_fails_shows_what_it_said(prepare: ModuleType) -> None:
    with pytest.raises(prepare.Failed, match="(?s)the reason.*This did not work: sh -c"):
        prepare.run("step", ["sh", "-c", "echo the reason; exit 3"])


def test_requirements_name_no_registry() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        assert "http" not in path.read_text(), path
        assert "--hash=sha256:" in path.read_text(), path
    assert "resolved" not in (ROOT / "package-lock.json").read_text()
