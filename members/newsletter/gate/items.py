"""What an issue carries: dates, posts that are not public, pictures, what readers have seen before, offers."""

import re
from collections.abc import Iterator
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from csan.lib import offers, rich
from csan.lib.pictures import JPEG_WIDTH
from members.models import Issue, IssueItem, Picture, Post
from members.newsletter import audiences
from members.newsletter.audiences import UnknownAudience
from members.newsletter.gate.looking import Finding, Look, fix_issue, fix_item, name_of
from members.newsletter.offered import changes_of

MOST_PICTURE_BYTES = 1_000_000  # of all pictures together, on a phone's contract
NO_DESCRIPTION = re.compile(
    r"(?:img|dsc|image|photo|picture|screenshot)?[\W_\d]*(?:\.(?:jpe?g|png|heic|webp|gif))?", re.I
)
FIGURE = re.compile(r"\d[\d.,]*\d|\d")


def actions_in_the_past(look: Look) -> Iterator[Finding]:
    """Blocks an action that has begun when the issue goes out."""
    now = timezone.now()
    for item in look.items:
        if item.post is None or item.post.starts_at is None or item.post.starts_at >= look.at:
            continue
        starts_at = item.post.starts_at
        if timezone.localdate(starts_at) == timezone.localdate(look.at):
            when = f"begins at {_time(starts_at)}, and the issue goes out at {_time(look.at)} on {_day(starts_at)}"
        elif starts_at < now:
            when = f"is over: it was on {_day(starts_at)}"
        else:
            when = f"is on {_day(starts_at)}, before the issue goes out"
        yield Finding("action-past", True, f"{name_of(item)} {when}.", fix_item(item))


def posts_that_are_not_public(look: Look) -> Iterator[Finding]:
    """Blocks a post that is not published, and one whose embargo ends after the issue has gone out."""
    for item in look.items:
        post = item.post
        if post is None:
            continue
        fix = reverse("admin:members_post_change", args=[post.pk])
        if post.status != Post.Status.PUBLISHED or post.published_at is None:
            words = f"{name_of(item)} is {post.get_status_display()}, and not published yet."
            yield Finding("post-not-published", True, words, fix)
        elif (shown_from := max(post.published_at, post.embargo_until or post.published_at)) > look.at:
            moment = f"{_day(shown_from)}, {_time(shown_from)}"
            words = f"{name_of(item)} may not be shown before {moment}, and the issue goes out before that."
            yield Finding("post-embargoed", True, words, fix)


def _day(moment: datetime) -> str:
    return format_date(timezone.localtime(moment), "F j")


def _time(moment: datetime) -> str:
    return format_date(timezone.localtime(moment), "P")


def pictures(look: Look) -> Iterator[Finding]:
    """Blocks a picture nobody described; warns of one that is described in English only, is wide, or weighs much."""
    total = 0
    for item in look.items:
        if (picture := item.picture) is None:
            continue
        fix, what = reverse("admin:members_picture_change", args=[picture.pk]), f"The picture of {name_of(item)}"
        if NO_DESCRIPTION.fullmatch(picture.alt.strip()):
            yield Finding("picture-alt", True, f"{what} has no description for those who cannot see it.", fix)
        elif not picture.alt_es.strip():
            yield Finding("picture-alt-spanish", False, f"{what} is described in English only.", fix)
        if (width := picture.jpeg_size[0]) > JPEG_WIDTH:
            words = f"{what} is {width:,} pixels wide; a letter needs no more than {JPEG_WIDTH:,}. Upload it again."
            yield Finding("picture-wide", False, words, fix_item(item))
        total += _weight(picture)
    if total > MOST_PICTURE_BYTES:
        words = f"The pictures weigh {total / 1_000_000:.1f} MB together; over 1 MB is slow and dear on a phone."
        yield Finding("pictures-heavy", False, words, fix_issue(look.issue))


def _weight(picture: Picture) -> int:
    """In bytes, of the file that letters show; 0 where it is not there."""
    try:
        return default_storage.size(picture.jpeg_name)
    except FileNotFoundError:
        return 0


