"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from campaigns.printing import runs
from csan.lib import bell


@shared_task
def print_out(*, slot: int = 0) -> None:
    """Draw a print-out, and call for another turn where more wait."""
    bell.take_turn(runs.BELL, slot, runs.work)


@shared_task
def ring_for_print_outs() -> None:
    """Beat's part: a print-out whose bell was lost, or whose worker died, is drawn."""
    if runs.is_any_due():
        bell.ring(runs.BELL)


@shared_task
def forget_print_outs() -> None:
    """Delete old files: addresses stand in them."""
    runs.forget()
