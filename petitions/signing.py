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
from csan.lib.rows import change, insert_together, new_row, next_number
from csan.lib.states import state_of
from members import outbox, subscriptions
from members.directory import local_named
from members.models import Person
from petitions import confirm_codes, districts, emails, holding, surge, tallies
from petitions.fraud import evidence, invalidating
from petitions.models import Petition, Signature

PURPOSE = "confirm-signature"
LINK_AGE = timedelta(days=7)
GRACE = timedelta(hours=24)  # for confirming, after the petition has closed
MOST_LETTERS = 5  # about one signature, of all kinds; anybody can type anybody's address
MOST_WHILE_PENDING = MOST_LETTERS - 1  # so that the thanks, with the link of the private page, can always go

Status = Signature.Status
PLACED = ("district", "district_how", "district_congress", "known_local")
CORRECTED = (
    "given_name", "family_name", "zip_code", "state", "local", "comment", "show_name", "shown_as", "story_shown_at",
    "story_place", *PLACED,
)  # fmt: skip
# By hand, because a crowd confirms, and Django makes the statement anew for each of them.
COUNTING = (
    "status", "confirmed_at", "letters_sent", "district", "district_how", "district_congress", "known_local_id", "pk",
)  # fmt: skip
MAKE_IT_COUNT = """
    UPDATE petitions_signature
    SET status = %s, confirmed_at = %s, letters_sent = %s, district = %s, district_how = %s, district_congress = %s,
        known_local_id = %s
    WHERE id = %s
"""


class PetitionClosed(Exception):
    """The petition is not open for what was asked."""


class LinkExpired(Exception):
    """The confirm link is too old, was not made by us, or belongs to a request that was withdrawn since."""


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
    source_code: str = "",
    suspicion: int = 0,
    seen: evidence.Seen | None = None,
) -> None:
    """Sign, to be confirmed by a letter's link. Raises PetitionClosed. Never tells a new signer from a known one."""
    if not petition.is_open:
        raise PetitionClosed
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
        "source_code": source_code,
        "suspicion": suspicion,
    }
    _insert_or_ask_again(petition, typed, seen)


def _insert_or_ask_again(petition: Petition, typed: dict[str, Any], seen: evidence.Seen | None) -> None:
    """The signature, its letter and its evidence, in one statement: this is the busiest moment of the site."""
    now, key = timezone.now(), email_key(typed["email"])
    columns = {name: value for name, value in typed.items() if name != "version"} | {"petition_id": petition.pk}
    while True:  # a second time only where the row we met was deleted before we could hold it
        new = new_row(Signature, **columns, email_key=key, asked_at=now, created_at=now, letters_sent=1)
        new.pk, new.version = next_number(Signature), typed["version"]
        letter = emails.first_letter(new, confirm_token(new), confirm_codes.code_of(new))
        if insert_together(new, letter, *evidence.of(new, seen, now=now)):
            outbox.ring_on_commit()
            return
        with transaction.atomic():
            if (known := _known(petition, key)) is not None:
                overwrites = known.status in (Status.PENDING, Status.WITHDRAWN)
                _sign_again(known, typed, now)
                evidence.keep_again(known, seen, now=now, overwrites=overwrites)
                return


def _known(petition: Petition, key: str) -> Signature | None:
    rows = Signature.objects.select_for_update(of=("self",)).select_related("petition", "version")
    return rows.filter(petition=petition, email_key=key).first()


def _sign_again(signature: Signature, typed: dict[str, Any], now: datetime) -> None:
    """A mailbox that has signed before. Details are overwritten only while nobody has confirmed them.

    What staff have set aside stays so. So does what counts of somebody who was erased: only a hash of the mailbox is
    left, and it keeps them from being counted twice.
    """
    if signature.status == Status.INVALID or (signature.status == Status.CONFIRMED and signature.is_erased):
        return
    changed: dict[str, Any] = {} if signature.status == Status.CONFIRMED else dict(typed)
    if signature.status == Status.WITHDRAWN:
        changed |= {"status": Status.PENDING, "withdrawn_at": None, "confirmed_at": None}
        changed |= {"asked_at": now, "letters_sent": 0, "reminders_sent": 0}
        changed |= {"district": "", "district_how": "", "district_congress": None, "known_local": None}
    for name, value in changed.items():
        setattr(signature, name, value)
    if signature.letters_sent < _most_letters(signature):
        # A link is renewed well before it dies, and an old one dies only where a new one goes out.
        if signature.status == Status.PENDING and now - signature.asked_at > LINK_AGE / 2:
            signature.asked_at = changed["asked_at"] = now
        signature.letters_sent += _write_to(signature)
    signature.save(update_fields=[*changed, "letters_sent"])


def _most_letters(signature: Signature) -> int:
    return MOST_LETTERS if signature.status == Status.CONFIRMED else MOST_WHILE_PENDING


def _write_to(signature: Signature) -> bool:
    if signature.status == Status.CONFIRMED:
        return emails.already_signed(signature)
    return emails.confirm_signature(signature, confirm_token(signature), confirm_codes.code_of(signature))


def confirm_token(signature: Signature) -> str:
    """What the confirm link carries: good for LINK_AGE and for this request only."""
    return signing.sign(PURPOSE, f"{signature.pk}.{signature.moment}")


