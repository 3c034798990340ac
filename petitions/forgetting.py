"""The day on which a petition forgets its signers: a look at what goes and stays, a letter before, the work itself.

A part makes some hundreds of signatures nameless, in one transaction that holds the petition's row. So two workers
never do the same part, who is killed loses one part at most, and a day that was moved meanwhile is seen before
anything is erased. What is done is not told by the place in the walk but by the rows: nothing is finished while one of
them still names somebody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from csan.lib import audit
from members import erasing as people
from members import stepwise
from petitions import erasing, letters_to_staff, paper, signing
from petitions.delivering import packets
from petitions.models import Lapse, PacketSignature, PaperLine, Petition, Signature

BELL = "petitions.tasks.forget_signers"
MOST_OF_A_PART = 500
TURN = 5.0  # seconds that a worker stays with it before other tasks get their turn
WARNED_BEFORE = timedelta(days=7)
PAUSE = timedelta(minutes=5)  # after a part that failed
Status = Signature.Status


@dataclass(frozen=True)
class Preview:
    """What a petition's day will do, counted now."""

    nameless: int  # signatures that stay as numbers
    confirmed: int  # of them, those in the count
    delivered: int  # of them, those that were brought to a member
    deleted: int  # never confirmed, so nothing of them stays
    on_paper: int
    packets: int  # whose files still lie here


def preview(petition: Petition) -> Preview:
    """What the day will do."""
    leaves_nothing = Q(confirmed_at=None) & ~Q(status=Status.INVALID)
    counts = _named(petition).aggregate(
        all=Count("pk"),
        confirmed=Count("pk", filter=Q(status=Status.CONFIRMED)),
        deleted=Count("pk", filter=leaves_nothing),
    )
    in_packets = PacketSignature.objects.filter(packet__petition=petition, packet__deliveries__isnull=False)
    return Preview(
        nameless=counts["all"] - counts["deleted"],
        confirmed=counts["confirmed"],
        delivered=_named(petition).filter(pk__in=in_packets.values("signature")).count(),
        deleted=counts["deleted"],
        on_paper=PaperLine.objects.filter(sheet__petition=petition).exclude(zip_code=paper.NOWHERE).count(),
        packets=petition.packets.exclude(pdf="").count(),
    )


def _named(petition: Petition) -> QuerySet[Signature]:
    """Signatures that still say whose they are."""
    return Signature.objects.named().filter(petition=petition)


@transaction.atomic
def note_day(*, petition: Petition, by: User | None) -> None:
    """Staff have set, moved or taken away the day, in this transaction; the work will be in their name."""
    day = petition.forgets_signers_on
    if day is not None:
        Lapse.objects.update_or_create(petition=petition, on=day, defaults={"by": by, "set_at": timezone.now()})
    audit.record(by=by, objects=[petition], did="Set the day that forgets its signers", on=day or "never")


def due() -> QuerySet[Petition]:
    """Petitions whose day has come and whose work is not done; nobody can confirm any more."""
    rows = Lapse.objects.filter(petition=OuterRef("pk"), on=OuterRef("forgets_signers_on"))
    over_or_waiting = rows.filter(Q(finished_at__isnull=False) | Q(resumes_at__gt=timezone.now()))
    return Petition.objects.filter(
        ~Exists(over_or_waiting),
        forgets_signers_on__lte=timezone.localdate(),
        closes_at__lte=timezone.now() - signing.GRACE,
    )


def is_any_due() -> bool:
    """Whether a worker would find something."""
    return due().exists()


def work(seconds: float = TURN) -> bool:
    """Go on for about `seconds`. Whether there may be more that can be done now."""
    return stepwise.work_through(due, step, seconds=seconds)


def step(pk: int) -> bool:
    """One part of one petition. False where another worker has it, or its day has been moved."""
    return stepwise.attempt(pk, _step, what="petition that forgets", failed=_note_failure)


def _step(pk: int) -> bool:
    petition = due().select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=pk).first()
    if petition is None or petition.forgets_signers_on is None:
        return False
    lapse = _lapse(petition, petition.forgets_signers_on)
    if lapse.finished_at is not None:  # by whoever held the petition until just now
        return False
    # In the order of everybody who locks several; who corrects or erases theirs now is waited for.
    named = _named(petition).filter(pk__gt=lapse.last_pk)
    held = list(named.select_for_update(of=("self",)).order_by("pk")[:MOST_OF_A_PART])
    _forget(lapse, held)
    if held:
        lapse.last_pk = held[-1].pk
    elif _named(petition).exists():  # behind us: somebody stopped and began again while the day was another one
        lapse.last_pk = 0
    else:
        _finish(petition, lapse)
    lapse.resumes_at = None
    lapse.save(update_fields=["last_pk", "emptied", "deleted", "on_paper", "resumes_at", "finished_at"])
    return True


def _lapse(petition: Petition, day: date) -> Lapse:
    lapse, _ = Lapse.objects.get_or_create(petition=petition, on=day)
    return lapse


def _forget(lapse: Lapse, held: list[Signature]) -> None:
    gone = [row for row in held if erasing.leaves_nothing(row)]
    kept = [row for row in held if not erasing.leaves_nothing(row)]
    audit.forget(held)
    erasing.delete(gone)
    erasing.empty(kept)
    people.forget_unneeded(email_keys=_without_another({row.email_key for row in kept}))
    lapse.emptied += len(kept)
    lapse.deleted += len(gone)


def _without_another(keys: set[str]) -> set[str]:
    """Of these mailboxes, those that sign no petition that still knows them."""
    petitions = list(Petition.objects.values_list("pk", flat=True))  # named, so that the index of both columns serves
    signing_on = Signature.objects.named().filter(petition__in=petitions, email_key__in=keys)
    return keys - set(signing_on.values_list("email_key", flat=True))


def _finish(petition: Petition, lapse: Lapse) -> None:
    packets.forget_of(petition=petition)
    lapse.on_paper = paper.forget_signers(petition=petition)
    lapse.finished_at = timezone.now()
    audit.record(
        by=lapse.by, objects=[petition], did="Forgot its signers",
        signatures=lapse.emptied, deleted=lapse.deleted, rows_on_paper=lapse.on_paper,
    )  # fmt: skip


def _note_failure(pk: int, kind: str) -> None:
    """Leave it for a while: others may have their turn, and the log says what happened."""
    petition = Petition.objects.filter(pk=pk, forgets_signers_on__isnull=False).first()
    if petition and petition.forgets_signers_on:
        lapse = _lapse(petition, petition.forgets_signers_on)
        Lapse.objects.filter(pk=lapse.pk, finished_at=None).update(resumes_at=timezone.now() + PAUSE)


def warn() -> int:
    """Tell staff of days that come within a week; each is told once. How many such days there are."""
    today = timezone.localdate()
    soon = Petition.objects.filter(forgets_signers_on__gt=today, forgets_signers_on__lte=today + WARNED_BEFORE)
    for petition in soon:
        if petition.forgets_signers_on:
            letters_to_staff.signers_go(petition, petition.forgets_signers_on, preview(petition).nameless)
    return len(soon)
