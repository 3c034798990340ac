"""Several letters in a sender's hands at once, by SMTP and by a service's API: none twice, none forgotten."""

import signal
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count
from django.utils import timezone

from members import newsletter, outbox, subscriptions
from members.models import Issue, Message, Person, SendBatch
from tests.mailserver import Behaviour, running
from tests.mailservice import Service, serving
from tests.members.factories import IssueFactory, MessageFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import send_issue
from tests.processes import sender, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = {"ANYMAIL_WEBHOOK_SECRET": "user:password"}
LANES = 8


def frozen_issue(readers):
    SubscriptionFactory.create_batch(readers)
    return send_issue(issue=IssueFactory(), by=StaffFactory())


def ends():
    rows = Message.objects.values("status").annotate(count=Count("pk"))
    return {row["status"]: row["count"] for row in rows}


def adds_up(issue):
    """The database's own counts say the same as the rows."""
    assert outbox.counts_of(issue).by_status == ends()
    assert outbox.counts_of(issue).total == issue.candidates


@pytest.fixture(params=["smtp", "api"])
def service(request, tmp_path):
    """A way to open a mail server or service with a delay, by the same words."""

    def start(delay=0.0, silent_for=""):
        if request.param == "smtp":
            silence = {"silent_after": "DOT", "only_for": silent_for} if silent_for else {}
            return running(tmp_path, Behaviour(delay=delay, pipelines=True, **silence))
        return serving(tmp_path, Service(delay=delay, silent_for=silent_for))

    return start


def settle_for_the_dead():
    SendBatch.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    outbox.recover()


def test_killed_at_full_speed_at_most_one_letter_a_lane_is_in_doubt(service):
    issue = frozen_issue(200)
    with service(delay=0.05) as server:
        process = sender(EMAIL_URL=server.url, MAIL_THREADS=str(LANES), **SECRET)
        wait_until(lambda: server.accepted().total() > 40, 20, "letters to go out")
        process.send_signal(signal.SIGKILL)
        process.wait()
        settle_for_the_dead()
        before = server.accepted()
        assert 1 <= ends()["uncertain"] <= LANES
        # Who is not in doubt and not waiting was really accepted, and who waits was not.
        assert set(told("accepted")) <= set(before)
        assert not set(told("queued")) & set(before)
        assert sender(EMAIL_URL=server.url, MAIL_THREADS=str(LANES), **SECRET).wait(timeout=30) == 0
        after = server.accepted()
    assert max(after.values()) == 1
    assert set(ends()) == {"accepted", "uncertain"}
    assert set(told("accepted")) <= set(after)
    adds_up(issue)


def told(status):
    return Message.objects.filter(status=status).values_list("to", flat=True)


def test_killed_after_the_services_answer_and_before_the_settling(service):
    issue = frozen_issue(12)
    victim = Message.objects.order_by("pk")[9].to
    with service(silent_for=victim) as server:
        process = sender(EMAIL_URL=server.url, MAIL_THREADS="4", EMAIL_FINAL_TIMEOUT="60", **SECRET)
        wait_until(lambda: server.accepted().total() == 12, 20, "all letters to be taken")
        time.sleep(0.3)
        assert ends() == {"claimed": 12}
        process.send_signal(signal.SIGKILL)
        process.wait()
        settle_for_the_dead()
        assert 1 <= ends()["uncertain"] <= 4
        assert sender(EMAIL_URL=server.url, **SECRET).wait(timeout=30) == 0
        assert max(server.accepted().values()) == 1
    adds_up(issue)


def test_killed_before_the_claim_nothing_has_happened(service):
    issue = frozen_issue(3)
    with service() as server:
        process = sender(EMAIL_URL=server.url, **SECRET)
        process.send_signal(signal.SIGKILL)
        process.wait()
        settle_for_the_dead()
        assert ends() == {"queued": 3}
        assert sender(EMAIL_URL=server.url, **SECRET).wait(timeout=30) == 0
        assert sorted(server.accepted().values()) == [1, 1, 1]
    adds_up(issue)


def test_who_leaves_between_the_freeze_and_the_sending_gets_nothing(service):
    issue = frozen_issue(10)
    leaver = Message.objects.order_by("pk")[5]
    subscriptions.unsubscribe(key=leaver.subscription.key)
    with service() as server:
        assert sender(EMAIL_URL=server.url, **SECRET).wait(timeout=30) == 0
        assert (server.accepted().total(), server.accepted()[leaver.to]) == (9, 0)
    assert ends() == {"accepted": 9, "skipped": 1}
    adds_up(issue)


