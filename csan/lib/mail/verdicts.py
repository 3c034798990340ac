"""What became of a letter that was handed over, said honestly.

Five verdicts. ACCEPTED: the service has it. REFUSED: it will not take this letter for this person, go on with the
next. TEMPORARY: surely not accepted, try this one later. DOWN: surely not accepted, and the service is not to be
reached, so leave the others for later too. UNKNOWN: it may or may not have been accepted.
"""

import ssl
from dataclasses import dataclass
from enum import StrEnum

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from anymail.message import AnymailRecipientStatus
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.exceptions import SSLError as UrllibSSLError


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
# After these the service is not to be trusted with another letter just now: an outage costs what is in hand, not all.
STOPS = (Verdict.DOWN, Verdict.UNKNOWN)


def judge_status(answer: AnymailRecipientStatus | None) -> Outcome:
    """What a mail service says of one recipient; statuses are django-anymail's."""
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


def describe(error: BaseException) -> str:
    """An error in one line, for the row of the letter; what it says of a person stays on that person's row."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