def signature_of(token: str) -> Signature:
    """The signature a confirm link speaks of. Raises LinkExpired; PetitionClosed when it comes too late.

    The link of a confirmed signature stays good for its age: pressing it again shows the same and does nothing.
    """
    pk, moment = _read(token)
    rows = Signature.objects.standing().filter(pk=pk).select_related("petition", "version")
    return _if_still_asked(next(iter(rows), None), moment)


def _read(token: str) -> tuple[str, str]:
    """The number of the signature, and the moment it was asked for."""
    try:
        pk, _, moment = signing.read(PURPOSE, token, max_age=LINK_AGE).partition(".")
    except signing.BadToken as error:
        raise LinkExpired from error
    return pk, moment


def _if_still_asked(signature: Signature | None, moment: str) -> Signature:
    if signature is None or signature.is_erased:
        raise LinkExpired
    if signature.status == Status.PENDING and signature.moment != moment:
        raise LinkExpired
    _refuse_when_too_late(signature)
    return signature


def _refuse_when_too_late(signature: Signature) -> None:
    closes_at = signature.petition.closes_at
    if signature.status == Status.PENDING and closes_at is not None and closes_at + GRACE <= timezone.now():
        raise PetitionClosed


@transaction.atomic
def confirm_signature(*, token: str, seen: evidence.Seen | None = None) -> Signature:
    """The link's button was pressed. Pressing it twice does nothing twice. Raises LinkExpired, PetitionClosed."""
    pk, moment = _read(token)
    return _confirm(_if_still_asked(holding.standing(pk), moment), seen)


@transaction.atomic
def confirm_by_code(*, email: str, code: str, seen: evidence.Seen | None = None) -> Signature:
    """The letter's code was typed, which does what its link does. Raises LinkExpired, PetitionClosed."""
    found = confirm_codes.signature_by_code(email=email, code=code)
    if found is None:
        raise LinkExpired
    return _confirm(_if_still_asked(holding.standing(found.pk), found.moment), seen)


def _confirm(signature: Signature, seen: evidence.Seen | None) -> Signature:
    """Make a held signature count, once."""
    if signature.status == Status.CONFIRMED:
        return signature
    _look_up(signature)
    signature.status, signature.confirmed_at = Status.CONFIRMED, timezone.now()
    signature.letters_sent += 1
    change(MAKE_IT_COUNT, [getattr(signature, name) for name in COUNTING])
    evidence.keep_confirming(signature, seen)
    tallies.note([signature], 1)
    person = verified_person(signature)
    if signature.wants_newsletter:
        subscriptions.subscribe_verified(person=person, wording=signature.newsletter_wording, source=signature.source)
    emails.thank_you(signature)
    return signature


def _look_up(signature: Signature) -> None:
    """Say on the row, without saving it, in which district it is signed, and which local of our list is meant.

    While look-ups are switched off, the district is left for `petitions.resolving` to fill in.
    """
    signature.known_local = local_named(signature.local)
    if not surge.switches().looks_up_districts:
        return
    found = districts.find(signature.zip_code)
    signature.district_how = found.how
    signature.district, signature.district_congress = found.district, found.congress if found.district else None


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
    withdrawn = {"status": Status.WITHDRAWN, "withdrawn_at": timezone.now(), "story_shown_at": None, "story_place": ""}
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
    shown_as: str | None = None,
) -> Signature:
    """The signer puts their details right, or shows or hides their name. What no longer stands is left as it is.

    A signature that counts moves to the state and the district of its new ZIP code, and to the local that is meant. A
    comment that staff show is theirs to read again when it, or the name that stands under it, has other words; to hide
    the name is not to say anything new.
    """
    held = Signature.objects.select_for_update().standing().filter(pk=signature.pk).first()
    if held is None or held.is_erased:
        signature.refresh_from_db()
        return signature
    before, was, read = tallies.parts_of(held), (held.zip_code[:5], held.local), (held.comment, held.public_name)
    was_shown_as = held.shown_as
    held.given_name, held.family_name, held.zip_code = given_name, family_name, zip_code
    held.state = state_of(zip_code)
    held.local, held.comment, held.show_name = local, comment, show_name
    held.shown_as = was_shown_as if shown_as is None else shown_as
    if held.status == Status.CONFIRMED and was != (zip_code[:5], local):
        _look_up_again(held, moved=was[0] != zip_code[:5])
    if (comment, held.public_name or read[1]) != read or held.shown_as != was_shown_as:
        held.story_shown_at = None
    if held.story_shown_at is None or was[0] != zip_code[:5]:
        held.story_place = ""  # it spoke of the place where they were
    held.save(update_fields=CORRECTED)
    if held.status == Status.CONFIRMED:
        tallies.note_moved(before=before, after=held)
    signature.refresh_from_db()
    return signature


def _look_up_again(signature: Signature, *, moved: bool) -> None:
    """After a correction. Who has not moved keeps the district, which they may have chosen."""
    if moved:
        _look_up(signature)
    else:
        signature.known_local = local_named(signature.local)


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
    invalidating.release([row.pk for row in rows])
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
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=status, story_shown_at=None, story_place=""
    )
