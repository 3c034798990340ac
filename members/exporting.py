"""Files of subscribers, made in the background, part by part; recorded when asked for, made, and at each download.

The names of the columns are those that an import knows, so a file can be imported again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from csan.lib import audit, bell, csv
from csan.lib.states import name_of, state_of, zip_codes_of
from members import stepwise
from members.models import ExportPart, Local, SubscriberExport, Subscription

BELL = "members.tasks.work_on_lists"
ROWS_OF_A_PART = 2000
TURN = 5.0  # seconds that a worker stays with exports before other tasks get their turn
MOST_ATTEMPTS = 3
KEPT = timedelta(days=7)
COLUMNS = {
    "email": "E-mail",
    "given_name": "First name",
    "family_name": "Last name",
    "zip_code": "ZIP code",
    "state": "State",
    "local": "Local",
    "employer": "Employer",
    "language": "Language",
    "status": "Status",
    "consented_on": "Date of consent",
    "source": "Where they agreed",
}
Status = SubscriberExport.Status


class NotReady(Exception):
    """The file is not made yet, or has been deleted."""


class WrongState(Exception):
    """The export is not being made any more."""


@dataclass(frozen=True)
class Filter:
    """Which subscribers: what is empty does not narrow."""

    status: str = ""
    language: str = ""
    local: int | None = None
    state: str = ""
    zip_beginning: str = ""
    employer: str = ""
    since: str = ""

    def rows(self) -> QuerySet[Subscription]:
        """The subscriptions it means."""
        found = Subscription.objects.all()
        if self.status:
            found = found.filter(status=self.status)
        if self.language:
            found = found.filter(person__language=self.language)
        if self.local:
            found = found.filter(person__local=self.local)
        if self.state:
            in_state = found.annotate(zip5=Left("person__zip_code", 5))
            found = in_state.filter(zip5__in=zip_codes_of(self.state))
        if self.zip_beginning:
            found = found.filter(person__zip_code__startswith=self.zip_beginning)
        if self.employer:
            found = found.filter(person__employer__icontains=self.employer)
        if self.since:
            begin = timezone.make_aware(datetime.combine(date.fromisoformat(self.since), clock()))
            found = found.filter(asked_at__gte=begin)
        return found

    @property
    def sentence(self) -> str:
        """The filter in words, for the log."""
        local = Local.objects.filter(pk=self.local).first() if self.local else None
        named = {
            "status": Subscription.Status(self.status).label if self.status else "",
            "language": self.language,
            "local": str(local or ""),
            "state": name_of(self.state),
            "ZIP code begins with": self.zip_beginning,
            "employer": self.employer,
            "subscribed since": self.since,
        }
        return "; ".join(f"{name} {value}" for name, value in named.items() if value) or "everybody"


@transaction.atomic
def begin(*, chosen: Filter, columns: Sequence[str], by: User) -> SubscriberExport:
    """Ask for a file; a worker makes it."""
    job = SubscriberExport.objects.create(
        filters=asdict(chosen),
        sentence=chosen.sentence[:300],
        columns=[name for name in COLUMNS if name in columns],
        candidates=chosen.rows().count(),
        by=by,
    )
    audit.record(by=by, objects=[job], did="Asked for an export of subscribers", of=job.sentence)
    bell.ring_on_commit(BELL)
    return job


@transaction.atomic
def cancel(*, job: SubscriberExport, by: User) -> None:
    """Stop making the file, and delete what there is of it. Raises WrongState."""
    if not SubscriberExport.objects.filter(pk=job.pk, status=Status.RUNNING).update(
        status=Status.CANCELLED, finished_at=timezone.now()
    ):
        raise WrongState
    job.parts.all().delete()
    audit.record(by=by, objects=[job], did="Export cancelled")


@transaction.atomic
def download(*, job: SubscriberExport, by: User) -> Iterator[str]:
    """The file, a part at a time. Each download is recorded. Raises NotReady."""
    job.refresh_from_db()
    if job.status != Status.DONE:
        raise NotReady
    audit.record(by=by, objects=[job], did="Downloaded an export of subscribers", rows=job.rows)
    return _texts(job)


def _texts(job: SubscriberExport) -> Iterator[str]:
    number = 0
    while part := ExportPart.objects.filter(of=job, number=number).first():
        yield part.text
        number += 1


def is_any_due() -> bool:
    """Whether a worker would find something."""
    return SubscriberExport.objects.due().exists()


def work(seconds: float = TURN) -> bool:
    """Go on with exports for about `seconds`. Whether there may be more that can be done now."""
    return stepwise.work_through(SubscriberExport.objects.due, step, seconds=seconds)


def step(pk: int) -> bool:
    """One part of one export. False where another worker has it, or there is nothing to do."""
    return stepwise.attempt(pk, _step, what="export", failed=_note_failure)


def _step(pk: int) -> bool:
    job = SubscriberExport.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
    if job is None:
        return False
    chosen = Filter(**job.filters)
    rows = list(
        chosen.rows()
        .filter(pk__gt=job.last_pk)
        .select_related("person", "person__local")
        .order_by("pk")[:ROWS_OF_A_PART]
    )
    is_first = not job.last_pk and not job.seen
    table = [*([job.columns] if is_first else []), *(_cells(row, job.columns) for row in rows)]
    ExportPart.objects.create(of=job, number=job.parts.count(), text="".join(csv.lines(table)))
    job.seen, job.rows, job.attempts, job.resumes_at = job.seen + len(rows), job.rows + len(rows), 0, None
    job.last_pk = rows[-1].pk if rows else job.last_pk
    if len(rows) < ROWS_OF_A_PART:
        job.status, job.finished_at = Status.DONE, timezone.now()
        audit.record(by=job.by, objects=[job], did="Exported subscribers", of=job.sentence, rows=job.rows)
    job.save(update_fields=["seen", "rows", "attempts", "resumes_at", "last_pk", "status", "finished_at"])
    return True


def _cells(row: Subscription, columns: Sequence[str]) -> list[str]:
    person = row.person
    values: Mapping[str, Any] = {
        "local": person.local or person.local_as_written,
        "status": row.status,
        "consented_on": timezone.localdate(row.asked_at).isoformat(),
        "source": row.source,
    }
    if "state" in columns:  # it is looked up in a table, which the others need not wait for
        values = {**values, "state": state_of(person.zip_code)}
    return [str(values[name] if name in values else getattr(person, name)) for name in columns]


def _note_failure(pk: int, kind: str) -> None:
    """Try the part again soon; give the export up after a few times."""
    now = timezone.now()
    row = SubscriberExport.objects.filter(pk=pk, status=Status.RUNNING)
    job = row.first()
    if job is None:
        return
    attempts = job.attempts + 1
    if attempts < MOST_ATTEMPTS:
        row.update(attempts=attempts, resumes_at=now + timedelta(seconds=5 * attempts))
        return
    row.update(status=Status.FAILED, attempts=attempts, finished_at=now, reason=f"A part failed ({kind}).")


@transaction.atomic
def forget() -> int:
    """Delete files that have been there for seven days. How many; who had them made stays in the log."""
    old = SubscriberExport.objects.filter(status=Status.DONE, finished_at__lt=timezone.now() - KEPT)
    pks = list(old.values_list("pk", flat=True))
    ExportPart.objects.filter(of__in=pks).delete()
    SubscriberExport.objects.filter(pk__in=pks).update(status=Status.FORGOTTEN)
    failed = SubscriberExport.objects.filter(status=Status.FAILED)
    ExportPart.objects.filter(of__in=failed).delete()
    return len(pks)
