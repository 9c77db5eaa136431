"""Puts everything but the style sheet into static/build: scripts, images and icons. `make assets` runs it after sass.

Run it as `python -m rasso.assets`.
"""

import re
import shutil
import struct
import sys
import zlib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = PROJECT / "rasso" / "static_src"
BUILD = PROJECT / "rasso" / "static" / "build"
GOVUK = PROJECT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
MOJ = PROJECT / "node_modules" / "@ministryofjustice" / "frontend" / "moj"
STYLE_SHEET = "rasso.css"

# The scripts of the design systems; js/rasso.js imports them by these names.
VENDOR_SCRIPTS = {
    "govuk-frontend.js": GOVUK / "govuk-frontend.min.js",
    "moj-add-another.js": MOJ / "components" / "add-another" / "add-another.bundle.mjs",
}

# The letter R of favicon.svg once more, for browsers that want a bitmap: one character a dot.
ICON_DOTS = (
    "................",
    "................",
    "....#######.....",
    "....########....",
    "....##....###...",
    "....##.....##...",
    "....##.....##...",
    "....##....###...",
    "....########....",
    "....#######.....",
    "....##...##.....",
    "....##...###....",
    "....##....##....",
    "....##.....##...",
    "................",
    "................",
)
ICON_COLOURS = {".": b"\x0b\x3c\x5d\xff", "#": b"\xff\xff\xff\xff"}
ICON_SCALE = 3


class AssetsIncomplete(Exception):
    """Something that the pages need is not there; the text says what to do."""


def build_assets() -> list[Path]:
    """Write all files and return them; sass must have written the style sheet before."""
    style_sheet = BUILD / STYLE_SHEET
    if not style_sheet.exists():
        raise AssetsIncomplete("There is no style sheet yet: run `npm ci` and `npm run assets` first.")
    _remove_all_but(style_sheet)
    written = [style_sheet, *_copy_scripts(), *_copy_images_named_in(style_sheet), *_make_icons()]
    return sorted(written)


def _remove_all_but(style_sheet: Path) -> None:
    for path in BUILD.iterdir():
        if path == style_sheet:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _copy_scripts() -> list[Path]:
    written = [_write(f"js/{path.name}", path.read_bytes()) for path in sorted((SOURCE / "js").glob("*.js"))]
    for name, source in VENDOR_SCRIPTS.items():
        # The source map is not shipped, and a storage that hashes names stumbles over a file that is not there.
        script = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", _read(source))
        written.append(_write(f"js/vendor/{name}", script.encode()))
    return written


def _copy_images_named_in(style_sheet: Path) -> list[Path]:
    names = set(re.findall(r"url\([\"']?(images/[^)\"']+)", style_sheet.read_text()))
    return [_write(name, _read(_find_image(name)).encode()) for name in sorted(names)]


def _find_image(name: str) -> Path:
    for folder in (MOJ / "assets", GOVUK / "assets"):
        if (folder / name).exists():
            return folder / name
    raise AssetsIncomplete(f"The style sheet names {name}, which neither design system has.")


def _make_icons() -> list[Path]:
    side = len(ICON_DOTS) * ICON_SCALE
    png = _png(side, b"".join(_icon_row(row) for row in ICON_DOTS))
    return [
        _write("favicon.svg", (SOURCE / "favicon.svg").read_bytes()),
        _write("favicon.ico", _ico(side, png)),
    ]


def _icon_row(row: str) -> bytes:
    no_filter = b"\x00"
    return (no_filter + b"".join(ICON_COLOURS[dot] * ICON_SCALE for dot in row)) * ICON_SCALE


def _png(side: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def _ico(side: int, png: bytes) -> bytes:
    directory = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(png), 22)
    return directory + entry + png


def _read(path: Path) -> str:
    if not path.exists():
        raise AssetsIncomplete(f"{path.relative_to(PROJECT)} is missing: run `npm ci`.")
    return path.read_text()


def _write(name: str, content: bytes) -> Path:
    path = BUILD / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def main() -> int:
    try:
        written = build_assets()
    except AssetsIncomplete as problem:
        print(problem, file=sys.stderr)
        return 1
    kilobytes = sum(path.stat().st_size for path in written) // 1024
    print(f"{len(written)} asset files, {kilobytes} kB, in {BUILD.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
