"""SMTP over several connections, in one go or step by step: the verdicts are the same."""

import time

import pytest

from csan.lib.mail import Handing, open_carrier
from csan.lib.mail.smtp import SmtpCarrier
from tests.mailserver import Behaviour, running

LETTER = b"From: x\r\nTo: %s\r\n\r\n.A line that begins with a dot.\r\n"


@pytest.fixture
def hand_over(settings, tmp_path):
    """Hand letters to a server that behaves as told; each one's verdict and reason."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_FINAL_TIMEOUT = "127.0.0.1", 1, 1

    def work(names, behaviour, most=1):
        with running(tmp_path, behaviour) as server:
            settings.EMAIL_PORT = server.port
            carrier = SmtpCarrier(most)
            assert carrier.open(len(names)) is None
            waiting = [
                Handing((n,), (f"{name}@example.org",), LETTER % f"{name}@example.org".encode())
                for n, name in enumerate(names)
            ]
            handings, under_way = list(waiting), 0
            while waiting or under_way:
                while waiting and carrier.room():
                    carrier.start(waiting.pop(0))
                    under_way += 1
                under_way -= len(carrier.wait(5))
                if not carrier.room() and not under_way:
                    break
            carrier.close()
            return [each.outcomes[0] for each in handings if each.outcomes], server.accepted()

    return work


both = pytest.mark.parametrize("pipelines", [False, True])


@both
def test_every_letter_goes_to_its_reader(hand_over, pipelines):
    outcomes, accepted = hand_over("abcdefghij", Behaviour(pipelines=pipelines), most=3)
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert accepted == {f"{name}@example.org": 1 for name in "abcdefghij"}


@both
@pytest.mark.parametrize("takes_letters_for_nobody", [False, True])
def test_a_refused_reader_is_the_one_who_is_refused(hand_over, pipelines, takes_letters_for_nobody):
    refuse = {"b@example.org": "550 5.1.1 no such user"}
    behaviour = Behaviour(refuse=refuse, pipelines=pipelines, takes_letters_for_nobody=takes_letters_for_nobody)
    outcomes, accepted = hand_over("abc", behaviour, most=2)
    assert [outcome.verdict for outcome in outcomes] == ["accepted", "refused", "accepted"]
    assert outcomes[1].reason == "550 5.1.1 no such user (answer to RCPT)"
    assert accepted == {"a@example.org": 1, "c@example.org": 1}


@both
@pytest.mark.parametrize(
    ("behaviour", "verdict"),
    [
        ({"sender_answer": "550 who are you"}, "down"),
        ({"refuse": {"a@example.org": "451 later"}}, "temporary"),
        ({"refuse": {"a@example.org": "554 5.7.1 no relaying"}}, "down"),
        ({"refuse": {"a@example.org": "421 too busy"}}, "down"),
        ({"answer_to_letter": {"a@example.org": "554 spam"}}, "refused"),
        ({"answer_to_letter": {"a@example.org": "452 full"}}, "temporary"),
        ({"hang_up_after": "MAIL"}, "down"),
        ({"hang_up_after": "RCPT"}, "down"),
        ({"silent_after": "RCPT"}, "down"),
        ({"hang_up_after": "DOT"}, "unknown"),
        ({"silent_after": "DOT"}, "unknown"),
    ],
)
def test_the_verdict_is_the_same_in_one_go_and_step_by_step(hand_over, pipelines, behaviour, verdict):
    outcomes, _ = hand_over("a", Behaviour(pipelines=pipelines, **behaviour))
    assert [outcome.verdict for outcome in outcomes] == [verdict]


@both
def test_a_server_that_wants_a_new_connection_now_and_then_gets_one(hand_over, pipelines):
    outcomes, accepted = hand_over("abcdefg", Behaviour(pipelines=pipelines, letters_a_connection=2))
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert accepted.total() == 7


def test_a_slow_answer_to_one_letter_does_not_hold_up_the_others(hand_over):
    begun = time.monotonic()
    outcomes, accepted = hand_over("abcdefgh", Behaviour(delay=0.4), most=3)
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert (accepted.total(), time.monotonic() - begun < 8 * 0.4) == (8, True)


def test_an_address_that_the_server_cannot_carry_is_refused_and_nothing_is_said(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    carrier = open_carrier()
    carrier.start(Handing((1,), ("jörg@example.org",), LETTER % "jörg@example.org".encode()))
    (handing,) = carrier.wait(1)
    assert handing.outcomes[0].verdict == "refused"
