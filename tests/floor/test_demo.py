"""`make demo`: one process that brings a whole site, and takes it away again."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from kit.devservers import ROOT
from tests.floor.processes import alive, descendants, gone
from tests.floor.test_servers import open_directory

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux"),
]


def start(port: int, data: Path) -> subprocess.Popen[str]:
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_", "RASSO_", "REDIS_"))
    }
    if "RASSO_POSTGRES_BIN" in os.environ:
        ours["RASSO_POSTGRES_BIN"] = os.environ["RASSO_POSTGRES_BIN"]
    return subprocess.Popen(
        [sys.executable, "-m", "rasso.demo", "--port", str(port), "--data", str(data), "--cases", "2"],
        cwd=ROOT,
        env={**ours, "RASSO_MODE": "demonstration"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_it_answers(demo: subprocess.Popen[str], port: int) -> str:
    assert demo.stdout
    said = []
    for line in demo.stdout:
        said.append(line)
        if line.startswith("Stop it with"):
            break
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"http://127.0.0.1:{port}/health/live", timeout=10) as answer:
        assert answer.status == 200, "".join(said)
    return "".join(said)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with start(port, tmp_path / "data") as demo:
            said, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert f"Port {port} cannot be used" in said
    assert not (tmp_path / "data").exists()


def test_it_answers_and_leaves_no_process_however_it_ends() -> None:
    port = free_port()
    with open_directory() as data:
        for last, exit_code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 0)):
            with start(port, data) as demo:
                said = wait_until_it_answers(demo, port)
                family = descendants(demo.pid)
                demo.send_signal(last)
                demo.wait(30)
            assert "investigator " in said and "rasso-demo" in said
            assert len(family) > 10
            assert gone(family, within=10), alive(family)
            assert demo.returncode == exit_code
