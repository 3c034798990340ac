"""The day on which a petition forgets its signers: seen before, done in parts, exactly once, never on another day."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from csan.lib import private_files
from members.models import Message, Person, Suppression
from petitions import forgetting, resolving, signing, tallies, tasks
from petitions.models import (
    Delivery,
    DistrictReview,
    Lapse,
    Packet,
    PacketSignature,
    PaperLine,
    PaperSheet,
    Petition,
    Signature,
    SignatureEvidence,
)  # fmt: skip
from tests.members.factories import PersonFactory, StaffFactory, SubscriptionFactory
from tests.petitions.factories import (
    EvidenceFactory,
    LegislatorFactory,
    PetitionFactory,
    ScoreFactory,
    SignatureFactory,
    tally,
)  # fmt: skip
from tests.words import text

pytestmark = pytest.mark.django_db
Status = Signature.Status
DAY = timedelta(days=1)
ADDRESS = "/admin/petitions/petition/"


def closed(petition, *, forgets_in=timedelta(0)):
    """The petition closed a week ago; its day comes so much from now."""
    petition.closes_at = timezone.now() - 7 * DAY
    petition.forgets_signers_on = timezone.localdate() + forgets_in
    petition.save(update_fields=["closes_at", "forgets_signers_on"])
    return petition


@pytest.fixture
def signed(petition, sign):
    """Two confirmed, one pending, one set aside, with what comes along."""
    for name in ("ada", "bob"):
        sign(email=f"{name}@example.org", comment="Hear us, Lovelace.", source_code="hall-1")
        signing.confirm_signature(token=signing.confirm_token(Signature.objects.get(email=f"{name}@example.org")))
    sign(email="cy@example.org")
    SignatureFactory(petition=petition, status=Status.INVALID, confirmed_at=None, email="dee@example.org")
    EvidenceFactory(signature=Signature.objects.get(email="ada@example.org"))
    ScoreFactory(signature=Signature.objects.get(email="ada@example.org"))
    return petition


def packet_of(petition, *signatures, delivered=True):
    person = LegislatorFactory()
    names = [private_files.keep(f"packets/x{kind}", b"Lovelace") for kind in ("pdf", "csv")]
    packet = Packet.objects.create(
        petition=petition, version=petition.current_version, legislator=person, code="abcdefghjk", seat="DC-00",
        count=len(signatures), digest="0" * 64, pdf=names[0], annex=names[1],
    )  # fmt: skip
    PacketSignature.objects.bulk_create(PacketSignature(packet=packet, signature=each) for each in signatures)
    if delivered:
        Delivery.objects.create(
            petition=petition, legislator=person, packet=packet, seat="DC-00", on=timezone.localdate(), how="mail",
            count=len(signatures),
        )  # fmt: skip
    return packet


def on_paper(petition, *names):
    keyed, checked = StaffFactory(), StaffFactory()
    sheet = PaperSheet.objects.create(
        petition=petition, version=petition.current_version, number=1, status="checked", keyed_by=keyed,
        checked_by=checked, settled_at=timezone.now(), photo=private_files.keep("sheets/x", b"Lovelace"),
    )  # fmt: skip
    for position, name in enumerate(names):
        PaperLine.objects.create(
            sheet=sheet, position=position, name=name, zip_code="20001", state="DC", district="DC-00", keyed_by=keyed
        )
    return sheet


def left(petition):
    """Everything that is kept around the petition, as one text to look for names in."""
    tables = (Signature, SignatureEvidence, Person, Message, PaperLine, Packet)
    return str([list(table.objects.values()) for table in tables])


def test_all_who_signed_become_nameless_and_every_count_stays(signed, django_capture_on_commit_callbacks):
    packet = packet_of(signed, Signature.objects.get(email="ada@example.org"))
    sheet = on_paper(signed, "Eve Lovelace", "Fay Lovelace")
    files = (packet.pdf, packet.annex, sheet.photo)
    closed(signed)
    with django_capture_on_commit_callbacks(execute=True):
        assert not forgetting.work()
    rows = Signature.objects.order_by("pk")
    assert [(row.status, row.is_erased, row.state) for row in rows] == [
        (Status.CONFIRMED, True, "DC"), (Status.CONFIRMED, True, "DC"), (Status.INVALID, True, "DC"),
    ]  # fmt: skip
    lapse = Lapse.objects.get()
    assert (lapse.emptied, lapse.deleted, lapse.on_paper) == (3, 1, 2)
    assert (tallies.count(signed), tallies.by_state(signed)) == (2, {"DC": 2})
    tallies.drain()
    assert tallies.recount() == []
    assert tallies.by_source(signed) == {"": 2}
    words = left(signed)
    assert [word for word in ("Lovelace", "@example.org", "20001", "Hear us") if word in words] == []
    assert PaperLine.objects.attested().count() == 2
    assert (Delivery.objects.get().count, PacketSignature.objects.count()) == (1, 1)
    for name in files:
        with pytest.raises(private_files.Gone):
            private_files.open_file(name)
    assert (Suppression.objects.count(), forgetting.is_any_due()) == (0, False)


def test_rows_on_paper_are_never_taken_for_one_person_afterwards(petition):
    on_paper(petition, "Eve Lovelace", "Fay Lovelace")
    closed(petition)
    forgetting.work()
    tasks.look_at_paper_again()
    assert PaperLine.objects.attested().count() == 2


def test_the_hash_stays_so_nobody_is_counted_twice(signed):
    keys = list(Signature.objects.exclude(status=Status.PENDING).order_by("pk").values_list("email_key", flat=True))
    closed(signed)
    forgetting.work()
    assert list(Signature.objects.order_by("pk").values_list("email_key", flat=True)) == keys


def test_districts_stay_when_lines_are_looked_up_anew(petition):
    row = SignatureFactory(petition=petition, district="AZ-03", district_how="unique", district_congress=119)
    waiting = SignatureFactory(petition=petition)
    tallies.recount()
    closed(petition)
    forgetting.work()
    resolving.begin_review(reason=DistrictReview.Reason.IMPORT, congress=119)
    resolving.work()
    assert resolving.look_up_missing() == 0
    assert list(Signature.objects.order_by("pk").values_list("pk", "district", "district_how")) == [
        (row.pk, "AZ-03", "unique"), (waiting.pk, "", ""),
    ]  # fmt: skip
    assert tallies.by_district(petition) == {"AZ-03": 1, "": 1}


def test_who_reads_the_newsletter_or_signs_another_petition_stays_known(signed, petition):
    reader, other = (Person.objects.get(email=f"{name}@example.org") for name in ("ada", "bob"))
    SubscriptionFactory(person=reader)
    elsewhere = SignatureFactory(petition=PetitionFactory(), email=other.email, email_key=other.email_key)
    stranger = PersonFactory()
    closed(signed)
    forgetting.work()
    assert set(Person.objects.all()) == {reader, other, stranger}
    elsewhere.refresh_from_db()
    assert (elsewhere.email, elsewhere.is_erased) == ("bob@example.org", False)


def test_it_goes_in_parts_and_goes_on_where_it_was_killed(monkeypatch, petition):
    monkeypatch.setattr(forgetting, "MOST_OF_A_PART", 2)
    SignatureFactory.create_batch(5, petition=petition)
    tally(petition, DC=5)
    closed(petition)
    assert forgetting.step(petition.pk)
    assert (Lapse.objects.get().emptied, Signature.objects.named().count()) == (2, 3)

    def killed(*_):
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit), transaction.atomic():
        patch.setattr(forgetting, "_forget", killed)
        forgetting.step(petition.pk)
    assert Signature.objects.named().count() == 3
    assert not forgetting.work()
    lapse = Lapse.objects.get()
    assert (lapse.emptied, Signature.objects.named().count(), tallies.recount()) == (5, 0, [])
    assert lapse.finished_at is not None


def test_a_part_that_fails_is_left_for_a_while_and_changes_nothing(monkeypatch, petition):
    SignatureFactory(petition=petition)
    closed(petition)
    monkeypatch.setattr(forgetting.erasing, "empty", lambda held: 1 / 0)
    assert not forgetting.work()
    assert (Signature.objects.named().count(), forgetting.is_any_due()) == (1, False)
    with time_machine.travel(timezone.now() + forgetting.PAUSE, tick=False):
        assert forgetting.is_any_due()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_empty_each_signature_once(monkeypatch, petition, together):
    monkeypatch.setattr(forgetting, "MOST_OF_A_PART", 3)
    SignatureFactory.create_batch(10, petition=petition, source_code="hall-1")
    tallies.recount()
    closed(petition)
    together(forgetting.work, forgetting.work)
    forgetting.work()
    lapse = Lapse.objects.get()
    assert (lapse.emptied, lapse.deleted, tallies.count(petition)) == (10, 0, 10)
    tallies.drain()
    assert tallies.recount() == []


@pytest.mark.django_db(transaction=True)
def test_a_day_moved_while_a_worker_waits_erases_nothing(petition, together):
    """The worker has found the petition; staff move the day; only then the worker gets to it."""
    SignatureFactory(petition=petition)
    closed(petition)
    found = list(forgetting.due())
    Petition.objects.update(forgets_signers_on=timezone.localdate() + 30 * DAY)
    assert (found, forgetting.step(petition.pk)) == ([petition], False)
    assert (Signature.objects.named().count(), Lapse.objects.count()) == (1, 0)


def test_a_day_moved_in_the_middle_stops_it_and_the_next_day_ends_it(monkeypatch, petition):
    monkeypatch.setattr(forgetting, "MOST_OF_A_PART", 1)
    SignatureFactory.create_batch(2, petition=petition)
    closed(petition)
    forgetting.step(petition.pk)
    Petition.objects.update(forgets_signers_on=timezone.localdate() + DAY)
    assert not forgetting.work()
    assert Signature.objects.named().count() == 1
    with time_machine.travel(timezone.now() + DAY, tick=False):
        forgetting.work()
    assert [(each.emptied, each.finished_at is None) for each in Lapse.objects.order_by("on")] == [
        (1, True), (1, False),
    ]  # fmt: skip


def test_nothing_goes_before_the_day_or_while_somebody_may_still_confirm(petition):
    SignatureFactory(petition=petition)
    closed(petition, forgets_in=DAY)
    assert not forgetting.is_any_due()
    with time_machine.travel(timezone.now() + DAY, tick=False):
        assert forgetting.is_any_due()
    PetitionFactory(closes_at=timezone.now() - 100 * DAY, opens_at=timezone.now() - 200 * DAY)
    assert not forgetting.is_any_due()


@pytest.mark.parametrize("closes", [None, timedelta(0)])
def test_the_day_lies_after_the_day_of_closing(petition, closes):
    now = timezone.now()
    petition.closes_at = None if closes is None else now
    petition.forgets_signers_on = now.date()
    with pytest.raises(IntegrityError, match="petitions_petition_forgets"), transaction.atomic():
        petition.save()


def test_a_day_has_one_row_and_a_finished_one_waits_for_nothing(petition):
    day = timezone.localdate()
    Lapse.objects.create(petition=petition, on=day)
    with pytest.raises(IntegrityError, match="petitions_lapse_once"), transaction.atomic():
        Lapse.objects.create(petition=petition, on=day)
    with pytest.raises(IntegrityError, match="petitions_lapse_finished"), transaction.atomic():
        Lapse.objects.update(finished_at=timezone.now(), resumes_at=timezone.now())


def test_staff_get_one_letter_a_week_before(signed):
    StaffFactory(email="rosa@example.org")
    closed(signed, forgets_in=8 * DAY)
    tasks.warn_of_lapses()
    assert Message.objects.filter(template="petitions/staff_note").count() == 0
    with time_machine.travel(timezone.now() + DAY, tick=False):
        for _ in range(2):
            tasks.warn_of_lapses()
        letter = Message.objects.get(template="petitions/staff_note")
        assert letter.to == "rosa@example.org"
        assert "That is 3 signatures today." in letter.context["sentences"][0]
        assert letter.context["url"].endswith(f"{ADDRESS}{signed.pk}/forgetting/")


def test_the_page_says_what_would_go_and_changes_nothing(client, signed):
    client.force_login(StaffFactory())
    packet_of(signed, Signature.objects.get(email="ada@example.org"))
    on_paper(signed, "Eve Lovelace")
    page = text(client.get(f"{ADDRESS}{signed.pk}/forgetting/"))
    assert "No day is set" in page
    assert forgetting.preview(signed) == forgetting.Preview(3, 2, 1, 1, 1, 1)
    assert "Signatures made nameless 3 of them confirmed, and still counted afterwards 2" in page
    assert Signature.objects.named().count() == 4


def test_staff_set_the_day_in_the_petitions_form_and_the_log_says_who_and_what(client, signed):
    rosa = StaffFactory()
    client.force_login(rosa)
    form = {
        "goal": "15000", "first_goal": "", "opens_at_0": "2026-01-01", "opens_at_1": "00:00:00",
        "closes_at_0": f"{timezone.localdate() - 7 * DAY}", "closes_at_1": "00:00:00",
    }  # fmt: skip
    for prefix in ("versions", "versions-2", "points"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    address = f"{ADDRESS}{signed.pk}/change/"
    soon = timezone.localdate() + 6 * DAY
    assert "a week before" in text(client.post(address, {**form, "forgets_signers_on": f"{soon}"}))
    day = soon + DAY
    assert client.post(address, {**form, "forgets_signers_on": f"{day}"}).status_code == 302
    assert [(each.on, each.by) for each in Lapse.objects.all()] == [(day, rosa)]
    with time_machine.travel(timezone.now() + 7 * DAY, tick=False):
        tasks.forget_signers()
        client.force_login(rosa)
        assert "3 signatures made nameless, 1 that was never confirmed deleted" in text(
            client.get(f"{ADDRESS}{signed.pk}/forgetting/")
        )
    said = [entry.get_change_message() for entry in LogEntry.objects.filter(user=rosa).order_by("pk")]
    assert f"Set the day that forgets its signers (on: {day})" in said
    assert said[-1] == "Forgot its signers (signatures: 3, deleted: 1, rows_on_paper: 0)"


@pytest.mark.parametrize(
    ("prefix", "before", "after"),
    [
        ("", "we erase the names", "we erased the names"),
        ("/es", "direcciones de todas las personas que firmaron", "direcciones de quienes firmaron"),
    ],
)
def test_the_petitions_page_says_the_day(client, prefix, before, after):
    without, ahead, over = PetitionFactory.create_batch(3)
    closed(ahead, forgets_in=20 * DAY)
    closed(over)
    pages = [text(client.get(f"{prefix}/petitions/{petition.slug}/")) for petition in (without, ahead, over)]
    assert [(before in page, after in page) for page in pages] == [(False, False), (True, False), (False, True)]