def seen_before(look: Look) -> Iterator[Finding]:
    """Warns of a post that an earlier issue had, and of an offer in the very words of an earlier issue."""
    posts = [item.post_id for item in look.items if item.post_id]
    offered = [item.offer for item in look.items if item.offer]
    earlier = IssueItem.objects.filter(is_dropped=False, issue__frozen_at__isnull=False).exclude(issue=look.issue)
    sent = earlier.exclude(issue__status=Issue.Status.CANCELLED)
    by_post = dict(sent.filter(post__in=posts).values_list("post").annotate(number=Max("issue__number")))
    same_words = sent.filter(offer__in=offered).order_by("issue__number").values_list("offer", "body", "issue__number")
    by_words = {(offer, rich.to_plain(body)): number for offer, body, number in same_words}
    for item in look.items:
        number = by_post.get(item.post_id) if item.post_id else by_words.get((item.offer, rich.to_plain(item.body)))
        if number and (item.post_id or item.offer):
            words = f"{name_of(item)} was in no. {number} already."
            yield Finding("seen-before", False, words, fix_item(item))


def stale_offers(look: Look) -> Iterator[Finding]:
    """Warns of figures and words that an offer does not say any more, and of what is not on offer any more."""
    if not any(item.offer for item in look.items):
        return
    last = Issue.objects.public().exclude(pk=look.issue.pk).order_by("-frozen_at").first()
    offered = offers.all_offers(since=last.frozen_at if last else None, on=timezone.localdate(look.at))
    known = {offer.key: offer for offer in offered}
    for item in look.items:
        if not item.offer:
            continue
        offer = known.get(item.offer)
        if offer is None:
            words = f"{name_of(item)} is not on offer any more. Is it over?"
            yield Finding("offer-gone", False, words, fix_item(item))
            continue
        now = figures(" ".join([*offer.heading.values(), *map(rich.to_plain, offer.words.values())]))
        own = figures(" ".join([item.heading, item.heading_es, rich.to_plain(item.body), rich.to_plain(item.body_es)]))
        said = rich.to_plain(offer.words.get("en") or offer.heading.get("en", ""))
        if old := [figure for figure in own if figure not in now]:
            words = f"{name_of(item)} says {', '.join(old)}, which has changed. Now it is: “{said}”"
            yield Finding("offer-changed", False, words, fix_item(item))
        elif changed := changes_of(item, offer):
            words = f"{name_of(item)} is offered with {' and '.join(changed)} now. It is: “{said}”, {offer.url}"
            yield Finding("offer-changed", False, words, fix_item(item))


def figures(text: str) -> list[str]:
    """The numbers in a text, each once. What an address says is no figure."""
    without_addresses = re.sub(r"https?://\S+", "", text)
    return list(dict.fromkeys(FIGURE.findall(without_addresses)))


def audiences_of_nobody(look: Look) -> Iterator[Finding]:
    """Blocks an audience that cannot be told; warns of one to which nobody belongs."""
    cannot_be_told = any(isinstance(fault, UnknownAudience) for fault in look.run.faults)
    for item in audiences.for_some(look.items):
        if cannot_be_told and (reason := _why_unknown(item)):
            yield Finding("audience-unknown", True, f"{name_of(item)}: {reason}", fix_item(item))
        elif look.run.is_seen_by_nobody(item):
            who = f"{item.get_audience_display()} {item.audience_of}"
            yield Finding("audience-nobody", False, f"{name_of(item)} is seen by nobody now: {who}.", fix_item(item))


def _why_unknown(item: IssueItem) -> str:
    try:
        audiences.condition(item)
    except UnknownAudience as error:
        return str(error)
    return ""


def due_date(look: Look) -> Iterator[Finding]:
    """Warns where the day that it was planned for has passed."""
    due = look.issue.due_on
    if due and due < timezone.localdate(look.at):
        words = f"The issue was planned for {format_date(due, 'F j')}, and goes out after that."
        yield Finding("due-date-past", False, words, fix_issue(look.issue))


RULES = (
    actions_in_the_past,
    posts_that_are_not_public,
    pictures,
    seen_before,
    stale_offers,
    audiences_of_nobody,
    due_date,
)
