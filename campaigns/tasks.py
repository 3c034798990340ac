"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from campaigns import daily, digest, inviting


@shared_task
def write_tasks_of_the_day() -> None:
    """Each morning of the week: what today is for."""
    daily.write_tasks()


@shared_task
def write_digests() -> None:
    """Each morning: what waits for staff."""
    digest.write_digests()


@shared_task
def remind_of_closing() -> None:
    """Three days before registration closes: who was invited and has not registered."""
    inviting.remind()
