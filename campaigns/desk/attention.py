"""Which registrations somebody should look at, and why: reasons found in sets, none of them by hand.

Some reasons hold a registration back when many are approved at once; each has what to say on the telephone. Those
that are a matter of judgement can be settled, and come back when what they were about has changed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.emails import desk_letters
from campaigns.entering.sizes import FELL, OFF
from campaigns.models import Arrival, Box, ChangeRequest, OtherContact, Registration, SettledReason, ShipTo
from csan.lib import audit

LEFT_TO_STAFF = timedelta(days=1)  # before a local is asked about its address without anybody having looked
IN_DOUBT = (Q(verdict=ShipTo.Verdict.UNSAFE) | (Q(verdict=ShipTo.Verdict.ASK) & ~Q(doubts=[]))) & Q(
    judged_by_staff=False, erased_at=None
)


@dataclass(frozen=True)
class Reason:
    """Why a registration needs somebody. `script` begins the call about it."""

    code: str
    words: str
    script: str
    holds_back: bool = True
    can_be_settled: bool = True


REASONS = {
    each.code: each
    for each in (
        Reason(
            "address",
            "a parcel may not reach this address",
            "Your box goes by a parcel carrier, and the address you gave may not take one. Is there a street "
            "address, at work or at a steward's, where somebody can sign for it on weekdays?",
        ),
        Reason(
            "local",
            "the local is not in the directory",
            "We could not find your local in our list. Which number is on your charter, and which district are you?",
        ),
        Reason(
            "district",
            "the local says another district than the directory",
            "You told us another district than the one in our list. Which one is your local in?",
            holds_back=False,
        ),
        Reason(
            "count",
            "the number of members is far from what we know",
            "You wrote how many customer-service members you have, and it differs much from what we knew. "
            "We pack by that number: is it right?",
        ),
        Reason(
            "duplicate",
            "somebody else registered this local too",
            "Two people registered your local. Do you work together on this, and who should we write to?",
        ),
        Reason(
            "fast",
            "filled in faster than a person types",
            "We got a registration for your local, and want to make sure that it is from you.",
        ),
        Reason(
            "change",
            "asks for a change after the freeze",
            "You asked us to change your registration. What has changed? I will see what can still be done.",
            holds_back=False,
            can_be_settled=False,
        ),
        Reason(
            "help",
            "asks for a call",
            "You asked for our help with the week. How can we help?",
            holds_back=False,
        ),
        Reason(
            "arrival",
            "a box was lost or came back, or something is missing",
            "Your box did not arrive. Is the address right, and when is somebody there? We send another one.",
            holds_back=False,
            can_be_settled=False,
        ),
    )
}  # fmt: skip


class CannotBeSettled(Exception):
    """There is no such reason, or it goes only by what is done about it."""


class NoSuchDoubt(Exception):
    """The registration has no such reason any more."""


def with_reasons(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """The rows with what `reasons_of` and `details_of` read: all of it in the one query that fetches them."""
    found = {
        f"needs_{code}": Case(When(condition, then=True), default=False, output_field=BooleanField())
        for code, condition in _conditions().items()
    }
    return rows.select_related("local").annotate(last_count=_last_count()).annotate(**found)


def needing(rows: QuerySet[Registration], code: str = "") -> QuerySet[Registration]:
    """Those of the rows that need somebody: for this reason, or any."""
    conditions = _conditions()
    wanted = [conditions[code]] if code else list(conditions.values())
    return rows.annotate(last_count=_last_count()).filter(Q(*wanted, _connector=Q.OR))


def reasons_of(registration: Registration) -> list[Reason]:
    """Why it needs somebody. The row comes from `with_reasons`."""
    return [reason for code, reason in REASONS.items() if getattr(registration, f"needs_{code}")]


def details_of(registration: Registration) -> list[str]:
    """The reasons with their figures, each a sentence's part. The row comes from `with_reasons`."""
    return [_detail(registration, reason) for reason in reasons_of(registration)]


def counts(rows: QuerySet[Registration]) -> dict[str, int]:
    """How many of the rows need somebody for which reason, those with none left out; one query."""
    names = [f"needs_{code}" for code in REASONS]
    flags = with_reasons(needing(rows)).select_related(None).order_by().values_list(*names)
    found = Counter(code for row in flags for code, is_so in zip(REASONS, row, strict=True) if is_so)
    return {code: found[code] for code in REASONS if found[code]}


@dataclass(frozen=True)
class Sorted:
    """Registrations that can be approved as they are, and the others, each with why not."""

    ready: list[Registration]
    skipped: list[tuple[Registration, list[str]]]


def sort_out(rows: Iterable[Registration]) -> Sorted:
    """Which of these could be approved at once, without anybody looking at each."""
    chosen = with_reasons(Registration.objects.filter(pk__in=[row.pk for row in rows])).select_related("local", "week")
    ready, skipped = [], []
    for row in chosen.order_by("created_at", "pk"):
        if row.status != Registration.Status.RECEIVED:
            skipped.append((row, [f"it is {row.get_status_display()}"]))
        elif held := [reason for reason in reasons_of(row) if reason.holds_back]:
            skipped.append((row, [_detail(row, reason) for reason in held]))
        else:
            ready.append(row)
    return Sorted(ready, skipped)


