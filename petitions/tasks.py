"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from petitions import paper, tallies
from petitions.delivering import packets, runs


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
def make_packets(*, slot: int = 0) -> None:
    """Make packets for one turn, and call for another where more is due."""
    bell.answered(runs.BELL, slot)
    if runs.work():
        bell.ring(runs.BELL, slot)


@shared_task
def ring_for_packets() -> None:
    """Beat's part: packets whose bell was lost, or whose worker died, go on."""
    if runs.is_any_due():
        bell.ring(runs.BELL)


@shared_task
def forget_deliveries() -> None:
    """Delete the files of packets and the photos of sheets whose time is over."""
    packets.forget()
    packets.sweep()
    runs.forget()
    paper.forget_photos()
    paper.sweep()


@shared_task
def look_at_paper_again() -> None:
    """Count those who signed on paper and online only once."""
    paper.look_again()
