"""The public pages, as a browser meets them."""

import re
from functools import partial

import pytest
from django.db.models import Count
from django.test import Client

from campaigns.entering import registering
from campaigns.models import OtherContact, Registration
from csan.lib import redis
from members.models import Local, Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import (
    BoxFactory,
    CampaignFactory,
    RegistrationFactory,
    ToolkitItemFactory,
    WeekFactory,
    WeekPhotoFactory,
    WeekTaskFactory,
    day,
)
from tests.campaigns.typed import TYPED, post
from tests.words import title

pytestmark = pytest.mark.django_db


def test_a_local_registers(client):
    week = WeekFactory(year=2026)
    tasks = [WeekTaskFactory(week=week), WeekTaskFactory(week=week)]

    response = post(client, week, tasks=[task.code for task in tasks])

    assert (response.status_code, response["Location"]) == (303, "/week-of-action/2026/registered/")
    registration = Registration.objects.get()
    assert str(registration.local) == "CWA Local 1101"
    assert registration.email == "ada@example.org"
    assert registration.members_count == 1140
    assert set(registration.tasks.all()) == set(tasks)
    assert (registration.place.address2, registration.needs_staff_help) == ("Suite 900", True)
    assert (registration.language, registration.status) == ("en", "received")
    assert client.get(response["Location"]).status_code == 200


def test_only_what_is_required_is_enough(client):
    optional = {"local_affiliate", "contact_role", "ship_address2", "receiving_hours", "needs_staff_help", "notes"}
    week = WeekFactory()
    typed = {name: value for name, value in TYPED.items() if name not in optional}
    assert client.post(f"/week-of-action/{week.year}/register/", typed).status_code == 303
    assert Registration.objects.get().local.affiliate == "CWA"


def test_on_the_spanish_page_letters_come_in_spanish(client):
    week = WeekFactory()
    response = client.post(f"/es/week-of-action/{week.year}/register/", TYPED)
    assert response["Location"] == f"/es/week-of-action/{week.year}/registered/"
    assert Registration.objects.get().language == "es"
    assert Message.objects.get().language == "es"


def test_the_answer_is_the_same_for_every_local_and_address(client):
    week = WeekFactory()
    answers = [
        post(client, week),
        post(client, week),
        post(client, week, email="sam@example.org"),
        post(client, week, local_number="4603"),
        post(client, week, website="http://spam.example"),
    ]
    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {
        (303, f"/week-of-action/{week.year}/registered/", b"")
    }
    assert (Registration.objects.count(), OtherContact.objects.count()) == (2, 1)


