"""Signed links, absolute addresses, CSV, the bell, posts from other sites."""

import logging
import socket
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from pytest_socket import SocketConnectBlockedError

from csan.lib import bell, csv, redis, signing
from csan.lib.logs import MaskKeys
from csan.lib.origin import is_cross_site, public_post
from csan.lib.ratelimit import client_network
from csan.lib.urls import absolute_reverse, path_to


class TestSigning:
    def test_a_token_gives_its_value_back(self):
        assert signing.read("confirm", signing.sign("confirm", "17"), max_age=timedelta(days=7)) == "17"

    def test_a_token_serves_one_purpose_only(self):
        with pytest.raises(signing.BadToken) as caught:
            signing.read("erase", signing.sign("confirm", "17"), max_age=timedelta(days=7))
        assert not caught.value.expired

    def test_a_token_ages(self):
        with time_machine.travel("2026-01-01"):
            token = signing.sign("confirm", "17")
        with time_machine.travel("2026-01-09"), pytest.raises(signing.BadToken) as caught:
            signing.read("confirm", token, max_age=timedelta(days=7))
        assert caught.value.expired

    def test_a_changed_token_is_not_ours(self):
        with pytest.raises(signing.BadToken):
            signing.read("confirm", signing.sign("confirm", "17").replace("17", "18", 1), max_age=timedelta(days=7))


def test_links_in_letters_begin_with_the_base_url(settings):
    settings.BASE_URL = "https://csan.example"
    assert absolute_reverse("members:archive") == "https://csan.example/newsletter/"
    assert absolute_reverse("members:archive", language="es") == "https://csan.example/es/newsletter/"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_path_is_filled_in_as_it_would_be_worked_out(language):
    with translation.override(language):
        for word in ("save-jobs", "a b", "ä", "x:1.y_z", "50%", "{}"):
            assert path_to("petitions:signature", word) == reverse("petitions:signature", args=[word])
        assert path_to("members:issue", 7) == reverse("members:issue", args=[7])
        assert path_to("members:issue", "7") == reverse("members:issue", args=["7"])
        with pytest.raises(NoReverseMatch):
            path_to("petitions:petition")


class TestScript:
    def test_redis_is_told_a_script_that_it_does_not_know(self):
        redis.client().script_flush()
        assert [redis.run_script(redis.client(), "return {#KEYS, 7}", ["a"], ["b"]) for _ in range(2)] == [[1, 7]] * 2

    def test_a_connection_that_was_closed_is_opened_anew(self):
        assert redis.run_script(redis.client(), "return {1}", ["a"], []) == [1]
        own = redis._own.connection  # of this thread; nobody else's is closed, since workers share one Redis
        own.send_command("CLIENT", "ID")
        redis.client().client_kill_filter(_id=str(own.read_response()))
        assert redis.run_script(redis.client(), "return {2}", ["a"], []) == [2]


class TestCsv:
    @pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
    def test_no_cell_is_a_formula(self, cell):
        assert csv.safe_cell(cell) == f"'{cell}"

    def test_numbers_and_empty_cells_stay_what_they_are(self):
        assert [csv.safe_cell(value) for value in (-5, None, 0, "Ada")] == ["-5", "", "0", "Ada"]

    def test_rows_are_sent_as_they_are_made(self):
        made = []

        def rows():
            for number in range(3):
                made.append(number)
                yield [number, 'a "quoted", cell']

        response = csv.stream(rows(), filename="x.csv")
        assert made == []
        assert next(iter(response)) == b'0,"a ""quoted"", cell"\r\n'
        assert made == [0]


class TestBell:
    @pytest.fixture
    def calls(self, monkeypatch):
        heard = []
        monkeypatch.setattr(
            bell.current_app, "send_task", lambda name, **kwargs: heard.append((name, kwargs["kwargs"]))
        )
        return heard

    def test_many_rings_are_one_call_until_it_is_answered(self, calls):
        for _ in range(5):
            bell.ring("look")
        bell.answered("look")
        bell.ring("look")
        assert calls == [("look", {"slot": 0})] * 2

    def test_slots_ring_beside_each_other(self, calls):
        for slot in (0, 1):
            bell.ring("look", slot)
        assert [kwargs["slot"] for _, kwargs in calls] == [0, 1]

    def test_a_crowd_rings_at_once_and_once_more_when_its_rest_is_over(self, monkeypatch, calls):
        late = []

        class Timer:
            def __init__(self, seconds, ring, arguments):
                assert 0 < seconds <= 60
                late.append((ring, arguments))

            def start(self):
                pass

        monkeypatch.setattr(bell, "REST", 60.0)
        monkeypatch.setattr(bell, "Timer", Timer)
        for _ in range(50):
            bell._ring_or_rest("look")
        bell.answered("look")
        assert (len(calls), len(late)) == (1, 1)
        ((ring, arguments),) = late
        ring(*arguments)
        assert calls == [("look", {"slot": 0})] * 2
        bell.forget_rings()

    def test_without_redis_nothing_is_raised(self, settings, calls):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        redis.client.cache_clear()
        try:
            bell.ring("look")
            bell.answered("look")
        finally:
            redis.client.cache_clear()
            redis.forget_failures()
        assert calls == []


class TestOrigin:
    def ask(self, **headers):
        return RequestFactory().post("/", headers=headers)

    @pytest.mark.parametrize(
        ("headers", "cross"),
        [
            ({}, False),
            ({"Sec-Fetch-Site": "same-origin"}, False),
            ({"Sec-Fetch-Site": "none"}, False),
            ({"Sec-Fetch-Site": "cross-site"}, True),
            ({"Sec-Fetch-Site": "same-site"}, True),
            ({"Origin": "http://testserver"}, False),
            ({"Origin": "https://evil.example"}, True),
            ({"Origin": "null"}, True),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ],
    )
    def test_who_is_another_site(self, headers, cross):
        assert is_cross_site(self.ask(**headers)) is cross

    def test_a_get_from_anywhere_is_served(self):
        view = public_post(lambda request: HttpResponse("fine"))
        request = RequestFactory().get("/", headers={"Sec-Fetch-Site": "cross-site"})
        assert view(request).content == b"fine"

    def test_the_view_needs_no_csrf_token(self):
        assert public_post(lambda request: HttpResponse()).csrf_exempt is True


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Unprocessable Entity: /preferences/AbC-123_xyz/", "Unprocessable Entity: /preferences/…/"),
        ("Forbidden: /es/unsubscribe/AbC-123_xyz/", "Forbidden: /es/unsubscribe/…/"),
        ("Not Found: /signature/12.345:sig/confirm/", "Not Found: /signature/…/confirm/"),
        ("Gone: /es/news/yours/AbC-123_xyz/approve/", "Gone: /es/news/yours/…/approve/"),
        ("Not Found: /week-of-action/2017/", "Not Found: /week-of-action/2017/"),
    ],
)
def test_no_log_line_opens_a_private_page(line, kept):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s", (line,), None)
    MaskKeys().filter(record)
    assert record.getMessage() == kept


@pytest.mark.parametrize(
    ("address", "network"),
    [("198.51.100.7", "198.51.100.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("unknown", "unknown")],
)
def test_a_client_is_an_address_or_a_network_of_64_bits(address, network):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_no_test_reaches_beyond_this_machine():
    with pytest.raises((SocketConnectBlockedError, UserWarning)), socket.socket() as probe:
        probe.connect(("203.0.113.1", 80))
