"""The surge switches: each one bites where it should, says so, and works without Redis."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from csan.lib import redis
from petitions import resolving, signing, surge, tallies
from petitions.models import Signature, Surge
from tests.members.factories import StaffFactory
from tests.members.permitted import permitted
from tests.petitions.conftest import ADA
from tests.petitions.factories import SignatureFactory, tally

pytestmark = pytest.mark.django_db
PAUSED = "The site is very busy. Please come back at six."


@pytest.fixture
def address(petition):
    return f"/petitions/{petition.slug}/"


@pytest.fixture
def switch():
    """Throw switches, as they are then known in this process."""

    def switch(**changes):
        surge.switch(by=None, **changes)
        surge.forget()

    return switch


def test_all_is_on_before_anybody_switched():
    assert surge.switches() == surge.Switches(False, "", "", True, True, 5)
    assert Surge.objects.count() == 0


def test_paused_the_page_shows_the_message_instead_of_the_form(client, address, switch):
    switch(is_paused=True, pause_message=PAUSED, pause_message_es="Vuelva a las seis.")
    page = client.get(address).content.decode()
    assert PAUSED in page
    assert 'name="email"' not in page.split("join")[0]
    assert 'action="/petitions/save-call-center-jobs/sign/"' not in page
    assert "Vuelva a las seis." in client.get(f"/es{address}").content.decode()
    switch(is_paused=False)
    assert PAUSED not in client.get(address).content.decode()


def test_paused_a_post_is_put_off_and_everything_typed_is_kept(client, address, switch):
    switch(is_paused=True)
    typed = {**ADA, "comment": "I have answered calls for nine years.", "show_name": "on"}
    answer = client.post(f"{address}sign/", typed)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], Signature.objects.count()) == (503, "600", 0)
    for words in ("ada@example.org", "Lovelace", "20001", "I have answered calls for nine years."):
        assert words in page
    assert "So many people are signing that we have to take a short break." in page
    assert "Your signature has not been saved." in page
    assert page.split('name="show_name"')[1].split(">")[0].endswith("checked") or "checked" in page
    assert "There is a problem" not in page
    assert client.cookies == {}


def test_paused_a_letter_that_is_on_its_way_can_still_be_confirmed(client, petition, sign, switch):
    sign()
    switch(is_paused=True)
    token = signing.confirm_token(Signature.objects.get())
    assert client.post(f"/signature/{token}/confirm/").status_code == 303
    assert tallies.count(petition) == 1


def test_paused_a_robot_still_gets_its_own_answer(client, address, switch):
    switch(is_paused=True)
    assert client.post(f"{address}sign/", {**ADA, "website": "x"}).status_code == 303


def test_maps_off_the_page_has_none(client, petition, address, switch):
    tally(petition, DC=9)
    assert "Where we are signing" in client.get(address).content.decode()
    switch(shows_maps=False)
    assert "Where we are signing" not in client.get(address).content.decode()
    switch(shows_maps=True)
    assert "Where we are signing" in client.get(address).content.decode()


def test_a_longer_interval_lets_caches_keep_the_count_longer(client, address, switch):
    assert "max-age=5" in client.get(f"{address}count.json")["Cache-Control"]
    switch(count_seconds=60)
    assert "max-age=60" in client.get(f"{address}count.json")["Cache-Control"]


def test_look_ups_off_leaves_districts_to_be_filled_in_later(petition, switch):
    unknown = SignatureFactory(petition=petition, zip_code="99999")
    waiting = SignatureFactory(petition=petition, status=Signature.Status.PENDING)
    known = SignatureFactory(petition=petition, district="DC-00", district_how="chosen", district_congress=119)
    switch(looks_up_districts=False)
    assert resolving.look_up_missing() == 0
    switch(looks_up_districts=True)
    assert resolving.look_up_missing() == 1
    assert resolving.look_up_missing() == 0
    for row, how in ((unknown, "unknown"), (waiting, ""), (known, "chosen")):
        row.refresh_from_db()
        assert row.district_how == how


def test_a_switch_is_kept_in_the_process_for_some_seconds_and_asks_once(django_assert_num_queries):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert surge.switches().is_paused is False
        Surge.objects.create(is_paused=True)
        with django_assert_num_queries(0):
            assert surge.switches().is_paused is False
        clock.shift(surge.KEPT + 1)
        with django_assert_num_queries(1):
            assert surge.switches().is_paused is True


def test_switches_work_without_redis(client, address, switch, monkeypatch):
    monkeypatch.setattr(redis, "attempt", lambda command: None)
    switch(is_paused=True, pause_message=PAUSED)
    assert PAUSED in client.get(address).content.decode()
    assert client.post(f"{address}sign/", ADA).status_code == 503


def test_staff_switch_by_one_page_with_a_history_and_a_colleagues_switch_stays(client):
    staff = StaffFactory()
    client.force_login(staff)
    page = client.get("/admin/petitions/surge/").url
    client.get(page)
    surge.switch(by=None, shows_maps=False)
    form = {"pause_message": PAUSED, "pause_message_es": "", "looks_up_districts": "on", "count_seconds": "5"}
    assert client.post(page, {**form, "is_paused": "on"}).status_code == 302
    row = Surge.objects.get()
    assert (row.is_paused, row.pause_message, row.shows_maps) == (True, PAUSED, False)
    history = client.get(f"/admin/petitions/surge/{row.pk}/history/").content.decode()
    assert "is_paused: True" in history
    assert list(staff.logentry_set.values_list("change_message", flat=True)) == [
        f"Switched (is_paused: True, pause_message: {PAUSED})"
    ]
    surge.switch(by=staff, is_paused=True)
    assert staff.logentry_set.count() == 1


def test_only_who_may_change_them_throws_switches(client):
    client.force_login(permitted("review_fraud", "view_surge"))
    page = client.get("/admin/petitions/surge/").url
    assert client.post(page, {"is_paused": "on", "count_seconds": "5"}).status_code == 403
    assert Surge.objects.get().is_paused is False


@pytest.mark.parametrize(
    ("rule", "changes"), [("petitions_surge_one", {"id": 2}), ("petitions_surge_count_seconds", {"count_seconds": 0})]
)
def test_the_database_holds_what_switches_are(rule, changes):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Surge.objects.create(**changes)
