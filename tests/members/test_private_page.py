"""A reader's private page: see, correct, leave with a reason, come back, take along."""

import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from csan.lib.addresses import email_key
from members import outbox, personal, subscriptions
from members.directory import local_named
from members.models import Message, Person, Subscription
from tests.campaigns.factories import RegistrationFactory
from tests.members.factories import (
    IssueFactory,
    LocalFactory,
    PersonFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)
from tests.members.sending import send_issue
from tests.petitions.factories import SignatureFactory

pytestmark = pytest.mark.django_db(transaction=True)
DETAILS = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "language": "es",
    "local": "CWA Local 1101",
    "employer": "Verizon",
    "zip_code": "02139",
}


def left(**values) -> Subscription:
    return SubscriptionFactory(status="unsubscribed", unsubscribed_at=timezone.now(), **values)


def page_of(subscription: Subscription, more: str = "") -> str:
    return f"/preferences/{subscription.key}/{more}"


class TestCorrecting:
    def test_one_press_saves_everything(self, client):
        local = LocalFactory(number="1101")
        subscription = SubscriptionFactory(person__email="ada@example.org")
        for _ in range(2):
            answer = client.post(page_of(subscription), DETAILS)
            assert (answer.status_code, answer["Location"]) == (303, page_of(subscription))
        person = Person.objects.get()
        assert {name: getattr(person, name) for name in DETAILS if name != "local"} == {
            name: value for name, value in DETAILS.items() if name != "local"
        }
        assert (person.local_as_written, person.local) == ("CWA Local 1101", local)
        shown = client.get(page_of(subscription)).content.decode()
        assert [f'value="{DETAILS[name]}"' in shown for name in ("family_name", "local", "employer", "zip_code")] == [
            True
        ] * 4

    def test_an_error_keeps_what_was_typed_and_changes_nothing(self, client):
        subscription = SubscriptionFactory(person__given_name="Ada")
        answer = client.post(page_of(subscription), {**DETAILS, "given_name": "Eve", "zip_code": "2139"})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert ('value="Eve"' in html, 'value="2139"' in html) == (True, True)
        assert Person.objects.get().given_name == "Ada"

    def test_a_local_that_staff_matched_stays_while_the_writing_does(self, client):
        chosen = LocalFactory(number="4034")
        subscription = SubscriptionFactory(person__local=chosen, person__local_as_written="the one in Lansing")
        client.post(page_of(subscription), {**DETAILS, "local": "the one in Lansing"})
        assert Person.objects.get().local == chosen
        client.post(page_of(subscription), {**DETAILS, "local": "another one"})
        assert Person.objects.get().local is None

    def test_only_what_was_changed_is_written(self):
        person = PersonFactory(given_name="Ada", employer="AT&T")
        stale = Person.objects.get()
        Person.objects.update(email_verified_at=None)
        details = {name: value for name, value in DETAILS.items() if name != "local"}
        personal.correct_details(person=stale, local="", **{**details, "employer": "AT&T"})
        person.refresh_from_db()
        assert (person.email_verified_at, person.family_name) == (None, "Lovelace")

    def test_who_is_erased_meanwhile_finds_a_friendly_page(self):
        person = PersonFactory()
        Person.objects.all().delete()
        with pytest.raises(subscriptions.Gone):
            personal.correct_details(person=person, local="", given_name="Eve")
        assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1101", "1101"),
        ("Local 1101", "1101"),
        ("cwa  local 1101", "1101"),
        ("CWA 1101", "1101"),
        ("IUE-CWA Local 81381", "81381"),
        ("Pittsburgh Guild", "38061"),
        ("local #1101", "1101"),
        ("37083", None),  # two locals go by that
        ("TNG-CWA Local 1101", None),
        ("1101 in New York", None),
        ("9999", None),
        ("", None),
    ],
)
def test_a_writing_that_names_one_local_is_matched(written, number):
    for affiliate, its_number in (("CWA", "1101"), ("CWA", "37083"), ("TNG-CWA", "37083"), ("IUE-CWA", "81381")):
        LocalFactory(affiliate=affiliate, number=its_number)
    LocalFactory(affiliate="TNG-CWA", number="38061", name="Pittsburgh Guild")
    found = local_named(written)
    assert (found.number if found else None) == number