@transaction.atomic
def settle(*, registration: Registration, code: str, by: User) -> SettledReason:
    """Somebody looked, and this is in order. Raises CannotBeSettled."""
    reason = REASONS.get(code)
    if not reason or not reason.can_be_settled:
        raise CannotBeSettled
    row, _ = SettledReason.objects.update_or_create(
        registration=registration, code=code, defaults={"at": timezone.now(), "by": by}
    )
    audit.record(by=by, objects=[registration], did="Settled", reason=code)
    return row


@transaction.atomic
def ask_about_address(*, registration: Registration, by: User) -> bool:
    """Write to the local that a parcel may not reach it. False where it was asked about this address before.

    Raises NoSuchDoubt where there is none (any more).
    """
    places = _doubtful(needing(Registration.objects.filter(pk=registration.pk), "address"))
    if not places:
        raise NoSuchDoubt
    written = sum([desk_letters.address_problem(place) for place in places])
    if written:
        audit.record(by=by, objects=[registration], did="Asked about the address")
    return bool(written)


def ask_about_addresses(*, now: datetime | None = None) -> int:
    """Write to every local whose address is in doubt since yesterday, as long as it can change it. How many letters.

    Staff have that day to look themselves. Once for each form of an address, whoever asks how often.
    """
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    waiting = Registration.objects.filter(week__published_at__lte=moment).annotate(
        told_at=Coalesce("changed_at", "created_at"), freezes=Coalesce("extended_until", "week__freeze_on")
    )
    rows = needing(waiting.filter(told_at__lt=moment - LEFT_TO_STAFF, freezes__gte=today), "address")
    places = desk_letters.without_address_problem(_doubtful(rows))
    return sum([desk_letters.address_problem(place) for place in places])


def _doubtful(rows: QuerySet[Registration]) -> list[ShipTo]:
    places = ShipTo.objects.filter(IN_DOUBT, registration__in=rows.values("pk"))
    return list(
        places.select_related("registration__week", "registration__local").order_by("registration_id", "position")
    )


def _detail(registration: Registration, reason: Reason) -> str:
    if reason.code != "count":
        return reason.words
    last, size = registration.last_count, registration.local.size  # type: ignore[attr-defined]  # annotated
    known = [f"last year {last:,}"] if last else []
    known += [f"the whole local {size:,}"] if size else []
    return f"{registration.members_count:,} members; {', '.join(known)}"


def _conditions() -> dict[str, Q]:
    """For each reason which rows have it. The rows have `last_count`."""
    places = ShipTo.objects.filter(IN_DOUBT, registration=OuterRef("pk"))
    on_its_way = Box.objects.filter(registration=OuterRef("pk"), status__in=Box.UNDER_WAY)
    gone = Box.objects.filter(registration=OuterRef("pk"), status__in=(Box.Status.LOST, Box.Status.RETURNED))
    living = Box.objects.living().filter(registration=OuterRef("pk"))
    missing = Arrival.objects.needed().filter(box__registration=OuterRef("pk"))
    asked = ChangeRequest.objects.filter(registration=OuterRef("pk"), status=ChangeRequest.Status.ASKED)
    looked_at = SettledReason.objects.filter(
        registration=OuterRef("registration"), code="duplicate", at__gte=OuterRef("created_at")
    )
    known = (OtherContact.Answer.COLLEAGUE, OtherContact.Answer.CONTACT)  # the local itself has said who they are
    others = OtherContact.objects.filter(~Exists(looked_at), registration=OuterRef("pk")).exclude(answer__in=known)
    is_off = (
        Q(members_count__gt=F("last_count") * OFF)
        | Q(members_count__lt=F("last_count") * FELL)
        | Q(members_count__gt=F("local__size") * OFF)
    )
    lives = Q(status__in=Registration.LIVING)
    return {
        "address": lives & Q(Exists(places), ~Exists(on_its_way)) & _unsettled("address"),
        "local": lives & Q(local__district="", local__state="") & _unsettled("local"),
        "district": lives
        & ~Q(district="")
        & ~Q(local__district="")
        & ~Q(district=F("local__district"))
        & _unsettled("district"),
        "count": lives & is_off & _unsettled("count"),
        "duplicate": lives & Q(Exists(others)),
        "fast": lives & Q(suspicion__gt=0) & _unsettled("fast"),
        "change": lives & Q(Exists(asked)),
        "help": lives & Q(needs_staff_help=True) & _unsettled("help"),
        "arrival": lives & (Q(Exists(gone), ~Exists(living)) | Q(Exists(missing))),
    }


def _unsettled(code: str) -> Q:
    """Nobody has settled it, or the local has changed something since."""
    settled = SettledReason.objects.filter(
        registration=OuterRef("pk"), code=code, at__gte=Coalesce(OuterRef("changed_at"), OuterRef("created_at"))
    )
    return Q(~Exists(settled))


def _last_count() -> Subquery:
    """The members of the local in the approved registration of the week before, as far back as there is one."""
    before = Registration.objects.filter(
        local=OuterRef("local"), week__year__lt=OuterRef("week__year"), status=Registration.Status.APPROVED
    )
    return Subquery(before.order_by("-week__year").values("members_count")[:1])
