"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from petitions import milestones, tallies


@shared_task
def drain_tallies(*, slot: int = 0) -> None:
    """Sum new signatures into the tallies, and see whether a count has passed a round number."""
    bell.answered(tallies.BELL, slot)
    tallies.drain()
    milestones.announce()


@shared_task
def recount_tallies(*, slot: int = 0) -> None:
    """Each night: compare the tallies with the signatures, repair, alarm."""
    tallies.recount()
