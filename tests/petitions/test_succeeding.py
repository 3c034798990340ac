"""A petition goes on to the next Congress' bill: signers are asked, and signatures keep what they said."""

import pytest
from django.db import connection

from members import outbox
from members.models import Message
from petitions import personal_data, publishing, signing, succeeding
from petitions.models import PetitionVersion, Reaffirmation, Signature, Succession
from petitions.tasks import ask_to_reaffirm
from tests.members.factories import StaffFactory
from tests.petitions.factories import MeasureFactory, PetitionFactory, SignatureFactory, VersionFactory

pytestmark = pytest.mark.django_db
LETTER = "petitions/reaffirm"


@pytest.fixture
def line():
    """The bill of the 115th, the 116th and the 117th Congress."""
    third = MeasureFactory(congress=117, number=4603)
    second = MeasureFactory(congress=116, number=3219, successor=third)
    return MeasureFactory(congress=115, number=1300, successor=second), second, third


@pytest.fixture
def petition(line):
    """One that was published for the first bill."""
    petition = PetitionFactory(slug="save-call-center-jobs", version=None)
    petition.measures.set([line[0]])
    VersionFactory(petition=petition, published_at=None, title_es="Salvemos los empleos")
    publishing.publish_text(petition=petition, by=None)
    return petition


def bills(version):
    return [measure.number for measure in version.measures.order_by("congress")]


def letters():
    return list(Message.objects.filter(template=LETTER).order_by("pk"))


def deliver():
    """The letters leave, and the queue is empty."""
    outbox.send_waiting()
    assert not Message.objects.is_any_due(Message.Lane.TRANSACTIONAL)


def test_the_petition_asks_for_both_and_every_signature_keeps_its_text_and_its_bill(petition, line):
    staff = StaffFactory()
    signature = SignatureFactory(petition=petition)
    moved = succeeding.move_to_successor(petition=petition, measure=line[2], by=staff)
    assert (moved.candidates, moved.by, moved.finished_at) == (1, staff, None)
    assert [measure.number for measure in petition.bills] == [1300, 4603]
    signature.refresh_from_db()
    assert (signature.version.number, bills(signature.version)) == (1, [1300])
    newest = PetitionVersion.objects.get(number=2)
    assert (bills(newest), newest.title_es, newest.published_at is not None) == (
        [1300, 4603],
        "Salvemos los empleos",
        True,
    )
    assert SignatureFactory(petition=type(petition).objects.get()).version == newest
    said = "Moved to the successor (measure: H.R.4603 (117th Congress), signers: 1)"
    assert staff.logentry_set.filter(change_message=said).count() == 1


def test_only_a_successor_will_do_and_only_once(petition, line):
    move = succeeding.move_to_successor
    with pytest.raises(succeeding.NotASuccessor):
        move(petition=petition, measure=MeasureFactory(congress=119, number=4954), by=None)
    with pytest.raises(succeeding.AlreadyMoved):
        move(petition=petition, measure=line[0], by=None)
    move(petition=petition, measure=line[1], by=None)
    with pytest.raises(succeeding.AlreadyMoved):
        move(petition=petition, measure=line[1], by=None)
    move(petition=petition, measure=line[2], by=None)
    assert Succession.objects.count() == 2


def test_a_text_in_preparation_comes_first_and_there_must_be_one_to_carry_on(petition, line):
    draft = VersionFactory(petition=petition, number=2, published_at=None)
    with pytest.raises(succeeding.DraftWaits):
        succeeding.move_to_successor(petition=petition, measure=line[1], by=None)
    draft.delete()
    bare = PetitionFactory(version=None)
    bare.measures.set([line[0]])
    with pytest.raises(succeeding.NothingToCarryOn):
        succeeding.move_to_successor(petition=bare, measure=line[1], by=None)
    assert [measure.number for measure in bare.measures.all()] == [1300]


def test_a_line_that_bites_its_tail_ends(line):
    first, second, third = line
    third.successor = first
    third.save()
    assert succeeding.successors_of(first) == [second, third]
    assert succeeding.successors_of(third) == [first, second]


