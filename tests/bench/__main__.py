"""Starts the servers, runs every part, prints the table and writes it down. BENCH_ONLY=pages,sweep chooses parts."""

import importlib
import json
import os
import time
from typing import Any

import django

from kit.devservers import ROOT, Servers, directory_for

PARTS = {
    "pages": "Pages in a small and a large force",
    "long_case": "Pages of a long case",
    "search": "Search",
    "sweep": "Reminders",
    "reach": "Row-level security beside a plain join and guardian",
    "tracker": "A tracker taken over",
    "audit": "The record, sealed and verified, with and without",
}


def main() -> None:
    wanted = os.environ.get("BENCH_ONLY", ",".join(PARTS)).split(",")
    servers = Servers(directory_for("test"), durable=False)
    os.environ.update(servers.start())
    os.environ["DJANGO_SETTINGS_MODULE"] = "rasso.settings_test"
    found: dict[str, Any] = {}
    try:
        django.setup()
        for part in wanted:
            # Each imports models, which are there only now.
            found[PARTS[part]] = importlib.import_module(f"tests.bench.{part}").measure()
    finally:
        servers.stop()
    for heading, figures in found.items():
        print(f"\n{heading}")
        for name, figure in figures.items():
            print(f"  {name:62}{figure:>12,.2f}")
    out = ROOT / "var" / "bench"
    out.mkdir(parents=True, exist_ok=True)
    path = out / time.strftime("%Y-%m-%d.json")
    path.write_text(json.dumps(found, indent=2))
    print(f"Written to {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
