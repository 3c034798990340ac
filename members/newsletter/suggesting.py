"""What is new since the last issue: what a draft is made of, in the order in which it should stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from csan.lib import offers
from csan.lib.offers import Offer
from members.models import Issue, IssueItem, Post, Section
from members.newsletter.composing import SECTION_OF
from members.newsletter.offered import words_of

Rank = tuple[str, float]


@dataclass(frozen=True)
class Suggestion:
    """A post or an offer that belongs into an issue. `rank` orders those of one section."""

    section: str
    rank: Rank
    post: Post | None = None
    offer: Offer | None = None

    @property
    def key(self) -> tuple[str, object]:
        """What is the same thing in two drafts."""
        return ("post", self.post.pk) if self.post else ("offer", self.offer.key if self.offer else "")

    @property
    def titles(self) -> dict[str, str]:
        """By language; of a post only in the one that it is written in."""
        if self.post:
            return {self.post.language: self.post.title}
        return self.offer.heading if self.offer else {}

    def words(self) -> dict[str, str]:
        """What an item of its own says; a post says it itself."""
        return words_of(self.offer) if self.offer else {}


def key_of(item: IssueItem) -> tuple[str, object]:
    """The same for what stands in an issue; words of its own are like nothing else."""
    if item.post_id:
        return "post", item.post_id
    return ("offer", item.offer) if item.offer else ("item", item.pk)


def rank_of(post: Post) -> Rank:
    """Actions by date, updates by employer and age, stories by age, the newest first."""
    published = -(post.published_at.timestamp() if post.published_at else 0)
    match post.kind:
        case Post.Kind.ACTION:
            return "", post.starts_at.timestamp() if post.starts_at else 0
        case Post.Kind.BARGAINING:
            return post.employer.lower(), published
    return "", published


def moment_of(issue: Issue) -> datetime:
    """When readers get it, as far as that is known; else now."""
    return issue.planned_for or timezone.now()


def last_issue_before(issue: Issue) -> Issue | None:
    """The newest one that went out."""
    return Issue.objects.public().exclude(pk=issue.pk).order_by("-frozen_at").first()


def new_since(issue: Issue) -> datetime:
    """Since when news is new: the last issue's freezing; before the first one, as long as issues lie apart."""
    last = last_issue_before(issue)
    if last and last.frozen_at:
        return last.frozen_at
    return min(moment_of(issue), timezone.now()) - timedelta(days=31 * settings.NEWSLETTER_EVERY_MONTHS)


def suggestions(issue: Issue) -> list[Suggestion]:
    """Everything that belongs into the issue now, in order."""
    found = [Suggestion(SECTION_OF[Post.Kind(post.kind)], rank_of(post), post=post) for post in new_posts(issue)]
    day = timezone.localdate(moment_of(issue))
    since = new_since(issue) if last_issue_before(issue) else None
    offered = [
        Suggestion(Section.Kind.OFFERS, ("", at), offer=offer)
        for at, offer in enumerate(offers.all_offers(since=since, on=day))
    ]
    order = [Section.Kind.ACTIONS, Section.Kind.BARGAINING, Section.Kind.OFFERS, Section.Kind.STORIES]
    return sorted([*found, *offered], key=lambda each: (order.index(Section.Kind(each.section)), each.rank))


def new_posts(issue: Issue) -> list[Post]:
    """Actions that are to come when readers get the issue; updates and stories public since the last one."""
    public = Post.objects.public()
    actions = public.filter(kind=Post.Kind.ACTION, starts_at__gt=max(moment_of(issue), timezone.now()))
    became_public = Greatest("published_at", Coalesce("embargo_until", "published_at"))
    fresh = (
        public.exclude(kind=Post.Kind.ACTION)
        .annotate(since=became_public)
        .filter(since__gt=new_since(issue))
        .exclude(Exists(_used_elsewhere(issue).filter(post=OuterRef("pk"))))
    )
    return [*actions, *fresh]


def _used_elsewhere(issue: Issue) -> QuerySet[IssueItem]:
    shown = IssueItem.objects.filter(is_dropped=False, section__is_dropped=False)
    return shown.filter(issue__in=Issue.objects.public().order_by()).exclude(issue=issue)


def last_used(issue: Issue, items: list[IssueItem]) -> dict[int, Issue]:
    """By the pk of each item: the newest other issue that carried the same post or offer. One query for all."""
    posts = [item.post_id for item in items if item.post_id]
    names = [item.offer for item in items if item.offer]
    shown = _used_elsewhere(issue).select_related("issue").order_by("issue__frozen_at")
    by_key = {key_of(row): row.issue for row in shown.filter(Q(post__in=posts) | Q(offer__in=names))}
    return {item.pk: by_key[key] for item in items if (key := key_of(item)) in by_key}


def last_used_posts(issue: Issue, posts: list[Post]) -> dict[int, Issue]:
    """The same for posts that are not in the issue, by their pk."""
    shown = _used_elsewhere(issue).filter(post__in=posts).select_related("issue").order_by("issue__frozen_at")
    return {row.post_id: row.issue for row in shown if row.post_id}
