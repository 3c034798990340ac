"""Setting signatures aside by condition: counted, begun, cancelled, taken back, each part one transaction.

What takes long to count, a worker counts too.

A part looks at a span of keys and takes what is meant in it, with a row for each signature that it took; the tallies
follow in the same transaction. A worker that dies leaves the part undone; two find the job's row locked, and one of
them goes away. Two jobs that mean the same signature: one takes it, the other finds it no longer standing.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone

from csan.lib import audit, bell
from csan.lib.patience import TakesTooLong, at_most
from members import stepwise
from petitions import tallies
from petitions.fraud.conditions import Conditions, checked, matching
from petitions.models import Invalidation, Signature, SignatureScore, TakenSignature

BELL = "petitions.tasks.work_on_invalidations"
SPAN = 20_000  # keys that a part looks at
MOST_OF_A_PART = 1000  # signatures that it takes
TURN = 5.0  # seconds that a worker stays with jobs before other tasks get their turn
MOST_ATTEMPTS = 3
EXAMPLES = 20
PATIENCE = 100  # milliseconds for each of two statements; staff wait for what can be counted in that
Status = Invalidation.Status


class WrongState(Exception):
    """The job is not in a state from which this step is possible; perhaps a colleague was faster."""


@transaction.atomic
def prepare(*, conditions: Conditions, reason: str, note: str = "", by: User | None) -> Invalidation:
    """Count what a condition means; nothing is changed. What takes longer, a worker counts. Raises TooWide."""
    job = Invalidation(conditions=checked(conditions), reason=reason, note=note, by=by, status=Status.COUNTING)
    try:
        with at_most(PATIENCE):
            _count(job)
    except TakesTooLong:
        bell.ring_on_commit(BELL)
    job.save()
    _record_count(job)
    return job


def _count(job: Invalidation) -> None:
    """How many, and the newest of them; on the object, not yet on its row."""
    meant = matching(job.conditions).order_by("-pk").values_list("pk", flat=True)
    job.counted, job.examples = meant.order_by().count(), list(meant[:EXAMPLES])
    job.status = Status.COUNTED


def _record_count(job: Invalidation) -> None:
    if job.status == Status.COUNTED:
        audit.record(by=job.by, objects=[job], did="Counted signatures by condition", count=job.counted)


def examples(job: Invalidation) -> list[Signature]:
    """The newest that the condition meant when it was counted, as far as they still stand."""
    return list(Signature.objects.standing().filter(pk__in=job.examples).select_related("petition").order_by("-pk"))


@transaction.atomic
def start(*, job: Invalidation, by: User | None) -> None:
    """Set aside what the condition means, of all that signed until now. Raises WrongState."""
    ends = Signature.objects.aggregate(first=Min("pk"), last=Max("pk"))
    span = {"cursor": (ends["first"] or 1) - 1, "last": ends["last"] or 0}
    _move(job, {Status.COUNTED}, status=Status.RUNNING, started_at=timezone.now(), **span)
    audit.record(by=by, objects=[job], did="Began to set aside", count=job.counted)


@transaction.atomic
def cancel(*, job: Invalidation, by: User | None) -> None:
    """Stop after the part in hand. What was taken stays set aside, until it is taken back. Raises WrongState."""
    _move(job, {Status.COUNTING, Status.COUNTED, Status.RUNNING}, status=Status.CANCELLED, finished_at=timezone.now())
    audit.record(by=by, objects=[job], did="Cancelled", taken=job.taken)


@transaction.atomic
def go_on(*, job: Invalidation, by: User | None) -> None:
    """Try a failed job again, from where it failed. Raises WrongState."""
    begun = Status.RUNNING if job.started_at else Status.COUNTING
    back_to = Status.UNDOING if job.is_undoing else begun
    _move(job, {Status.FAILED}, status=back_to, finished_at=None, attempts=0, resumes_at=None, failure="")
    audit.record(by=by, objects=[job], did="Tried again")


@transaction.atomic
def undo(*, job: Invalidation, by: User | None) -> None:
    """Give back exactly what the job took and still holds. Raises WrongState."""
    ended = {Status.DONE, Status.CANCELLED, Status.FAILED}
    job.refresh_from_db()
    if job.started_at is None:
        raise WrongState
    begin = {"cursor": 0, "attempts": 0, "resumes_at": None, "failure": "", "finished_at": None}
    _move(job, ended, status=Status.UNDOING, is_undoing=True, **begin)
    audit.record(by=by, objects=[job], did="Began to take back", taken=job.taken)


def _move(job: Invalidation, allowed: set[Status], **changes: Any) -> None:
    if not Invalidation.objects.filter(pk=job.pk, status__in=allowed).update(**changes):
        raise WrongState
    bell.ring_on_commit(BELL)
    job.refresh_from_db()


def is_any_due() -> bool:
    """Whether a worker would find something."""
    return Invalidation.objects.due().exists()


def work(seconds: float = TURN) -> bool:
    """Go on with jobs for about `seconds`. Whether there may be more that can be done now."""
    return stepwise.work_through(Invalidation.objects.due, step, seconds=seconds)


def step(pk: int) -> bool:
    """One part of one job. False where another worker has it, or there is nothing to do."""
    return stepwise.attempt(pk, _step, what="invalidation", failed=_note_failure)


def _step(pk: int) -> bool:
    job = Invalidation.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
    if job is None:
        return False
    if job.status == Status.COUNTING:
        _count(job)
        job.attempts, job.resumes_at = 0, None
        job.save(update_fields=["status", "counted", "examples", "attempts", "resumes_at"])
        _record_count(job)
        return True
    is_over = _take(job) if job.status == Status.RUNNING else _give_back(job)
    job.attempts, job.resumes_at = 0, None
    if is_over:
        job.status = Status.DONE if job.status == Status.RUNNING else Status.UNDONE
        job.finished_at = timezone.now()
        audit.record(by=job.by, objects=[job], did=job.get_status_display().capitalize(), taken=job.taken,
                     given_back=job.given_back)  # fmt: skip
    job.save(update_fields=[
        "status", "cursor", "taken", "given_back", "attempts", "resumes_at", "finished_at",
    ])  # fmt: skip
    return True


def _take(job: Invalidation) -> bool:
    """The next part of what the condition means. Whether it was the last."""
    until = min(job.cursor + SPAN, job.last)
    span = Q(pk__gt=job.cursor, pk__lte=until)
    pks = list(matching(job.conditions).filter(span).order_by("pk").values_list("pk", flat=True)[:MOST_OF_A_PART])
    # Locked one by one in the order of everybody, and looked at again: what a colleague or signer did first holds.
    meant = Signature.objects.standing().filter(pk__in=pks)
    rows = list(meant.select_for_update(no_key=True).order_by("pk"))
    TakenSignature.objects.bulk_create(TakenSignature(job=job, signature=row) for row in rows)
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Signature.Status.INVALID, story_shown_at=None
    )
    tallies.note([row for row in rows if row.status == Signature.Status.CONFIRMED], -1)
    SignatureScore.objects.waiting().filter(pk__in=[row.pk for row in rows]).update(
        decision=SignatureScore.Decision.SET_ASIDE, decided_by=job.by, decided_at=timezone.now()
    )
    job.taken += len(rows)
    job.cursor = pks[-1] if len(pks) == MOST_OF_A_PART else until
    return job.cursor >= job.last


def _give_back(job: Invalidation) -> bool:
    """The next part of what the job holds. Whether it was the last."""
    held = TakenSignature.objects.filter(job=job, released_at=None, signature__gt=job.cursor)
    pks = list(held.order_by("signature").values_list("signature", flat=True)[:MOST_OF_A_PART])
    taken = Signature.objects.filter(pk__in=pks, status=Signature.Status.INVALID)
    rows = list(taken.select_for_update(no_key=True).order_by("pk"))
    given = set(release([row.pk for row in rows], job=job))
    rows = [row for row in rows if row.pk in given]
    counted = [row for row in rows if row.confirmed_at is not None]
    Signature.objects.filter(pk__in=[row.pk for row in counted]).update(status=Signature.Status.CONFIRMED)
    waiting = [row.pk for row in rows if row.confirmed_at is None]
    Signature.objects.filter(pk__in=waiting).update(status=Signature.Status.PENDING)
    tallies.note(counted, 1)
    SignatureScore.objects.filter(pk__in=[row.pk for row in rows], decision=SignatureScore.Decision.SET_ASIDE).update(
        decision="", decided_by=None, decided_at=None
    )
    job.given_back += len(rows)
    job.cursor = pks[-1] if pks else job.cursor
    return len(pks) < MOST_OF_A_PART


def release(signatures: list[int], *, job: Invalidation | None = None) -> list[int]:
    """No job holds these any more, because they were reinstated; of one job, or of whichever. Which were held."""
    held = TakenSignature.objects.filter(signature__in=signatures, released_at=None)
    found = held.filter(job=job) if job else held
    rows = list(found.select_for_update().order_by("pk").values_list("pk", "signature"))
    TakenSignature.objects.filter(pk__in=[pk for pk, _ in rows]).update(released_at=timezone.now())
    return [signature for _, signature in rows]


def _note_failure(pk: int, kind: str) -> None:
    """Try the part again soon; give the job up after a few times."""
    row = Invalidation.objects.filter(pk=pk, status__in=Invalidation.UNDER_WAY)
    job = row.first()
    if job is None:
        return
    attempts, now = job.attempts + 1, timezone.now()
    if attempts < MOST_ATTEMPTS:
        row.update(attempts=attempts, resumes_at=now + timedelta(seconds=5 * attempts))
        return
    row.update(status=Status.FAILED, attempts=attempts, finished_at=now, failure=f"A part could not be done ({kind}).")
