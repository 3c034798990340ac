"""Erasing a reader: everything goes, the sums and the hash stay, and nobody at work beside it trips over it."""

import re
import threading

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone

from csan.lib import audit
from csan.lib.addresses import email_key
from csan.lib.mail import Outcome, Verdict
from members import erasing, newsletter, outbox, subscriptions
from members.models import Issue, MailEvent, Message, Person, Submission, Subscription, Suppression
from members.outbox import claims, settling
from tests.campaigns.factories import RegistrationFactory
from tests.members.factories import (
    IssueFactory,
    MessageFactory,
    PersonFactory,
    StaffFactory,
    SubmissionFactory,
    SubscriptionFactory,
)
from tests.members.sending import send_issue
from tests.petitions.factories import SignatureFactory

pytestmark = pytest.mark.django_db(transaction=True)
ADA = "ada@example.org"


@pytest.fixture
def ada() -> Subscription:
    return SubscriptionFactory(person__email=ADA, person__given_name="Ada", person__family_name="Lovelace")


def everything_kept() -> str:
    """Every row of our tables as text, to look for what must not be there."""
    tables = [name for name in connection.introspection.table_names() if name.startswith(("members_", "django_admin"))]
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT row::text FROM {table} AS row")
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def at_once(*calls) -> None:
    """All of them, from the same moment."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_get_says_what_will_happen_and_changes_nothing(client, ada):
    html = client.get(f"/preferences/{ada.key}/erase/").content.decode()
    assert (ADA in html, "<button" in html, "What stays" in html) == (True,) * 3
    assert Subscription.objects.count() == 1


def test_nothing_is_left_but_sums_and_the_hash(client, ada, mailbox):
    staff = StaffFactory()
    audit.record(by=staff, objects=[ada, ada.person], did="Looked at")
    subscriptions.subscribe(email=ADA, wording="Yes.", source="/subscribe/")
    issue = send_issue(issue=IssueFactory(), by=staff)
    mailbox.send_and_read()
    letter = Message.objects.get(issue=issue)
    outbox.record_event(
        service="x", kind="bounced", recipient=ADA, reference=letter.reference, description=f"550 {ADA} unknown"
    )
    assert all(word in everything_kept() for word in (ADA, "Lovelace", ada.key))

    answer = client.post(f"/preferences/{ada.key}/erase/")

    assert (answer.status_code, answer["Location"]) == (303, "/erased/")
    kept = everything_kept()
    assert [word for word in (ADA, "Ada", "Lovelace", ada.key) if word in kept] == []
    assert kept.count(email_key(ADA)) == 1  # the suppression
    assert list(Suppression.objects.values_list("email_key", "reason")) == [(email_key(ADA), "erased")]
    assert list(Message.objects.values_list("to", "context", "status", "delivery")) == [
        (Message.ERASED_TO, {}, "accepted", ""), (Message.ERASED_TO, {}, "accepted", "bounced"),
    ]  # fmt: skip
    assert [entry.object_repr for entry in LogEntry.objects.filter(change_message="Looked at")] == ["erased"] * 2
    sums = newsletter.progress(Issue.objects.get())
    assert (sums.candidates, sums.counts) == (1, {"accepted": 1})


def test_what_somebody_did_elsewhere_stays(client, ada):
    key = email_key(ADA)
    SignatureFactory(email=ADA, email_key=key)
    RegistrationFactory(email=ADA, email_key=key)
    story = Submission.objects.create(
        name="Ada", local="1101", email=ADA, email_key=key, person=ada.person, title="x", body="y", wording="z",
        source="/news/submit/", fingerprint="f",
    )  # fmt: skip
    about_signing = MessageFactory(to=ADA, key="signature:1:thanks", template="petitions/thank_you")

    client.post(f"/preferences/{ada.key}/erase/")

    story.refresh_from_db()
    about_signing.refresh_from_db()
    assert (story.email, story.person, about_signing.to) == (ADA, None, ADA)
    assert not Person.objects.exists()


@pytest.mark.parametrize("press", ["second", "stale", "trapped"])
def test_a_press_too_many_ends_on_the_same_page(client, ada, press):
    address = f"/preferences/{ada.key}/erase/"
    if press == "second":
        client.post(address)
    data = {"website": "spam"} if press == "trapped" else {}
    answer = client.post(address if press != "stale" else "/preferences/nobody/erase/", data)
    assert (answer.status_code, answer["Location"]) == (303, "/erased/")
    assert Subscription.objects.count() == (0 if press == "second" else 1)


def test_old_links_are_friendly_afterwards(client, ada):
    erasing.erase(key=ada.key)
    for page in (f"/preferences/{ada.key}/", f"/unsubscribe/{ada.key}/"):
        answer = client.get(page)
        assert (answer.status_code, "This page is not there" in answer.content.decode()) == (404, True)


def test_who_was_erased_comes_back_by_asking_anew(ada):
    erasing.erase(key=ada.key)
    subscription = subscriptions.subscribe(email=ADA, wording="Yes.", source="/subscribe/")
    subscriptions.confirm(token=subscriptions.confirm_token(subscription))
    assert Subscription.objects.get().status == "active"
    assert not Suppression.objects.exists()


class TestLettersUnderWay:
    def test_what_waits_is_skipped(self, ada, mailbox):
        MessageFactory(key=f"subscription:{ada.pk}:welcome:1", to=ADA)
        SubscriptionFactory(person__email="eve@example.org")
        send_issue(issue=IssueFactory(), by=StaffFactory())
        erasing.erase(key=ada.key)
        assert [letter["To"] for letter in mailbox.send_and_read()] == ["eve@example.org"]
        skipped = Message.objects.filter(status="skipped").values_list("to", "reason")
        assert list(skipped) == [(Message.ERASED_TO, "erased")] * 2

    @pytest.mark.parametrize("lane", ["transactional", "bulk"])
    def test_what_a_sender_holds_is_settled_by_it(self, ada, lane):
        if lane == "bulk":
            send_issue(issue=IssueFactory(), by=StaffFactory())
        else:
            MessageFactory(key=f"subscription:{ada.pk}:welcome:1", to=ADA)
        batch = claims.claim(lane, 10)
        assert batch
        erasing.erase(key=ada.key)
        assert batch.messages[0].to == ADA  # the sender knows it
        settling.settle(batch, {batch.messages[0].pk: Outcome(Verdict.ACCEPTED, provider_id="p1")})
        row = Message.objects.get()
        assert (row.to, row.status, row.provider_id) == (Message.ERASED_TO, "accepted", "p1")

    @pytest.mark.parametrize("lane", ["transactional", "bulk"])
    def test_what_comes_back_from_a_sender_goes_nowhere(self, ada, mailbox, lane):
        if lane == "bulk":
            send_issue(issue=IssueFactory(), by=StaffFactory())
        else:
            MessageFactory(key=f"subscription:{ada.pk}:welcome:1", to=ADA)
        batch = claims.claim(lane, 10)
        assert batch
        erasing.erase(key=ada.key)
        settling.settle(batch, {batch.messages[0].pk: Outcome(Verdict.TEMPORARY, "come again")})
        Message.objects.update(available_at=timezone.now())
        assert mailbox.send_and_read() == []
        row = Message.objects.get()
        assert (row.status, row.reason) == ("skipped", "erased")

    def test_what_the_mail_service_says_later_is_kept_without_words(self, ada, mailbox):
        send_issue(issue=IssueFactory(), by=StaffFactory())
        mailbox.send_and_read()
        letter = Message.objects.get()
        erasing.erase(key=ada.key)
        outbox.record_event(
            service="x", kind="bounced", recipient=ADA, reference=letter.reference, description=f"550 {ADA}",
            is_permanent=True,
        )  # fmt: skip
        letter.refresh_from_db()
        event = MailEvent.objects.get()
        assert (letter.delivery, event.description, event.email_key) == ("bounced", "", letter.email_key)
        assert Suppression.objects.get().reason == "bounced"  # of the hash alone, and stronger than “erased”
        assert ADA not in everything_kept()


class TestAtOnce:
    def test_two_presses(self, ada):
        done = []
        at_once(*[lambda: done.append(erasing.erase(key=ada.key))] * 3)
        assert sorted(done) == [False, False, True]
        assert (Person.objects.count(), Suppression.objects.count()) == (0, 1)

    def test_with_a_sender(self, ada, mailbox):
        for number in range(10):
            MessageFactory(key=f"subscription:{ada.pk}:x:{number}", to=ADA)
        send_issue(issue=IssueFactory(), by=StaffFactory())
        at_once(lambda: outbox.send_waiting(), lambda: erasing.erase(key=ada.key))
        outbox.send_waiting()
        rows = Message.objects.values_list("status", "to")
        assert {to for _, to in rows} == {Message.ERASED_TO}
        assert {status for status, _ in rows} <= {"accepted", "skipped"}
        assert len(mailbox.letters()) == Message.objects.filter(status="accepted").count()

    def test_with_an_issue_that_is_being_frozen(self, ada):
        """The issue's letters are written by then; erasing waits, and takes the address out of them."""
        SubscriptionFactory()
        issue, written, go = IssueFactory(), threading.Event(), threading.Event()

        def freeze():
            with transaction.atomic():
                send_issue(issue=issue)
                written.set()
                go.wait(10)

        def erase():
            written.wait(10)
            threading.Timer(0.5, go.set).start()
            erasing.erase(key=ada.key)

        Issue.objects.filter(pk=issue.pk).update(status="scheduled", scheduled_for=timezone.now())
        at_once(freeze, erase)
        assert Message.objects.count() == 2
        assert Message.objects.filter(to=Message.ERASED_TO, status="skipped", reason="erased").count() == 1
        assert not Person.objects.filter(email=ADA).exists()

    def test_with_asking_again_and_saving_and_leaving(self, ada):
        at_once(
            lambda: erasing.erase(key=ada.key),
            lambda: subscriptions.subscribe(email=ADA, wording="Yes.", source="/subscribe/"),
            lambda: subscriptions.unsubscribe(key=ada.key, reason="other"),
        )
        left = [person.subscription.status for person in Person.objects.all()]
        assert left in ([], ["pending"])  # asked first, or asked anew after

    def test_with_a_bounce(self, ada, mailbox):
        send_issue(issue=IssueFactory(), by=StaffFactory())
        mailbox.send_and_read()
        reference = Message.objects.get().reference

        def hear():
            outbox.record_event(
                service="x", kind="bounced", recipient=ADA, reference=reference, is_permanent=True, description=ADA
            )

        at_once(hear, lambda: erasing.erase(key=ada.key))
        assert Suppression.objects.get().reason == "bounced"
        assert (Message.objects.get().delivery, ADA in everything_kept()) == ("bounced", False)

    @pytest.mark.parametrize("is_erased_first", [False, True])
    def test_with_an_issue_that_is_sent_to_those_who_were_missed(self, ada, is_erased_first):
        SubscriptionFactory()
        issue = send_issue(issue=IssueFactory(), by=StaffFactory())
        Message.objects.update(status="accepted", settled_at=timezone.now())
        newsletter.finish_issues()
        bob = SubscriptionFactory(person__email="bob@example.org")
        first, second = lambda: newsletter.send_to_missed(issue=issue, by=None), lambda: erasing.erase(key=bob.key)
        if is_erased_first:
            first, second = second, first
        thread = threading.Thread(target=lambda: (second(), connection.close()))
        with transaction.atomic():
            first()
            thread.start()
            thread.join(0.5)
        thread.join()
        assert Message.objects.exclude(subscription=None).count() == 2
        letters = Message.objects.filter(subscription=None).values_list("to", "status", "issue")
        expected = [] if is_erased_first else [(Message.ERASED_TO, "skipped", issue.pk)]
        assert (list(letters), "bob@" in everything_kept()) == (expected, False)

    def test_with_a_mail_server_that_refuses_the_mailbox(self, ada):
        send_issue(issue=IssueFactory(), by=StaffFactory())
        batch = claims.claim(Message.Lane.BULK, 10)
        outcome = Outcome(Verdict.REFUSED, f"550 5.1.1 {ADA} unknown (answer to RCPT)")
        at_once(
            lambda: settling.settle(batch, {batch.messages[0].pk: outcome}),
            lambda: erasing.erase(key=ada.key),
        )
        assert Suppression.objects.values_list("email_key", "reason").get() in [
            (email_key(ADA), "bounced"),
            (email_key(ADA), "erased"),
        ]
        letter = Message.objects.get()
        assert (letter.status, letter.delivery, letter.is_erased) == ("refused", "bounced", True)
        assert MailEvent.objects.exclude(description="").count() == 0

    def test_with_the_confirm_button(self):
        waiting = subscriptions.subscribe(email=ADA, wording="Yes.", source="/subscribe/")
        token, outcomes = subscriptions.confirm_token(waiting), []

        def confirm():
            try:
                outcomes.append(subscriptions.confirm(token=token).status)
            except subscriptions.LinkExpired:
                outcomes.append("expired")

        at_once(confirm, lambda: erasing.erase(key=waiting.key))
        assert outcomes in (["active"], ["expired"])
        assert (Person.objects.count(), Message.objects.filter(to=ADA).count()) == (0, 0)