class TestLeaving:
    def test_with_a_reason_in_one_press(self, client):
        subscription = SubscriptionFactory()
        data = {"reason": "changed-jobs", "words": "I retired. Thank you!"}
        assert client.post(f"/unsubscribe/{subscription.key}/", data)["Location"] == "/unsubscribed/"
        subscription.refresh_from_db()
        assert (subscription.status, subscription.leaving_reason, subscription.leaving_words) == (
            "unsubscribed", "changed-jobs", "I retired. Thank you!",
        )  # fmt: skip

    @pytest.mark.parametrize(
        "data",
        [{}, {"reason": ""}, {"reason": "nonsense"}, {"words": "x" * 5000}, {"words": "a\x00b"}, {"website": "spam"}],
    )
    def test_nothing_that_is_typed_stands_in_the_way(self, client, data):
        subscription = SubscriptionFactory()
        assert client.post(f"/unsubscribe/{subscription.key}/", data).status_code == 303
        subscription.refresh_from_db()
        assert (subscription.status, subscription.leaving_reason, subscription.leaving_words) == (
            "unsubscribed", "", "",
        )  # fmt: skip

    def test_nor_does_a_spent_budget(self, client, settings):
        settings.BUDGETS = {**settings.BUDGETS, "private": {"client": (1, 600), "email": (1, 600)}}
        keys = [SubscriptionFactory().key for _ in range(3)]
        answers = [client.post(f"/unsubscribe/{key}/", {"reason": "other"}).status_code for key in keys]
        assert answers == [303] * 3
        assert Subscription.objects.filter(status="unsubscribed").count() == 3

    def test_one_click_gives_no_reason_and_the_page_asks_for_it_once(self, client):
        subscription = SubscriptionFactory()
        address = f"/unsubscribe/{subscription.key}/"
        client.post(address, {"List-Unsubscribe": "One-Click", "reason": "other"})
        subscription.refresh_from_db()
        assert (subscription.status, subscription.leaving_reason) == ("unsubscribed", "")
        assert 'name="reason"' in client.get(address).content.decode()
        client.post(address, {"reason": "too-many"})
        client.post(address, {})
        subscription.refresh_from_db()
        assert subscription.leaving_reason == "too-many"
        assert 'name="reason"' not in client.get(address).content.decode()

    def test_staff_see_the_reasons(self, admin_client):
        row = left(leaving_reason="too-many", leaving_words="One is enough.")
        left(person__given_name="Somebody Else", leaving_reason="other")
        html = admin_client.get("/admin/members/subscription/?leaving_reason__exact=too-many").content.decode()
        assert ("I get too many e-mails" in html, "Somebody Else" in html) == (True, False)
        assert "One is enough." in admin_client.get(f"/admin/members/subscription/{row.pk}/change/").content.decode()

    @pytest.mark.parametrize(
        "values", [{"leaving_reason": "other"}, {"leaving_words": "x"}, {"leaving_reason": "nonsense"}]
    )
    def test_the_database_lets_nobody_stay_with_a_reason_to_leave(self, values):
        subscription = SubscriptionFactory() if "nonsense" not in values.values() else left()
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.filter(pk=subscription.pk).update(**values)

    def test_asking_anew_takes_the_reason_away(self):
        left(person__email="ada@example.org", leaving_reason="other", leaving_words="x")
        subscriptions.subscribe(email="ada@example.org", wording="Yes.", source="/subscribe/")
        row = Subscription.objects.get()
        assert (row.status, row.leaving_reason, row.leaving_words) == ("pending", "", "")

    def test_it_takes_effect_on_letters_that_wait(self, mailbox):
        stays, leaves, clicks = SubscriptionFactory.create_batch(3)
        send_issue(issue=IssueFactory(), by=StaffFactory())
        subscriptions.unsubscribe(key=leaves.key, reason="other")
        subscriptions.unsubscribe(key=clicks.key)
        assert [letter["To"] for letter in mailbox.send_and_read()] == [stays.person.email]
        rows = Message.objects.exclude(subscription=stays).values_list("status", "reason")
        assert list(rows) == [("skipped", "unsubscribed after the issue was frozen")] * 2


