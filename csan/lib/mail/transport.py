"""Handing a letter over, and saying honestly what became of it.

Five verdicts. ACCEPTED: the service has it. REFUSED: it will not take this letter for this person, go on with the
next. TEMPORARY: surely not accepted, try this one later. DOWN: surely not accepted, and the service is not to be
reached, so leave the others for later too. UNKNOWN: it may or may not have been accepted.

The line between "surely not" and "unknown" in SMTP is the final dot: a server takes responsibility only with its
answer to that dot (RFC 5321, 4.2.5 and 6.1), so whatever fails before the dot has left us was surely not accepted.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from typing import Protocol

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from anymail.message import AnymailRecipientStatus
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.exceptions import SSLError as UrllibSSLError

POLICY = b"5.7."  # RFC 3463, 3.8: security or policy, such as "relay access denied"; not this person's doing
SERVICE_CLOSING = 421  # RFC 5321, 4.2.3: the server closes the channel whatever was said


class Verdict(StrEnum):
    """What became of a letter that was handed over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TEMPORARY = "temporary"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """A verdict, the reason in the service's words, and the service's own name for the letter if it gave one."""

    verdict: Verdict
    reason: str = ""
    provider_id: str = ""


ACCEPTED = Outcome(Verdict.ACCEPTED)


class Transport(Protocol):
    """A connection to the mail service, kept open from letter to letter."""

    takes_bytes: bool  # whether `send` wants the letter as it goes over the wire

    def connect(self) -> Outcome | None:
        """Reach the service before any letter is begun. What went wrong (DOWN), or None."""
        ...

    def send(self, *, to: str, words: bytes | EmailMultiAlternatives) -> Outcome:
        """Hand one letter over. Never raises for mail trouble."""
        ...

    def close(self) -> None: ...


def open_transport() -> Transport:
    """The transport that `EMAIL_URL` names."""
    backend = mail.get_connection()
    return SmtpTransport(backend) if isinstance(backend, SmtpBackend) else BackendTransport(backend)


class SmtpTransport:
    """SMTP, spoken step by step so that each failure is told apart. TLS, login and time-outs are Django's."""

    takes_bytes = True

    def __init__(self, backend: SmtpBackend) -> None:
        self.backend = backend
        self.sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

    def connect(self) -> Outcome | None:
        try:
            self.backend.open()
            assert self.backend.connection is not None
            self.backend.connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Outcome(Verdict.DOWN, f"could not reach the mail server: {describe(error)}")
        return None

    def send(self, *, to: str, words: bytes | EmailMultiAlternatives) -> Outcome:
        assert isinstance(words, bytes)
        if trouble := self.connect():
            return trouble
        assert self.backend.connection is not None  # connect has seen to it
        return self._converse(self.backend.connection, to, quote_dots(words))

    def close(self) -> None:
        """Leave without waiting: what was answered was answered."""
        server, self.backend.connection = self.backend.connection, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.close()

    def _converse(self, server: smtplib.SMTP, to: str, message: bytes) -> Outcome:
        sent_whole = False
        try:
            body = " BODY=8BITMIME" if server.has_extn("8bitmime") else ""
            for command, argument, wanted in (
                ("MAIL", f"FROM:<{self.sender}>{body}", (250,)),
                ("RCPT", f"TO:<{to}>", (250, 251)),
                ("DATA", "", (354,)),
            ):
                code, reply = server.docmd(command, argument)
                if code not in wanted:
                    return self._objection(server, command, code, reply)
            server.send(message)
            sent_whole = True
            code, reply = self._final_answer(server)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            if sent_whole:
                return Outcome(Verdict.UNKNOWN, f"no answer after the letter had been sent: {describe(error)}")
            return Outcome(Verdict.DOWN, f"the mail server hung up before it had the letter: {describe(error)}")
        return ACCEPTED if code == 250 else self._objection(server, "the letter", code, reply)

    def _final_answer(self, server: smtplib.SMTP) -> tuple[int, bytes]:
        """The answer to the dot, which may take long: a server that scans letters does it now."""
        assert server.sock is not None
        server.sock.settimeout(settings.EMAIL_FINAL_TIMEOUT)
        try:
            return server.getreply()
        finally:
            if server.sock is not None:
                server.sock.settimeout(self.backend.timeout)

    def _objection(self, server: smtplib.SMTP, command: str, code: int, reply: bytes) -> Outcome:
        """What a refusal means: 5xx to a person or letter is final, 5xx that is about us is our trouble and passes."""
        reason = f"{code} {reply.decode(errors='replace')} (answer to {command})"
        if code == SERVICE_CLOSING:
            self.close()
            return Outcome(Verdict.DOWN, reason)
        with suppress(smtplib.SMTPException, OSError):
            server.rset()
        about_us = command == "MAIL" or (command == "RCPT" and reply.startswith(POLICY))
        if code < 400 or about_us:
            return Outcome(Verdict.DOWN, reason)
        return Outcome(Verdict.REFUSED if code >= 500 else Verdict.TEMPORARY, reason)


