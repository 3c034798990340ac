"""When something is out of order: a page with a way on, in the language of the address, and the right status."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from csan import views
from petitions.models import Signature
from tests.csan.test_pages import Page
from tests.csan.test_settings import COMPLETE

ROOT = Path(__file__).resolve().parent.parent.parent
# Ask a program of its own for pages, as a server would; where its database should be nobody listens.
ASK = """
import json, sys
from django.test import Client
client = Client(raise_request_exception=False)
for method, address in json.loads(sys.argv[1]):
    answer = getattr(client, method)(address, {"email": "ana@example.org"} if method == "post" else {})
    print(json.dumps([answer.status_code, answer.headers.get("Retry-After"), answer.headers.get("Content-Language"),
                      answer.headers.get("Cache-Control"), answer.content.decode()]))
"""


@pytest.fixture
def switch(settings, tmp_path) -> Path:
    """The file that closes the site, not there yet."""
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    return settings.MAINTENANCE_FILE


def page_of(response) -> Page:
    return Page(response.content.decode())


def without_database(folder: Path, *asked: tuple[str, str]) -> list[list]:
    """What a process without its database answers to a method and an address, each."""
    environment = {**COMPLETE, "BASE_URL": "http://testserver", "ALLOWED_HOSTS": "testserver", "LOG_LEVEL": "CRITICAL"}
    environment |= {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/csan", "LOCAL": "true", "TRUSTED_PROXY_COUNT": "0"}
    environment |= {"DATA_DIR": str(folder), "REDIS_URL": os.environ["REDIS_URL"], "PATH": os.environ["PATH"]}
    code = (
        "import django; from django.conf import settings; settings.STORAGES['staticfiles'] = "
        "{'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}; django.setup()\n" + ASK
    )
    run = subprocess.run(
        [sys.executable, "-c", code, json.dumps(asked)],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "csan.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_without_its_database_a_page_says_so_and_when_to_come_back(tmp_path):
    (status, after, language, kept, html), spanish = without_database(tmp_path, ("get", "/"), ("get", "/es/news/"))

    assert (status, after, language) == (503, "60", "en")
    assert "no-store" in kept
    assert Page(html).words["h1"] == ["We cannot answer right now"]
    assert "Please try again in 1 minute." in html
    assert "Try again</a>" in html
    assert spanish[:3] == [503, "60", "es"]
    assert '<html lang="es">' in spanish[4]


def test_a_form_that_meets_no_database_loses_nothing_and_says_so(tmp_path):
    ((status, after, _, _, html),) = without_database(tmp_path, ("post", "/subscribe/"))

    assert (status, after) == (503, "60")
    assert "Nothing you typed is lost: your browser still has it." in html


def test_pages_that_need_no_database_stay(tmp_path):
    answers = without_database(tmp_path, ("get", "/healthz"), ("get", "/privacy/"), ("get", "/nowhere/"))

    assert [answer[0] for answer in answers] == [200, 200, 404]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status", "heading"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503, "We cannot answer right now"),
        (ZeroDivisionError("ours"), 500, "Something went wrong here"),
    ],
)
def test_a_fault_of_ours_is_told_from_a_database_that_is_gone(monkeypatch, fault, status, heading):
    def fails(*_: object) -> None:
        raise fault

    monkeypatch.setattr(views, "render", fails)
    response = Client(raise_request_exception=False).get("/privacy/")

    assert (response.status_code, page_of(response).words["h1"]) == (status, [heading])
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("headers", "status"), [({"Host": "elsewhere.example"}, 400), ({}, 503)])
def test_a_bare_page_has_both_of_our_names_for_a_phone_shows_the_short_one(client, settings, headers, status):
    settings.MAINTENANCE = status == 503
    response = client.get("/privacy/", headers=headers)
    names = re.findall(r'<span class="brand__\w+"[^>]*>([^<]*)</span>', response.content.decode())

    assert (response.status_code, names) == (status, [settings.SITE_NAME, settings.SITE_SHORT_NAME])


def test_a_request_to_a_name_that_is_not_ours_gets_a_page(client):
    response = client.get("/privacy/", headers={"Host": "elsewhere.example"})

    assert (response.status_code, page_of(response).words["h1"]) == (400, ["We could not read this"])


@pytest.mark.django_db
def test_a_page_that_is_not_there_leads_on(client):
    response = client.get("/nowhere/")
    links = re.findall(r'href="([^"]*)"', response.content.decode().partition("<main")[2])

    assert response.status_code == 404
    assert {"/", "/petitions/", "/subscribe/", "/week-of-action/"} <= set(links)


def test_a_page_that_is_not_there_needs_no_database(client):
    assert client.get("/es/nowhere/").status_code == 404  # without the mark, pytest-django refuses any query


@pytest.mark.django_db
def test_staff_without_the_right_are_told_so_and_not_that_they_come_from_another_site(client):
    client.force_login(User.objects.create_user("ana", is_staff=True))
    response = client.get("/admin/petitions/signature/")

    assert response.status_code == 403
    assert page_of(response).words["h1"] == ["You may not do this"]


@pytest.mark.django_db
def test_a_staff_form_without_its_token_is_answered_with_a_page():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "y"})

    assert (response.status_code, page_of(response).words["h1"]) == (403, ["We could not accept this"])


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/", "We will be back soon"),
        ("/admin/", "We will be back soon"),
        ("/petitions/x/", "We will be back soon"),
        ("/es/newsletter/", "Volveremos pronto"),
        ("/sitemap.xml", "We will be back soon"),
    ],
)
def test_the_setting_closes_everything(client, settings, address, says):
    settings.MAINTENANCE = True
    response = client.get(address)

    assert (response.status_code, response["Retry-After"]) == (503, "600")
    assert "no-store" in response["Cache-Control"]
    assert page_of(response).words["h1"] == [says]


def test_closed_for_maintenance_it_still_says_how_it_is(client, settings):
    settings.MAINTENANCE, settings.METRICS_TOKEN = True, "secret"

    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_the_file_closes_the_site_and_opens_it_again_without_a_restart(client, switch):
    states = [client.get("/privacy/").status_code]
    switch.write_text("")
    states.append(client.get("/privacy/").status_code)
    switch.unlink()
    states.append(client.get("/privacy/").status_code)

    assert states == [200, 503, 200]


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "status"), [("", 503), ("staff\n", 200), ("STAFFING", 503)])
def test_staff_stay_inside_only_when_the_file_says_so(client, switch, words, status):
    switch.write_text(words)

    assert client.get("/admin/login/").status_code == status
    assert client.get("/privacy/").status_code == 503


@pytest.mark.django_db
def test_nothing_posted_during_maintenance_is_stored(client, switch):
    switch.write_text("staff")
    response = client.post("/es/petitions/save-call-center-jobs/sign/", {"email": "ana@example.org"})

    assert (response.status_code, response["Content-Language"]) == (503, "es")
    assert Signature.objects.count() == 0


@pytest.mark.django_db
def test_a_spent_budget_says_in_words_when_to_try_again(client, settings):
    settings.BUDGETS = {**settings.BUDGETS, "subscribe": {"client": (1, 90), "email": (9, 90)}}
    for _ in range(2):
        response = client.post("/subscribe/", {"email": "ana@example.org"})
    minutes = -(-int(response["Retry-After"]) // 60)

    assert response.status_code == 429
    assert f"Please try again in {minutes} minute{'s' if minutes > 1 else ''}." in response.content.decode()
    assert 'value="ana@example.org"' in response.content.decode()
