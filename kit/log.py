"""Log lines as JSON: constant dotted names and ids, no names and no narrative.

Nothing that somebody typed gets in, whoever wrote the line. Our own lines (``ours``: the packages they come from) hold values that
cannot be narrative; of lines of libraries only the constant text is kept, without what they put into it, because that may be an
address, a header or a row. Of an exception its kind and place are kept: its text may hold what a constraint refused.
"""

import json
import linecache
import logging
import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from traceback import extract_tb
from uuid import UUID

from kit import origin

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request"}
INNERMOST_FRAMES = 8
# Dotted names, kinds of things, places in the code: one word, and not a long one.
ONE_WORD = re.compile(r"[A-Za-z0-9_.:/\-]{0,80}")
WITHHELD = "withheld"


class JsonLines(logging.Formatter):
    def __init__(self, ours: Collection[str] = ()) -> None:
        super().__init__()
        self.ours = frozenset(ours)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.partition(".")[0] in self.ours:
            line["event"] = safe(record.msg)
            line.update({name: safe(value) for name, value in vars(record).items() if name not in STANDARD})
        else:
            line["event"] = record.msg if is_constant(record) else WITHHELD
            line["from"] = f"{record.pathname}:{record.lineno}"
        if request_id := origin.current().request_id:
            line["request_id"] = str(request_id)
        if user_id := origin.user_id():
            line.setdefault("user_id", user_id)
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(record.exc_info[2])][-INNERMOST_FRAMES:]
        return json.dumps(line)


def safe(value: object) -> object:
    """The value as a line of ours may hold it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, str) and ONE_WORD.fullmatch(value):
        return str(value)
    return WITHHELD


def is_constant(record: logging.LogRecord) -> bool:
    """Whether the text is written in the code just so: then nothing was put into it before it came here."""
    return isinstance(record.msg, str) and (bool(record.args) or record.msg in "".join(linecache.getlines(record.pathname)))
