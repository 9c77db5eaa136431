"""What the worker does when the clock wakes it. No request queues a task; the rows decide what there is to do."""

from celery import shared_task

from cases.operations import reminders


@shared_task(name="cases.tasks.send_reminders")
def send_reminders() -> None:
    try:
        reminders.send_reminders(whole=False)
    except Exception as error:
        # The administrator's page says so; the fault itself goes on to the log.
        reminders.broke_off(error)
        raise
