"""Joining from any page: the page is kept as evidence, and a doubtful address is asked about before anything is."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import Message, Person, Subscription
from tests.members.factories import (
    IssueFactory,
    MailDomainFactory,
    PersonFactory,
    PostFactory,
    SubscriptionFactory,
)

pytestmark = pytest.mark.django_db

BAND = 'class="join-band'


def join(client, address="/subscribe/", **data):
    return client.post(address, {"email": "ada@example.org", **data})


def stored():
    return Person.objects.count(), Subscription.objects.count(), Message.objects.count()


def words(response):
    return unescape(response.content.decode())


class TestTheBand:
    @pytest.fixture(autouse=True)
    def pages(self):
        PostFactory(slug="rally")
        IssueFactory(number=7, status="sent", frozen_at=timezone.now(), finished_at=timezone.now())

    @pytest.mark.parametrize("path", ["/privacy/", "/newsletter/", "/newsletter/7/", "/news/", "/news/rally/"])
    @pytest.mark.parametrize("prefix", ["", "/es"])
    def test_every_public_page_has_one_form_that_says_which_page_it_is(self, client, prefix, path):
        html = client.get(f"{prefix}{path}").content.decode()

        assert html.count(BAND) == html.count(f'action="{prefix}/subscribe/"') == 1
        assert f'<input type="hidden" name="source" value="{prefix}{path}">' in html

    @pytest.mark.parametrize("path", ["/", "/subscribe/"])
    def test_where_joining_is_what_the_page_is_for_there_is_no_second_form(self, client, path):
        html = client.get(path).content.decode()

        assert (BAND in html, html.count('action="/subscribe/"')) == (False, 1)
        assert f'name="source" value="{path}"' in html

    @pytest.mark.parametrize("path", ["/subscribe/check-your-email/", "/subscribe/confirmed/", "/nowhere/"])
    def test_it_is_not_on_thank_you_pages_and_pages_for_errors(self, client, path):
        assert BAND not in client.get(path).content.decode()

    def test_it_is_not_on_a_private_page(self, client):
        assert BAND not in client.get(f"/preferences/{SubscriptionFactory().key}/").content.decode()

    def test_a_query_of_the_address_is_not_kept(self, client):
        assert 'name="source" value="/news/"' in client.get("/news/?kind=story").content.decode()


class TestTheEvidence:
    @pytest.mark.parametrize("prefix", ["", "/es"])
    def test_the_page_and_its_language_are_kept(self, client, prefix):
        join(client, f"{prefix}/subscribe/", source=f"{prefix}/news/")

        said = Subscription.objects.get()
        assert said.source == f"{prefix}/news/"
        assert said.said.language == ("es" if prefix else "en")
        assert ("Envíenme" in said.wording) == bool(prefix)

    @pytest.mark.parametrize(
        "told",
        [
            "", "https://evil.example/", "//evil.example/", "/\\evil.example/", "/nowhere/at/all/", "news",
            "/news/?email=ada", "/news/#x", "/es/news/", "/news/\n", f"/{'n' * 300}/",
        ],
    )  # fmt: skip
    def test_what_is_no_page_of_ours_in_this_language_is_not_believed(self, client, told):
        assert join(client, source=told).status_code == 303
        assert Subscription.objects.get().source == "/subscribe/"

    def test_a_refused_form_keeps_it(self, client):
        page = join(client, email="nobody", source="/news/")

        assert (page.status_code, 'name="source" value="/news/"' in words(page)) == (422, True)


def test_the_employer_is_kept_and_of_a_verified_person_not_overwritten(client):
    PersonFactory(email="eve@example.org", employer="Verizon")
    join(client, employer="AT&T")
    join(client, email="eve@example.org", employer="Somebody else")

    assert dict(Person.objects.values_list("email", "employer")) == {
        "ada@example.org": "AT&T",
        "eve@example.org": "Verizon",
    }


class TestAnEmployersAddress:
    QUESTION = "Use a personal address: your employer may read this one."

    @pytest.fixture(autouse=True)
    def domain(self):
        MailDomainFactory(domain="att.com", label="AT&T")

    @pytest.mark.parametrize("email", ["ada@att.com", "Ada@ATT.com", "ada@us.mail.att.com"])
    def test_is_asked_about_and_nothing_is_stored(self, client, email):
        page = join(client, email=email, given_name="Ada", zip_code="02139", employer="AT&T")

        assert page.status_code == 422
        assert stored() == (0, 0, 0)
        assert self.QUESTION in words(page)
        assert "One question first" in words(page)
        assert all(f'value="{typed}"' in words(page) for typed in (email, "Ada", "02139", "AT&T"))
        assert re.search(r"<title>\s*Error:", words(page))
        assert "Use this address anyway" in words(page)

    def test_goes_through_when_it_is_sent_again(self, client):
        page = join(client, email="ada@att.com")
        kept = re.search(r'name="kept_email" value="([^"]*)"', words(page))[1]

        assert (kept, join(client, email="ada@att.com", kept_email=kept).status_code) == ("ada@att.com", 303)
        assert Person.objects.get().email == "ada@att.com"

    def test_a_yes_is_for_one_address_only(self, client):
        assert join(client, email="eve@att.com", kept_email="ada@att.com").status_code == 422
        assert stored() == (0, 0, 0)

    def test_the_answer_is_the_same_whether_or_not_the_address_is_known(self, client):
        SubscriptionFactory(person__email="ada@att.com")
        known, unknown = (words(join(client, email=f"{name}@att.com")) for name in ("ada", "zoe"))

        assert re.sub(r'name="began"[^>]*', "", known) == re.sub(r'name="began"[^>]*', "", unknown).replace(
            "zoe", "ada"
        )

    @pytest.mark.parametrize("email", ["ada@example.org", "ada@notatt.com", "ada@att.com.example.org", "ada@att.net"])
    def test_other_addresses_are_not(self, client, email):
        assert join(client, email=email).status_code == 303

    def test_together_with_a_mistake_both_are_said(self, client):
        page = join(client, email="ada@att.com", zip_code="1")

        assert (page.status_code, "There is a problem" in words(page), self.QUESTION in words(page)) == (
            422,
            True,
            True,
        )

    def test_a_disposable_mailbox_is_not_told(self, client):
        MailDomainFactory(domain="mailinator.com", kind="disposable")

        assert join(client, email="ada@mailinator.com").status_code == 303


class TestASlip:
    def test_is_asked_about_with_a_button_for_each_answer(self, client):
        page = join(client, email="ada@gmial.com", given_name="Ada")

        assert (page.status_code, stored()) == (422, (0, 0, 0))
        assert "Did you mean ada@gmail.com?" in words(page)
        assert '<button class="button button--quiet" name="meant_email" value="ada@gmail.com">' in words(page)
        assert 'value="ada@gmial.com"' in words(page)

    def test_one_press_takes_what_was_meant(self, client):
        answer = join(client, email="ada@gmial.com", kept_email="ada@gmial.com", meant_email="ada@gmail.com")

        assert (answer.status_code, Person.objects.get().email) == (303, "ada@gmail.com")

    def test_another_keeps_what_was_typed(self, client):
        answer = join(client, email="ada@gmial.com", kept_email="ada@gmial.com")

        assert (answer.status_code, Person.objects.get().email) == (303, "ada@gmial.com")

    def test_an_address_that_we_had_not_offered_is_not_taken(self, client):
        join(client, email="ada@example.org", meant_email="eve@example.org")

        assert Person.objects.get().email == "ada@example.org"

    def test_what_was_meant_stays_when_something_else_is_wrong(self, client):
        page = join(client, email="ada@gmial.com", meant_email="ada@gmail.com", zip_code="1")

        assert (page.status_code, 'name="email" value="ada@gmail.com"' in words(page)) == (422, True)


def test_known_domains_are_looked_up_once_a_minute(client):
    def lookups(email):
        with CaptureQueriesContext(connection) as queries:
            join(client, email=email)
        return sum("members_maildomain" in query["sql"] for query in queries)

    assert [lookups(f"{name}@example.org") for name in ("ada", "eve")] == [1, 0]
