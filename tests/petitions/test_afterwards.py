"""After confirming: whom to call, whether to thank or to ask, how it went, and passing the petition on."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from petitions import signing
from petitions.models import CallTally, Cosponsorship, Measure, Signature
from tests.petitions.factories import MeasureFactory
from tests.petitions.sitting import lies_in, member
from tests.words import text

pytestmark = pytest.mark.django_db
PAGE = "/petitions/save-call-center-jobs/signed/"
CALLED = "/petitions/save-call-center-jobs/called/"


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def bills(petition):
    """The bills of today's Congress, to which the petition's old one leads."""
    house = MeasureFactory(congress=119, kind=Measure.Kind.HR, number=4954)
    senate = MeasureFactory(congress=119, kind=Measure.Kind.S, number=2495, companion=house)
    petition.measures.add(MeasureFactory(congress=115, number=1300, successor=house))
    return house, senate


def shown(client, **told):
    response = client.get(PAGE, told)
    return response, response.context["delegation"]


def stand(delegation):
    return [
        (each.term.seat, each.bill.bill if each.bill else None, each.has_signed_on) for each in delegation.speakers
    ]


def test_the_page_says_thank_you_to_who_has_signed_on_and_asks_the_others(client, bills):
    house, senate = bills
    Cosponsorship.objects.create(measure=house, legislator=member("AZ-03", "Rosa Quiroga"))
    member("AZ", "Tom Ash")
    Cosponsorship.objects.create(measure=senate, legislator=member("AZ", "Ann Reed"), is_sponsor=True)
    member("AZ-04", "Not Theirs")
    response, delegation = shown(client, seat="AZ-03")
    assert stand(delegation) == [("AZ-03", "H.R.4954", True), ("AZ", "S.2495", False), ("AZ", "S.2495", True)]
    page = text(response)
    for words in ("Stands behind H.R.4954: say thank you", "Not yet behind S.2495: ask for it", "Rep. Rosa Quiroga"):
        assert words in page
    assert "Not Theirs" not in page
    assert 'href="tel:+12025550100"' in response.content.decode()


def test_who_has_withdrawn_from_a_bill_is_asked_again(client, bills):
    today = timezone.localdate()
    Cosponsorship.objects.create(measure=bills[0], legislator=member("AZ-03"), withdrawn_on=today)
    assert stand(shown(client, seat="AZ-03")[1]) == [("AZ-03", "H.R.4954", False)]


def test_no_party_is_named_no_cookie_set_and_any_cache_may_keep_it(client, bills):
    member("AZ-03")
    response, _ = shown(client, seat="AZ-03")
    assert ("Independent" in text(response), response.cookies) == (False, {})
    assert response["Cache-Control"] == "public, max-age=60"


def test_several_districts_are_to_be_chosen_from_by_name(client, bills):
    member("CA-30", "Luis Ortega")
    member("CA", "Ruth Adeyemi")
    response, delegation = shown(client, seat="CA-30,CA-32", **{"from": "f-7kq2m9ax"})
    assert [(each.seat, each.name) for each in delegation.candidates] == [("CA-30", "Rep. Luis Ortega"), ("CA-32", "")]
    assert stand(delegation) == [("CA", "S.2495", False)]
    html = response.content.decode()
    for link in ("?seat=CA-30&amp;from=f-7kq2m9ax#congress", "?seat=CA&amp;from=f-7kq2m9ax#congress"):
        assert f'href="{link}"' in html
    assert client.get(f"{PAGE}?seat=CA-30&from=f-7kq2m9ax").context["delegation"].candidates == ()


def test_a_vacant_seat_is_said_so(client, bills):
    member("CA", "Ruth Adeyemi")
    member("TX-30", "Sam Ode")
    response, delegation = shown(client, seat="CA-32")
    assert (delegation.vacant_seat, len(delegation.speakers)) == ("CA-32", 1)
    assert "the seat is vacant until there has been an election" in text(response)


def test_no_seat_is_called_vacant_before_a_new_house_has_been_imported(client, bills):
    member("CA", "Ruth Adeyemi")
    response, delegation = shown(client, seat="CA-32")
    assert (delegation.vacant_seat, len(delegation.speakers)) == ("", 1)
    assert "vacant" not in text(response)
    response, delegation = shown(client, seat="CA-30,CA-32")
    assert [(each.seat, each.name) for each in delegation.candidates] == [("CA-30", ""), ("CA-32", "")]
    assert "vacant" not in text(response)


def test_where_the_district_is_unknown_the_senators_speak(client, bills):
    member("TX-30")
    member("TX", "Sam Ode")
    response, delegation = shown(client, seat="TX")
    assert [each.term.seat for each in delegation.speakers] == ["TX"]
    assert "Your senators speak for the whole state." in text(response)


def test_a_member_without_a_vote_is_asked_for_what_they_can_do(client, bills):
    member("DC-00", "Denise Carter")
    page = text(shown(client, seat="DC-00")[0])
    assert ("cannot vote on the floor" in page, "Del. Denise Carter" in page) == (True, True)
    assert ("and to speak for it" in page, "and to vote for it" in page) == (True, False)


def test_who_sits_no_more_is_not_named(client, bills):
    today = timezone.localdate()
    member("AZ-03", "Gone Before", begins=today - timedelta(days=900), ends=today)
    member("AZ-03", "Here Now", begins=today)
    page = text(shown(client, seat="AZ-03")[0])
    assert ("Gone Before" in page, "Here Now" in page) == (False, True)


@pytest.mark.parametrize(
    "told", [{}, {"seat": ""}, {"seat": "<b>"}, {"seat": "AZ-3"}, {"seat": "ZZ-01"}, {"from": "x"}]
)
def test_without_a_seat_that_we_know_the_page_still_says_what_to_do(client, petition, told):
    response = client.get(PAGE, told)
    assert (response.status_code, "202-224-3121" in text(response)) == (200, True)
    assert "<b>" not in response.content.decode()
    assert response.context["address"] == "http://testserver/petitions/save-call-center-jobs/"


def test_a_petition_without_a_bill_asks_to_stand_behind_it(client, petition):
    member("AZ-03")
    assert "I ask you to stand behind it." in text(shown(client, seat="AZ-03")[0])


def test_what_is_passed_on_carries_the_signers_code(client, petition):
    response = client.get(PAGE, {"from": "F-7KQ2M9AX"})
    address = "http://testserver/go/f-7kq2m9ax/"
    html = response.content.decode()
    assert (response.context["address"], f'data-copy="{address}"' in html, "<svg" in html) == (address, True, True)
    assert client.get(f"/es{PAGE}", {"from": "f-7kq2m9ax"}).context["address"] == "http://testserver/es/go/f-7kq2m9ax/"


@pytest.mark.parametrize("others", [0, 3])
def test_a_page_asks_the_database_as_often_for_many_members_as_for_few(
    client, bills, django_assert_num_queries, others
):
    for n in range(3 + others):
        member("AZ" if n < 2 else f"AZ-0{n}")
    client.get(PAGE)  # the petition is kept from now on
    with django_assert_num_queries(4):  # the count, who sits, the line of the bill, who is behind it
        client.get(PAGE, {"seat": "AZ-02"})
    with django_assert_num_queries(1):
        client.get(PAGE, {"seat": "AZ-02"})


def test_from_the_button_to_the_page_of_ones_own_members(client, petition, bills, sign):
    lies_in("90210", "CA-30", "CA-36")
    sign(zip_code="90210")
    token = signing.confirm_token(Signature.objects.get())
    where = client.post(f"/signature/{token}/confirm/")["Location"]
    assert where.startswith(f"{PAGE}?seat=CA-30,CA-36&from=f-")
    assert ("ada" in where.lower(), "90210" in where) == (False, False)
    assert client.post(f"/signature/{token}/confirm/")["Location"] == where


class TestCalls:
    @pytest.fixture
    def legislator(self, petition):
        return member("AZ-03")

    def test_a_call_is_counted_by_office_outcome_and_day_and_leads_back(self, client, petition, legislator):
        told = {"legislator": legislator.bioguide, "seat": "AZ-03", "from": "f-7kq2m9ax"}
        for outcome in ("talked", "talked", "nobody"):
            response = client.post(CALLED, {**told, "outcome": outcome})
            assert response.status_code == 303
        back = f"{PAGE}?seat=AZ-03&from=f-7kq2m9ax&called={legislator.bioguide}#{legislator.bioguide}"
        assert response["Location"] == back
        assert "Thank you for calling" in text(client.get(back))
        rows = CallTally.objects.order_by("outcome").values_list("outcome", "count", "made_on", "legislator")
        today = timezone.localdate()
        assert list(rows) == [("nobody", 1, today, legislator.pk), ("talked", 2, today, legislator.pk)]

    def test_nothing_about_the_caller_is_kept(self):
        columns = {field.name for field in CallTally._meta.concrete_fields}
        assert columns == {"id", "petition", "legislator", "outcome", "made_on", "count"}

    @pytest.mark.parametrize("wrong", [{"outcome": "shouted"}, {"outcome": ""}, {"legislator": "x"}])
    def test_what_is_no_call_is_not_counted(self, client, legislator, wrong):
        assert (
            client.post(CALLED, {"legislator": legislator.bioguide, "outcome": "talked", **wrong}).status_code == 422
        )
        assert CallTally.objects.count() == 0

    def test_who_does_not_sit_is_not_called(self, client, petition):
        today = timezone.localdate()
        gone = member("AZ-03", begins=today - timedelta(days=9), ends=today)
        for bioguide in (gone.bioguide, "Z999999"):
            assert client.post(CALLED, {"legislator": bioguide, "outcome": "talked"}).status_code == 404

    def test_a_network_that_calls_all_day_is_put_off(self, client, legislator, settings):
        settings.BUDGETS = {**settings.BUDGETS, "call": {"client": (2, 600), "email": (9, 600)}}
        told = {"legislator": legislator.bioguide, "outcome": "talked"}
        assert [client.post(CALLED, told).status_code for _ in range(3)] == [303, 303, 429]

    def test_a_trapped_program_and_another_site_count_nothing(self, client, legislator):
        told = {"legislator": legislator.bioguide, "outcome": "talked"}
        assert client.post(CALLED, {**told, "website": "x"}).status_code == 303
        assert client.post(CALLED, told, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get(CALLED).status_code == 405
        assert CallTally.objects.count() == 0
