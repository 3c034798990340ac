"""What Celery calls. Tasks carry no data but a slot; what there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from members import newsletter, outbox, retention


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
def send_due_issues() -> None:
    """Freeze issues whose time has come."""
    newsletter.send_due()


@shared_task
def watch_issues() -> None:
    """First letters, the others, a stop where too much goes wrong, the end."""
    newsletter.watch_issues()


@shared_task
def report_issues() -> None:
    """The morning after, to those who made an issue."""
    newsletter.send_reports()


@shared_task
def remind_pending() -> None:
    """Once more to those who have not confirmed."""
    retention.remind_pending()


@shared_task
def delete_unconfirmed() -> None:
    """Forget those who never confirmed."""
    retention.delete_unconfirmed()
