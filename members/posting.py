"""A post's way onto the site. A member's story takes the author along: only what they approved is published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from csan.lib import audit
from csan.lib.rows import insert_unless_known
from members import story_emails, submitting
from members.models import Appearance, Issue, IssueItem, Message, Post, Submission

Status = Submission.Status
TOLD_WITHIN = timedelta(days=14)  # after an issue has gone out, or a post has appeared


class EditedMeanwhile(Exception):
    """A colleague has changed the text since this page was opened; nothing was saved."""


class SlugTaken(Exception):
    """Another post has this address."""


class WrongState(Exception):
    """The story has moved on; this cannot be done now."""


class NotApproved(Exception):
    """The author has not approved the text as it stands."""


@dataclass(frozen=True, kw_only=True)
class Edited:
    """What staff make of a member's story. The alternative texts are those of its photo, if it keeps one."""

    title: str
    summary: str
    body: str
    slug: str
    byline: str
    language: str
    note_to_author: str
    embargo_until: datetime | None = None
    with_photo: bool = False
    alt: str = ""
    alt_es: str = ""


def draft(*, kind: str, title: str, slug: str, summary: str, body: str, byline: str, language: str) -> Post | None:
    """Write a post that waits for staff, who publish it or not. None where another has its address."""
    post = Post(
        kind=kind, title=title, slug=slug, summary=summary, body=body, byline=byline, language=language,
        status=Post.Status.SUBMITTED,
    )  # fmt: skip
    return post if insert_unless_known(post) else None


@transaction.atomic
def publish(*, posts: Iterable[Post], by: User) -> int:
    """Show posts on the site from now on (after their embargo). How many had not been published before.

    A member's story whose author has not approved it as it stands is passed over.
    """
    pks = [post.pk for post in posts]
    # First the stories, then the posts, as everybody does who holds both.
    held = Submission.objects.select_for_update(of=("self",)).filter(post__in=pks).order_by("pk")
    stories = {story.post_id: story for story in held}
    waiting = Post.objects.select_for_update(of=("self",)).select_related("picture")
    rows = []
    for post in waiting.filter(pk__in=pks, published_at=None).order_by("pk"):
        if story := stories.get(post.pk):
            story.post = post
        if story is None or story.is_final:
            rows.append(post)
    now = timezone.now()
    Post.objects.filter(pk__in=[post.pk for post in rows]).update(status=Post.Status.PUBLISHED, published_at=now)
    audit.record(by=by, objects=rows, did="Published")
    own = [stories[post.pk] for post in rows if post.pk in stories]
    Submission.objects.filter(pk__in=[story.pk for story in own]).update(status=Status.PUBLISHED, published_at=now)
    audit.record(by=by, objects=own, did="Published")
    _tell_of_publication([story.pk for story in own])
    return len(rows)


def publish_story(*, submission: Submission, by: User) -> None:
    """Publish one member's story. Twice is once. Raises NotApproved, WrongState."""
    submission.refresh_from_db()
    if submission.status == Status.PUBLISHED:
        return
    if submission.post is None:
        raise WrongState
    if not publish(posts=[submission.post], by=by):
        raise NotApproved


@transaction.atomic
def edit(*, submission: Submission, edited: Edited, seen: str, by: User) -> Submission:
    """Write staff's version of a story. Another text than the author approved takes the approval back.

    `seen` is the digest of the text that the editor began with. Raises EditedMeanwhile, SlugTaken, WrongState.
    """
    held = _hold(submission)
    if held.final_digest != seen:
        raise EditedMeanwhile
    before = (held.final_digest, held.note_to_author, held.post.slug, held.post.embargo_until) if held.post else ()
    _write(held, edited)
    if before == (held.final_digest, held.note_to_author, edited.slug, edited.embargo_until):
        return held
    if held.final_digest != seen:
        held.status, held.approved_at, held.approved_digest = Status.SUBMITTED, None, ""
    held.save(update_fields=["status", "approved_at", "approved_digest", "note_to_author"])
    audit.record(by=by, objects=[held], did="Edited")
    return held


