"""Results in public: by state and district and over time, small groups hidden; files and frames for other sites."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from petitions import results, surge, tallies
from petitions.models import District, Petition
from tests.members.factories import LocalFactory, StaffFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory, TallyFactory, tally
from tests.words import text, title

pytestmark = pytest.mark.django_db
PAGE = "/petitions/save-call-center-jobs/"
RESULTS = f"{PAGE}results/"
CSV = f"{PAGE}results.csv"
EMBED = f"{PAGE}embed/"
COUNT = f"{PAGE}count.json"


def signed(petition, *, times=1, **parts):
    """So many confirmed signatures with these parts, counted as when they are confirmed."""
    if parts.get("district"):
        parts |= {"district_how": "unique", "district_congress": 119}
    rows = SignatureFactory.create_batch(times, petition=petition, **parts)
    tallies.note(rows, 1)


@pytest.fixture
def counted(petition):
    """Texas with one large and two small districts, Arizona with two that add up, Maine too small to be shown."""
    for number in range(1, 39):
        District.objects.create(congress=119, state="TX", number=f"{number:02}")
    for state in ("AZ", "ME"):
        for number in (1, 2):
            District.objects.create(congress=119, state=state, number=f"{number:02}")
    signed(petition, times=12, state="TX", district="TX-30")
    signed(petition, times=3, state="TX", district="TX-32")
    signed(petition, times=2, state="TX")
    signed(petition, times=7, state="AZ", district="AZ-01")
    signed(petition, times=2, state="AZ", district="AZ-02")
    signed(petition, times=4, state="ME", district="ME-01")
    return petition


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode())))


@time_machine.travel("2030-01-01T12:00:00Z", tick=False)
def test_the_file_has_states_and_districts_of_five_and_more(client, counted, django_assert_num_queries):
    client.get(CSV)  # the petition is kept from here on
    with django_assert_num_queries(5):
        response = client.get(CSV)
    assert rows_of(response) == [
        ["state", "district", "signatures"],
        ["TX", "", "17"],
        ["TX", "TX-30", "12"],
        ["AZ", "", "9"],  # AZ-01 would give AZ-02 away
    ]
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("text/csv; charset=utf-8", "*")
    assert "max-age=60" in response["Cache-Control"]


def test_the_rest_is_in_the_file_once_it_is_no_small_group(client, counted):
    signed(counted, times=1, state="")
    assert rows_of(client.get(CSV))[-1] == ["other", "", "5"]


def test_the_file_of_a_petition_that_nobody_signed_has_its_header(client, petition):
    assert rows_of(client.get(CSV)) == [["state", "district", "signatures"]]


def test_the_page_shows_states_with_their_districts(client, counted):
    response = client.get(RESULTS)
    page = text(response)
    assert title(response).startswith("Results: Save Call Center Jobs")
    assert "Texas 17 Districts in Texas District Signatures TX-30 12 Other districts, or not known 5" in page
    assert "Arizona 9" in page
    for hidden in ("AZ-01", "AZ-02", "TX-32", "ME-01"):
        assert hidden not in page
    assert "30 of 15,000 signatures Counted up to" in page


def test_the_states_can_be_sorted_by_name(client, counted):
    assert [state.name for state in client.get(RESULTS).context["states"]] == ["Texas", "Arizona"]
    by_name = client.get(f"{RESULTS}?sort=name")
    assert [state.name for state in by_name.context["states"]] == ["Arizona", "Texas"]


@time_machine.travel("2030-01-01T12:00:00Z", tick=False)
def test_the_page_costs_the_same_whatever_was_counted(client, counted, django_assert_num_queries):
    for local in LocalFactory.create_batch(3, is_on_leaderboard=True):
        signed(counted, times=5, known_local=local)
        tallies.drain()
        client.get(RESULTS)
        with django_assert_num_queries(8):
            client.get(RESULTS)


def test_a_chart_shows_when_and_marks_the_first_and_the_big_days(client, petition):
    now = timezone.now()
    for ago, times in [(9, 6), (8, 5), (7, 7), (5, 30), (3, 4), (1, 8)]:
        signed(petition, times=times, confirmed_at=now - timedelta(days=ago))
    chart = results.chart_of(petition)
    assert [(bar.count, bar.mark) for bar in chart.bars] == [(6, "first"), (5, ""), (7, ""), (30, "big"), (8, "")]
    page = text(client.get(RESULTS))
    assert "(a big one) 30" in page
    assert "Every other time fewer than 5" in page


@pytest.mark.parametrize(("days", "span"), [(40, "day"), (200, "week"), (800, "month")])
def test_a_longer_time_has_longer_bars(petition, days, span):
    for ago in range(0, days, max(1, days // 10)):
        signed(petition, times=6, confirmed_at=timezone.now() - timedelta(days=ago))
    Petition.objects.update(opens_at=timezone.now() - timedelta(days=days))
    petition.refresh_from_db()
    chart = results.chart_of(petition)
    assert (chart.span, sum(bar.count for bar in chart.bars)) == (span, sum(tallies.by_day(petition).values()))


def test_few_a_day_are_shown_by_the_week(petition):
    for ago in range(1, 22):
        signed(petition, times=2, confirmed_at=timezone.now() - timedelta(days=ago))
    assert results.chart_of(petition).span == "week"


def test_a_local_is_on_the_leaderboard_where_it_wants_to_and_has_five(client, petition):
    wants = LocalFactory(number="1101", size=50, is_on_leaderboard=True)
    large = LocalFactory(number="7777", is_on_leaderboard=True)
    shy = LocalFactory(number="4319", size=10)
    few = LocalFactory(number="9400", size=10, is_on_leaderboard=True)
    for local, times in [(wants, 6), (large, 8), (shy, 9), (few, 4)]:
        signed(petition, times=times, known_local=local)
    assert [(each.local, each.count, each.share) for each in results.locals_of(petition)] == [
        (large, 8, None), (wants, 6, 12),
    ]  # fmt: skip
    page = text(client.get(RESULTS))
    assert "CWA Local 1101 6 12%" in page
    assert ("4319" in page, "9400" in page) == (False, False)


def test_staff_see_all_locals_and_sources(client, petition):
    local = LocalFactory(number="4319", size=10)
    signed(petition, times=3, known_local=local, source_code="f-ana")
    signed(petition, source_code="poster")
    client.force_login(StaffFactory())
    page = text(client.get(f"/admin/petitions/petition/{petition.pk}/counts/"))
    assert "CWA Local 4319 3 10 30 % no" in page
    assert "No local that we know 1" in page
    assert "friends 3 poster 1" in page
    client.force_login(StaffFactory(is_superuser=False))
    assert client.get(f"/admin/petitions/petition/{petition.pk}/counts/").status_code == 403


def test_only_the_embedded_page_may_be_framed(client, petition):
    for path in (PAGE, RESULTS, f"{PAGE}check-your-email/"):
        response = client.get(path)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"
    response = client.get(EMBED)
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert (response.has_header("X-Frame-Options"), dict(response.cookies)) == (False, {})
    assert "form-action 'self'" in response["Content-Security-Policy"]
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False):
        etag = client.get(EMBED)["ETag"]
        again = client.get(EMBED, headers={"If-None-Match": etag})
    assert (again.status_code, "frame-ancestors *" in again["Content-Security-Policy"]) == (304, True)


def test_the_embedded_form_opens_in_the_whole_window_and_keeps_its_code(client, petition):
    html = client.get(f"{EMBED}?from=poster-7").content.decode()
    assert f'action="{PAGE}sign/" target="_top"' in html
    assert '<input type="hidden" name="from" value="poster-7">' in html
    for wrong in ("", '"><script>', "UPPER", "a" * 21):
        assert 'name="from"' not in client.get(EMBED, {"from": wrong}).content.decode()


def test_the_embedded_counter_has_no_form(client, petition):
    TallyFactory(petition=petition, count=1234)
    response = client.get(f"{EMBED}?show=counter")
    assert "1,234 of 15,000 signatures" in text(response)
    assert "<form" not in response.content.decode()


def test_the_embedded_map_has_its_table_hides_small_groups_and_sets_no_cookie(client, petition):
    tally(petition, TX=12, CA=9, NV=2)
    response = client.get(f"{EMBED}?show=map")
    html, words = response.content.decode(), text(response)
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert (response.has_header("X-Frame-Options"), dict(response.cookies), "<form" in html) == (False, {}, False)
    assert '<svg class="tile-map"' in html
    assert '<th scope="row">Texas</th><td>12</td>' in html
    assert '<th scope="row">Nevada</th>' not in html
    assert ("23 of 15,000 signatures" in words, "Sign the petition" in words) == (True, True)
    assert "Mapa de Estados Unidos" in text(client.get(f"/es{EMBED}?show=map"))


def test_the_embedded_map_is_the_number_alone_while_maps_are_off_and_says_when_it_is_empty(client, petition):
    assert "No state shows a number yet." in text(client.get(f"{EMBED}?show=map"))
    tally(petition, TX=12)
    surge.switch(by=None, shows_maps=False)
    surge.forget()
    response = client.get(f"{EMBED}?show=map&from=poster")
    assert ("12 of 15,000" in text(response), "<svg" in response.content.decode()) == (True, False)


def test_the_results_page_has_a_line_for_each_of_the_three_frames(client, petition):
    html = client.get(RESULTS).content.decode()
    for ask in ("", "?show=counter", "?show=map"):
        assert f'{EMBED}{ask}" title=' in html.replace("&quot;", '"')


@pytest.mark.parametrize(("path", "vary"), [(PAGE, "Accept-Encoding"), (RESULTS, "Accept-Encoding"), (COUNT, None)])
@time_machine.travel("2030-01-01T12:00:00Z", tick=False)
def test_what_is_the_same_is_not_sent_again_and_varies_by_its_address_alone(client, petition, path, vary):
    first = client.get(path)
    assert (first.status_code, first.get("Vary"), first["ETag"][:3]) == (200, vary, 'W/"')
    for name in ("max-age", "stale-while-revalidate", "stale-if-error"):
        assert f"{name}=" in first["Cache-Control"]
    for more in ({}, {"Cookie": "a=b", "Accept-Language": "es", "User-Agent": "x"}):
        again = client.get(path, headers={"If-None-Match": first["ETag"], **more})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_the_count_may_be_read_by_scripts_of_any_site(client, petition):
    response = client.get(COUNT, headers={"Origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.has_header("Access-Control-Allow-Credentials") is False
    assert list(response.json()) == ["count", "goal", "counted_at"]


@pytest.mark.parametrize("what", ["results/", "results.csv", "embed/"])
def test_what_is_not_public_has_no_results(client, petition, what):
    PetitionFactory(slug="tomorrow", opens_at=timezone.now() + timedelta(days=1))
    assert client.get(f"/petitions/tomorrow/{what}").status_code == 404
