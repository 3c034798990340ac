"""What Celery calls. What there is to do stands in the database."""

from celery import shared_task

from csan.lib import bell
from petitions import forgetting, milestones, paper, resolving, retention, succeeding, tallies
from petitions.delivering import packets, runs
from petitions.fraud import desk, evidence, invalidating, scoring, trending


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
    desk.note_recount()


@shared_task
def look_up_districts(*, slot: int = 0) -> None:
    """Districts that nobody has looked up: look-ups may have been switched off when they were confirmed."""
    bell.take_turn(resolving.BELL_FOR_MISSING, slot, resolving.look_up_missing)


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


@shared_task
def score_signatures() -> None:
    """Look at new signatures in sets."""
    scoring.score_new()


@shared_task
def watch_trends() -> None:
    """From where signatures came in the hours that have ended."""
    trending.watch_trends()


@shared_task
def count_fraud_figures(*, slot: int = 0) -> None:
    """What the fraud desk shows of each petition."""
    bell.answered(desk.BELL, slot)
    desk.count_all()


@shared_task
def forget_addresses() -> None:
    """Erase the network addresses whose thirty days are over."""
    evidence.forget_addresses()


@shared_task
def work_on_invalidations(*, slot: int = 0) -> None:
    """Take jobs that set aside, or give back, a turn further, and call for another where more is due."""
    bell.take_turn(invalidating.BELL, slot, invalidating.work)


@shared_task
def ring_for_invalidations() -> None:
    """Beat's part: a job whose bell was lost, or whose worker died, goes on."""
    if invalidating.is_any_due():
        bell.ring(invalidating.BELL)


@shared_task
def remind_pending() -> None:
    """Once more, and once again, to those who have not confirmed."""
    retention.remind_pending()


@shared_task
def delete_unconfirmed() -> None:
    """Forget those who never confirmed."""
    retention.delete_unconfirmed()


@shared_task
def forget_signers(*, slot: int = 0) -> None:
    """Take petitions whose day has come a turn further, and call for another where more is due."""
    bell.take_turn(forgetting.BELL, slot, forgetting.work)


@shared_task
def ring_for_lapses() -> None:
    """Beat's part: a petition whose day has come is found, and one whose worker died goes on."""
    if forgetting.is_any_due():
        bell.ring(forgetting.BELL)


@shared_task
def warn_of_lapses() -> None:
    """A week before: a letter to staff."""
    forgetting.warn()


@shared_task
def make_packets(*, slot: int = 0) -> None:
    """Make packets for one turn, and call for another where more is due."""
    bell.take_turn(runs.BELL, slot, runs.work)


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
