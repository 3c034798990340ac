"""The staff pages of Congress: who sits where, what a ZIP code tells, moving petitions on; and who may."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from petitions import publishing, succeeding, tallies
from petitions.models import Cosponsorship, DistrictReview, Legislator, Redrawing, Signature, Succession, Term
from tests.members.factories import StaffFactory
from tests.members.permitted import permitted
from tests.petitions.factories import (
    CommitteeSeatFactory,
    CosponsorshipFactory,
    LegislatorFactory,
    MeasureFactory,
    OfficeFactory,
    PetitionFactory,
    RedrawingFactory,
    SignatureFactory,
    TermFactory,
    VersionFactory,
    draw,
)

pytestmark = pytest.mark.django_db
LEGISLATORS, DISTRICTS = "/admin/petitions/legislator/", "/admin/petitions/district/"
LOOK_UP = f"{DISTRICTS}look-up/"


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(datetime(2026, 6, 15, 17, tzinfo=UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory())
    return client


def shown(page):
    return list(page.context["cl"].result_list)


def legislator():
    term = TermFactory(legislator=LegislatorFactory(full_name="Alma Sample"), phone="202-555-0101")
    OfficeFactory(legislator=term.legislator)
    CommitteeSeatFactory(legislator=term.legislator)
    CosponsorshipFactory(legislator=term.legislator)
    return term.legislator


def district():
    draw(f"AZ-{len(Term.objects.all()) + 10}", "85003")
    TermFactory(number=f"{len(Term.objects.all()) + 10}")


def moved():
    petition, measure = PetitionFactory(), MeasureFactory()
    return Succession.objects.create(petition=petition, measure=measure, version=petition.current_version)


@pytest.mark.parametrize(
    ("address", "make"),
    [
        (LEGISLATORS, legislator),
        (DISTRICTS, district),
        ("/admin/petitions/redrawing/", lambda: RedrawingFactory(congress=120 + Redrawing.objects.count())),
        ("/admin/petitions/succession/", moved),
        (
            "/admin/petitions/districtreview/",
            lambda: DistrictReview.objects.create(reason="import", congress=119),
        ),
    ],
)
def test_a_list_takes_as_many_statements_for_three_rows_as_for_one(desk, django_assert_num_queries, address, make):
    make()
    desk.get(address)
    with CaptureQueriesContext(connection) as one:
        assert desk.get(address).status_code == 200
    make()
    make()
    with django_assert_num_queries(len(one)):
        assert desk.get(address).status_code == 200


def test_legislators_are_found_by_what_they_are_today(desk):
    bill = MeasureFactory()
    sits = TermFactory(legislator__full_name="Alma Sample").legislator
    TermFactory(chamber="senate", number="", state="TX", ends_on=date(2031, 1, 3), legislator__full_name="Ben Sample")
    left = TermFactory(state="TX", number="37", ends_on=date(2026, 6, 1), legislator__full_name="Cy Sample").legislator
    CosponsorshipFactory(measure=bill, legislator=sits)
    CosponsorshipFactory(measure=bill, legislator=left, withdrawn_on=date(2026, 1, 1))

    def names(query):
        return sorted(row.full_name for row in shown(desk.get(f"{LEGISLATORS}?{query}")))

    assert names("sitting=yes") == ["Alma Sample", "Ben Sample"]
    assert names("sitting=no") == ["Cy Sample"]
    assert names("chamber=senate") == ["Ben Sample"]
    assert names("chamber=house") == ["Alma Sample"]
    assert names("state=TX") == ["Ben Sample"]
    assert names(f"measure={bill.pk}") == ["Alma Sample"]
    assert names("measure=x") == ["Alma Sample", "Ben Sample", "Cy Sample"]
    assert names("q=cy") == ["Cy Sample"]


def test_a_legislators_page_has_all_of_them_and_no_way_to_delete(desk):
    person = legislator()
    html = desk.get(f"{LEGISLATORS}{person.pk}/change/").content.decode()
    for words in ("202-555-0101", "Phoenix", "House Committee on Energy and Commerce", 'name="terms-0-ends_on"'):
        assert words in html
    assert 'name="offices-0-city"' not in html
    assert desk.post(f"{LEGISLATORS}{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Legislator.objects.count() == 1


def test_districts_are_shown_with_who_holds_them_and_the_vacant_ones_can_be_found(desk):
    draw("AZ-03", "85003", "85004")
    draw("AZ-04", "85003")
    TermFactory(number="03", legislator__full_name="Alma Sample")
    html = desk.get(DISTRICTS).content.decode()
    assert ("Alma Sample" in html, "vacant, or not known" in html, LOOK_UP in html) == (True, True, True)
    assert [row.code for row in shown(desk.get(f"{DISTRICTS}?held=no"))] == ["AZ-04"]
    assert [row.code for row in shown(desk.get(f"{DISTRICTS}?held=yes&state=AZ"))] == ["AZ-03"]
    assert desk.get(f"{DISTRICTS}add/").status_code == 403


def test_staff_look_up_what_a_zip_code_tells(desk):
    draw("AZ-03", "85003", "85004")
    draw("AZ-04", "85004")
    TermFactory(number="03", legislator__full_name="Alma Sample")
    html = desk.get(LOOK_UP, {"zip_code": "85003-1234"}).content.decode()
    assert ("The ZIP code lies in one district" in html, "Rep. Alma Sample (AZ-03)" in html) == (True, True)
    html = desk.get(LOOK_UP, {"zip_code": "85004"}).content.decode()
    assert ("AZ-03" in html, "AZ-04" in html, "vacant" in html) == (True, True, True)
    assert "in no district that we know" in desk.get(LOOK_UP, {"zip_code": "73301"}).content.decode()
    assert desk.get(LOOK_UP, {"zip_code": "what"}).status_code == 422
    assert desk.get(LOOK_UP).status_code == 200


def test_a_redrawn_state_has_the_signatures_reviewed_also_when_it_is_taken_back(desk):
    desk.post("/admin/petitions/redrawing/add/", {"state": "TX", "congress": "120", "note": ""})
    row = Redrawing.objects.get()
    assert DistrictReview.objects.count() == 1
    desk.post(f"/admin/petitions/redrawing/{row.pk}/delete/", {"post": "yes"})
    assert (Redrawing.objects.count(), DistrictReview.objects.count()) == (0, 2)
    RedrawingFactory()
    chosen = {"action": "delete_selected", "_selected_action": [Redrawing.objects.get().pk], "post": "yes"}
    desk.post("/admin/petitions/redrawing/", chosen)
    assert (Redrawing.objects.count(), DistrictReview.objects.count()) == (0, 3)


def test_a_petition_says_how_its_districts_are_known(desk):
    petition = PetitionFactory()
    for district, how in (("AZ-03", "unique"), ("", "split")):
        SignatureFactory(petition=petition, district=district, district_how=how, district_congress=119)
    tallies.note(Signature.objects.counting(), 1)
    html = desk.get(f"/admin/petitions/petition/{petition.pk}/districts/").content.decode()
    assert "50.0 % of the confirmed signatures have a district" in html
    assert "Nobody has looked yet" in html


def test_a_measure_shows_who_signed_it(desk):
    bill = MeasureFactory()
    CosponsorshipFactory(measure=bill, is_sponsor=True)
    CosponsorshipFactory(measure=bill, withdrawn_on=date(2026, 1, 1))
    CosponsorshipFactory(measure=bill, legislator__full_name="Alma Sample")
    assert [row.names for row in shown(desk.get("/admin/petitions/measure/"))] == [1]
    assert "Alma Sample" in desk.get(f"/admin/petitions/measure/{bill.pk}/change/").content.decode()
    assert Cosponsorship.objects.standing().count() == 2


@pytest.fixture
def bill():
    """A bill with a successor that has one itself, and a petition that asks for it with two signers."""
    last = MeasureFactory(congress=119, number=4954)
    following = MeasureFactory(congress=118, number=8301, successor=last)
    bill = MeasureFactory(congress=117, number=4603, successor=following)
    petition = PetitionFactory(slug="save-call-center-jobs", version=None)
    petition.measures.set([bill])
    VersionFactory(petition=petition, published_at=None)
    publishing.publish_text(petition=petition, by=None)
    SignatureFactory.create_batch(2, petition=petition)
    return bill


def move_address(bill):
    return reverse("admin:petitions_measure_successor", args=[bill.pk])


def test_moving_petitions_says_first_how_many_are_asked_and_then_does_it(desk, bill):
    html = desk.get(move_address(bill)).content.decode()
    assert ("save-call-center-jobs" in html, "Move, and ask 2 signers" in html) == (True, True)
    assert Succession.objects.count() == 0
    last = bill.successor.successor
    answer = desk.post(move_address(bill), {"measure": last.pk})
    assert (answer.status_code, answer.url) == (303, "/admin/petitions/succession/")
    moved = Succession.objects.get()
    assert (moved.measure, moved.candidates) == (last, 2)
    page = desk.get(f"/admin/petitions/succession/{moved.pk}/change/").content.decode()
    assert ("Signers are being asked" in page, "data-live" in page) == (True, True)
    succeeding.ask(moved.pk)
    report = desk.get(f"/admin/petitions/succession/{moved.pk}/progress.json").json()
    assert (report["status"], report["settled"], report["candidates"]) == ("done", 2, 2)
    answer = desk.post(move_address(bill), {"measure": last.pk}, follow=True)
    assert "asks for H.R.4954 (119th Congress) already" in answer.content.decode()


def test_the_bills_of_a_published_text_are_not_changed_in_passing(desk, bill):
    petition = bill.petitions.get()
    address = f"/admin/petitions/petition/{petition.pk}/change/"
    assert 'name="measures"' not in desk.get(address).content.decode()
    VersionFactory(petition=petition, number=2, published_at=None)
    assert 'name="measures"' in desk.get(address).content.decode()


def test_a_bill_that_does_not_follow_is_no_choice(desk, bill):
    assert desk.post(move_address(bill), {"measure": MeasureFactory().pk}).status_code == 422
    assert Succession.objects.count() == 0
    assert "No successor of this bill is known" in desk.get(move_address(bill.successor.successor)).content.decode()
    assert "No petition asks for this bill" in desk.get(move_address(bill.successor)).content.decode()


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (("view_measure", "change_measure", "change_petition"), 403),
        (("view_measure", "add_succession"), 403),
        (("view_measure", "add_succession", "change_petition"), 200),
    ],
)
def test_moving_petitions_takes_permissions_of_its_own(client, bill, names, status):
    client.force_login(permitted(*names))
    assert client.get(move_address(bill)).status_code == status
    assert (client.post(move_address(bill), {"measure": "0"}).status_code == 403) == (status == 403)


def test_looking_up_takes_the_permission_to_see_districts(client):
    client.force_login(permitted("view_measure"))
    assert client.get(LOOK_UP, {"zip_code": "85003"}).status_code == 403