@pytest.fixture
def pointing(request):
    """A table of some other app whose rows point at people, there for one test."""

    class Pointing(models.Model):  # noqa: DJ008 - nobody will read its rows
        person = models.ForeignKey(Person, on_delete=request.param, null=True, related_name="+")

        class Meta:
            app_label = "members"

    with connection.schema_editor() as editor:
        editor.create_model(Pointing)
    yield Pointing
    with connection.schema_editor() as editor:
        editor.delete_model(Pointing)
    del apps.all_models["members"]["pointing"]
    apps.clear_cache()


@pytest.mark.parametrize("pointing", [models.PROTECT, models.RESTRICT, models.CASCADE], indirect=True)
def test_a_person_whom_others_need_stays_as_an_empty_one(ada, pointing):
    row = pointing.objects.create(person=ada.person)
    assert erasing.erase(key=ada.key) is True
    row.refresh_from_db()
    person = row.person
    assert (person.email, person.given_name, person.email_verified_at) == (
        f"erased-{person.pk}@erased.invalid", "", None,
    )  # fmt: skip
    assert ADA not in everything_kept()
    pointing.objects.all().delete()


@pytest.mark.parametrize("pointing", [models.SET_NULL], indirect=True)
def test_a_row_that_can_do_without_lets_go(ada, pointing):
    row = pointing.objects.create(person=ada.person)
    erasing.erase(key=ada.key)
    row.refresh_from_db()
    assert (row.person, Person.objects.count()) == (None, 0)


