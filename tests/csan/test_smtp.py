"""SMTP over several connections, in one go or step by step: the verdicts are the same."""

import time

import pytest

from csan.lib.mail import Handing, open_carrier
from csan.lib.mail.smtp import HARD_OF_HEARING, SmtpCarrier
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
            waiting = letters(names)
            handings, under_way = list(waiting), 0
            while waiting or under_way:
                while waiting and carrier.room():
                    carrier.announce(waiting.pop(0))
                    under_way += 1
                for handing in carrier.ready():
                    carrier.start(handing)
                under_way -= len(carrier.wait(5))
                if not carrier.room() and not under_way:
                    break
            carrier.close()
            return [each.outcomes[0] for each in handings if each.outcomes], server.accepted()

    return work


def letters(names):
    return [
        Handing((n,), (f"{name}@example.org",), LETTER % f"{name}@example.org".encode())
        for n, name in enumerate(names)
    ]


both = pytest.mark.parametrize("pipelines", [False, True])


@both
def test_every_letter_goes_to_its_reader(hand_over, pipelines):
    outcomes, accepted = hand_over("abcdefghij", Behaviour(pipelines=pipelines), most=3)
    assert {outcome.verdict for outcome in outcomes} == {"accepted"}
    assert accepted == {f"{name}@example.org": 1 for name in "abcdefghij"}


@both
@pytest.mark.parametrize("most", [1, 2])
@pytest.mark.parametrize("takes_letters_for_nobody", [False, True])
def test_a_refused_reader_is_the_one_who_is_refused(hand_over, pipelines, takes_letters_for_nobody, most):
    refuse = {"b@example.org": "550 5.1.1 no such user"}
    behaviour = Behaviour(refuse=refuse, pipelines=pipelines, takes_letters_for_nobody=takes_letters_for_nobody)
    outcomes, accepted = hand_over("abc", behaviour, most=most)
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
    carrier.announce(Handing((1,), ("jörg@example.org",), LETTER % "jörg@example.org".encode()))
    (handing,) = carrier.wait(1)
    assert handing.outcomes[0].verdict == "refused"


class TestNamedBehind:
    """The next letter's reader is named before the one before it was answered."""

    def test_a_letter_costs_one_round_trip(self, hand_over):
        behaviour = Behaviour(pipelines=True, is_answered_with_the_next="a@example.org")
        outcomes, accepted = hand_over("abc", behaviour)
        assert [outcome.verdict for outcome in outcomes] == ["accepted"] * 3
        assert accepted == {f"{name}@example.org": 1 for name in "abc"}

    def test_where_the_answer_is_lost_only_the_letter_itself_is_in_doubt(self, hand_over):
        outcomes, accepted = hand_over("abc", behind_a(hang_up_after="DOT"))
        assert [outcome.verdict for outcome in outcomes] == ["unknown", "accepted", "accepted"]
        assert accepted == {f"{name}@example.org": 1 for name in "abc"}

    @pytest.mark.parametrize("answer", ["554 spam", "452 full", "421 enough for today"])
    def test_a_refused_letter_says_nothing_of_the_next(self, hand_over, answer):
        outcomes, accepted = hand_over("ab", behind_a(answer_to_letter={"a@example.org": answer}))
        assert outcomes[0].reason == f"{answer} (answer to the letter)"
        assert outcomes[1].verdict == "accepted"
        assert accepted == {"b@example.org": 1}

    @pytest.mark.parametrize(
        ("answer", "verdict"),
        [("550 no such user", "refused"), ("451 later", "temporary"), ("554 5.7.1 no relaying", "down")],
    )
    def test_its_own_answer_counts_and_what_is_about_us_is_asked_again(self, hand_over, answer, verdict):
        outcomes, accepted = hand_over("abc", behind_a(refuse={"b@example.org": answer}))
        assert [outcome.verdict for outcome in outcomes] == ["accepted", verdict, "accepted"]
        assert accepted == {"a@example.org": 1, "c@example.org": 1}

    @pytest.mark.parametrize("fault", [{"hang_up_after": "RCPT"}, {"silent_after": "RCPT"}])
    def test_a_connection_that_ends_before_its_words_left_has_not_delivered_it(self, hand_over, fault):
        outcomes, accepted = hand_over("ab", Behaviour(pipelines=True, only_for="b@example.org", **fault))
        assert [outcome.verdict for outcome in outcomes] == ["accepted", "down"]
        assert accepted == {"a@example.org": 1}

    def test_a_server_that_loses_what_follows_a_letter_is_told_it_again_and_not_so_any_more(self, hand_over, settings):
        outcomes, accepted = hand_over("abcdefgh", Behaviour(pipelines=True, loses_what_follows=True), most=2)
        assert [outcome.verdict for outcome in outcomes] == ["accepted"] * 8
        assert accepted == {f"{name}@example.org": 1 for name in "abcdefgh"}
        assert ("127.0.0.1", settings.EMAIL_PORT) in HARD_OF_HEARING


class TestRetracted:
    """What was announced and must not leave: no words of it do, and the server is left without an open letter."""

    @pytest.fixture
    def carrier(self, settings, tmp_path):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.EMAIL_FINAL_TIMEOUT = "127.0.0.1", 5, 5
        with running(tmp_path, Behaviour(pipelines=True, delay=0.1)) as self.server:
            settings.EMAIL_PORT = self.server.port
            carrier = SmtpCarrier(1)
            carrier.open(1)
            self.first, self.second = letters("ab")
            carrier.announce(self.first)
            while not carrier.ready():
                carrier.wait(5)
            yield carrier
            carrier.close()

    def wait_for(self, carrier):
        while not (done := carrier.wait(5)):
            pass
        return done

    def test_a_letter_the_server_waits_for(self, carrier):
        carrier.retract()
        assert (carrier.ready(), carrier.room(), self.server.accepted()) == ([], 0, {})

    @pytest.mark.parametrize("is_named_late", [False, True])
    def test_a_letter_named_behind_another_which_is_heard_to_its_end(self, carrier, is_named_late):
        steps = [lambda: carrier.announce(self.second), lambda: carrier.start(self.first)]
        for step in reversed(steps) if is_named_late else steps:
            step()
        carrier.retract()
        assert self.wait_for(carrier) == [self.first]
        assert (carrier.ready(), carrier.room()) == ([], 0)
        assert (self.first.outcomes[0].verdict, self.second.outcomes) == ("accepted", [])
        assert self.server.accepted() == {"a@example.org": 1}

    def test_afterwards_new_connections_carry_on(self, carrier):
        carrier.retract()
        assert carrier.open(1) is None
        carrier.announce(self.second)
        while not carrier.ready():
            carrier.wait(5)
        carrier.start(self.second)
        assert self.wait_for(carrier) == [self.second]
        assert self.server.accepted() == {"b@example.org": 1}


def behind_a(**behaviour):
    """A server to which b is named behind a."""
    return Behaviour(pipelines=True, only_for="a@example.org", **behaviour)
