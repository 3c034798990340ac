"""What every public form shares: real names pass, bots and haste are noticed, budgets hold, nothing typed is lost."""

import time

import pytest
from django import forms
from django.test import RequestFactory

from csan.lib import redis as redis_module
from csan.lib.forms import EmailField, LineField, PublicForm, TextField, ZipField
from csan.lib.ratelimit import client_ip


class ExampleForm(PublicForm):
    scope = "sign"
    name = LineField()
    email = EmailField()
    zip_code = ZipField(required=False)
    story = TextField()


def post(rf=None, ip="198.51.100.7", **data):
    request = (rf or RequestFactory()).post("/", REMOTE_ADDR=ip)
    return ExampleForm({"name": "Ada", "email": "ada@example.org", **data}, request=request)


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien", "De La Cruz", "Nguyễn Thị Mai", "José-Luis Muñoz Rivera", "Keliʻi Kahananui", "X Æ A-12",
        "Suharto", "Null", "True", "Jr.", "O", "Ada" * 26 + "Xy", "ADA LOVELACE", "محمد علي", "Ada 🎉", "=1+1",
        "+Ada", "-Ada", "@Ada", "<b>Ada</b>", "St. John", "A.J. Smith", "José", "می‌خواهم",
    ],
)  # fmt: skip
def test_every_real_name_passes(name):
    form = post(name=name)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"]


@pytest.mark.parametrize("name", ["Visit https://spam.example", "www.spam.ru", "buy-now.com", "spam.xyz/now"])
def test_a_web_address_is_no_name(name):
    form = post(name=name)
    assert not form.is_valid()
    assert form.errors["name"].as_data()[0].code == "web_address"


@pytest.mark.parametrize("name", ["Ada\x07", "Ada\x00", "A\x1bda", "Ada\u202e"])
def test_control_characters_are_refused(name):
    assert not post(name=name).is_valid()


def test_a_name_is_trimmed_and_its_blanks_folded():
    form = post(name="  Ada   Lovelace ")
    form.is_valid()
    assert form.cleaned_data["name"] == "Ada Lovelace"


@pytest.mark.parametrize(
    ("typed", "kept"), [("02139", "02139"), (" 02139-1234 ", "02139-1234"), ("021391234", "02139-1234"), ("", "")]
)
def test_a_zip_code_keeps_its_zero(typed, kept):
    form = post(zip_code=typed)
    form.is_valid()
    assert form.cleaned_data["zip_code"] == kept


@pytest.mark.parametrize("typed", ["2139", "K1A 0B1", "abcde", "123456"])
def test_what_is_no_zip_code_is_refused_with_an_example(typed):
    form = post(zip_code=typed)
    assert "02139" in str(form.errors["zip_code"])


def test_the_honeypot_is_noticed():
    assert post(website="https://spam.example").is_trapped
    assert not post().is_trapped


def test_haste_is_a_score_and_refuses_nobody():
    hasty, patient = post(began=str(int(time.time()))), post(began=str(int(time.time()) - 60))
    assert hasty.is_valid()
    assert patient.is_valid()
    assert (hasty.suspicion, patient.suspicion, post_scored().suspicion) == (1, 0, 0)


def post_scored():
    form = post(began="nonsense")
    form.is_valid()
    return form


def test_the_budget_of_one_address_is_spent_across_clients(settings):
    settings.BUDGETS = {"sign": {"client": (100, 600), "email": (2, 600)}}
    answers = [post(ip=f"198.51.100.{n}").is_valid() for n in range(3)]
    assert answers == [True, True, False]


def test_the_budget_of_one_client_is_spent_across_addresses(settings):
    settings.BUDGETS = {"sign": {"client": (2, 600), "email": (100, 600)}}
    forms_ = [post(email=f"ada{n}@example.org") for n in range(3)]
    assert [form.is_valid() for form in forms_] == [True, True, False]
    assert forms_[2].status == 429
    assert 0 < forms_[2].retry_after <= 600


def test_a_form_with_errors_costs_nothing(settings):
    settings.BUDGETS = {"sign": {"client": (1, 600), "email": (1, 600)}}
    for _ in range(5):
        assert not post(email="nonsense").is_valid()
    assert post().is_valid()


def test_budgets_are_kept_under_hashes_only(settings):
    post(email="ada@example.org").is_valid()
    keys = redis_module.client().keys("csan:budget:*")
    assert len(keys) == 2
    assert not [key for key in keys if "ada" in key or "198.51" in key]


def test_without_redis_everybody_is_let_through(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_module.client.cache_clear()
    try:
        assert post().is_valid()
        assert "Redis cannot be reached" in caplog.text
    finally:
        redis_module.client.cache_clear()
        redis_module.forget_failures()


def test_the_factor_switches_budgets_off(settings):
    settings.BUDGETS = {"sign": {"client": (1, 600), "email": (1, 600)}}
    settings.BUDGET_FACTOR = 0
    assert [post().is_valid() for _ in range(3)] == [True] * 3


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_client_is_counted_from_the_right(settings, proxies, forwarded, seen):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == seen


def test_a_story_keeps_its_lines():
    form = post(story="One\r\nTwo\n")
    form.is_valid()
    assert form.cleaned_data["story"] == "One\nTwo"


def test_the_honeypot_is_not_among_the_fields_to_draw():
    assert [field.name for field in post().visible] == ["name", "email", "zip_code", "story"]
    assert isinstance(post().fields["began"].widget, forms.HiddenInput)
