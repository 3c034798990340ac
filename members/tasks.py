"""What Celery calls. Tasks carry no data but a slot; what there is to do stands in the database."""

from celery import shared_task
from django.utils import timezone

from csan.lib import bell
from members import domain_doctor, exporting, importing, newsletter, outbox, posting, retention, submitting
from members.newsletter import link_checks


@shared_task
def send_letters(*, slot: int = 0) -> None:
    """Be a sender for one turn, and call for another where more is due."""
    bell.take_turn(outbox.BELL, slot, outbox.send_waiting)


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
def look_at_links(*, slot: int = 0) -> None:
    """See whether links of issues work, for one turn, and call for another where there was work."""
    bell.take_turn(link_checks.BELL, slot, link_checks.look_at_waiting)


@shared_task
def ask_after_links() -> None:
    """Have the links of every issue that has yet to go out looked at anew from time to time."""
    link_checks.ask_after_open_issues()


@shared_task
def report_issues() -> None:
    """The morning after, to those who made an issue."""
    newsletter.send_reports()


@shared_task
def keep_old_issues() -> None:
    """So that the search of the archive finds issues from before their pages were kept."""
    newsletter.keep_old_issues()


@shared_task
def tell_authors() -> None:
    """Let members hear that their post can be read, and to how many people an issue with it went."""
    posting.tell_authors()


@shared_task
def forget_submissions() -> None:
    """Delete members' stories that nobody confirmed, and those that ended long ago."""
    submitting.forget_old()


def make_drafts() -> None:
    """The draft that writes itself, by the calendar of the union's own time zone."""
    newsletter.make_due_drafts(timezone.localdate())


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


@shared_task
def sum_letter_counts() -> None:
    """Keep the counts of issues cheap to read."""
    outbox.sum_up()


@shared_task
def remind_pending() -> None:
    """Once more to those who have not confirmed."""
    retention.remind_pending()


@shared_task
def delete_unconfirmed() -> None:
    """Forget those who never confirmed."""
    retention.delete_unconfirmed()
