"""Everything that is logged inside, by whomever and however unimportant, as our formatter writes it."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.conf import settings

from kit.log import JsonLines


class Lines:
    def __init__(self, stream: StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in map(json.loads, self.text.splitlines()) if line["event"] == event]


@contextmanager
def logged(*, formatter: logging.Formatter | None = None) -> Iterator[Lines]:
    """``formatter``: another than ours, to see what ours leaves out."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter or JsonLines(ours=settings.OUR_PACKAGES))
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    before = [(logger, logger.level, logger.disabled) for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    try:
        yield Lines(stream)
    finally:
        logging.getLogger().removeHandler(handler)
        for logger, level, disabled in before:
            logger.setLevel(level)
            logger.disabled = disabled