def test_each_confirmed_signer_is_asked_by_one_letter_in_their_language(petition, line):
    SignatureFactory(petition=petition, email="ada@example.org")
    SignatureFactory(petition=petition, email="eva@example.org", language="es")
    for status in ("pending", "withdrawn", "invalid"):
        SignatureFactory(petition=petition, status=status)
    moved = succeeding.move_to_successor(petition=petition, measure=line[1], by=None)
    SignatureFactory(petition=petition, version=moved.version)  # signed for the new bill as well
    for _ in range(3):
        ask_to_reaffirm()
        deliver()
    moved.refresh_from_db()
    assert (moved.candidates, moved.seen, moved.asked, moved.finished_at is not None) == (2, 2, 2, True)
    english, spanish = letters()
    assert (english.to, english.context["bill"]) == ("ada@example.org", "H.R.3219 (116th Congress)")
    assert (spanish.to, spanish.language, spanish.context["title"]) == (
        "eva@example.org",
        "es",
        "Salvemos los empleos",
    )
    assert "/es/signature/" in spanish.context["signature_url"]


def test_letters_are_written_in_parts_and_wait_while_somebody_waits_for_theirs(petition, line, monkeypatch):
    monkeypatch.setattr(succeeding, "LETTERS_OF_A_TURN", 2)
    for _ in range(3):
        SignatureFactory(petition=petition)
    succeeding.move_to_successor(petition=petition, measure=line[1], by=None)
    succeeding.ask_due()
    assert len(letters()) == 2
    succeeding.ask_due()  # two letters have yet to leave
    assert len(letters()) == 2
    deliver()
    succeeding.ask_due()
    assert (len(letters()), Succession.objects.due().count()) == (3, 0)


def test_a_part_that_is_done_twice_writes_nobody_twice(petition, line):
    SignatureFactory(petition=petition)
    moved = succeeding.move_to_successor(petition=petition, measure=line[1], by=None)
    succeeding.ask(moved.pk)
    Succession.objects.update(last_pk=0, seen=0, asked=0, finished_at=None)  # as if its worker had been killed
    succeeding.ask(moved.pk)
    moved.refresh_from_db()
    assert (moved.seen, moved.asked, len(letters())) == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_move_it_once(petition, line, together):
    def move():
        return succeeding.move_to_successor(petition=petition, measure=line[1], by=None)

    results = together(move, move)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyMoved", "Succession"]
    assert PetitionVersion.objects.count() == 2


def test_a_signer_says_yes_once_and_then_has_nothing_left_to_say(petition, line):
    signature = SignatureFactory(petition=petition)
    assert succeeding.open_measures(signature) == []
    succeeding.move_to_successor(petition=petition, measure=line[1], by=None)
    assert succeeding.open_measures(signature) == [line[1]]
    for _ in range(2):
        succeeding.reaffirm(signature=signature, measure=line[1])
    assert list(Reaffirmation.objects.values_list("signature", "measure")) == [(signature.pk, line[1].pk)]
    assert succeeding.open_measures(signature) == []
    signature.refresh_from_db()
    assert bills(signature.version) == [1300]
    [said] = personal_data.of_signature(signature)["reaffirmed"]
    assert said["bill"] == "H.R.3219 (116th Congress)"


def test_nobody_says_yes_to_what_their_petition_does_not_ask_or_with_a_signature_that_does_not_stand(petition, line):
    signature = SignatureFactory(petition=petition)
    with pytest.raises(succeeding.CannotReaffirm):
        succeeding.reaffirm(signature=signature, measure=line[1])
    succeeding.move_to_successor(petition=petition, measure=line[1], by=None)
    signing.withdraw_signature(signature=signature)
    with pytest.raises(succeeding.CannotReaffirm):
        succeeding.reaffirm(signature=signature, measure=line[1])
    newer = SignatureFactory(petition=Signature.objects.get().petition, version=petition.versions.latest("number"))
    assert succeeding.open_measures(newer) == []


def test_a_published_text_keeps_its_bills_whatever_the_petition_asks_for_later(petition, line):
    petition.measures.set([line[1]])
    assert bills(petition.versions.get()) == [1300]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM petitions_versionmeasure")
        assert cursor.fetchone() == (1,)
