"""Django's other e-mail backends: a mail service by django-anymail over a few threads, or files by one.

A thread keeps its own backend and so its own HTTP connection. Threads know nothing of the database.
"""

import threading
from queue import Empty, SimpleQueue

import requests
from anymail.exceptions import AnymailConfigurationError, AnymailError
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from csan.lib.mail.privacy import assert_private
from csan.lib.mail.transport import Handing
from csan.lib.mail.verdicts import ACCEPTED, Outcome, Verdict, describe, judge_anymail, judge_request, judge_status


class ServiceCarrier:
    """Up to `most` threads; `most_together` copies in one call where the service makes each its own."""

    takes_bytes = False

    def __init__(self, most: int, most_together: int = 1) -> None:
        self.most = max(1, most)
        self.most_together = most_together
        self.threads: list[threading.Thread] = []
        self.announced: list[Handing] = []
        self.work: SimpleQueue[Handing | None] = SimpleQueue()
        self.done: SimpleQueue[Handing] = SimpleQueue()
        self.in_hand = 0

    def open(self, letters: int) -> Outcome | None:
        return None  # these connect letter by letter, or not at all

    def room(self) -> int:
        return self.most - self.in_hand - len(self.announced)

    def announce(self, handing: Handing) -> None:
        assert_private(handing.words, handing.recipients, is_batch=self.most_together > 1)
        self.announced.append(handing)

    def ready(self) -> list[Handing]:
        return list(self.announced)

    def start(self, handing: Handing) -> None:
        self.announced.remove(handing)
        self.in_hand += 1
        if len(self.threads) < min(self.in_hand, self.most):
            thread = threading.Thread(target=self._work, name="mail service", daemon=True)
            self.threads.append(thread)
            thread.start()
        self.work.put(handing)

    def wait(self, seconds: float) -> list[Handing]:
        done: list[Handing] = []
        try:
            done.append(self.done.get(timeout=max(seconds, 0)))
            while True:
                done.append(self.done.get_nowait())
        except Empty:
            self.in_hand -= len(done)
            return done

    def retract(self) -> None:
        self.announced.clear()

    def close(self) -> None:
        self.retract()
        for _ in self.threads:
            self.work.put(None)
        self.threads, self.work = [], SimpleQueue()

    def _work(self) -> None:
        work, done = self.work, self.done  # those it was started for
        backend = mail.get_connection()
        while handing := work.get():
            try:
                hand_over(backend, handing)
            except Exception as error:  # whatever a mail library comes up with, the letter must be settled
                handing.all_are(Outcome(Verdict.UNKNOWN, f"an error while handing it over: {describe(error)}"))
            done.put(handing)
        backend.close()


def hand_over(backend: BaseEmailBackend, handing: Handing) -> None:
    """One call to the service, and what it says of each letter."""
    assert isinstance(handing.words, EmailMultiAlternatives)
    try:
        backend.open()
        count = backend.send_messages([handing.words])
    except AnymailConfigurationError as error:
        handing.all_are(Outcome(Verdict.DOWN, describe(error)))
    except AnymailError as error:
        _judge_each(handing, judge_anymail(error))
    except requests.RequestException as error:
        handing.all_are(judge_request(error))
    except OSError as error:
        handing.all_are(Outcome(Verdict.DOWN, describe(error)))
    else:
        if getattr(handing.words, "anymail_status", None) is None and count:
            handing.all_are(ACCEPTED)  # a backend of Django's own: what it does not refuse it has
        else:
            _judge_each(handing, judge_status(None))


def _judge_each(handing: Handing, otherwise: Outcome) -> None:
    """What the service said of each reader by name; `otherwise` of those it did not name."""
    status = getattr(handing.words, "anymail_status", None)
    named = {
        address.lower(): judge_status(answer) for address, answer in (status.recipients if status else {}).items()
    }
    if otherwise.verdict is Verdict.REFUSED and len(handing.recipients) == 1:
        named = {}
    # A service that answers 4xx has taken nothing, even where it does not say of whom it complains.
    code = getattr(getattr(status, "esp_response", None), "status_code", 0)
    outcomes = [named.get(to.lower(), otherwise) for to in handing.recipients]
    handing.outcomes = [
        Outcome(Verdict.TEMPORARY, each.reason) if each.verdict is Verdict.UNKNOWN and 400 <= code < 500 else each
        for each in outcomes
    ]
