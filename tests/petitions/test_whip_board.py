"""The whip board: every seat with what is known of it, the next step, filters, order, the file."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from petitions import tallies
from petitions.delivering import choosing, deliveries, positions, whip
from petitions.delivering.choosing import Choice
from petitions.models import District, Redrawing, Signature
from tests.members.factories import LocalFactory, StaffFactory
from tests.members.permitted import permitted
from tests.petitions import congress
from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(congress.NOON, tick=False):
        yield


@pytest.fixture
def petition():
    return PetitionFactory()


def seen(rows):
    return [(row.seat.code, row.name, row.signers, row.step.kind) for row in rows]


def count(petition):
    tallies.note(list(Signature.objects.counting().filter(petition=petition)), 1)


def test_every_seat_stands_on_the_board_also_while_it_is_vacant(petition):
    congress.representative(1, "Ames", "AZ", "03")
    District.objects.create(congress=119, state="AZ", number="07")
    congress.senator(2, "Bell", "AZ")
    rows = whip.board(petition)
    assert [row.seat.code for row in rows if row.seat.chamber == "house"] == ["AZ-03", "AZ-07"]
    assert [(row.name, row.step.words) for row in rows if row.seat.code == "AZ-07"] == [
        ("Vacant", "Wait for the election.")
    ]
    arizona = [row.name for row in rows if row.seat.code == "AZ"]
    assert arizona == ["Bell, Pat", "Vacant"]
    assert sum(row.seat.chamber == "senate" for row in rows) == 100


def test_representatives_have_the_districts_signers_and_senators_the_states(petition):
    congress.representative(1, "Ames", "AZ", "03")
    congress.senator(2, "Bell", "AZ")
    congress.signed(petition, 3)
    congress.signed(petition, 2, district="AZ-07")
    congress.signed(petition, 1, district="", state="AZ", district_how="split", district_congress=None)
    congress.signed(petition, 1, status="pending")
    count(petition)
    rows = {row.seat.code: row for row in whip.board(petition) if row.legislator}
    assert (rows["AZ-03"].signers, rows["AZ"].signers) == (3, 6)


def test_the_next_step_follows_from_what_the_member_has_done(petition):
    house, senate = congress.bill(petition), congress.bill(petition, "s")
    lead, friend, judge, other = (
        congress.representative(number, name, "AZ", f"0{number}")
        for number, name in enumerate(("Lead", "Friend", "Judge", "Other"), 1)
    )
    promised = congress.senator(9, "Promised", "AZ")
    congress.cosponsor(house, lead, is_sponsor=True)
    congress.cosponsor(house, friend)
    congress.committee(house, judge)
    positions.note_position(
        petition=petition, legislator=promised.legislator, stance="supports", on=congress.TODAY, by=StaffFactory()
    )
    steps = {row.legislator.family_name: row.step for row in whip.board(petition) if row.legislator}
    assert {name: (step.kind, step.words) for name, step in steps.items()} == {
        "Lead": ("thank", "Thank them for leading H.R.4954."),
        "Friend": ("thank", "Thank them for cosponsoring H.R.4954."),
        "Judge": ("markup", "Ask for a markup of H.R.4954 in the House Committee on Energy and Commerce."),
        "Other": ("cosponsor", "Ask them to cosponsor H.R.4954."),
        "Promised": ("cosponsor", f"Hold them to their word: ask them to cosponsor {senate.bill}."),
    }
    assert other.seat == "AZ-04"


def test_where_the_bill_died_with_its_congress_they_are_asked_to_bring_it_again(petition):
    petition.measures.add(congress.MeasureFactory(congress=115))
    congress.representative(1, "Ames", "AZ", "03")
    assert [row.step.words for row in whip.board(petition)] == ["Ask them to bring the bill in again."]


def test_the_successor_of_what_was_signed_is_the_bill_of_today(petition):
    now = congress.MeasureFactory(congress=119, number=4954)
    petition.measures.add(congress.MeasureFactory(congress=115, successor=now))
    congress.cosponsor(now, congress.representative(1, "Ames", "AZ", "03"))
    assert [(row.bill, row.support) for row in whip.board(petition)] == [(now, "cosponsor")]


def test_a_cosponsor_who_withdrew_is_asked_again(petition):
    held = congress.cosponsor(congress.bill(petition), congress.representative(1, "Ames", "AZ", "03"))
    held.withdrawn_on = date(2026, 1, 5)
    held.save()
    assert [row.step.kind for row in whip.board(petition)] == ["cosponsor"]


def test_growth_is_counted_from_the_last_delivery(petition):
    term = congress.representative(1, "Ames", "AZ", "03")
    for days, number in ((90, 1), (30, 4)):
        deliveries.record_delivery(
            petition=petition, legislator=term.legislator, seat=term.seat, on=congress.TODAY - timedelta(days=days),
            how="in-person", count=number, by=StaffFactory(),
        )  # fmt: skip
    congress.signed(petition, 6)
    count(petition)
    (row,) = whip.board(petition)
    assert (row.last.count, row.growth) == (4, 2)


def test_the_newest_position_holds_and_the_others_stay(petition):
    term, staff = congress.representative(1, "Ames", "AZ", "03"), StaffFactory()
    for day, stance in ((date(2026, 5, 1), "leans"), (date(2026, 5, 20), "supports"), (date(2026, 2, 1), "opposes")):
        positions.note_position(petition=petition, legislator=term.legislator, stance=stance, on=day, by=staff)
    (row,) = whip.board(petition)
    assert (row.stance, petition.positions.count()) == ("supports", 3)


def test_paper_and_locals_stand_in_columns_of_their_own(petition):
    congress.representative(1, "Ames", "AZ", "03")
    LocalFactory(state="AZ")
    LocalFactory(state="AZ")
    LocalFactory(state="TX")
    staff, other = StaffFactory(), StaffFactory()
    checked = congress.sheet(petition, staff, status="checked", checked_by=other, settled_at=timezone.now())
    congress.line(checked, "Ana Ruiz")
    congress.line(congress.sheet(petition, staff, 2), "Bea Poe")
    (row,) = whip.board(petition)
    assert (row.signers, row.on_paper, row.locals) == (0, 1, 2)


def test_a_district_whose_lines_were_redrawn_has_no_number(petition):
    congress.signed(petition, 2, district="TX-01", state="TX")
    District.objects.create(congress=119, state="TX", number="01")
    congress.Term.objects.create(
        legislator=congress.legislator(1, "Ames"), chamber="house", state="TX", number="01",
        starts_on=date(2027, 1, 3), ends_on=date(2029, 1, 3),
    )  # fmt: skip
    Redrawing.objects.create(congress=120, state="TX")
    assert [row.signers for row in whip.board(petition, on=date(2027, 2, 1))] == [None]


@pytest.mark.parametrize("members", [1, 3])
def test_the_board_takes_as_many_statements_however_many_members_there_are(
    petition, django_assert_num_queries, members
):
    house = congress.bill(petition)
    for number in range(members):
        term = congress.representative(number, f"M{number}", "AZ", f"0{number + 1}")
        congress.committee(house, term)
        congress.cosponsor(house, term)
    with django_assert_num_queries(14):
        assert len(whip.board(petition)) == members


@pytest.fixture
def four(petition):
    """Ames cosponsors and was visited, Bell sits in the committee, Cole supports it, Dodd is a senator."""
    house = congress.bill(petition)
    ames, bell, cole = (
        congress.representative(number, name, state, "01")
        for number, (name, state) in enumerate((("Ames", "TX"), ("Bell", "AZ"), ("Cole", "CA")), 1)
    )
    congress.senator(4, "Dodd", "TX")
    congress.cosponsor(house, ames)
    congress.committee(house, bell)
    staff = StaffFactory()
    positions.note_position(
        petition=petition, legislator=cole.legislator, stance="supports", on=congress.TODAY, by=staff
    )
    deliveries.record_delivery(
        petition=petition, legislator=ames.legislator, seat="TX-01", on=congress.TODAY, how="mail", count=0, by=staff
    )
    congress.signed(petition, 2, district="CA-01", state="CA")
    congress.signed(petition, 5, district="AZ-01")
    count(petition)
    return [row for row in whip.board(petition) if row.legislator]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({}, "Bell Cole Ames Dodd"),
        ({"chamber": "senate"}, "Dodd"),
        ({"state": "TX"}, "Ames Dodd"),
        ({"cosponsor": "yes"}, "Ames"),
        ({"cosponsor": "no"}, "Bell Cole Dodd"),
        ({"committee": "yes"}, "Bell"),
        ({"position": "supports"}, "Cole"),
        ({"position": "unknown"}, "Bell Ames Dodd"),
        ({"visited": "no"}, "Bell Cole Dodd"),
        ({"visited": "yes"}, "Ames"),
        ({"order": "member"}, "Ames Bell Cole Dodd"),
        ({"order": "-signers"}, "Bell Cole Ames Dodd"),
        ({"order": "-support"}, "Ames Bell Cole Dodd"),
        ({"order": "-delivered"}, "Ames Bell Cole Dodd"),
        ({"order": "nonsense"}, "Bell Cole Ames Dodd"),
        ({"chamber": "house", "order": "-member"}, "Cole Bell Ames"),
    ],
)
def test_rows_are_filtered_and_sorted(four, choice, expected):
    assert [row.legislator.family_name for row in Choice(**choice).of(four)] == expected.split()


@pytest.mark.parametrize("column", choosing.COLUMNS)
def test_every_column_sorts_both_ways(four, column):
    for order in (column, f"-{column}"):
        assert len(Choice(order=order).of(four)) == 4


def test_the_file_has_a_line_a_seat_and_taking_it_is_recorded(four, petition, client):
    staff = StaffFactory()
    client.force_login(staff)
    response = client.post(f"/admin/petitions/delivery/whip/{petition.pk}/?state=TX&chamber=house", {"do": "csv"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1] == (
        'T000001,Rep.,TX-01,"Ames, Pat",Thank them for cosponsoring H.R.4954.,0,0,0,0,2025-09-02,,2026-06-01,not '
        "known,by mail,"
    )
    assert [entry.change_message for entry in staff.logentry_set.all()] == ["Exported the whip board (rows: 1)"]


def test_the_pages_show_it_and_let_staff_note_what_they_hear(four, petition, client):
    staff = StaffFactory()
    client.force_login(staff)
    assert client.get("/admin/petitions/delivery/whip/").url == f"/admin/petitions/delivery/whip/{petition.pk}/"
    page = client.get(f"/admin/petitions/delivery/whip/{petition.pk}/?cosponsor=yes").content.decode()
    assert "Ames, Pat" in page
    assert "Cole, Pat" not in page
    address = f"/admin/petitions/delivery/whip/{petition.pk}/T000003/"
    assert "Hold them to their word" in client.get(address).content.decode()
    said = {"do": "position", "position-stance": "opposes", "position-on": "2026-05-30", "position-note": "Heard"}
    assert client.post(address, said).status_code == 303
    late = client.post(address, {**said, "position-on": "2026-06-02"})
    assert (late.status_code, "This day has yet to come." in late.content.decode()) == (422, True)
    brought = {"do": "delivery", "delivery-on": "2026-05-30", "delivery-how": "email", "delivery-to": "A. Staffer"}
    assert client.post(address, brought).status_code == 303
    row = petition.deliveries.get(legislator__bioguide="T000003")
    assert (row.to, row.count, row.seat, row.by) == ("A. Staffer", 2, "CA-01", staff)
    entry = f"/admin/petitions/delivery/{row.pk}/change/"
    assert client.post(entry, {"answer": "", "answered_on": "2026-06-01"}).status_code == 422
    assert client.post(entry, {"answer": "We will look.", "answered_on": "2026-06-01"}).status_code == 303
    row.refresh_from_db()
    assert (row.answer, row.answered_on) == ("We will look.", date(2026, 6, 1))
    assert "We will look." in client.get(entry).content.decode()


def test_each_act_needs_its_permission(four, petition, client):
    address = f"/admin/petitions/delivery/whip/{petition.pk}/"
    client.force_login(permitted("view_petition"))
    assert [client.get(each).status_code for each in (address, f"{address}T000001/")] == [403, 403]
    client.force_login(permitted("view_delivery"))
    assert client.get(address).status_code == 200
    acts = [(address, "packets"), *((f"{address}T000001/", act) for act in ("position", "delivery", "packet"))]
    assert [client.post(each, {"do": act}).status_code for each, act in acts] == [403, 403, 403, 403]