def test_a_filled_honeypot_looks_like_success_and_stores_nothing(client):
    assert post(client, WeekFactory(), website="x").status_code == 303
    assert (Local.objects.count(), Registration.objects.count(), Message.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_fifty_officers_at_once_make_one_registration_and_all_get_the_same_answer():
    week = WeekFactory()
    officers = [f"officer{number}@example.org" for number in range(50)]

    def send(address: str) -> tuple[int, str, bytes]:
        second = {"place2_name": "Lee Park", "place2_address1": "10 Main St", "place2_city": "Akron"}
        second |= {"place2_state": "OH", "place2_zip_code": "44301", "place2_members_count": "40"}
        response = post(Client(), week, email=address, **second)
        return response.status_code, response["Location"], response.content

    answers = at_once(*[partial(send, address) for address in officers])

    assert set(answers) == {(303, f"/week-of-action/{week.year}/registered/", b"")}
    first = Registration.objects.get()
    others = OtherContact.objects.values_list("email", flat=True)
    assert sorted([first.email, *others]) == sorted(officers)
    assert (Local.objects.count(), first.places.count(), OtherContact.objects.count()) == (1, 2, 49)
    letters = dict(Message.objects.values_list("template").annotate(Count("pk")))
    assert letters == {
        "campaigns/registration_received": 1,
        "campaigns/someone_else_registered": registering.MAX_TOLD,
    }
    assert set(Message.objects.values_list("to", flat=True)) == {first.email}


def test_errors_keep_what_was_typed_and_say_so_in_the_title(client):
    week = WeekFactory()
    task = WeekTaskFactory(week=week)

    response = post(client, week, phone="none", ship_state="ZZ", members_count="0", tasks=[task.code])

    assert response.status_code == 422
    assert title(response).startswith("Error:")
    page = response.content.decode()
    assert page.index('id="error-summary"') < page.index("<form")
    assert set(response.context["form"].errors) == {"phone", "ship_state", "members_count"}
    for kept in ("Local 1101", "Ada@Example.org", "501 Third Street NW", "weekdays 9 to 4", "We march."):
        assert kept in page
    assert re.search(rf'value="{task.code}"[^>]* checked', page)
    assert Registration.objects.count() == 0


def test_each_missing_answer_is_named(client):
    response = client.post(f"/week-of-action/{WeekFactory().year}/register/", {})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {
        "local_number",
        "contact_name",
        "email",
        "phone",
        "members_count",
        "ship_name",
        "ship_address1",
        "ship_city",
        "ship_state",
        "ship_zip",
    }


@pytest.mark.parametrize("field", ["ship_address1", "ship_address2"])
def test_a_post_office_box_is_refused_with_the_reason(client, field):
    response = post(client, WeekFactory(), **{field: "P.O. Box 12"})
    assert response.status_code == 422
    assert "Parcel carriers cannot deliver to a PO box" in response.content.decode()


def test_too_many_posts_are_asked_to_wait_and_keep_what_was_typed(client, settings):
    settings.BUDGETS = {**settings.BUDGETS, "register": {"client": (2, 600), "email": (40, 3600)}}
    week = WeekFactory()
    assert [post(client, week).status_code for _ in range(3)] == [303, 303, 429]
    response = post(client, week)
    assert 0 < int(response["Retry-After"]) <= 600
    assert "501 Third Street NW" in response.content.decode()


def test_without_redis_locals_register_all_the_same(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis.client.cache_clear()
    try:
        assert post(client, WeekFactory()).status_code == 303
    finally:
        redis.client.cache_clear()
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
@pytest.mark.parametrize("page", ["register", "change", "withdraw"])
def test_posts_from_other_sites_are_refused(client, headers, page):
    registration = RegistrationFactory()
    address = {
        "register": f"/week-of-action/{registration.week.year}/register/",
        "change": f"/registration/{registration.key}/change/",
        "withdraw": f"/registration/{registration.key}/withdraw/",
    }[page]
    assert client.post(address, TYPED, headers=headers).status_code == 403
    after = Registration.objects.get()
    assert (after.status, after.members_count) == ("received", 140)


def test_after_the_last_day_the_page_says_so_and_a_late_form_is_kept(client):
    week = WeekFactory(register_by=day(-1))
    assert "Registration is closed" in title(client.get(f"/week-of-action/{week.year}/register/"))
    response = post(client, week)
    assert response.status_code == 422
    assert title(response).startswith("Error:")
    assert "Registration closed on" in response.content.decode()
    assert "501 Third Street NW" in response.content.decode()
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("page", ["", "register/", "registered/"])
def test_a_week_that_is_not_public_is_not_there(client, page):
    week = WeekFactory(published_at=None)
    assert client.get(f"/week-of-action/{week.year}/{page}").status_code == 404
    assert client.get(f"/week-of-action/1999/{page}").status_code == 404


def test_the_week_tells_theme_dates_and_asks(client):
    week = WeekFactory(year=2026, theme_es="Basta de trucos")
    WeekTaskFactory(week=week, title="Letter to the editor", position=2)
    WeekTaskFactory(week=week, title="Petition drive", position=1)

    page = client.get("/week-of-action/2026/").content.decode()

    assert re.search("<h1[^>]*>End CEO Hocus Pocus</h1>", page)
    assert "<strong>good jobs</strong>" in page
    assert page.index("Petition drive") < page.index("Letter to the editor")
    assert 'href="/week-of-action/2026/register/"' in page
    assert re.search("<h1[^>]*>Basta de trucos</h1>", client.get("/es/week-of-action/2026/").content.decode())


def test_a_closed_week_has_no_button(client):
    week = WeekFactory(register_by=day(-1))
    page = client.get(f"/week-of-action/{week.year}/").content.decode()
    assert "Registration closed on" in page
    assert "/register/" not in page


@pytest.mark.parametrize(("living", "shown"), [(4, False), (5, True)])
def test_a_small_number_of_locals_is_not_told(client, living, shown):
    week = WeekFactory()
    RegistrationFactory.create_batch(living, week=week, approved=True)
    RegistrationFactory(week=week, status="declined", declined_at=week.published_at)
    page = client.get(f"/week-of-action/{week.year}/").content.decode()
    assert (f"{living} locals take part." in page) is shown
    assert "take part." in page or not shown


def test_a_campaign_has_its_page_in_both_languages(client):
    CampaignFactory(slug="jobs", title_es="Salvemos los empleos", action_path="/week-of-action/2026/")
    assert re.search("<h1[^>]*>Save call center jobs</h1>", client.get("/campaigns/jobs/").content.decode())
    spanish = client.get("/es/campaigns/jobs/").content.decode()
    assert re.search("<h1[^>]*>Salvemos los empleos</h1>", spanish)
    assert 'href="/es/week-of-action/2026/"' in spanish
    CampaignFactory(slug="later", published_at=None)
    assert client.get("/campaigns/later/").status_code == 404


def test_no_public_page_sets_a_cookie(client):
    registration = RegistrationFactory()
    CampaignFactory(slug="jobs")
    year, key = registration.week.year, registration.key
    for address in (
        "/campaigns/jobs/",
        f"/week-of-action/{year}/",
        f"/week-of-action/{year}/register/",
        f"/week-of-action/{year}/registered/",
        f"/registration/{key}/",
        f"/registration/{key}/change/",
        f"/registration/{key}/withdraw/",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address
    assert not post(client, registration.week).cookies


@pytest.mark.parametrize("tasks", [1, 3])
def test_pages_ask_the_database_as_often_for_many_tasks_as_for_one(client, django_assert_num_queries, tasks):
    registration = RegistrationFactory(approved=True)
    for _ in range(tasks):
        registration.tasks.add(WeekTaskFactory(week=registration.week))
        ToolkitItemFactory(week=registration.week)
        WeekPhotoFactory(week=registration.week)
    BoxFactory(registration=registration)
    with django_assert_num_queries(5):
        client.get(f"/week-of-action/{registration.week.year}/")
    with django_assert_num_queries(13):
        client.get(f"/registration/{registration.key}/")
