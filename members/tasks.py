"""What Celery calls. Tasks carry no data but a slot; what there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from members import domain_doctor, exporting, importing, newsletter, outbox


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
def finish_issues() -> None:
    """Close issues whose letters are all settled."""
    newsletter.finish_issues()


@shared_task
def work_on_lists(*, slot: int = 0) -> None:
    """Take imports and exports a turn further, and call for another where more is due."""
    bell.answered(importing.BELL, slot)
    if any([importing.work(), exporting.work()]):
        bell.ring(importing.BELL, slot)


@shared_task
def ring_for_lists() -> None:
    """Beat's part: an import or export whose bell was lost, or whose worker died, goes on."""
    if importing.is_any_due() or exporting.is_any_due():
        bell.ring(importing.BELL)


@shared_task
def forget_lists() -> None:
    """Delete the files of imports and exports whose time is over."""
    importing.forget()
    exporting.forget()
    domain_doctor.forget()


@shared_task
def examine_domains(*, slot: int = 0) -> None:
    """Be the domain doctor for one round."""
    bell.answered(domain_doctor.BELL, slot)
    domain_doctor.examine_waiting()


@shared_task
def ring_for_doctor() -> None:
    """Beat's part: a round that was asked for begins, and one whose worker died begins again."""
    if domain_doctor.recover():
        bell.ring(domain_doctor.BELL)
