"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from campaigns.desk import asking_arrival, attention, daily, digest, inviting
from campaigns.entering import homes
from campaigns.printing import runs
from campaigns.reports import report_photos, reporting
from csan.lib import bell


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


@shared_task
def ask_about_addresses() -> None:
    """A day after they were typed: addresses that a parcel may not reach."""
    attention.ask_about_addresses()


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


@shared_task
def ask_whether_boxes_arrived() -> None:
    """Each day: the locals whose boxes should be there by now."""
    asking_arrival.ask_locals()


@shared_task
def erase_homes() -> None:
    """Stewards' homes are erased once their boxes have arrived."""
    homes.erase()


@shared_task
def remind_of_reports() -> None:
    """After the week: to those who have not told us how it was."""
    reporting.remind()


@shared_task
def sweep_report_photos() -> None:
    """Delete files of photos that no report names any more."""
    report_photos.sweep()
