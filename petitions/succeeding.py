"""A bill dies with its Congress and comes back under another number: the petition goes on, and its signers are asked.

Nobody is moved silently. Every signature keeps the text and the bills it was given for; who also asks for the new
bill says so, once, and that is a row of its own.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from csan.lib import audit, bell
from csan.lib.rows import insert_unless_known
from members.models import Message
from petitions import emails, publishing
from petitions.models import Measure, Petition, PetitionVersion, Reaffirmation, Signature, Succession

BELL = "petitions.tasks.ask_to_reaffirm"
LETTERS_OF_A_TURN = 200  # so few that a letter somebody waits for is never long behind them
COPIED = ("title", "ask", "text", "title_es", "ask_es", "text_es")


class NotASuccessor(Exception):
    """The measure does not follow any that the petition asks for."""


class AlreadyMoved(Exception):
    """The petition asks for this measure."""


class NothingToCarryOn(Exception):
    """The petition has no published text."""


class DraftWaits(Exception):
    """A text is in preparation; it has to be published or deleted first, as its number comes next."""


class CannotReaffirm(Exception):
    """The signature does not stand, or its petition never moved to this measure."""


def successors_of(measure: Measure) -> list[Measure]:
    """The bills that came after it, the next first. Stops where a line bites its own tail."""
    line: list[Measure] = []
    following = measure.successor
    while following is not None and following not in (measure, *line):
        line.append(following)
        following = following.successor
    return line


def signers_of(petition: Petition) -> int:
    """How many would be asked if it moved now."""
    return Signature.objects.counting().filter(petition=petition).count()


@transaction.atomic
def move_to_successor(*, petition: Petition, measure: Measure, by: User | None) -> Succession:
    """From now on the petition asks for this measure, too: its words go on as a new version that names it.

    Its signers are asked by letter whether they do. Raises NotASuccessor, AlreadyMoved, NothingToCarryOn, DraftWaits.
    """
    held = Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)  # lets people sign meanwhile
    asked_for = list(held.measures.all())
    if measure in asked_for:
        raise AlreadyMoved
    if not any(measure in successors_of(each) for each in asked_for):
        raise NotASuccessor
    if held.versions.filter(published_at=None).exists():
        raise DraftWaits
    held.measures.add(measure)
    succession = Succession.objects.create(
        petition=held, measure=measure, version=_carry_on(held, by), by=by, candidates=signers_of(held)
    )
    audit.record(by=by, objects=[held], did="Moved to the successor", measure=measure, signers=succession.candidates)
    bell.ring_on_commit(BELL)
    return succession


def _carry_on(petition: Petition, by: User | None) -> PetitionVersion:
    """The same words as a new version, which keeps the bills that the petition asks for now."""
    words = petition.versions.published().order_by("-number").first()
    if words is None:
        raise NothingToCarryOn
    PetitionVersion.objects.create(
        petition=petition,
        number=publishing.next_number(petition),
        **{name: getattr(words, name) for name in COPIED},
    )
    return publishing.publish_text(petition=petition, by=by)


def ask_due() -> None:
    """Write the next letters of each move, unless letters that somebody waits for are still to leave."""
    if Message.objects.is_any_due(Message.Lane.TRANSACTIONAL):
        return
    for pk in Succession.objects.due().order_by("pk").values_list("pk", flat=True):
        ask(pk)


@transaction.atomic
def ask(pk: int) -> bool:
    """One part of one move's letters. False where another worker has it, or all are written."""
    rows = Succession.objects.due().select_for_update(skip_locked=True, of=("self",))
    succession = rows.select_related("measure", "version").filter(pk=pk).first()
    if succession is None:
        return False
    signers = Signature.objects.counting().named().filter(petition=succession.petition_id, pk__gt=succession.last_pk)
    earlier = signers.filter(version__number__lt=succession.version.number)
    part = list(earlier.select_related("petition", "version").order_by("pk")[:LETTERS_OF_A_TURN])
    succession.asked += sum(emails.reaffirm(signature, succession.measure) for signature in part)
    succession.seen += len(part)
    succession.last_pk = part[-1].pk if part else succession.last_pk
    if len(part) < LETTERS_OF_A_TURN:
        succession.finished_at = timezone.now()
    succession.save(update_fields=["asked", "seen", "last_pk", "finished_at"])
    return True


def open_measures(signature: Signature) -> list[Measure]:
    """What the signer can still say yes to: the successors that came after their text, without those they affirmed.

    Nothing for a signature that does not count.
    """
    if signature.status != Signature.Status.CONFIRMED or signature.is_erased:
        return []
    after = Measure.objects.filter(
        successions__petition=signature.petition_id, successions__version__number__gt=signature.version.number
    )
    return list(after.exclude(reaffirmations__signature=signature).order_by("congress", "kind", "number"))


@transaction.atomic
def reaffirm(*, signature: Signature, measure: Measure) -> None:
    """The signer asks for this measure, too. A second press changes nothing. Raises CannotReaffirm."""
    held = Signature.objects.select_for_update(of=("self",)).select_related("version")
    row = held.counting().filter(pk=signature.pk).first()
    if row is None:
        raise CannotReaffirm
    if not Reaffirmation.objects.filter(signature=row, measure=measure).exists():
        if measure not in open_measures(row):
            raise CannotReaffirm
        insert_unless_known(Reaffirmation(signature=row, measure=measure))
