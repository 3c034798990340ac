"""People and the programs that follow links before them, told apart."""

import pytest
from django.test import RequestFactory

from csan.lib import redis, robots

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 "
    "Mobile/15E148 Safari/604.1"
)


def follow(link: str, *, agent: str = PHONE, address: str = "203.0.113.7", **headers: str) -> robots.Follower:
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers={"User-Agent": agent, **headers})
    return robots.follower(request, link)


@pytest.mark.parametrize(
    "agent",
    [
        PHONE,
        "Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0",
    ],
)
def test_somebody_with_a_browser_is_a_person(agent):
    assert follow("a", agent=agent) == robots.Follower(is_a_program=False)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Microsoft Office Existence Discovery",
        "Barracuda Sentinel (EE)",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
        "Slackbot-LinkExpanding 1.0",
        "WhatsApp/2.23",
        "CSAN-link-check (+https://csan.example.org/)",
    ],
)
def test_a_program_that_says_so_is_one(agent):
    assert follow("a", agent=agent) == robots.Follower(is_a_program=True)


@pytest.mark.parametrize(
    ("header", "value"),
    [("Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("X-Moz", "prefetch"), ("X-Purpose", "preview")],
)
def test_what_a_browser_fetches_ahead_was_asked_for_by_nobody(header, value):
    assert follow("a", **{header: value}).is_a_program


def test_head_is_a_programs_question():
    request = RequestFactory().head("/", headers={"User-Agent": PHONE})
    assert robots.is_a_program(request)


def test_the_third_link_within_seconds_gives_a_program_away_and_takes_the_first_two_back():
    assert [follow(link) for link in "abcd"] == [
        robots.Follower(is_a_program=False),
        robots.Follower(is_a_program=False),
        robots.Follower(is_a_program=True, taken_back=["a", "b"]),
        robots.Follower(is_a_program=True),
    ]
    assert follow("c") == robots.Follower(is_a_program=True)


def test_one_link_followed_again_and_again_is_a_person_or_many_behind_one_address():
    assert [follow("a").is_a_program for _ in range(5)] == [False] * 5


def test_people_with_other_addresses_or_browsers_are_others():
    found = [follow("a"), follow("b"), follow("c", address="203.0.113.8"), follow("d", agent=f"{PHONE} other")]
    assert [each.is_a_program for each in found] == [False] * 4


def test_what_is_remembered_is_a_hash_and_soon_gone():
    follow("a")
    (key,) = redis.client().keys("*links*")
    assert "203.0.113.7" not in key
    assert 0 < redis.client().ttl(key) <= robots.SPAN


def test_without_redis_everybody_who_does_not_say_otherwise_is_a_person(settings):
    working, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    redis.client.cache_clear()
    try:
        assert [follow(link).is_a_program for link in "abcd"] == [False] * 4
    finally:
        settings.REDIS_URL = working
        redis.client.cache_clear()
        redis.forget_failures()
