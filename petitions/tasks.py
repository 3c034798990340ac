"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from petitions import retention, tallies


@shared_task
def drain_tallies(*, slot: int = 0) -> None:
    """Sum new signatures into the tallies."""
    bell.answered(tallies.BELL, slot)
    tallies.drain()


@shared_task
def recount_tallies(*, slot: int = 0) -> None:
    """Each night: compare the tallies with the signatures, repair, alarm."""
    tallies.recount()


@shared_task
def remind_pending() -> None:
    """Once more, and once again, to those who have not confirmed."""
    retention.remind_pending()


@shared_task
def delete_unconfirmed() -> None:
    """Forget those who never confirmed."""
    retention.delete_unconfirmed()
