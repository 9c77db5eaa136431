"""How the web server runs, whoever starts it from this directory: above all, what it writes into its log.

The access log, if it is asked for (`--access-logfile -`), holds no query, because that may hold what somebody searched for, no page
on which a link stood and no program. What goes wrong outside Django is written as everything else is (`kit.log`).
"""

from typing import Any

from gunicorn.glogging import Logger

from kit.log import JsonLines


class ScrubbedLogger(Logger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


logger_class = ScrubbedLogger
access_log_format = "%(t)s %(h)s %(m)s %(U)s %(s)s %(B)s %(D)s"
# As much as our pages and their filters can need.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