def _write(held: Submission, edited: Edited) -> None:
    post, picture = held.post, held.picture
    assert post
    for name in ("title", "summary", "body", "slug", "byline", "language", "embargo_until"):
        setattr(post, name, getattr(edited, name))
    post.picture = picture if edited.with_photo else None
    if picture and edited.with_photo:
        picture.alt, picture.alt_es = edited.alt, edited.alt_es
        picture.save(update_fields=["alt", "alt_es"])
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as error:
        raise SlugTaken from error
    held.note_to_author = edited.note_to_author


@transaction.atomic
def send_to_author(*, submission: Submission, by: User) -> bool:
    """Ask the author to approve the text as it stands. False where that was asked already. Raises WrongState."""
    held = _hold(submission)
    if held.status == Status.SENT or held.is_final:
        return False
    held.approved_at, held.approved_digest = None, ""
    held.status, held.asked_at, held.times_asked = Status.SENT, timezone.now(), held.times_asked + 1
    held.save(update_fields=["status", "asked_at", "times_asked", "approved_at", "approved_digest"])
    story_emails.approve_story(held)
    audit.record(by=by, objects=[held], did="Sent to the author")
    return True


@transaction.atomic
def decline(*, submission: Submission, by: User, reason: str = "") -> None:
    """Say no: with a letter that gives the reason in words, or silently where there is none (spam). Twice is once.

    Raises WrongState.
    """
    held = Submission.objects.select_for_update(of=("self",)).select_related("post").get(pk=submission.pk)
    if held.status == Status.DECLINED:
        return
    if held.status not in Submission.IN_HAND:
        raise WrongState
    held.declined_at = timezone.now()
    submitting.end(held, Status.DECLINED, "declined_at")
    if reason:
        story_emails.story_declined(held, reason)
    audit.record(by=by, objects=[held], did="Declined" if reason else "Declined without a letter")


def _hold(submission: Submission) -> Submission:
    """The row as it is now, held until the transaction ends. Raises WrongState where it is out of staff's hands."""
    held = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("post__picture", "picture")
        .get(pk=submission.pk)
    )
    if held.status not in Submission.IN_HAND:
        raise WrongState
    return held


@transaction.atomic
def tell_authors() -> int:
    """Tell the authors of what happened lately: their post can be read, or an issue with it has gone out.

    Safe to call at any time: a letter is written once. How many issues' authors were told is given back.
    """
    since = timezone.now() - TOLD_WITHIN
    appeared = Submission.objects.filter(status=Status.PUBLISHED, post__embargo_until__gt=since)
    _tell_of_publication(list(appeared.values_list("pk", flat=True)))
    carried = IssueItem.objects.filter(issue=OuterRef("pk"), post__submission__status=Status.PUBLISHED)
    finished = Issue.objects.filter(Exists(carried), status=Issue.Status.SENT, finished_at__gt=since)
    return sum(tell_authors_of(issue=issue) for issue in finished.order_by("pk"))


@transaction.atomic
def tell_authors_of(*, issue: Issue) -> int:
    """Tell the authors whose posts this issue carried how many people got it. Twice is once. How many were told."""
    told = Appearance.objects.filter(issue=issue).values("submission")
    carried = IssueItem.objects.filter(issue=issue).values("post")
    untold = list(Submission.objects.filter(status=Status.PUBLISHED, post__in=carried).exclude(pk__in=told))
    if not untold:
        return 0
    letters = Message.objects.filter(issue=issue, lane=Message.Lane.BULK, status=Message.Status.ACCEPTED)
    readers = letters.count()
    for story in untold:
        _, is_new = Appearance.objects.get_or_create(submission=story, issue=issue, defaults={"readers": readers})
        if is_new and story.email:
            story_emails.story_went_out(story, issue, readers)
    return len(untold)


def _tell_of_publication(pks: list[int]) -> None:
    """The letter goes when the post can be read, which its embargo may put off; its key keeps it to one."""
    public = Submission.objects.filter(pk__in=pks, post__in=Post.objects.public()).exclude(email="")
    for story in public.select_related("post"):
        story_emails.story_published(story)
