"""Whether all is well: alive, ready, measured."""

import time

import pytest
from django.core.management import call_command

from csan import sample, tasks
from csan.lib import redis
from members.models import Post
from petitions.models import Petition
from tests.members.factories import MessageFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db


def test_a_process_that_answers_is_alive(client):
    assert client.get("/healthz").content == b"ok\n"


def test_ready_needs_database_redis_and_a_worker_that_moves(client):
    before = client.get("/readyz")
    tasks.beat()
    after = client.get("/readyz")
    assert (before.status_code, before.json()["worker"]) == (503, "not ready")
    assert (after.status_code, after.json()) == (200, {"database": "ok", "redis": "ok", "worker": "ok"})


def test_a_worker_that_was_seen_long_ago_is_not_ready(client):
    redis.client().set(tasks.ALIVE_KEY, str(time.time() - 120))
    assert client.get("/readyz").json()["worker"] == "not ready"


def test_without_redis_it_is_not_ready_and_says_why(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis.client.cache_clear()
    try:
        answer = client.get("/readyz")
    finally:
        redis.client.cache_clear()
        redis.forget_failures()
    assert (answer.status_code, answer.json()["redis"]) == (503, "not ready")


def test_metrics_are_not_public(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404


def test_metrics_are_numbers_and_nobodys_data(client, settings):
    settings.METRICS_TOKEN = "secret"
    sample.load()
    SubscriptionFactory()
    MessageFactory(to="ada@example.org")
    text = client.get("/metrics", headers={"Authorization": "Bearer secret"}).content.decode()
    assert 'csan_letters_open{lane="transactional",status="queued"} 1.0' in text
    assert "csan_subscribers 1.0" in text
    assert 'csan_signatures{petition="save-call-center-jobs"} 0.0' in text
    assert "ada@example.org" not in text


class TestSample:
    def test_an_empty_database_gets_it_once(self, capsys):
        counts = []
        for _ in range(2):
            call_command("load_sample")
            counts.append((Petition.objects.count(), Post.objects.count()))
        assert counts[0] == counts[1]
        assert min(counts[0]) > 0
        assert "nothing was changed" in capsys.readouterr().out

    def test_the_home_page_shows_it(self, client):
        sample.load()
        page = client.get("/").content.decode()
        for words in ("Save Call Center Jobs", "Hocus Pocus", "CSActionNetwork", "cwa_csaction", "5,000"):
            assert words in page
        assert client.get("/week-of-action/2017/").status_code == 200
        assert "H.R.1300" in client.get("/petitions/save-call-center-jobs/").content.decode()

    def test_the_home_page_asks_the_database_little(self, client, django_assert_max_num_queries):
        sample.load()
        with django_assert_max_num_queries(8):
            client.get("/")


def test_an_empty_site_still_has_a_home_page(client):
    page = client.get("/")
    assert page.status_code == 200
    assert dict(page.cookies) == {}
