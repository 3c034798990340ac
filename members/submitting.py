"""A member's story, as its author moves it: sent in, confirmed, approved or sent back, withdrawn; and forgotten.

Staff see a story only after its author has pressed the button behind the link in our letter: until then anybody might
have typed the address. What staff do with it is in `posting`.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from csan.lib.addresses import email_key, new_key
from csan.lib.pictures import Prepared
from csan.lib.rows import insert_unless_known
from members import pictures, story_emails
from members.models import IssueItem, Person, Picture, Post, Submission
from members.subscriptions import held_person

Status = Submission.Status
UNCONFIRMED_FOR = timedelta(days=30)  # that a story waits for its author's button
ENDED_FOR = timedelta(days=90)  # that one is kept which was withdrawn or declined
RESERVED_SLUGS = ("submit",)
SLUG_LENGTH = 120  # leaves room for a number behind it


class NotPossibleNow(Exception):
    """The story has moved on: staff work on it again, it was published, or it has ended."""


class TextHasChanged(Exception):
    """The text is no longer the one that the author was looking at."""


@transaction.atomic
def submit(
    *,
    name: str,
    local: str,
    email: str,
    title: str,
    body: str,
    wording: str,
    source: str,
    photo: Prepared | None = None,
    photo_alt: str = "",
    photo_wording: str = "",
    language: str = "en",
    suspicion: int = 0,
) -> None:
    """Keep a story and write to its author. The same story sent twice is kept once."""
    photo_hash = photo.name[:16] if photo else ""  # the rest of the name is chance
    parts = [email_key(email), name, local, title, body, photo_alt, photo_hash]
    fresh = Submission(
        fingerprint=sha256(json.dumps(parts).encode()).hexdigest(),
        name=name,
        local=local,
        email=email,
        email_key=parts[0],
        title=title,
        body=body,
        wording=wording,
        source=source,
        language=language,
        suspicion=suspicion,
    )
    if insert_unless_known(fresh) and photo:
        fresh.picture = pictures.add(photo=photo, alt=photo_alt, alt_es=photo_alt if language == "es" else "")
        fresh.photo_wording = photo_wording
        fresh.save(update_fields=["picture", "photo_wording"])
    same = Submission.objects.filter(fingerprint=fresh.fingerprint, status=Status.UNCONFIRMED)
    same.update(created_at=timezone.now())  # the letter gives it 30 days from now
    for kept in same:  # one, or none where it was confirmed since
        story_emails.confirm_story(kept)


@transaction.atomic
def confirm(*, submission: Submission) -> bool:
    """The author's address is proved, so staff may see the story. False where it was confirmed before."""
    now = timezone.now()
    if submission.status != Status.UNCONFIRMED:
        return False
    # Before their story, as where staff erase somebody, so that no two wait for each other.
    person, _ = held_person(email=submission.email, language=submission.language, local_as_written=submission.local)
    held = _hold(submission)
    if held.status != Status.UNCONFIRMED:
        return False
    Person.objects.filter(pk=person.pk, email_verified_at=None).update(email_verified_at=now)
    held.person = person
    held.status, held.confirmed_at = Status.SUBMITTED, now
    held.post = Post.objects.create(
        kind=Post.Kind.STORY,
        title=held.title,
        slug=free_slug(held.title),
        body=held.body,
        byline=held.byline,
        language=held.language,
        picture=held.picture,
    )
    held.save(update_fields=["person", "status", "confirmed_at", "post"])
    story_emails.story_received(held)
    return True


