"""Who never confirms: reminded once, then forgotten whole, whatever happens at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.db import connection, models, transaction
from django.test.utils import isolate_apps
from django.utils import timezone

from members import emails, retention, subscriptions
from members.models import MailEvent, Message, Person, Subscription
from members.tasks import delete_unconfirmed, remind_pending
from tests.campaigns.crowd import at_once
from tests.members.factories import MessageFactory, PersonFactory, SubscriptionFactory
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def asked(days, email="ada@example.org", **values):
    """Somebody asked so many days ago and has not confirmed; their letter went out."""
    subscription = SubscriptionFactory(
        person__email=email,
        person__email_verified_at=None,
        status="pending",
        confirmed_at=None,
        asked_at=timezone.now() - timedelta(days=days),
        **values,
    )
    emails.confirm_subscription(subscription, subscriptions.confirm_token(subscription))
    Message.objects.filter(status="queued").update(status="accepted", settled_at=timezone.now())
    return subscription


def confirm_link(letter):
    return re.search(r"http://testserver(/\S+)", letter.get_body(("plain",)).get_content())[1]


@contextmanager
def note_about_people():
    """A table that nobody here knows of, whose rows speak of people and cannot be reached from them."""
    with isolate_apps("members"):

        class Note(models.Model):
            person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

            class Meta:
                app_label = "members"

            def __str__(self):
                return str(self.person_id)

        relation = Note._meta.get_field("person").remote_field
    fields = [*Person._meta.get_fields(include_hidden=True), relation]
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    try:
        with mock.patch.object(Person._meta, "get_fields", return_value=fields):
            yield Note
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Note)


class TestTheReminder:
    def test_goes_after_three_days_with_a_link_that_works(self, client, mailbox):
        subscription = asked(3)
        assert retention.remind_pending() == 1
        letter = mailbox.send_and_read()[-1]

        assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Still to confirm: the CSAN newsletter")
        with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
            assert client.post(confirm_link(letter)).status_code == 303
        subscription.refresh_from_db()
        assert (subscription.status, subscription.reminded_at is not None) == ("active", True)

    def test_goes_once(self):
        asked(3)
        assert [retention.remind_pending() for _ in range(2)] == [1, 0]
        assert Message.objects.filter(template="members/remind_subscription").count() == 1

    def test_goes_once_from_two_workers(self):
        for n in range(7):
            asked(4, f"reader{n}@example.org")

        assert sum(at_once(retention.remind_pending, retention.remind_pending)) == 7
        assert Message.objects.filter(template="members/remind_subscription").count() == 7

    def test_goes_on_beyond_a_batch(self, monkeypatch):
        monkeypatch.setattr(retention, "BATCH", 2)
        for n in range(5):
            asked(4, f"reader{n}@example.org")

        assert retention.remind_pending() == 5

    @pytest.mark.parametrize("days", [2.9, 23.1, 40])
    def test_goes_to_nobody_who_asked_just_now_or_will_soon_be_forgotten(self, days):
        asked(days)
        assert retention.remind_pending() == 0

    def test_goes_to_nobody_who_confirmed_or_left(self):
        asked_at = timezone.now() - timedelta(days=4)
        SubscriptionFactory(asked_at=asked_at)
        SubscriptionFactory(asked_at=asked_at, status="unsubscribed", unsubscribed_at=timezone.now())
        assert retention.remind_pending() == 0

    def test_goes_again_to_who_asks_again_much_later(self, client):
        subscription = asked(20, reminded_at=timezone.now() - timedelta(days=17))
        client.post("/subscribe/", {"email": "ada@example.org"})
        subscription.refresh_from_db()
        assert subscription.reminded_at is None

        with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
            assert retention.remind_pending() == 1

    def test_passes_over_whoever_is_confirming(self):
        subscription = asked(3)
        with transaction.atomic():
            subscriptions.confirm(token=subscriptions.confirm_token(subscription))
            assert at_once(retention.remind_pending) == [0]


class TestForgetting:
    def test_takes_the_subscription_the_person_and_the_letters(self):
        subscription = asked(30)
        letter = Message.objects.get()
        MailEvent.objects.create(digest="x", message=letter, service="test", kind="delivered", description="ada@…")
        others = MessageFactory(
            to="ada@example.org",
            key=f"subscription:{subscription.pk}0:confirm:1",
            status="accepted",
            settled_at=timezone.now(),
        )

        assert retention.delete_unconfirmed() == 1
        assert (Person.objects.count(), Subscription.objects.count(), MailEvent.objects.count()) == (0, 0, 0)
        assert list(Message.objects.all()) == [others]  # of another act, which has its own end

    def test_twice_changes_nothing_more(self):
        asked(30)
        asked(2, "new@example.org")
        assert [retention.delete_unconfirmed() for _ in range(2)] == [1, 0]
        assert Person.objects.get().email == "new@example.org"

    def test_goes_on_beyond_a_batch_and_is_shared_by_two_workers(self, monkeypatch):
        monkeypatch.setattr(retention, "BATCH", 2)
        for n in range(9):
            asked(31, f"reader{n}@example.org")

        assert sum(at_once(retention.delete_unconfirmed, retention.delete_unconfirmed)) == 9
        assert (Person.objects.count(), Message.objects.count()) == (0, 0)

    def test_leaves_whom_another_act_has_proved(self):
        subscription = asked(30)
        Person.objects.update(email_verified_at=timezone.now())

        assert retention.delete_unconfirmed() == 1
        assert (Person.objects.get().pk, Subscription.objects.count()) == (subscription.person_id, 0)

    def test_leaves_who_was_once_a_subscriber_or_has_left(self):
        long_ago = timezone.now() - timedelta(days=90)
        SubscriptionFactory(status="pending", asked_at=long_ago, confirmed_at=long_ago)
        SubscriptionFactory(status="unsubscribed", asked_at=long_ago, confirmed_at=None, unsubscribed_at=long_ago)
        SubscriptionFactory(asked_at=long_ago)

        assert retention.delete_unconfirmed() == 0

    def test_leaves_people_on_whom_a_row_of_any_table_hangs(self):
        asked(30)
        with note_about_people() as note:
            note.objects.create(person=Person.objects.get())
            asked(30, "eve@example.org")
            assert retention.delete_unconfirmed() == 2
            assert [person.email for person in Person.objects.all()] == ["ada@example.org"]
            assert Subscription.objects.count() == 0

    @pytest.mark.parametrize("status", ["queued", "claimed"])
    def test_waits_for_a_letter_that_is_under_way(self, status):
        subscription = asked(30)
        MessageFactory(
            to="ada@example.org",
            status=status,
            batch="0" * 32 if status == "claimed" else None,
            claimed_at=timezone.now() if status == "claimed" else None,
        )
        assert retention.delete_unconfirmed() == 0

        Message.objects.exclude(settled_at__isnull=False).update(status="accepted", settled_at=timezone.now())
        assert retention.delete_unconfirmed() == 1
        assert not Subscription.objects.filter(pk=subscription.pk).exists()

    def test_is_what_beat_does(self):
        asked(30)
        asked(3, "eve@example.org")
        remind_pending()
        delete_unconfirmed()

        assert Subscription.objects.get().reminded_at is not None


class Waiting:
    """Somebody on a connection of their own, who has to wait for what this thread holds."""

    def __init__(self, act):
        self.pool = ThreadPoolExecutor(1)
        self.doing = self.pool.submit(self.do, act)

    def do(self, act):
        try:
            return act()
        finally:
            connection.close()

    def until_it_waits_for_a_lock(self):
        wait_until(self.waits, 10, "the other to wait for a lock")

    def waits(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone()[0] > 0 or self.doing.done()

    def answer(self):
        with self.pool:
            return self.doing.result(timeout=10)


class TestAtTheSameMoment:
    """The confirm link of somebody who is just being forgotten."""

    def fresh_token(self):
        return subscriptions.confirm_token(asked(30))

    def test_a_confirmation_that_came_first_wins(self):
        token = self.fresh_token()
        with transaction.atomic():
            subscriptions.confirm(token=token)
            assert at_once(retention.delete_unconfirmed) == [0]

        assert Subscription.objects.get().status == "active"
        assert Person.objects.get().email_verified_at is not None

    def test_one_that_came_second_gets_the_friendly_page(self, client):
        token = self.fresh_token()
        with transaction.atomic():
            retention.delete_unconfirmed()
            waiting = Waiting(lambda: client.post(f"/subscribe/confirm/{token}/"))
            waiting.until_it_waits_for_a_lock()

        page = waiting.answer()
        assert (page.status_code, "This link no longer works" in page.content.decode()) == (404, True)
        assert (Person.objects.count(), Subscription.objects.count(), Message.objects.count()) == (0, 0, 0)

    def test_who_asks_anew_meanwhile_begins_anew(self, client):
        self.fresh_token()
        with transaction.atomic():
            retention.delete_unconfirmed()
            waiting = Waiting(lambda: client.post("/subscribe/", {"email": "ada@example.org"}))
            waiting.until_it_waits_for_a_lock()

        assert waiting.answer().status_code == 303
        subscription = Subscription.objects.select_related("person").get()
        assert (subscription.status, subscription.person.email) == ("pending", "ada@example.org")
        assert Message.objects.get().key.startswith(f"subscription:{subscription.pk}:confirm:")

    def test_many_confirm_while_it_runs_and_nobody_is_half_deleted(self, client):
        tokens = [subscriptions.confirm_token(asked(30, f"reader{n}@example.org")) for n in range(12)]

        def press(token):
            return lambda: client.post(f"/subscribe/confirm/{token}/").status_code

        answers = at_once(retention.delete_unconfirmed, *map(press, tokens), retention.delete_unconfirmed)[1:-1]

        assert set(answers) <= {303, 404}
        assert Subscription.objects.filter(status="active").count() == answers.count(303)
        assert Subscription.objects.count() == Person.objects.count() == answers.count(303)

    def test_asking_and_confirming_do_not_wait_for_each_other_for_ever(self, client):
        tokens = [subscriptions.confirm_token(asked(1, f"reader{n}@example.org")) for n in range(6)]
        acts = [lambda token=token: client.post(f"/subscribe/confirm/{token}/").status_code for token in tokens]
        acts += [
            lambda n=n: client.post("/subscribe/", {"email": f"reader{n}@example.org"}).status_code for n in range(6)
        ]
        assert at_once(*acts) == [303] * 12

    def test_a_yes_by_another_act_meanwhile_is_kept(self):
        person = PersonFactory()
        with transaction.atomic():
            subscriptions.subscribe_verified(person=person, wording="Yes.", source="/petitions/")
            assert at_once(retention.delete_unconfirmed) == [0]

        assert Subscription.objects.get().status == "active"
