"""What readers find beside a post or an issue: its neighbours, the kinds of news with their numbers, pages, years."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from members.models import Issue, Post

PER_PAGE = 20
RELATED = 3


class NoSuchPage(Exception):
    """There is no such kind of news, or not so many pages of it."""


@dataclass(frozen=True)
class KindCount:
    """A kind of news and how many posts it has."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class NewsPage:
    """One page of the news; the addresses are query strings, empty where there is no such page."""

    posts: list[Post]
    kinds: list[KindCount]
    kind: str
    number: int
    pages: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def has_other_pages(self) -> bool:
        return self.pages > 1

    @property
    def previous_url(self) -> str:
        """The page with newer posts."""
        return self._url(self.number - 1) if self.has_previous else ""

    @property
    def next_url(self) -> str:
        """The page with older posts."""
        return self._url(self.number + 1) if self.has_next else ""

    @property
    def url(self) -> str:
        """This page; empty for the first one of all news."""
        query = self._url(self.number)
        return query if query != "?" else ""

    def _url(self, number: int) -> str:
        asked = {"kind": self.kind, "page": number if number > 1 else ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


def news_page(*, kind: str = "", number: int = 1) -> NewsPage:
    """Published posts, newest first, of one kind or of all. Raises NoSuchPage."""
    if kind and kind not in Post.Kind.values:
        raise NoSuchPage
    counted = Post.objects.public().values("kind").annotate(count=Count("pk")).values_list("kind", "count")
    counts = dict(counted)
    kinds = [KindCount(each.value, str(each.label), counts[each]) for each in Post.Kind if each in counts]
    total = counts.get(kind, 0) if kind else sum(counts.values())
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= number <= pages:
        raise NoSuchPage
    found = Post.objects.public().order_by("-published_at", "-pk")
    chosen = found.filter(kind=kind) if kind else found
    return NewsPage(list(chosen[(number - 1) * PER_PAGE : number * PER_PAGE]), kinds, kind, number, pages)


def posts_around(post: Post) -> tuple[Post | None, Post | None]:
    """The public posts published just before and just after."""
    at = post.published_at
    public = Post.objects.public()
    before = public.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=post.pk))
    after = public.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gt=post.pk))
    return before.order_by("-published_at", "-pk").first(), after.order_by("published_at", "pk").first()


def related_posts(post: Post) -> QuerySet[Post]:
    """The newest others of its kind; of actions, the next ones."""
    if post.kind == Post.Kind.ACTION:
        return Post.objects.upcoming().exclude(pk=post.pk)[:RELATED]
    same = Post.objects.public().filter(kind=post.kind).exclude(pk=post.pk)
    return same.order_by("-published_at", "-pk")[:RELATED]


def issues_around(issue: Issue) -> tuple[Issue | None, Issue | None]:
    """The public issues just before and just after."""
    public = Issue.objects.public()
    before = public.filter(number__lt=issue.number).order_by("-number").first()
    return before, public.filter(number__gt=issue.number).order_by("number").first()


@dataclass(frozen=True)
class IssueYear:
    """The issues that went out in one year."""

    year: int
    issues: list[Issue]


def issues_by_year() -> list[IssueYear]:
    """Every issue that went out, newest first, in groups by year."""

    def year_of(issue: Issue) -> int:
        assert issue.frozen_at
        return timezone.localtime(issue.frozen_at).year

    ordered = sorted(Issue.objects.public(), key=lambda issue: (year_of(issue), issue.number), reverse=True)
    return [IssueYear(year, list(issues)) for year, issues in groupby(ordered, key=year_of)]
