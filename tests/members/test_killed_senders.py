"""Senders are killed for real, Redis is stopped for real: nobody twice, nobody forgotten, each row tells why."""

import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from csan.embedded import Redis
from csan.lib.addresses import email_key
from members import outbox
from members.models import Issue, Message, Person, SendBatch, Subscription
from tests.mailserver import Behaviour, running
from tests.members.factories import IssueFactory, MessageFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import send_issue
from tests.processes import Worker, sender, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def freeze_for(readers):
    """An issue frozen for many readers, made fast."""
    people = [Person(email=f"r{n}@example.org", email_key=email_key(f"r{n}@example.org")) for n in range(readers)]
    people = Person.objects.bulk_create(people, batch_size=5000)
    now = timezone.now()
    Subscription.objects.bulk_create(
        [
            Subscription(person=each, status="active", wording="yes", source="/", asked_at=now, confirmed_at=now)
            for each in people
        ],
        batch_size=5000,
    )
    return send_issue(issue=IssueFactory(), by=StaffFactory())


def ends():
    rows = Message.objects.values("status").annotate(count=Count("pk"))
    return {row["status"]: row["count"] for row in rows}


def kill_while(tmp_path, at, *, pipelines):
    """Start a sender against a server that stops at the second letter, kill it there, then settle for it."""
    SubscriptionFactory.create_batch(3)
    send_issue(issue=IssueFactory(), by=StaffFactory())
    first, victim, _ = Message.objects.order_by("pk")
    victim = victim.to
    with running(tmp_path, Behaviour(silent_after=at, only_for=victim, pipelines=pipelines)) as server:
        process = sender(EMAIL_URL=server.url)
        stands = {
            "RCPT": lambda: server.accepted()[first.to] == 1,
            "DATA": lambda: SendBatch.objects.filter(begun__gt=first.pk).exists(),
            "DOT": lambda: server.accepted()[victim] == 1,
        }
        wait_until(stands[at], 20, "the sender to stand at the victim's letter")
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with running(tmp_path) as second:
        SendBatch.objects.update(beat_at=timezone.now() - timedelta(hours=1))
        outbox.recover()
        process = sender(EMAIL_URL=second.url)
        assert process.wait(timeout=30) == 0
    return victim, server.accepted(), second.accepted()


def test_killed_before_a_letters_words_left_it_is_sent_by_the_next_sender(tmp_path):
    victim, before, after = kill_while(tmp_path, "RCPT", pipelines=False)
    assert (before[victim], after[victim]) == (0, 1)
    assert set((before + after).values()) == {1}
    assert ends() == {"accepted": 2, "uncertain": 1}  # the first was answered, and nobody had noted that yet


@pytest.mark.parametrize(("at", "pipelines"), [("DATA", False), ("DOT", False), ("DOT", True)])
def test_killed_in_the_middle_of_a_conversation(tmp_path, at, pipelines):
    victim, before, after = kill_while(tmp_path, at, pipelines=pipelines)
    everybody = before + after
    letter = Message.objects.get(to=victim)
    assert letter.status == "uncertain"
    assert "may or may not have gone" in letter.reason
    assert everybody[victim] == (1 if at == "DOT" else 0)
    others = [address for address in Message.objects.values_list("to", flat=True) if address != victim]
    assert {address: everybody[address] for address in others} == dict.fromkeys(others, 1)
    assert ends() == {"accepted": 2, "uncertain": 1}


def test_killed_after_the_claim_and_before_the_first_letter(tmp_path):
    SubscriptionFactory.create_batch(3)
    send_issue(issue=IssueFactory(), by=StaffFactory())
    with running(tmp_path, Behaviour(silent_after="EHLO")) as server:
        process = sender(EMAIL_URL=server.url)
        wait_until(lambda: ends() == {"claimed": 3}, 20, "the claim")
        process.send_signal(signal.SIGKILL)
        process.wait()
    SendBatch.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    outbox.recover()
    assert ends() == {"queued": 3}


def test_a_letter_somebody_waits_for_survives_its_sender(tmp_path):
    letter = MessageFactory()
    with running(tmp_path, Behaviour(silent_after="DATA")) as server:
        process = sender(EMAIL_URL=server.url)
        wait_until(lambda: SendBatch.objects.filter(begun=letter.pk).exists(), 20, "the letter to be begun")
        process.send_signal(signal.SIGKILL)
        process.wait()
    SendBatch.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    outbox.recover()
    with running(tmp_path) as server:
        assert sender(EMAIL_URL=server.url).wait(timeout=30) == 0
        assert server.accepted() == {letter.to: 1}


@pytest.mark.scale
def test_twenty_thousand_readers_and_ten_killed_workers(tmp_path, settings):
    readers, kills = 20_000, 10
    issue = freeze_for(readers)
    dice = random.Random(7)
    with running(tmp_path) as server:
        worker = Worker(tmp_path, EMAIL_URL=server.url, MAIL_LEASE="3", MAIL_BATCH="50")
        try:
            for number in range(kills):
                sent = server.accepted().total()
                wait_until(
                    lambda sent=sent: server.accepted().total() >= min(sent + 300, readers), 60, "letters to go out"
                )
                time.sleep(dice.uniform(0, 0.3))
                if number % 3 == 2:
                    worker.kill()
                    worker.start()
                else:
                    worker.kill_a_child(number)
            wait_until(lambda: Issue.objects.get().status in ("sent", "attention"), 180, "the issue to be finished")
        finally:
            worker.stop()
        accepted = server.accepted()
    counts = ends()
    print(f"kills: {kills}, rows: {counts}, letters at the server: {accepted.total()}")
    assert max(accepted.values()) == 1
    assert sum(counts.values()) == issue.candidates == readers
    assert set(counts) <= {"accepted", "uncertain"}
    # A killed process leaves one letter in doubt for each of its connections; a killed worker has two processes.
    assert counts.get("uncertain", 0) <= (kills + kills // 3) * settings.MAIL_THREADS
    told = set(Message.objects.filter(status="accepted").values_list("to", flat=True))
    assert told <= set(accepted)
    assert set(accepted) - told <= set(Message.objects.filter(status="uncertain").values_list("to", flat=True))


@pytest.mark.scale
def test_redis_is_flushed_and_stopped_in_the_middle(tmp_path):
    readers = 3000
    redis = Redis(tmp_path / "redis")
    redis.start()
    freeze_for(readers)
    with running(tmp_path, Behaviour(delay=0.001)) as server:
        worker = Worker(tmp_path, EMAIL_URL=server.url, REDIS_URL=redis.url, MAIL_BATCH="50")
        try:
            wait_until(lambda: server.accepted().total() > 300, 60, "the first letters")
            redis.process.kill()
            redis.process.wait()
            MessageFactory(to="waiting@example.org")
            time.sleep(2)
            redis.start()
            wait_until(lambda: not Message.objects.open().exists(), 120, "the worker to come back after Redis did")
        finally:
            worker.stop()
            redis.stop()
        accepted = server.accepted()
    assert max(accepted.values()) == 1
    assert accepted.total() == readers + 1
    assert ends() == {"accepted": readers + 1}


def test_the_test_database_keeps_its_notes_unlogged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'members_sendbatch'")
        assert cursor.fetchone() == ("u",)