class TestByStaff:
    def test_who_asks_by_letter_is_erased_by_staff_and_the_log_says_by_whom(self, admin_client, ada):
        MessageFactory(key=f"subscription:{ada.pk}:welcome:1", to=ADA)
        never_subscribed = PersonFactory(email="eve@example.org")
        data = {"action": "erase", "_selected_action": [ada.person_id, never_subscribed.pk], "is_confirmed": "yes"}
        answer = admin_client.post("/admin/members/person/", data)
        assert answer.status_code == 302
        assert (Person.objects.count(), Suppression.objects.filter(reason="erased").count()) == (0, 2)
        assert Message.objects.get().to == Message.ERASED_TO
        assert [word for word in (ADA, "eve@example.org", "Lovelace") if word in everything_kept()] == []
        entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Person))
        assert [(entry.object_repr, entry.change_message) for entry in entries] == [("erased", "Erased")] * 2

    def test_what_would_go_is_told_before_and_nothing_goes_yet(self, admin_client, ada):
        MessageFactory(key=f"subscription:{ada.pk}:welcome:1", to=ADA)
        send_issue(issue=IssueFactory(), by=StaffFactory())
        SubmissionFactory(email=ADA, email_key=email_key(ADA))
        PersonFactory(email="eve@example.org", given_name="", family_name="")
        data = {"action": "erase", "_selected_action": Person.objects.values_list("pk", flat=True)}
        page = admin_client.post("/admin/members/person/", data).content.decode()
        told = [
            "2 people, with names and addresses",
            "1 subscription, with its private page",
            "2 letters lose their addresses and their words",
            "1 story that is not published",
            "Erase 2 people for good",
            f"Ada Lovelace, {ADA}",
            "<li>eve@example.org</li>",
        ]
        assert [words for words in told if words not in page] == []
        assert (Person.objects.count(), Suppression.objects.count()) == (2, 0)
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page)
        pressed = {name: [value for other, value in fields if other == name] for name, _ in fields}
        admin_client.post("/admin/members/person/", pressed)
        assert Person.objects.count() == 0

    def test_more_than_anybody_would_read_are_not_erased_at_once(self, admin_client):
        PersonFactory.create_batch(101)
        data = {"action": "erase", "_selected_action": Person.objects.values_list("pk", flat=True)}
        page = admin_client.post("/admin/members/person/", {**data, "is_confirmed": "yes"}, follow=True)
        assert "At most 100 people are erased at once. Nobody was." in page.content.decode()
        assert Person.objects.count() == 101

    def test_nobody_is_deleted_past_that(self, admin_client, ada):
        assert admin_client.get(f"/admin/members/person/{ada.person_id}/delete/").status_code == 403
        data = {"action": "delete_selected", "_selected_action": [ada.person_id], "post": "yes"}
        admin_client.post("/admin/members/person/", data)
        assert Person.objects.count() == 1

    def test_who_may_not_delete_may_not_erase(self, client, ada):
        staff = StaffFactory(is_superuser=False)
        staff.user_permissions.add(Permission.objects.get(codename="change_person"))
        client.force_login(staff)
        data = {"action": "erase", "_selected_action": [ada.person_id], "is_confirmed": "yes"}
        client.post("/admin/members/person/", data)
        assert Person.objects.count() == 1
