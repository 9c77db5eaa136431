"""Log lines as JSON: constant dotted names and ids, no names and no narrative."""

import json
import logging
from datetime import UTC, datetime
from traceback import extract_tb

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request"}
INNERMOST_FRAMES = 8


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update({name: value for name, value in vars(record).items() if name not in STANDARD})
        if record.exc_info and record.exc_info[0]:
            # The text of an exception may hold what somebody typed; its kind and place may not.
            line["exception"] = record.exc_info[0].__name__
            line["where"] = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(record.exc_info[2])][-INNERMOST_FRAMES:]
        return json.dumps(line, default=str)
