"""What the worker does when the clock wakes it. No request queues a task; the rows decide what there is to do."""

from celery import shared_task

from cases.operations import reminders


@shared_task(name="cases.tasks.send_reminders")
def send_reminders() -> None:
    reminders.send_reminders()