class BackendTransport:
    """Any other e-mail backend of Django: a mail service by django-anymail, or files."""

    takes_bytes = False

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def connect(self) -> Outcome | None:
        return None  # these connect letter by letter, or not at all

    def send(self, *, to: str, words: bytes | EmailMultiAlternatives) -> Outcome:
        assert isinstance(words, EmailMultiAlternatives)
        try:
            self.backend.open()
            count = self.backend.send_messages([words])
        except AnymailConfigurationError as error:
            return Outcome(Verdict.DOWN, describe(error))
        except AnymailError as error:
            return judge_anymail(error)
        except requests.RequestException as error:
            return judge_request(error)
        except OSError as error:
            return Outcome(Verdict.DOWN, describe(error))
        status = getattr(words, "anymail_status", None)
        if status is None and count:  # a backend of Django's own: what it does not refuse it has
            return ACCEPTED
        return judge_status(next(iter(status.recipients.values()), None) if status else None)

    def close(self) -> None:
        self.backend.close()


def judge_status(answer: AnymailRecipientStatus | None) -> Outcome:
    """What a mail service says of the one recipient; statuses are django-anymail's."""
    said = f"the mail service says: {answer.status if answer else 'nothing'}"
    match answer.status if answer else None:
        case "sent" | "queued":
            assert answer is not None
            return Outcome(Verdict.ACCEPTED, provider_id="" if answer.message_id is None else str(answer.message_id))
        case "invalid" | "rejected":
            return Outcome(Verdict.REFUSED, said)
        case "failed":
            return Outcome(Verdict.TEMPORARY, said)
    return Outcome(Verdict.UNKNOWN, said)


def judge_anymail(error: AnymailError) -> Outcome:
    """What an error of django-anymail means for the letter."""
    if isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress):
        return Outcome(Verdict.REFUSED, describe(error))
    if isinstance(error, AnymailSerializationError | AnymailUnsupportedFeature):
        return Outcome(Verdict.TEMPORARY, describe(error))
    if isinstance(error, AnymailAPIError):
        if isinstance(error.__cause__, requests.RequestException):
            return judge_request(error.__cause__)
        code = error.status_code or 0
        if code in (400, 413, 422):  # this letter is not what the service wants; others may be
            return Outcome(Verdict.TEMPORARY, describe(error))
        if 400 <= code < 500:  # our key, our quota, our pace
            return Outcome(Verdict.DOWN, describe(error))
    return Outcome(Verdict.UNKNOWN, describe(error))


def judge_request(error: requests.RequestException) -> Outcome:
    """A connection that never stood carried nothing; one that broke may have carried the letter."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    never_stood = isinstance(error, requests.ConnectTimeout) or isinstance(
        cause, NewConnectionError | ConnectTimeoutError
    )
    if isinstance(cause, UrllibSSLError):  # a certificate is looked at before anything is sent
        never_stood = any(isinstance(each, ssl.SSLCertVerificationError) for each in cause.args)
    return Outcome(Verdict.DOWN if never_stood else Verdict.UNKNOWN, describe(error))


def quote_dots(data: bytes) -> bytes:
    """A message as DATA wants it: lines that begin with a dot get another (RFC 5321, 4.5.2), then the final dot."""
    return re.sub(rb"(?m)^\.", b"..", data).rstrip(b"\r\n") + b"\r\n.\r\n"


def describe(error: BaseException) -> str:
    """An error in one line, for the row of the letter; what it says of a person stays on that person's row."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
