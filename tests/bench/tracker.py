"""How fast a tracker is taken over, and that memory stays flat: a file of 10,000 rows and one of 100,000 of the same kind."""

import gc
import io
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from cases import operations
from cases.tracker.fields import guess, is_known_head
from kit.tables import read_table
from tests.bench.databases import database
from tests.worlds import MONDAY, actor, at, building, make_force, set_clock

SIZES = tuple(int(size) for size in os.environ.get("BENCH_ROWS", "10000,100000").split(","))
# Loading goes chunk by chunk and no chunk knows how many there are, so some of each file tell it.
CHUNKS_LOADED = 10
HEADS = "Crime number,Date reported,Date recorded,Offence,Unit,OIC,Last review,Notes\r\n"


def tracker(size: int, unit: str, officer: str) -> bytes:
    """Each row can be loaded."""
    rows = (
        f"B{size}/{number:06}/26,02/11/2026 09:30,2026-11-02 11:00,Rape (article 5),{unit},{officer},2026-11-10,Seen on the day\r\n"
        for number in range(size)
    )
    return (HEADS + "".join(rows)).encode()


def measure() -> dict[str, Any]:
    """Rows a second of reading, checking and loading, and the most memory that each took."""
    figures: dict[str, Any] = {}
    with database("tracker"):
        set_clock(at(MONDAY + timedelta(days=10)))
        with building():
            force = make_force()
        for size in SIZES:
            content = tracker(size, force.unit.name, force.investigator.username)
            figures |= {f"{name}, {size:,} rows": value for name, value in of_size(force.inspector, size, content).items()}
    small, large = (figures[f"memory taken, MB, {size:,} rows"] for size in (SIZES[0], SIZES[-1]))
    return {**figures, "memory taken, large / small": large / max(small, 1.0)}


def of_size(inspector: Any, size: int, content: bytes) -> dict[str, float]:
    by = actor(inspector)
    file, taken = io.BytesIO(content), []

    def timed(work: Callable[[], Any]) -> tuple[float, Any]:
        gc.collect()
        held, start = memory(anew=True), time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        taken.append(memory() - held)
        return seconds, result

    def chunks(act: Callable[..., Any], most: int = 10**9) -> int:
        rows = 0
        for _ in range(most):
            chunk = act(actor=by, run_id=run.pk)
            rows += chunk.rows
            if not chunk.is_more:
                break
        return rows

    read, run = timed(lambda: operations.begin_import(actor=by, table=read_table(file, is_known_head), digest=f"{size:064}"))
    operations.map_import(actor=by, run_id=run.pk, fields=guess(run.heads), unit_id=None, said={})
    checked, _ = timed(lambda: chunks(operations.check_import))
    loaded, rows = timed(lambda: chunks(operations.load_import, CHUNKS_LOADED))
    return {
        "rows a second, read": size / read,
        "rows a second, checked": size / checked,
        "rows a second, loaded": rows / loaded,
        "memory taken, MB": max(taken),
    }


def memory(*, anew: bool = False) -> float:
    """The most memory of this process in MB since it was last asked for anew."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
