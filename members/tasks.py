"""What Celery calls. Tasks carry no data but a slot; what there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from members import newsletter, outbox


@shared_task
def send_letters(*, slot: int = 0) -> None:
    """Be a sender for one turn, and call for another where more is due."""
    bell.answered(outbox.BELL, slot)
    if outbox.send_waiting():
        bell.ring(outbox.BELL, slot)


@shared_task
def ring_for_letters() -> None:
    """Beat's part: a bell that was lost is rung again."""
    outbox.ring()


@shared_task
def recover_letters() -> None:
    """Settle for senders that died."""
    if outbox.recover():
        outbox.ring()


@shared_task
def sum_letter_counts() -> None:
    """Keep the counts of issues cheap to read."""
    outbox.sum_up()


@shared_task
def finish_issues() -> None:
    """Close issues whose letters are all settled."""
    newsletter.finish_issues()
