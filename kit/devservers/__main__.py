"""Run a command with PostgreSQL and Valkey at its side:

python -m kit.devservers run --purpose development -- python manage.py shell
"""

import argparse
import os
import signal
import subprocess
import sys

from kit.devservers import Servers, ServersError, directory_for, exit_as_asked


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m kit.devservers", description=__doc__.splitlines()[0])
    run = parser.add_subparsers(required=True).add_parser("run", help="start or join the servers, run a command, stop")
    run.add_argument("--purpose", choices=["demonstration", "development", "test"], default="development")
    run.add_argument("command", nargs=argparse.REMAINDER, help="after two dashes")
    chosen = parser.parse_args()
    command = chosen.command[1:] if chosen.command[:1] == ["--"] else chosen.command
    if not command:
        parser.error("say which command to run, after two dashes")
    signal.signal(signal.SIGTERM, lambda *_: exit_as_asked(signal.SIGTERM))
    try:
        with Servers(directory_for(chosen.purpose), durable=chosen.purpose != "test") as environment:
            return _run(command, environment)
    except ServersError as error:
        return _say(error)


def _run(command: list[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(command, env={**os.environ, **environment})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # The command got it too; it decides when to end.
            continue
        except SystemExit:
            process.terminate()


def _say(error: ServersError) -> int:
    print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
