"""What becomes of the lines of one part: the same decisions for looking through and for taking in.

A mailbox is one person however its address is written. Blanks of a known person are filled; nothing that stands is
overwritten. Suppressed mailboxes are refused, people who left stay away, whatever a file says: an import never
resubscribes anybody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from csan.lib.addresses import new_key
from members import emails
from members.importing.cleaning import Entry, read
from members.importing.locals import LocalFinder
from members.models import ImportedAddress, ImportPart, Person, SubscriberImport, Subscription, Suppression
from members.subscriptions import LINK_AGE, confirm_token

ADDED, MERGED, SKIPPED, REFUSED, INVALID = "added", "merged", "skipped", "refused", "invalid"
OUTCOMES = {
    ADDED: "added",
    MERGED: "merged with people we know",
    SKIPPED: "skipped",
    REFUSED: "refused",
    INVALID: "cannot be read",
}
FILLED = ("given_name", "family_name", "zip_code", "employer")


@dataclass
class Part:
    """The lines of a part with all that is known about their mailboxes, and what is to be written."""

    entries: list[Entry]
    people: dict[str, Person]
    subscriptions: dict[int, Subscription]
    suppressed: Mapping[str, str]
    first_lines: Mapping[str, int]
    now: datetime
    is_run: bool
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    new: list[Person] = field(default_factory=list)
    filled: dict[str, Person] = field(default_factory=dict)
    to_subscribe: list[tuple[Entry, Person]] = field(default_factory=list)


def look_at(job: SubscriberImport, part: ImportPart, *, lock: bool) -> Part:
    """Decide on each line of a part. To take it in, `lock`: people and subscriptions are held until commit."""
    entries = [read(number, cells, broken[0] if broken else "", job.columns) for number, cells, *broken in part.lines]
    keys = {entry.email_key for entry in entries if not entry.invalid}
    people = Person.objects.filter(email_key__in=keys).order_by("pk")
    known = {person.email_key: person for person in (people.select_for_update() if lock else people)}
    theirs = Subscription.objects.filter(person__in=known.values()).order_by("pk")
    plan = Part(
        entries=entries,
        people=known,
        subscriptions={each.person_id: each for each in (theirs.select_for_update() if lock else theirs)},
        suppressed={
            each.email_key: each.get_reason_display() for each in Suppression.objects.filter(email_key__in=keys)
        },
        first_lines=remember(job, entries),
        now=timezone.now(),
        is_run=lock,
    )
    finder = LocalFinder(entry.values.get("local", "") for entry in entries)
    for entry in entries:
        outcome, reason = _decide(job, entry, plan, finder)
        plan.counts[outcome] += 1
        if reason or entry.notes or outcome != ADDED:
            plan.notes.append((entry.line, outcome, " ".join([*filter(None, [reason]), *entry.notes])))
    return plan


def remember(job: SubscriberImport, entries: Iterable[Entry]) -> dict[str, int]:
    """By mailbox: the first line of the file on which it stands."""
    usable = [entry for entry in entries if not entry.invalid]
    ImportedAddress.objects.bulk_create(
        [ImportedAddress(of=job, email_key=entry.email_key, line=entry.line) for entry in usable],
        ignore_conflicts=True,
    )
    keys = {entry.email_key for entry in usable}
    return dict(ImportedAddress.objects.filter(of=job, email_key__in=keys).values_list("email_key", "line"))


def _decide(job: SubscriberImport, entry: Entry, plan: Part, finder: LocalFinder) -> tuple[str, str]:
    """A line's outcome and why; what is to be written is noted in the plan."""
    if entry.invalid:
        return INVALID, entry.invalid
    if reason := plan.suppressed.get(entry.email_key):
        return REFUSED, f"Nobody may write to this mailbox: {reason}."
    if entry.says_left:
        return SKIPPED, "The file says that they left."
    first = plan.first_lines[entry.email_key]
    person = plan.people.get(entry.email_key)
    if person is None and entry.line != first:
        # Looked through only, the person of the first line is not made yet; taken in, that line did not go in.
        return SKIPPED if plan.is_run else MERGED, f"The same mailbox as on line {first}."
    if person is None:
        person = Person(email=entry.email, email_key=entry.email_key, language=entry.values.get("language", "en"))
        fill(person, entry, finder)
        plan.people[entry.email_key] = person
        plan.new.append(person)
        plan.to_subscribe.append((entry, person))
        return ADDED, ""
    subscription = plan.subscriptions.get(person.pk) if person.pk else None
    if subscription and subscription.status == Subscription.Status.UNSUBSCRIBED:
        assert subscription.unsubscribed_at
        day = date_format(timezone.localtime(subscription.unsubscribed_at))
        return SKIPPED, f"They left on {day}; only they themselves can come back."
    return _merge(job, entry, plan, finder, person, subscription)