@pytest.mark.parametrize("act", [newsletter.pause, newsletter.cancel])
def test_pause_and_cancel_bite_within_five_seconds(service, act):
    issue = frozen_issue(120)
    with service(delay=0.5) as server:
        process = sender(EMAIL_URL=server.url, MAIL_THREADS=str(LANES), **SECRET)
        wait_until(lambda: server.accepted().total() > 0, 20, "the first letters")
        act(issue=issue, by=StaffFactory())
        begun = time.monotonic()
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - begun < 5
        assert server.accepted().total() < 60
    assert "claimed" not in ends()


def test_a_letter_somebody_waits_for_overtakes_a_newsletter_under_way(service):
    frozen_issue(150)
    with service(delay=0.3) as server:
        process = sender(EMAIL_URL=server.url, MAIL_THREADS="2", **SECRET)
        wait_until(lambda: server.accepted().total() > 0, 20, "the first letters")
        MessageFactory(to="waiting@example.org")
        wait_until(lambda: server.accepted()["waiting@example.org"] == 1, 5, "the letter somebody waits for")
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert server.accepted().total() < 60


def test_two_senders_and_two_ticks_at_once_send_each_letter_once(service):
    issue = frozen_issue(100)
    with service(delay=0.02) as server:
        processes = [sender(EMAIL_URL=server.url, MAIL_BATCH="20", **SECRET) for _ in range(2)]
        ticks = [threading.Thread(target=tick) for _ in range(2)]
        for thread in ticks:
            thread.start()
        for thread in ticks:
            thread.join()
        assert [process.wait(timeout=30) for process in processes] == [0, 0]
        assert set(server.accepted().values()) == {1}
    newsletter.finish_issues()
    assert ends() == {"accepted": 100}
    assert Issue.objects.get().status == Issue.Status.SENT
    adds_up(issue)


def tick():
    outbox.ring()
    outbox.recover()
    newsletter.finish_issues()
    outbox.sum_up()
    connection.close()


def by_api(settings, server, **more):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": server.api, **more}


def test_the_service_refuses_one_among_many_and_the_others_go(tmp_path, settings):
    issue = frozen_issue(20)
    refused = Message.objects.order_by("pk")[7].to
    with serving(tmp_path, Service(status_for={refused: 422})) as server:
        by_api(settings, server)
        outbox.send_waiting()
        assert server.accepted().total() == 19
    assert ends() == {"accepted": 19, "refused": 1}
    assert set(Message.objects.filter(status="accepted").values_list("provider_id", flat=True)) == {
        f"id-{to}" for to in told("accepted")
    }
    adds_up(issue)


def test_a_service_that_says_slow_down_for_five_minutes_costs_nothing_but_time(tmp_path, settings):
    issue = frozen_issue(20)
    with serving(tmp_path, Service(status=429)) as server:
        by_api(settings, server)
        for _ in range(10):  # half a minute later, each time
            assert outbox.send_waiting() is False
            Message.objects.update(available_at=timezone.now())
    assert ends() == {"queued": 20}
    assert set(Message.objects.values_list("attempts", flat=True)) == {0}
    with serving(tmp_path) as server:
        by_api(settings, server)
        outbox.send_waiting()
        assert set(server.accepted().values()) == {1}
    assert ends() == {"accepted": 20}
    adds_up(issue)


def test_an_answer_of_the_service_that_never_comes_leaves_one_letter_in_doubt(tmp_path, settings):
    issue = frozen_issue(20)
    silent = Message.objects.order_by("pk")[0].to
    with serving(tmp_path, Service(silent_for=silent)) as server:
        by_api(settings, server, REQUESTS_TIMEOUT=1)
        assert outbox.send_waiting() is False
        assert server.accepted().total() == 1
    assert ends() == {"queued": 19, "uncertain": 1}
    adds_up(issue)


def test_two_addresses_equal_but_for_case_are_one_reader():
    person = SubscriptionFactory(person__email="ada@example.org").person
    with pytest.raises(IntegrityError):
        SubscriptionFactory(person__email="Ada@example.org", person__email_key=person.email_key)
    assert Person.objects.count() == 1