class TestComingBack:
    @pytest.mark.parametrize("status", ["unsubscribed", "pending"])
    def test_with_one_press_and_no_confirm_letter(self, client, mailbox, status):
        subscription = left(leaving_reason="other", wording="Old words.", source="/subscribe/")
        if status == "pending":
            subscriptions.subscribe(email=subscription.person.email, wording="A stranger's.", source="/x/")
            Message.objects.all().delete()
        before = timezone.now()
        assert client.get(page_of(subscription, "come-back/"))["Location"] == page_of(subscription)
        assert Subscription.objects.get().status == status
        for _ in range(2):
            answer = client.post(page_of(subscription, "come-back/"))
            assert (answer.status_code, answer["Location"]) == (303, page_of(subscription))
        row = Subscription.objects.get()
        assert (row.status, row.leaving_reason, row.source) == ("active", "", "/preferences/")
        assert "every two months" in row.wording
        assert (row.asked_at >= before, row.confirmed_at >= before, row.unsubscribed_at) == (True, True, None)
        assert [row.template for row in Message.objects.all()] == ["members/welcome"]

    @pytest.mark.parametrize(
        ("reason", "words"),
        [("bounced", "came back"), ("complained", "marked as spam"), ("staff", "staff have stopped it")],
    )
    def test_not_to_a_mailbox_that_is_stopped_and_the_page_says_what_to_do(self, client, reason, words):
        subscription = left()
        SuppressionFactory(email_key=subscription.person.email_key, reason=reason)
        answer = client.post(page_of(subscription, "come-back/"))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        shown = client.get(page_of(subscription)).content.decode()
        assert (words in shown, "/come-back/" in shown) == (True, False)
        assert Subscription.objects.get().status == "unsubscribed"

    def test_the_honeypot_stores_nothing(self, client):
        subscription = left()
        assert client.post(page_of(subscription, "come-back/"), {"website": "spam"}).status_code == 303
        assert Subscription.objects.get().status == "unsubscribed"

    def test_many_presses_at_once_are_one(self):
        subscription = left()
        barrier = threading.Barrier(4)

        def press():
            barrier.wait()
            subscriptions.come_back(key=subscription.key, wording="Yes.", source="/preferences/")
            connection.close()

        threads = [threading.Thread(target=press) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Subscription.objects.get().status == "active"
        assert Message.objects.filter(template="members/welcome").count() == 1


class TestTakingAlong:
    def test_everything_that_is_kept_is_in_the_file(self, client, mailbox):
        subscription = SubscriptionFactory(person__email="ada@example.org", person__employer="AT&T")
        SubscriptionFactory(person__email="eve@example.org")
        key = email_key("ada@example.org")
        SignatureFactory(email="ada@example.org", email_key=key, comment="Good jobs.")
        SignatureFactory(email="eve@example.org", email_key=email_key("eve@example.org"), comment="Not hers.")
        RegistrationFactory(email="ada@example.org", email_key=key, contact_name="Ada L.")
        send_issue(issue=IssueFactory(number=12), by=StaffFactory())
        mailbox.send_and_read()
        letter = Message.objects.get(to="ada@example.org")
        outbox.record_event(service="x", kind="delivered", recipient="ada@example.org", reference=letter.reference)

        answer = client.get(page_of(subscription, "export/"))

        assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
        assert "no-store" in answer["Cache-Control"]
        text = answer.content.decode()
        data = json.loads(text)
        assert (data["person"]["email"], data["person"]["employer"]) == ("ada@example.org", "AT&T")
        assert data["newsletter"]["wording"] == "Send me the newsletter."
        (told,) = data["letters"]
        assert (told["letter"], told["outcome"], told["delivery"]) == (
            "newsletter, No. 12", "accepted by the mail service", "delivered",
        )  # fmt: skip
        assert [event["what"] for event in told["heard_from_the_mail_service"]] == ["delivered"]
        assert [each["comment"] for each in data["signatures"]] == ["Good jobs."]
        assert [each["contact_name"] for each in data["registrations"]] == ["Ada L."]
        assert data["stories"] == []
        assert ("eve@example.org" in text, "Not hers." in text, subscription.key in text) == (False,) * 3

    def test_it_changes_nothing(self, client):
        subscription = SubscriptionFactory()
        before = Subscription.objects.values().get()
        client.get(page_of(subscription, "export/"))
        assert client.post(page_of(subscription, "export/")).status_code == 405
        assert Subscription.objects.values().get() == before

    @pytest.mark.parametrize("letters", [1, 3])
    def test_it_asks_the_same_however_many_letters_there_are(self, client, django_assert_num_queries, letters):
        subscription = SubscriptionFactory()
        for _ in range(letters):
            send_issue(issue=IssueFactory(), by=StaffFactory())
        with django_assert_num_queries(9):
            client.get(page_of(subscription, "export/"))


@pytest.mark.parametrize("page", ["", "export/", "erase/", "come-back/"])
def test_a_stale_link_ends_on_a_friendly_page(client, page):
    answer = client.get(f"/preferences/nobody/{page}")
    assert answer.status_code == 404
    assert "This page is not there" in answer.content.decode()
