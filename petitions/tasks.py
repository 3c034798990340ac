"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from petitions import milestones, resolving, succeeding, tallies


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


@shared_task
def look_up_districts(*, slot: int = 0) -> None:
    """Districts that nobody has looked up: look-ups may have been switched off when they were confirmed."""
    bell.answered(resolving.BELL_FOR_MISSING, slot)
    if resolving.look_up_missing():
        bell.ring(resolving.BELL_FOR_MISSING, slot)


@shared_task
def review_districts(*, slot: int = 0) -> None:
    """After an import or a new Congress: take the walk through the signatures a part further."""
    bell.answered(resolving.BELL, slot)
    resolving.notice_new_congress()
    if resolving.work():
        bell.ring(resolving.BELL, slot)


@shared_task
def ask_to_reaffirm(*, slot: int = 0) -> None:
    """Write to the signers of petitions that have moved to a successor."""
    bell.answered(succeeding.BELL, slot)
    succeeding.ask_due()
