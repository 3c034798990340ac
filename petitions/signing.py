"""Signing, confirming, correcting, withdrawing; and staff setting signatures aside.

A form never tells whether an address had signed before: every `sign` ends the same way, and the letter to that
address says what there is to say.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from csan.lib import audit, signing
from csan.lib.addresses import email_key
from csan.lib.rows import insert_unless_known
from csan.lib.states import state_of
from members import subscriptions
from members.models import Person
from petitions import emails, tallies
from petitions.models import Petition, Signature

PURPOSE = "confirm-signature"
LINK_AGE = timedelta(days=7)
GRACE = timedelta(hours=24)  # for confirming, after the petition has closed
MOST_LETTERS = 5  # to one mailbox in answer to one request; anybody can type anybody's address
REST = timedelta(days=1)  # after which a signer who signs again is written to anew

Status = Signature.Status
CORRECTED = (
    "given_name", "family_name", "zip_code", "state", "local", "comment", "show_name", "story_shown_at",
)  # fmt: skip


class PetitionClosed(Exception):
    """The petition is not open for what was asked."""


class LinkExpired(Exception):
    """The confirm link is too old, was not made by us, or belongs to a request that was withdrawn since."""


@transaction.atomic
def sign(
    *,
    petition: Petition,
    email: str,
    given_name: str,
    family_name: str,
    zip_code: str,
    local: str = "",
    comment: str = "",
    show_name: bool = False,
    wants_newsletter: bool = False,
    newsletter_wording: str = "",
    language: str = "en",
    source: str = "",
    suspicion: int = 0,
) -> None:
    """Sign, to be confirmed by the link in a letter. Raises PetitionClosed.

    Gives nothing back, so that no caller can tell a new signer from a known one.
    """
    if not petition.is_open:
        raise PetitionClosed
    now = timezone.now()
    typed: dict[str, Any] = {
        "version": petition.current_version,
        "email": email,
        "given_name": given_name,
        "family_name": family_name,
        "zip_code": zip_code,
        "state": state_of(zip_code),
        "local": local,
        "comment": comment,
        "show_name": show_name,
        "wants_newsletter": wants_newsletter,
        "newsletter_wording": newsletter_wording if wants_newsletter else "",
        "language": language,
        "source": source,
        "suspicion": suspicion,
    }
    _insert_or_ask_again(petition, typed, now)


def _insert_or_ask_again(petition: Petition, typed: dict[str, Any], now: datetime) -> None:
    key = email_key(typed["email"])
    new = Signature(petition=petition, email_key=key, asked_at=now, created_at=now, letters_sent=1, **typed)
    if insert_unless_known(new):
        emails.confirm_signature(new, confirm_token(new))
    else:
        _sign_again(_known(petition, key), typed, now)


def _known(petition: Petition, key: str) -> Signature:
    rows = Signature.objects.select_for_update(of=("self",)).select_related("petition", "version")
    return rows.get(petition=petition, email_key=key)


def _sign_again(signature: Signature, typed: dict[str, Any], now: datetime) -> None:
    """A mailbox that has signed before. Details are overwritten only while nobody has confirmed them."""
    if signature.status == Status.INVALID:
        return
    changed: dict[str, Any] = {} if signature.status == Status.CONFIRMED else dict(typed)
    if signature.status == Status.WITHDRAWN:
        changed |= {"status": Status.PENDING, "withdrawn_at": None, "confirmed_at": None}
    if signature.status == Status.WITHDRAWN or now - signature.asked_at > _patience(signature):
        changed |= {"asked_at": now, "letters_sent": 0}
    for name, value in changed.items():
        setattr(signature, name, value)
    if signature.letters_sent < MOST_LETTERS and _write_to(signature):
        signature.letters_sent += 1
    signature.save(update_fields=[*changed, "letters_sent"])


def _patience(signature: Signature) -> timedelta:
    """How long a request stands before signing again counts as a new one. A link is renewed well before it dies."""
    return REST if signature.status == Status.CONFIRMED else LINK_AGE / 2


def _write_to(signature: Signature) -> bool:
    if signature.status == Status.CONFIRMED:
        return emails.already_signed(signature)
    return emails.confirm_signature(signature, confirm_token(signature))


def confirm_token(signature: Signature) -> str:
    """What the confirm link carries: good for LINK_AGE and for this request only."""
    return signing.sign(PURPOSE, f"{signature.pk}.{signature.moment}")


def signature_of(token: str) -> Signature:
    """The signature a confirm link speaks of. Raises LinkExpired; PetitionClosed when it comes too late.

    The link of a confirmed signature stays good for its age: pressing it again shows the same and does nothing.
    """
    try:
        pk, _, moment = signing.read(PURPOSE, token, max_age=LINK_AGE).partition(".")
    except signing.BadToken as error:
        raise LinkExpired from error
    signature = Signature.objects.standing().select_related("petition", "version").filter(pk=pk).first()
    if signature is None:
        raise LinkExpired
    if signature.status == Status.PENDING:
        if signature.moment != moment:
            raise LinkExpired
        closes_at = signature.petition.closes_at
        if closes_at is not None and closes_at + GRACE <= timezone.now():
            raise PetitionClosed
    return signature


@transaction.atomic
def confirm_signature(*, token: str) -> Signature:
    """The link's button was pressed. Pressing it twice does nothing twice. Raises LinkExpired, PetitionClosed."""
    signature = signature_of(token)
    now = timezone.now()
    became_confirmed = Signature.objects.filter(
        pk=signature.pk, status=Status.PENDING, asked_at=signature.asked_at
    ).update(status=Status.CONFIRMED, confirmed_at=now)
    signature.refresh_from_db()
    if became_confirmed:
        tallies.note([signature], 1)
        person = verified_person(signature)
        if signature.wants_newsletter:
            subscriptions.subscribe_verified(
                person=person, wording=signature.newsletter_wording, source=signature.source
            )
        emails.thank_you(signature)
    return signature