def free_slug(title: str) -> str:
    """An address for a post that no other has, made of its title."""
    base = slugify(title)[:SLUG_LENGTH].strip("-") or "story"
    taken = set(Post.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | set(RESERVED_SLUGS)
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


@transaction.atomic
def approve(*, submission: Submission, seen: str) -> None:
    """The author agrees to the text that they saw, whose digest is `seen`. Twice is once.

    Raises TextHasChanged, NotPossibleNow.
    """
    held = _hold(submission)
    if held.status in (Status.APPROVED, Status.PUBLISHED) and held.approved_digest == seen:
        return
    if held.status not in (Status.SENT, Status.CHANGES):
        raise NotPossibleNow
    if held.final_digest != seen:
        raise TextHasChanged
    held.status, held.approved_at, held.approved_digest = Status.APPROVED, timezone.now(), seen
    held.save(update_fields=["status", "approved_at", "approved_digest"])


@transaction.atomic
def ask_for_changes(*, submission: Submission, words: str) -> None:
    """The author says what is not right yet; an approval is taken back by it. Raises NotPossibleNow."""
    held = _hold(submission)
    if held.status not in (Status.SENT, Status.CHANGES, Status.APPROVED):
        raise NotPossibleNow
    held.status, held.author_words = Status.CHANGES, words
    held.approved_at, held.approved_digest = None, ""
    held.save(update_fields=["status", "author_words", "approved_at", "approved_digest"])


@transaction.atomic
def withdraw(*, submission: Submission) -> None:
    """The author takes the story back before it was published. Twice is once. Raises NotPossibleNow."""
    held = _hold(submission)
    if held.status == Status.WITHDRAWN:
        return
    if held.status not in Submission.IN_HAND:
        raise NotPossibleNow
    held.withdrawn_at = timezone.now()
    end(held, Status.WITHDRAWN, "withdrawn_at")


def end(held: Submission, status: str, *moment: str) -> None:
    """Write down that a held story has ended unpublished. What staff had made of it goes; what was sent stays a while.

    A draft of an issue that was to carry it carries it no longer.
    """
    post, held.post = held.post, None
    held.status, held.approved_at, held.approved_digest = status, None, ""
    held.save(update_fields=["post", "status", "approved_at", "approved_digest", *moment])
    if post:
        IssueItem.objects.filter(post=post).delete()
        post.delete()


def _hold(submission: Submission) -> Submission:
    """The row as it is now, held until the transaction ends."""
    return Submission.objects.select_for_update(of=("self",)).select_related("post__picture").get(pk=submission.pk)


@transaction.atomic
def forget_old() -> int:
    """Delete stories that nobody confirmed within 30 days or that ended 90 days ago, with their photos. How many."""
    now = timezone.now()
    old = Submission.objects.select_for_update().filter(_was(Status.UNCONFIRMED, "created_at", now - UNCONFIRMED_FOR))
    ended = Submission.objects.select_for_update().filter(
        _was(Status.WITHDRAWN, "withdrawn_at", now - ENDED_FOR) | _was(Status.DECLINED, "declined_at", now - ENDED_FOR)
    )
    return _forget([*old, *ended])


def _was(status: str, moment: str, before: datetime) -> Q:
    return Q(("status", status), (f"{moment}__lt", before))


def _forget(rows: list[Submission]) -> int:
    photos = [row.picture_id for row in rows if row.picture_id]
    Submission.objects.filter(pk__in=[row.pk for row in rows]).delete()
    pictures.remove(pictures=Picture.objects.filter(pk__in=photos))
    return len(rows)


def unpublished_of(emails: Iterable[str]) -> QuerySet[Submission]:
    """The stories of these authors that `forget_author` would take."""
    keys = [email_key(email) for email in emails]
    return Submission.objects.filter(email_key__in=keys).exclude(status=Status.PUBLISHED)


@transaction.atomic
def forget_author(*, email: str) -> int:
    """Somebody is to be erased: their unpublished stories go, and of the published ones who wrote them. How many.

    A published story stays, as it was approved; its author's address and private page do not.
    """
    rows = list(Submission.objects.select_for_update().filter(email_key=email_key(email)).order_by("pk"))
    published = [row for row in rows if row.status == Status.PUBLISHED]
    others = [row for row in rows if row.status != Status.PUBLISHED]
    for row in published:
        row.email, row.email_key, row.person, row.key = "", "", None, new_key()
        row.save(update_fields=["email", "email_key", "person", "key"])
    for row in others:
        if row.post:
            row.withdrawn_at = timezone.now()
            end(row, Status.WITHDRAWN, "withdrawn_at")
    _forget(others)
    return len(rows)
