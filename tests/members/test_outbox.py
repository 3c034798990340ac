"""Letters: written once, claimed once, settled with a reason, in the face of every kind of mail server."""

import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from csan.lib.addresses import email_key
from csan.lib.mail import Outcome, Verdict, open_carrier
from members import newsletter, outbox, subscriptions
from members.models import Issue, MailEvent, Message, Person, SendBatch, Suppression
from members.outbox.claims import claim
from members.outbox.notes import Notes
from members.outbox.sending import Delivery
from members.outbox.settling import settle
from tests.mailserver import Behaviour, running
from tests.members.factories import (
    IssueFactory,
    MessageFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db(transaction=True)
BULK, TRANSACTIONAL = Message.Lane.BULK, Message.Lane.TRANSACTIONAL
WELCOME = {"name": "Ada", "preferences_url": "#", "unsubscribe_url": "#", "archive_url": "#"}


@pytest.fixture
def mail_by(settings, tmp_path):
    """A mail server that behaves as told, and the settings that point at it."""
    servers = []

    def start(behaviour=None):
        context = running(tmp_path, behaviour)
        server = context.__enter__()
        servers.append(context)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = settings.EMAIL_FINAL_TIMEOUT = 1
        return server

    yield start
    for context in servers:
        context.__exit__(None, None, None)


def frozen_issue(readers=3):
    SubscriptionFactory.create_batch(readers)
    return send_issue(issue=IssueFactory(), by=StaffFactory())


def statuses():
    return sorted(Message.objects.values_list("to", "status"))


def test_asking_twice_for_the_same_letter_writes_it_once(mailbox):
    for _ in range(2):
        outbox.enqueue(key="once", template="members/welcome", to="ada@example.org", context=WELCOME)
    assert [letter["To"] for letter in mailbox.send_and_read()] == ["ada@example.org"]


def test_a_letter_of_a_rolled_back_act_is_never_sent(mailbox):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.enqueue(key="never", template="members/welcome", to="ada@example.org", context=WELCOME)
        raise RuntimeError
    assert mailbox.send_and_read() == []


def test_a_letter_has_one_recipient_two_parts_and_our_message_id(mailbox):
    outbox.enqueue(key="a", template="members/welcome", to="ada@example.org", context=WELCOME)
    (letter,) = mailbox.send_and_read()
    row = Message.objects.get()
    assert letter["Message-ID"] == f"<{row.reference}@testserver>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert (row.status, row.reason) == (Message.Status.ACCEPTED, "")


def test_two_senders_never_hold_the_same_letter():
    MessageFactory.create_batch(40)
    held, barrier = [], threading.Barrier(4)

    def take():
        barrier.wait()
        while batch := claim(TRANSACTIONAL, 3):
            held.extend(message.pk for message in batch.messages)
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(held) == sorted(Message.objects.values_list("pk", flat=True))


def test_letters_somebody_waits_for_go_before_a_newsletter(mail_by):
    server = mail_by()
    frozen_issue(readers=2)
    MessageFactory(to="waiting@example.org")
    outbox.send_waiting()
    assert server.log.read_text().split()[0] == "waiting@example.org"
    assert server.accepted().total() == 3


@pytest.mark.parametrize("reason", ["bounced", "complained", "staff"])
def test_a_suppressed_mailbox_gets_no_letter_at_all(mailbox, reason):
    letter = MessageFactory()
    SuppressionFactory(email_key=letter.email_key, reason=reason)
    assert mailbox.send_and_read() == []
    letter.refresh_from_db()
    assert letter.status == Message.Status.SKIPPED
    assert letter.reason == f"suppressed: {Suppression.Reason(reason).label}"


def test_who_was_erased_still_gets_the_letter_they_asked_for_anew(mailbox):
    letter = MessageFactory()
    SuppressionFactory(email_key=letter.email_key, reason=Suppression.Reason.ERASED)
    assert [sent["To"] for sent in mailbox.send_and_read()] == [letter.to]


def test_who_leaves_after_the_freeze_is_skipped_with_the_reason(mailbox):
    issue = frozen_issue(readers=2)
    leaver = Message.objects.filter(issue=issue).first()
    subscriptions.unsubscribe(key=leaver.subscription.key)
    assert [letter["To"] for letter in mailbox.send_and_read()] != [leaver.to]
    leaver.refresh_from_db()
    assert (leaver.status, leaver.reason) == (Message.Status.SKIPPED, "unsubscribed after the issue was frozen")


def test_who_is_erased_after_the_freeze_is_skipped(mailbox):
    frozen_issue(readers=1)
    Person.objects.all().delete()
    assert mailbox.send_and_read() == []
    assert Message.objects.get().status == Message.Status.SKIPPED


def test_one_refused_person_does_not_stop_the_others(mail_by):
    server = mail_by(Behaviour(refuse={"reader-no@example.org": "550 no such user"}))
    for name in ("a", "no", "z"):
        MessageFactory(to=f"reader-{name}@example.org")
    outbox.send_waiting()
    assert server.accepted() == {"reader-a@example.org": 1, "reader-z@example.org": 1}
    refused = Message.objects.get(to="reader-no@example.org")
    assert (refused.status, refused.reason) == ("refused", "550 no such user (answer to RCPT)")


def test_a_letter_refused_whole_is_refused(mail_by):
    mail_by(Behaviour(answer_to_letter={"ada@example.org": "554 looks like spam"}))
    MessageFactory(to="ada@example.org")
    outbox.send_waiting()
    assert statuses() == [("ada@example.org", "refused")]


GONE = "gone@example.org"


def suppressed():
    return list(Suppression.objects.values_list("email_key", "reason"))


@pytest.mark.parametrize("where", ["refuse", "answer_to_letter"])
def test_a_mail_server_that_knows_no_such_user_is_as_good_as_a_bounce(mail_by, where):
    mail_by(Behaviour(**{where: {GONE: "550 5.1.1 no such user"}}))
    letter = MessageFactory(to=GONE)
    outbox.send_waiting()
    letter.refresh_from_db()
    assert (letter.status, letter.delivery, suppressed()) == ("refused", "bounced", [(email_key(GONE), "bounced")])
    assert letter.reason.startswith("550 5.1.1 no such user")
    event = MailEvent.objects.get()
    assert (event.service, event.message, event.is_permanent) == ("SMTP", letter, True)
    later = MessageFactory(to=GONE)
    outbox.send_waiting()
    later.refresh_from_db()
    assert (later.status, later.reason) == ("skipped", "suppressed: the mailbox does not exist")


@pytest.mark.parametrize("answer", ["554 5.7.1 policy", "550 not today"])
def test_what_a_mail_server_has_against_the_letter_says_nothing_of_the_mailbox(mail_by, answer):
    mail_by(Behaviour(answer_to_letter={GONE: answer}))
    MessageFactory(to=GONE)
    outbox.send_waiting()
    assert (Message.objects.get().status, suppressed(), MailEvent.objects.count()) == ("refused", [], 0)


@pytest.mark.parametrize("where", ["refuse", "answer_to_letter"])
def test_a_letter_put_off_goes_later_and_the_others_now(mail_by, where):
    server = mail_by(Behaviour(**{where: {"later@example.org": "451 come back"}}))
    MessageFactory(to="later@example.org")
    MessageFactory(to="now@example.org")
    outbox.send_waiting()
    later = Message.objects.get(to="later@example.org")
    assert server.accepted() == {"now@example.org": 1}
    assert (later.status, later.attempts) == ("queued", 1)
    assert later.available_at > timezone.now() + timedelta(seconds=30)
    assert later.reason.startswith("451 come back")


def test_a_letter_put_off_for_ever_is_given_up_with_the_reason(mail_by):
    mail_by(Behaviour(refuse={"never@example.org": "451 come back"}))
    letter = MessageFactory(to="never@example.org")
    for _ in range(10):
        Message.objects.update(available_at=timezone.now())
        outbox.send_waiting()
    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == ("failed", 10)
    assert letter.reason.startswith("given up after 10 attempts: 451 come back")


@pytest.mark.parametrize("behaviour", [{"hang_up_after": "MAIL"}, {"hang_up_after": "RCPT"}])
def test_a_server_that_hangs_up_before_the_letter_leaves_everything_waiting(mail_by, behaviour):
    mail_by(Behaviour(**behaviour))
    frozen_issue(readers=3)
    outbox.send_waiting()
    assert set(Message.objects.values_list("status", flat=True)) == {"queued"}
    assert not SendBatch.objects.exists()


def test_a_newsletter_letter_without_an_answer_is_uncertain_and_never_goes_again(mail_by):
    server = mail_by(Behaviour(hang_up_after="DOT"))
    issue = frozen_issue(readers=1)
    for _ in range(3):
        outbox.send_waiting()
    newsletter.finish_issues()
    issue.refresh_from_db()
    letter = Message.objects.get()
    assert server.accepted().total() == 1
    assert letter.status == "uncertain"
    assert letter.reason.startswith("no answer after the letter had been sent")
    assert issue.status == Issue.Status.ATTENTION


def test_a_letter_somebody_waits_for_goes_again_after_no_answer(mail_by):
    mail_by(Behaviour(silent_after="DOT"))
    letter = MessageFactory()
    outbox.send_waiting()
    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == ("queued", 1)


def test_a_server_that_is_away_costs_no_attempt(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letter = MessageFactory()
    assert outbox.send_waiting() is False
    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == ("queued", 0)
    assert letter.reason.startswith("could not reach the mail server")


def test_a_sender_we_may_not_use_is_our_trouble_and_nobodys_refusal(mail_by):
    mail_by(Behaviour(sender_answer="550 who are you"))
    MessageFactory()
    outbox.send_waiting()
    assert Message.objects.get().status == "queued"


def test_a_template_that_fails_on_one_person_does_not_stop_the_others(mailbox):
    MessageFactory(template="members/no_such_template")
    fine = MessageFactory()
    assert [letter["To"] for letter in mailbox.send_and_read()] == [fine.to]
    broken = Message.objects.get(template="members/no_such_template")
    assert (broken.status, broken.reason) == ("queued", "could not be written: TemplateDoesNotExist")


def test_a_server_that_never_says_yes_gets_a_letter_thrice_and_no_more(mail_by):
    server = mail_by(Behaviour(hang_up_after="DOT"))
    letter = MessageFactory()
    for _ in range(6):
        Message.objects.update(available_at=timezone.now())
        outbox.send_waiting()
    letter.refresh_from_db()
    assert (letter.status, server.accepted()[letter.to]) == ("uncertain", 3)


@pytest.mark.parametrize(
    "behaviour", [{"hang_up_after": "RCPT"}, {"refuse": {"poison@example.org": "421 4.7.0 too busy for you"}}]
)
def test_a_letter_that_brings_the_server_down_lets_the_others_pass(mail_by, behaviour):
    server = mail_by(Behaviour(**{"only_for": "poison@example.org", **behaviour}))
    MessageFactory(to="poison@example.org")
    MessageFactory.create_batch(3)
    outbox.send_waiting()
    Message.objects.exclude(to="poison@example.org").update(available_at=timezone.now())
    outbox.send_waiting()
    assert (server.accepted().total(), Message.objects.filter(status="accepted").count()) == (3, 3)


def test_an_outage_costs_one_letter_in_doubt_and_not_the_issue(mail_by):
    mail_by(Behaviour(hang_up_after="DOT"))
    frozen_issue(readers=10)
    outbox.send_waiting()
    counts = sorted(Message.objects.values_list("status", flat=True))
    assert counts == ["queued"] * 9 + ["uncertain"]


def test_a_server_that_forwards_has_taken_the_letter(mail_by):
    server = mail_by(Behaviour(refuse={"moved@example.org": "251 will forward"}))
    MessageFactory(to="moved@example.org")
    outbox.send_waiting()
    assert server.accepted() == {"moved@example.org": 1}


def test_a_server_that_will_not_relay_for_us_is_our_trouble(mail_by):
    mail_by(Behaviour(refuse={"ada@example.org": "554 5.7.1 relay access denied"}))
    MessageFactory(to="ada@example.org")
    outbox.send_waiting()
    assert Message.objects.get().status == "queued"


def test_a_database_that_goes_away_between_two_letters_costs_no_knowledge(mail_by, monkeypatch):
    server = mail_by()
    frozen_issue(readers=4)
    begin, begun = Notes.begin, []

    def cut(notes, numbers, **more):
        begun.append(notes)
        if len(begun) == 3:
            connection.cursor().connection.close()
        begin(notes, numbers, **more)

    monkeypatch.setattr(Notes, "begin", cut)
    outbox.send_waiting()
    monkeypatch.setattr(Notes, "begin", begin)
    outbox.send_waiting()
    assert server.accepted().total() == 4
    assert max(server.accepted().values()) == 1
    assert set(Message.objects.values_list("status", flat=True)) == {"accepted"}


class TestRecovery:
    """Senders that died: their own notes tell what is known."""

    def dead_sender(self, lane=BULK, begun=None, exceptions=()):
        if lane == BULK:
            frozen_issue(readers=4)
        else:
            MessageFactory.create_batch(4)
        batch = claim(lane, 10)
        pks = [message.pk for message in batch.messages]
        long_ago = timezone.now() - timedelta(hours=1)
        SendBatch.objects.filter(id=batch.id).update(
            begun=pks[begun] if begun is not None else 0,
            in_hand=[pks[begun]] if begun is not None else [],
            exceptions=[[pks[at], verdict, reason] for at, verdict, reason in exceptions],
            beat_at=long_ago,
        )
        Message.objects.update(claimed_at=long_ago)
        return batch

    def ends(self):
        return list(Message.objects.order_by("pk").values_list("status", flat=True))

    def test_killed_after_the_claim_gives_everything_back(self):
        self.dead_sender()
        assert outbox.recover() == 4
        assert self.ends() == ["queued"] * 4

    def test_killed_with_a_letter_in_hand_leaves_only_that_one_in_doubt(self):
        self.dead_sender(begun=2)
        outbox.recover()
        assert self.ends() == ["accepted", "accepted", "uncertain", "queued"]

    def test_killed_with_letters_announced_they_were_never_begun(self):
        batch = self.dead_sender(begun=2, exceptions=[(1, "refused", "550 no")])
        pks = [message.pk for message in batch.messages]
        SendBatch.objects.filter(id=batch.id).update(announced=[pks[0], pks[1]])
        outbox.recover()
        assert self.ends() == ["queued", "refused", "uncertain", "queued"]

    def test_what_the_sender_had_noted_is_believed(self):
        self.dead_sender(begun=3, exceptions=[(0, "refused", "550 no"), (1, "temporary", "451 later")])
        outbox.recover()
        assert self.ends() == ["refused", "queued", "accepted", "uncertain"]

    def test_a_dead_mailbox_that_the_sender_had_noted_is_given_up(self):
        batch = self.dead_sender(begun=1, exceptions=[(0, "refused", "550 5.1.1 no such user (answer to RCPT)")])
        outbox.recover()
        assert suppressed() == [(batch.messages[0].email_key, "bounced")]

    def test_an_outcome_is_told_even_where_the_next_letter_could_not_be_written(self, mail_by):
        mail_by(Behaviour(refuse={"later@example.org": "451 come back"}))
        MessageFactory(to="later@example.org")
        MessageFactory(template="members/no_such_template")
        MessageFactory()
        batch = claim(TRANSACTIONAL, 3)
        delivery = Delivery(batch, open_carrier())
        delivery.carrier.open(3)
        while delivery.waiting or delivery.announced or delivery.in_hand:
            delivery._announce()
            delivery._begin_ready()
            delivery._hear()
        delivery.carrier.close()
        SendBatch.objects.update(beat_at=timezone.now() - timedelta(hours=1))
        outbox.recover()
        first, second, _ = Message.objects.order_by("pk")
        assert (first.status, first.reason) == ("queued", "451 come back (answer to RCPT)")
        assert (second.status, second.reason) == ("queued", "could not be written: TemplateDoesNotExist")

    def test_a_living_sender_knows_more_than_an_emptied_table(self):
        frozen_issue(readers=4)
        batch = claim(BULK, 10)
        SendBatch.objects.all().delete()  # what a crash of the database does
        settle(batch, {batch.messages[0].pk: Outcome(Verdict.ACCEPTED)})
        assert self.ends() == ["accepted", "queued", "queued", "queued"]

    def test_a_slow_server_is_not_taken_for_a_dead_sender(self, mail_by, settings):
        settings.MAIL_LEASE = 1
        server = mail_by(Behaviour(delay=2.5))
        settings.EMAIL_FINAL_TIMEOUT = 10
        MessageFactory()
        sender = threading.Thread(target=lambda: (outbox.send_waiting(), connection.close()))
        sender.start()
        for _ in range(8):
            time.sleep(0.3)
            assert outbox.recover() == 0
        sender.join()
        assert server.accepted().total() == 1
        assert self.ends() == ["accepted"]

    def test_a_letter_somebody_waits_for_goes_again_at_once(self):
        self.dead_sender(lane=TRANSACTIONAL, begun=0)
        outbox.recover()
        assert self.ends() == ["queued"] * 4
        first = Message.objects.order_by("pk").first()
        assert first.attempts == 1
        assert first.available_at <= timezone.now()

    def test_a_sender_that_was_only_slow_is_fenced_off_and_its_word_still_counts(self, mail_by):
        server = mail_by()
        batch = self.dead_sender(begun=0)
        outbox.recover()

        carrier = open_carrier()
        Delivery(batch, carrier).run()
        carrier.close()
        assert server.accepted().total() == 0
        settle(batch, {batch.messages[0].pk: Outcome(Verdict.ACCEPTED)})
        assert self.ends() == ["accepted", "queued", "queued", "queued"]

    def test_after_a_crash_of_the_database_a_newsletter_is_in_doubt(self):
        self.dead_sender(begun=1)
        SendBatch.objects.all().delete()
        assert outbox.recover() == 4
        assert self.ends() == ["uncertain"] * 4

    def test_a_sender_at_work_is_left_alone(self):
        frozen_issue(readers=2)
        claim(BULK, 10)
        assert outbox.recover() == 0
        assert self.ends() == ["claimed"] * 2

    def test_recovering_twice_changes_nothing(self):
        self.dead_sender(begun=1)
        outbox.recover()
        before = self.ends()
        assert outbox.recover() == 0
        assert self.ends() == before


class TestStaffSettleDoubts:
    def doubtful_issue(self):
        issue = frozen_issue(readers=2)
        Message.objects.update(status="uncertain", settled_at=timezone.now(), reason="no answer")
        newsletter.finish_issues()
        issue.refresh_from_db()
        return issue

    def test_taken_as_sent_they_close_the_issue(self):
        issue = self.doubtful_issue()
        assert newsletter.settle_doubts(issue=issue, by=StaffFactory(), send_again=False) == 2
        newsletter.finish_issues()
        issue.refresh_from_db()
        assert issue.status == Issue.Status.SENT

    def test_sent_again_they_go_once_more(self, mail_by):
        server = mail_by()
        issue = self.doubtful_issue()
        assert newsletter.settle_doubts(issue=issue, by=StaffFactory(), send_again=True) == 2
        outbox.send_waiting()
        assert server.accepted().total() == 2


class TestRate:
    def test_all_senders_together_keep_the_rate(self, mail_by, settings):
        settings.MAIL_RATE = 20
        mail_by()
        frozen_issue(readers=30)
        begun = timezone.now()

        def work():
            while Message.objects.open().exists():
                outbox.send_waiting(seconds=3)
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        settled = sorted(Message.objects.values_list("settled_at", flat=True))
        assert Message.objects.filter(status="accepted").count() == 30
        assert settled[-1] - begun >= timedelta(seconds=30 / 20 - 0.5)

    def test_a_letter_somebody_waits_for_does_not_wait_for_the_rate(self, mail_by, settings):
        settings.MAIL_RATE = 0.01
        server = mail_by()
        MessageFactory.create_batch(3)
        outbox.send_waiting()
        assert server.accepted().total() == 3


class TestConstraints:
    @pytest.mark.parametrize(
        ("rule", "change"),
        [
            ("members_message_status", {"status": "lost", "settled_at": timezone.now(), "reason": "x"}),
            ("members_message_(lane|issue)", {"lane": "express"}),
            ("members_message_words", {"template": ""}),
            ("members_message_issue", {"lane": "bulk"}),
            ("members_message_claimed", {"status": "claimed"}),
            ("members_message_settled", {"status": "accepted"}),
            ("members_message_settled", {"settled_at": timezone.now()}),
            ("members_message_explained", {"status": "refused", "settled_at": timezone.now()}),
            ("members_message_delivery", {"delivery": "eaten"}),
        ],
    )
    def test_the_database_refuses(self, rule, change):
        letter = MessageFactory()
        with pytest.raises(IntegrityError, match=rule):
            Message.objects.filter(pk=letter.pk).update(**change)

    def test_a_key_is_unique(self):
        MessageFactory(key="same")
        with pytest.raises(IntegrityError):
            MessageFactory(key="same")

    def test_a_claimed_letter_names_its_batch(self):
        letter = MessageFactory()
        Message.objects.filter(pk=letter.pk).update(status="claimed", batch=uuid.uuid4(), claimed_at=timezone.now())
        assert Message.objects.get().status == "claimed"
