"""What the worker does when the clock wakes it (rasso/celery.py)."""

from celery import shared_task

from audit.operations import SYSTEM, check_daily, sealing


@shared_task(name="audit.tasks.seal_record")
def seal_record() -> None:
    try:
        sealing.seal_record()
    except Exception as error:
        sealing.broke_off(error)
        raise


@shared_task(name="audit.tasks.check_record")
def check_record() -> None:
    """The whole record once a day, a part at each tick; what is wrong stands on the auditor's page, and auditors are told."""
    check_daily(actor=SYSTEM)
