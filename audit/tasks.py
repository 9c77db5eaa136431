"""What the worker does when the clock wakes it (rasso/celery.py)."""

from celery import shared_task

from audit.operations import sealing


@shared_task(name="audit.tasks.seal_record")
def seal_record() -> None:
    try:
        sealing.seal_record()
    except Exception as error:
        sealing.broke_off(error)
        raise
