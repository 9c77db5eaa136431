"""Close the entries of finished transactions into seals: the worker's clock does it every minute, `manage.py seal_record` by hand."""

import json
import logging

from django.db import connection
from django.utils import timezone

from audit.signals import BY_KIND, Kind
from kit.binding import as_worker

log = logging.getLogger(__name__)

# A transaction each, so that a long backlog holds no lock for long and is verified in slices of the same size.
MOST_ENTRIES = 50_000
MOST_SEALS = 200
MANY_CASES, MANY_REFUSED = BY_KIND[Kind.MANY_CASES].threshold, BY_KIND[Kind.MANY_REFUSED].threshold


def seal_record() -> int:
    """Seal what there is; how many seals that made. Safe to repeat and to run twice at once."""
    began, made = timezone.now(), 0
    while made < MOST_SEALS and _seal_next():
        made += 1
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.job_ended('seals', %s, %s)", [began, json.dumps({"made": made})])
    return made


def broke_off(error: Exception) -> None:
    """Write down that sealing ended by a fault: the kind of fault, never its words."""
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.job_broke_off('seals', %s)", [type(error).__name__])


def _seal_next() -> bool:
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("SELECT rasso.seal_next(%s)", [MOST_ENTRIES])
        (number,) = cursor.fetchone()
        if number is not None:
            cursor.execute("SELECT rasso.find_signals(%s, %s, %s)", [number, MANY_CASES, MANY_REFUSED])
            cursor.execute("SELECT hash, cluster FROM rasso.seal_to_log(%s)", [number])
            digest, cluster = cursor.fetchone()
    if number is not None:
        # Where logs are kept elsewhere, the chain is kept elsewhere: each line is a checkpoint. The hash says nothing of what it seals.
        log.info("audit.sealed", extra={"number": number, "hash": digest, "cluster": cluster})
    return number is not None
