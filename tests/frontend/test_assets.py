"""What is sent: light, ours, from nowhere else, and complete."""

import gzip
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from rasso import assets
from tests.frontend import style_sheet
from tests.frontend.conftest import render_style_sheet

LIGHT_FIRST = 150_000
LIGHT_LATER = 30_000
SCRIPTS = sorted((assets.SOURCE / "js").glob("*.js"))


def over_the_wire(content: bytes) -> int:
    return len(gzip.compress(content, 9))


@pytest.fixture(scope="module")
def built() -> dict[str, bytes]:
    return {str(path.relative_to(assets.BUILD)): path.read_bytes() for path in assets.BUILD.rglob("*") if path.is_file()}


def test_first_and_later_views_are_light(built: dict[str, bytes]) -> None:
    page = over_the_wire(render_style_sheet(style_sheet.filled_in_wrongly()).encode())
    assert page < LIGHT_LATER
    # Half of what is allowed: the other half is for what pages will hold.
    assert page + sum(map(over_the_wire, built.values())) < LIGHT_FIRST / 2


def test_the_style_sheet_is_not_that_of_a_gov_uk_site(built: dict[str, bytes]) -> None:
    css = built["rasso.css"].decode()
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert not re.search("crown|crest", " ".join(built) + css)


def test_nothing_names_another_host(built: dict[str, bytes]) -> None:
    for name, content in built.items():
        if name.startswith("js/vendor/") or name.endswith((".svg", ".ico")):
            continue
        # In the style sheet "https://" stands only in a selector for links on paper.
        assert not re.search(rb"https?://[a-z]|url\([\"']?(?:https?:)?//", content), name
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", render_style_sheet(style_sheet.EveryField()))


def test_every_image_that_the_style_sheet_names_is_there(built: dict[str, bytes]) -> None:
    named = re.findall(r"url\([\"']?([^)\"']+)", built["rasso.css"].decode())
    assert set(named) <= set(built)


def test_every_script_that_a_script_imports_is_there(built: dict[str, bytes]) -> None:
    for name, content in built.items():
        if not name.endswith(".js"):
            continue
        for imported in re.findall(r"from ['\"]\./([^'\"]+)['\"]", content.decode()):
            assert str(Path(name).parent / imported) in built


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_our_scripts_build_nothing_from_text(script: Path) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", script.read_text())


def test_the_storage_gives_every_file_its_hash_also_inside_scripts(settings: Settings, tmp_path: Path) -> None:
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_DIRS = [assets.BUILD]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "rasso.storage.HashedStaticFiles"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    (start,) = tmp_path.glob("js/rasso.*.js")
    imported = re.findall(r"from ['\"]([^'\"]+)['\"]", start.read_text())
    assert len(imported) >= 6
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imported)
    assert all((start.parent / name.removeprefix("/static/js/")).resolve().exists() for name in imported)
    assert list(tmp_path.glob("rasso.*.css.gz"))


def test_a_missing_style_sheet_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    assert assets.main() == 1
    assert "npm run assets" in capsys.readouterr().err


def test_an_image_that_no_design_system_has_stops_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    (tmp_path / "rasso.css").write_text("a{background:url(images/nowhere.svg)}")
    with pytest.raises(assets.AssetsIncomplete, match="nowhere"):
        assets.build_assets()


def test_what_an_earlier_build_left_goes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "gone.js").write_text("")
    (tmp_path / "rasso.css").write_text("")
    written = assets.build_assets()
    assert not (tmp_path / "old").exists()
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(written)
