"""Taking times."""

import statistics
import time
from collections.abc import Callable

REPETITIONS = 15


def median_of(repetitions: int, *subjects: Callable[[], object]) -> list[float]:
    """Milliseconds of each subject, run in turn so that a slow moment of the machine hits all alike."""
    taken: list[list[float]] = [[] for _ in subjects]
    for _ in range(repetitions):
        for times, subject in zip(taken, subjects, strict=True):
            start = time.perf_counter()
            subject()
            times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in taken]