def verified_person(signature: Signature) -> Person:
    """The person behind a confirmed signature. Somebody whose address was verified before keeps their details."""
    details = {
        "given_name": signature.given_name,
        "family_name": signature.family_name,
        "zip_code": signature.zip_code,
        "local_as_written": signature.local,
        "language": signature.language,
        "email_verified_at": signature.confirmed_at,
    }
    person, is_new = subscriptions.held_person(email=signature.email, **details)
    if not is_new and Person.objects.filter(pk=person.pk, email_verified_at=None).update(**details):
        person.refresh_from_db()
    return person


@transaction.atomic
def withdraw_signature(*, signature: Signature) -> Signature:
    """Take a signature back. Withdrawing twice, or what staff have set aside, changes nothing."""
    rows = Signature.objects.filter(pk=signature.pk)
    withdrawn = {"status": Status.WITHDRAWN, "withdrawn_at": timezone.now(), "story_shown_at": None}
    # Pending first: a confirmation between the two statements is then caught by the second.
    had_counted = not rows.filter(status=Status.PENDING).update(**withdrawn) and rows.counting().update(**withdrawn)
    signature.refresh_from_db()
    if had_counted:
        tallies.note([signature], -1)
    return signature


@transaction.atomic
def correct_signature(
    *,
    signature: Signature,
    given_name: str,
    family_name: str,
    zip_code: str,
    local: str,
    comment: str,
    show_name: bool,
) -> Signature:
    """The signer puts their details right, or shows or hides their name. What no longer stands is left as it is.

    A signature that counts moves to the state of its new ZIP code. A comment that staff show is theirs to read again
    when it, or the name that stands under it, has other words; to hide the name is not to say anything new.
    """
    held = Signature.objects.select_for_update().standing().filter(pk=signature.pk).first()
    if held is None:
        signature.refresh_from_db()
        return signature
    before, read = tallies.parts_of(held), (held.comment, held.public_name)
    held.given_name, held.family_name, held.zip_code = given_name, family_name, zip_code
    held.state = state_of(zip_code)
    held.local, held.comment, held.show_name = local, comment, show_name
    if (comment, held.public_name or read[1]) != read:
        held.story_shown_at = None
    held.save(update_fields=CORRECTED)
    if held.status == Status.CONFIRMED:
        tallies.note_moved(before=before, after=held)
    signature.refresh_from_db()
    return signature


@transaction.atomic
def invalidate_signatures(*, signatures: QuerySet[Signature], by: User) -> int:
    """Set signatures aside: forged, made by a script, not a person. How many were changed.

    They leave the count, and their comments the page; `confirmed_at` stays, so that reinstating knows which of them
    had counted.
    """
    rows = _hold(signatures, Signature.STANDING)
    _move(rows, Status.INVALID)
    tallies.note([row for row in rows if row.status == Status.CONFIRMED], -1)
    audit.record(by=by, objects=rows, did="Set aside")
    return len(rows)


@transaction.atomic
def reinstate_signatures(*, signatures: QuerySet[Signature], by: User) -> int:
    """Take back what was set aside: the confirmed count again, the others wait again. How many were changed."""
    rows = _hold(signatures, (Status.INVALID,))
    had_counted = [row for row in rows if row.confirmed_at is not None]
    _move(had_counted, Status.CONFIRMED)
    _move([row for row in rows if row.confirmed_at is None], Status.PENDING)
    tallies.note(had_counted, 1)
    audit.record(by=by, objects=rows, did="Reinstated")
    return len(rows)


def _hold(signatures: QuerySet[Signature], statuses: tuple[str, ...]) -> list[Signature]:
    """Lock the rows, in one order for everybody, and only now look at their status."""
    chosen = Signature.objects.filter(pk__in=list(signatures.values_list("pk", flat=True)), status__in=statuses)
    return list(chosen.select_for_update().order_by("pk"))


def _move(rows: list[Signature], status: str) -> None:
    # Only what counts is shown, and what was set aside is looked at anew before it is shown again.
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(status=status, story_shown_at=None)
