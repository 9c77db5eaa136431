"""Set up what the targets of the Makefile need, and repeat only what has changed.

    python3 scripts/prepare.py environment      the virtual environment in .venv
    python3 scripts/prepare.py assets           that, and the style sheet, scripts and images in rasso/static/build

It runs before anything is installed, so it uses nothing but the standard library.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / "var" / "stamps"
LOGS = ROOT / "var" / "logs"
PYTHON = ROOT / ".venv" / "bin" / "python"
REQUIREMENTS = ROOT / "requirements" / "development.txt"
REQUIREMENTS_OF_NODE = ROOT / "requirements" / "node.txt"
OLDEST_NODE = (20, 19)  # sass needs it
# Fail at once instead of trying for minutes, and trust what the machine trusts.
ENVIRONMENT_OF_NPM = {"NODE_USE_SYSTEM_CA": "1", "npm_config_fetch_retries": "1", "npm_config_update_notifier": "false"}


class Failed(Exception):
    """A step did not work; the message says which, why, and where to read more."""


def main(wanted: list[str]) -> int:
    os.chdir(ROOT)
    STAMPS.mkdir(parents=True, exist_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    try:
        with (STAMPS / "lock").open("w") as lock:
            _wait_for(lock.fileno())
            prepare_environment()
            if "assets" in wanted:
                prepare_assets()
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def prepare_environment() -> None:
    if not _works(PYTHON):
        say("Making the virtual environment in .venv")
        run("environment", [sys.executable, "-m", "venv", "--clear", ".venv"])
    # The second file changes when the environment itself is made anew.
    inputs = [REQUIREMENTS, ROOT / ".venv" / "pyvenv.cfg"]
    once("packages", inputs, PYTHON, lambda: install(REQUIREMENTS, "the Python packages"))


def prepare_assets() -> None:
    once("node", npm_files(), ROOT / "node_modules" / ".package-lock.json", install_node_modules)
    sources = [*npm_files(), ROOT / "rasso" / "assets.py", *files_below(ROOT / "rasso" / "static_src")]
    once("assets", sources, ROOT / "rasso" / "static" / "build" / "rasso.css", build_assets)


def install(requirements: Path, what: str) -> None:
    total = len(re.findall(r"^[\w.\[\]-]+==", requirements.read_text(), re.MULTILINE))
    say(f"Installing {what} ({total}, each checked against its hash)")
    progress = Progress(total)
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    run("pip", [*command, "--require-hashes", "-r", str(requirements)], progress.read)
    progress.end()


def install_node_modules() -> None:
    npm, environment = find_npm()
    say("Installing the design systems and the style sheet compiler")
    # No package may run code of its own when it is installed.
    run("npm", [npm, "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"], environment=environment)


def build_assets() -> None:
    npm, environment = find_npm()
    say("Building the style sheet, scripts and images")
    run("sass", [npm, "run", "--silent", "assets"], environment=environment)
    run("assets", [str(PYTHON), "-m", "rasso.assets"])


def find_npm() -> tuple[str, dict[str, str]]:
    """The machine's npm if its Node.js is new enough, otherwise one from a wheel in our own environment."""
    npm = shutil.which("npm")
    if npm and version_of_node() >= OLDEST_NODE:
        return npm, ENVIRONMENT_OF_NPM
    wheel = PYTHON.with_name("npm")
    once("node-wheel", [REQUIREMENTS_OF_NODE], wheel, lambda: install(REQUIREMENTS_OF_NODE, "Node.js from a wheel"))
    path = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return str(wheel), {**ENVIRONMENT_OF_NPM, "PATH": path}


def version_of_node() -> tuple[int, ...]:
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def npm_files() -> list[Path]:
    return [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]


def files_below(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def once(name: str, inputs: list[Path], product: Path, step: Callable[[], None]) -> None:
    """Take the step unless its product is there and was made from this content; an interrupted step is not remembered."""
    stamp = STAMPS / name
    made_from = fingerprint(inputs)
    if product.exists() and stamp.exists() and stamp.read_text() == made_from:
        return
    stamp.unlink(missing_ok=True)
    step()
    stamp.write_text(made_from)


def fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)} ".encode() + content)
    return digest.hexdigest()


def run(
    name: str,
    command: list[str],
    read: Callable[[str], None] = lambda line: None,
    environment: dict[str, str] | None = None,
) -> None:
    """Run quietly; what the command says goes to a log, and its end to the screen when it fails."""
    log = LOGS / f"{name}.log"
    with (
        log.open("w") as kept,
        subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout
        for line in process.stdout:
            kept.write(line)
            read(line)
    if process.returncode != 0:
        end = "".join(log.read_text().splitlines(keepends=True)[-25:])
        raise Failed(f"\n{end}\nThis did not work: {' '.join(command)}\nAll it said is in {log.relative_to(ROOT)}.")


class Progress:
    """How many packages pip has come to: one line that changes on a screen, a few lines in a log."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.on_screen = sys.stdout.isatty()

    def read(self, line: str) -> None:
        if line.startswith("Installing collected packages"):
            self.show("all fetched, unpacking")
        elif line.startswith("Collecting"):
            self.done += 1
            if self.on_screen or self.done % 20 == 0:
                self.show(f"{self.done} of {self.total}")

    def show(self, words: str) -> None:
        print(f"\r    {words:<40}" if self.on_screen else f"    {words}", end="" if self.on_screen else "\n", flush=True)

    def end(self) -> None:
        if self.on_screen:
            print("\r" + " " * 44 + "\r", end="", flush=True)


def say(sentence: str) -> None:
    print(f"- {sentence} ...", flush=True)


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _wait_for(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Waiting for another set-up of this directory to end")
        fcntl.flock(lock, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
