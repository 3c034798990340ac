"""An import's way: uploaded → checking → checked → running → done, and what staff may do at each step.

Every step is one part of the file in one transaction with the mark of the next. A worker that dies leaves the part
undone; two that come at once find the row locked, and one of them goes away.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, BinaryIO

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from csan.lib import audit, bell
from csan.lib.csvfiles import Row, Table, UnusableFile
from members import stepwise
from members.importing import columns as known_columns
from members.importing.merging import letter_gap, look_at, take_in
from members.importing.undoing import take_back
from members.models import ImportPart, SubscriberImport

BELL = "members.tasks.work_on_lists"
ROWS_OF_A_PART = 500
TURN = 5.0  # seconds that a worker stays with imports before other tasks get their turn
MOST_ATTEMPTS = 3  # of a part that fails
KEPT = timedelta(days=30)  # the lines of a file, after the end of its import
Status = SubscriberImport.Status


class WrongState(Exception):
    """The import is not in a state from which this step is possible; perhaps a colleague was faster."""


class NoAddresses(Exception):
    """No column of the file was named as the one with the addresses."""


@dataclass(frozen=True)
class Consent:
    """Where, when and to what the people of a list agreed."""

    source: str
    on: date
    wording: str


@transaction.atomic
def upload(*, file: BinaryIO, filename: str, consent: Consent, mode: str, by: User | None) -> SubscriberImport:
    """Keep a file in parts, with its columns guessed. Raises UnusableFile, which says what is wrong with it."""
    table = Table(file)
    try:
        return _keep(table, filename, consent, mode, by)
    finally:
        table.detach()


def _keep(table: Table, filename: str, consent: Consent, mode: str, by: User | None) -> SubscriberImport:
    job = SubscriberImport.objects.create(
        filename=filename[:200],
        encoding=table.encoding,
        delimiter=table.delimiter,
        headings=[heading[:100] for heading in table.headings],
        columns=known_columns.guess(table.headings),
        mode=mode,
        consent_source=consent.source,
        consented_on=consent.on,
        wording=consent.wording,
        by=by,
    )
    rows, parts = 0, 0
    lines = iter(table)
    while some := list(islice(lines, ROWS_OF_A_PART)):
        ImportPart.objects.create(of=job, number=parts, lines=[_as_json(row) for row in some])
        rows, parts = rows + len(some), parts + 1
    if not rows:
        raise UnusableFile("There is nothing under the headings of this file.")
    job.rows, job.parts_count = rows, parts
    job.save(update_fields=["rows", "parts_count"])
    audit.record(by=by, objects=[job], did="Uploaded", rows=rows, source=consent.source)
    return job


def _as_json(row: Row) -> list[Any]:
    return [row.line, None, row.broken] if row.broken else [row.line, row.cells]


@transaction.atomic
def check(*, job: SubscriberImport, columns: Mapping[str, int], by: User | None) -> None:
    """Look through the file in the background: what would be added, merged, skipped, refused; nobody is written to.

    Raises NoAddresses, WrongState.
    """
    if known_columns.EMAIL not in columns:
        raise NoAddresses
    _move(
        job,
        {Status.UPLOADED, Status.CHECKED, Status.CHECKING},
        status=Status.CHECKING,
        columns=dict(columns),
        forecast={},
        **AT_THE_BEGINNING,
    )
    job.addresses.all().delete()
    job.parts.exclude(forecast=[]).update(forecast=[])
    audit.record(by=by, objects=[job], did="Looked through")


@transaction.atomic
def run(*, job: SubscriberImport, by: User | None) -> None:
    """Take the file in, in the background. Raises WrongState."""
    _move(job, {Status.CHECKED}, status=Status.RUNNING, started_at=timezone.now(), **AT_THE_BEGINNING)
    audit.record(by=by, objects=[job], did="Import begun", mode=job.mode)


@transaction.atomic
def cancel(*, job: SubscriberImport, by: User) -> None:
    """Stop after the part in hand. What went in stays, until it is taken back. Raises WrongState."""
    open_states = {Status.UPLOADED, Status.CHECKING, Status.CHECKED, Status.RUNNING}
    _move(job, open_states, status=Status.CANCELLED, finished_at=timezone.now())
    audit.record(by=by, objects=[job], did="Import cancelled")


@transaction.atomic
def go_on(*, job: SubscriberImport, by: User) -> None:
    """Try a failed import again, from the part at which it failed. Raises WrongState."""
    job.refresh_from_db()
    if job.next_part >= job.parts_count:
        raise WrongState
    back_to = Status.RUNNING if job.started_at else Status.CHECKING
    _move(job, {Status.FAILED}, status=back_to, finished_at=None, attempts=0, resumes_at=None, reason="")
    audit.record(by=by, objects=[job], did="Import tried again")


@transaction.atomic
def undo(*, job: SubscriberImport, by: User) -> None:
    """Take back, in the background, who was added and has done nothing since. Raises WrongState."""
    job.refresh_from_db()
    if not job.started_at or job.forgotten_at:
        raise WrongState
    _move(job, {Status.DONE, Status.CANCELLED, Status.FAILED}, status=Status.UNDOING, taken_back=0, **AT_THE_BEGINNING)
    audit.record(by=by, objects=[job], did="Import taken back")


AT_THE_BEGINNING: dict[str, Any] = {"next_part": 0, "rows_done": 0, "attempts": 0, "resumes_at": None, "reason": ""}


def _move(job: SubscriberImport, allowed: set[Status], **changes: Any) -> None:
    if not SubscriberImport.objects.filter(pk=job.pk, status__in=allowed).update(**changes):
        raise WrongState
    bell.ring_on_commit(BELL)
    job.refresh_from_db()


def is_any_due() -> bool:
    """Whether a worker would find something."""
    return SubscriberImport.objects.due().exists()


def work(seconds: float = TURN) -> bool:
    """Go on with imports for about `seconds`. Whether there may be more that can be done now."""
    return stepwise.work_through(SubscriberImport.objects.due, step, seconds=seconds)


def step(pk: int) -> bool:
    """One part of one import. False where another worker has it, or there is nothing to do."""
    return stepwise.attempt(pk, _step, what="import", failed=_note_failure)


def _step(pk: int) -> bool:
    job = SubscriberImport.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
    if job is None:
        return False
    part = job.parts.filter(number=job.next_part).first()
    if part is None:
        _finish(job)
        return True
    job.resumes_at = None
    match job.status:
        case Status.CHECKING:
            plan = look_at(job, part, lock=False)
            part.forecast, job.forecast = plan.notes, _sum(job.forecast, plan.counts)
        case Status.RUNNING:
            plan = look_at(job, part, lock=True)
            part.outcome, job.counts = plan.notes, _sum(job.counts, plan.counts)
            if asked := take_in(job, plan):
                job.resumes_at = timezone.now() + asked * letter_gap()
        case _:
            job.taken_back += take_back(job, part)
    part.save(update_fields=["forecast", "outcome"])
    job.next_part += 1
    job.rows_done += len(part.lines)
    job.attempts = 0
    job.save(update_fields=["forecast", "counts", "taken_back", "next_part", "rows_done", "attempts", "resumes_at"])
    if job.next_part >= job.parts_count:
        _finish(job)
    return True


def _sum(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(before) + Counter(more))


def _finish(job: SubscriberImport) -> None:
    job.resumes_at = None
    match job.status:
        case Status.CHECKING:
            job.status = Status.CHECKED
        case Status.RUNNING:
            job.status, job.finished_at = Status.DONE, timezone.now()
        case _:
            job.status = Status.UNDONE
    job.save(update_fields=["status", "finished_at", "resumes_at"])
    audit.record(by=job.by, objects=[job], did=f"Import: {job.get_status_display()}", **job.counts)


def _note_failure(pk: int, kind: str) -> None:
    """Try the part again soon; give the import up after a few times."""
    now = timezone.now()
    row = SubscriberImport.objects.filter(pk=pk, status__in=SubscriberImport.UNDER_WAY)
    job = row.first()
    if job is None:
        return
    attempts = job.attempts + 1
    if attempts < MOST_ATTEMPTS:
        row.update(attempts=attempts, resumes_at=now + timedelta(seconds=5 * attempts))
        return
    reason = f"Lines {job.rows_done + 1} and following could not be worked on ({kind})."
    row.update(status=Status.FAILED, attempts=attempts, finished_at=now, reason=reason)


@transaction.atomic
def forget() -> int:
    """Delete the lines of imports that ended, or were left lying, 30 days ago. How many imports."""
    old = timezone.now() - KEPT
    left_lying = SubscriberImport.objects.filter(status__in=[Status.UPLOADED, Status.CHECKED], created_at__lt=old)
    left_lying.update(status=Status.CANCELLED, finished_at=timezone.now())
    ended = SubscriberImport.objects.filter(finished_at__lt=old, forgotten_at=None).exclude(status=Status.UNDOING)
    abandoned = SubscriberImport.objects.filter(
        status=Status.CANCELLED, started_at=None, created_at__lt=old, forgotten_at=None
    )
    pks = {*ended.values_list("pk", flat=True), *abandoned.values_list("pk", flat=True)}
    for job in SubscriberImport.objects.filter(pk__in=pks):
        job.parts.all().delete()
        job.addresses.all().delete()
    return SubscriberImport.objects.filter(pk__in=pks).update(forgotten_at=timezone.now())
