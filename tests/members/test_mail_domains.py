"""The list of mail domains: what staff write there, what it marks, what it begins with."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError

from csan.lib import remembering
from members.models import MailDomain
from members.models.domains import IS_DOMAIN
from tests.members.factories import MailDomainFactory, StaffFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/members/subscription/"


@pytest.fixture(autouse=True)
def empty_list(db):
    """Without the domains that the list begins with."""
    MailDomain.objects.all().delete()


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("members_maildomain_lower", {"domain": "ATT.com"}),
        ("members_maildomain_kind", {"kind": "friend"}),
        ("members_maildomain_domain", {"domain": "known.example"}),
    ],
)
def test_the_database_refuses(rule, values):
    MailDomainFactory(domain="known.example")
    row = MailDomainFactory()
    with pytest.raises(IntegrityError, match=rule):
        MailDomain.objects.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("typed", ["att.com", "@ATT.com", "hr@att.com", " att.com "])
def test_staff_add_a_domain_as_they_come_by_it(client, staff, typed):
    answer = client.post("/admin/members/maildomain/add/", {"domain": typed, "kind": "employer", "label": "AT&T"})

    assert (answer.status_code, MailDomain.objects.get().domain) == (302, "att.com")


@pytest.mark.parametrize("typed", ["att", "att.com/mail", "-att.com", "at t.com", ""])
def test_what_is_no_domain_is_refused(client, staff, typed):
    answer = client.post("/admin/members/maildomain/add/", {"domain": typed, "kind": "employer"})

    assert (answer.status_code, MailDomain.objects.count()) == (200, 0)


def test_a_change_by_staff_is_in_force_within_the_minute(client, staff):
    assert client.post("/subscribe/", {"email": "ada@new.example.com"}).status_code == 303
    MailDomainFactory(domain="new.example.com")
    from_cache = client.post("/subscribe/", {"email": "eve@new.example.com"}).status_code
    remembering.forget_all()

    assert (from_cache, client.post("/subscribe/", {"email": "bo@new.example.com"}).status_code) == (303, 422)


class TestTheMark:
    @pytest.fixture(autouse=True)
    def subscriptions(self, staff):
        MailDomainFactory(domain="mailinator.com", kind="disposable")
        MailDomainFactory(domain="att.com")
        for email in ("one@mailinator.com", "two@eu.mailinator.com", "three@notmailinator.com", "four@att.com"):
            SubscriptionFactory(person__email=email, person__given_name="")

    @pytest.mark.parametrize(
        ("chosen", "shown"),
        [
            ("disposable", {"one@mailinator.com", "two@eu.mailinator.com"}),
            ("lasting", {"three@notmailinator.com", "four@att.com"}),
            ("", {"one@mailinator.com", "two@eu.mailinator.com", "three@notmailinator.com", "four@att.com"}),
        ],
    )
    def test_disposable_mailboxes_can_be_picked_out(self, client, chosen, shown):
        rows = client.get(LIST, {"mailbox": chosen} if chosen else {}).context["cl"].result_list

        assert {row.person.email for row in rows} == shown
        assert {row.person.email for row in rows if row.is_disposable} == shown & {
            "one@mailinator.com",
            "two@eu.mailinator.com",
        }

    def test_it_costs_no_query_of_its_own(self, client, django_assert_num_queries):
        client.get(LIST)
        with django_assert_num_queries(5):
            client.get(LIST)


def test_staff_see_what_was_agreed_to_when_and_where(client, staff):
    row = SubscriptionFactory(wording="Envíenme el boletín.", source="/es/news/")
    page = client.get(f"{LIST}{row.pk}/change/").content.decode()

    assert all(words in page for words in ("What they agreed to", "Envíenme el boletín.", "/es/news/", "Spanish"))
    assert row.key not in page


def test_the_list_begins_with_known_domains_and_keeps_what_staff_wrote():
    migration = import_module("members.migrations.0014_mail_domains")
    MailDomainFactory(domain="att.com", label="Ours")
    migration.add(apps, None)
    migration.add(apps, None)

    assert MailDomain.objects.count() == len(migration.EMPLOYERS) + len(migration.DISPOSABLE)
    assert MailDomain.objects.get(domain="att.com").label == "Ours"
    for row in MailDomain.objects.all():
        IS_DOMAIN(row.domain)