def _merge(
    job: SubscriberImport,
    entry: Entry,
    plan: Part,
    finder: LocalFinder,
    person: Person,
    subscription: Subscription | None,
) -> tuple[str, str]:
    """A line about somebody we know: blanks are filled, and who is not subscribed yet is subscribed or asked."""
    done = []
    first = plan.first_lines[entry.email_key]
    if entry.line != first:
        done.append(f"the same mailbox as on line {first}")
    if filled := fill(person, entry, finder):
        done.append(f"filled in: {', '.join(filled)}")
        if person.pk:
            plan.filled[entry.email_key] = person
    if entry.line == first and _may_begin(job, subscription, plan.now):
        done.append("known, now subscribed" if job.mode == SubscriberImport.Mode.AGREED else "known, now asked")
        plan.to_subscribe.append((entry, person))
    if done:
        sentence = "; ".join(done)
        return MERGED, f"{sentence[0].upper()}{sentence[1:]}."
    is_active = subscription is not None and subscription.status == Subscription.Status.ACTIVE
    return SKIPPED, "Subscribed already." if is_active else "Asked already, a few days ago."


def _may_begin(job: SubscriberImport, subscription: Subscription | None, now: datetime) -> bool:
    """Whether the import may subscribe or ask somebody we know."""
    if subscription is None:
        return True
    if subscription.status != Subscription.Status.PENDING:
        return False
    return job.mode == SubscriberImport.Mode.AGREED or now - subscription.asked_at > LINK_AGE


def fill(person: Person, entry: Entry, finder: LocalFinder) -> list[str]:
    """Fill what is blank. Which fields were filled, in words."""
    filled = []
    for name in FILLED:
        if (value := entry.values.get(name)) and not getattr(person, name):
            setattr(person, name, value)
            filled.append(name.replace("_", " "))
    written = entry.values.get("local", "")
    if written and not person.local_as_written and person.local_id is None:
        person.local_as_written, person.local = written, finder.find(written)
        filled.append("local")
    return filled


def take_in(job: SubscriberImport, plan: Part) -> int:
    """Write what was decided. How many were asked by a letter."""
    Person.objects.bulk_create(plan.new)
    ImportedAddress.objects.filter(of=job, email_key__in=[person.email_key for person in plan.new]).update(is_new=True)
    Person.objects.bulk_update(plan.filled.values(), [*FILLED, "local", "local_as_written"])
    if job.mode == SubscriberImport.Mode.AGREED:
        _subscribe(job, plan)
        return 0
    return _ask(job, plan)


def letter_gap() -> timedelta:
    """The time between two letters that ask, so that who waits for another letter never waits behind a list."""
    rate = settings.IMPORT_LETTERS_PER_HOUR
    return timedelta(hours=1) / rate if rate else timedelta()


def _subscribe(job: SubscriberImport, plan: Part) -> None:
    """They have agreed in writing: active, with the words, the day and the place of their yes."""
    rows = []
    for entry, person in plan.to_subscribe:
        agreed = timezone.make_aware(datetime.combine(entry.consented_on or job.consented_on, time(12)))
        rows.append(_row(job, plan, person, status=Subscription.Status.ACTIVE, asked_at=min(agreed, plan.now)))
    _write(rows, plan.now)


def _ask(job: SubscriberImport, plan: Part) -> int:
    """Pending until they press the button of a letter; the letters leave one after the other, not all at once."""
    rows = [
        _row(job, plan, person, status=Subscription.Status.PENDING, asked_at=plan.now)
        for _, person in plan.to_subscribe
    ]
    for number, row in enumerate(_write(rows, None)):
        emails.confirm_import(
            row,
            confirm_token(row),
            import_pk=job.pk,
            consent_source=job.consent_source,
            available_at=plan.now + number * letter_gap(),
        )
    return len(rows)


def _row(job: SubscriberImport, plan: Part, person: Person, **values: Any) -> Subscription:
    known = plan.subscriptions.get(person.pk)
    row = known or Subscription(person=person, key=new_key())
    row.person, row.wording, row.source = person, job.wording, job.source
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _write(rows: Sequence[Subscription], confirmed_at: datetime | None) -> list[Subscription]:
    for row in rows:
        row.confirmed_at = confirmed_at
    known = [row for row in rows if row.pk]  # looked up before the others get their numbers
    Subscription.objects.bulk_create([row for row in rows if not row.pk])
    Subscription.objects.bulk_update(known, ["status", "wording", "source", "asked_at", "confirmed_at"])
    return list(rows)
