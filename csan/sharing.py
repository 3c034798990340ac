"""Pictures for shared links: which words stand on them, their addresses, and the views that give them out.

The address says in `?v=` what the picture shows, so that a network fetches it anew when that has changed. A picture is
drawn when it is first asked for, one at a time in a process, and kept.
"""

import threading
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, WeekOfAction
from csan import poster
from csan.lib import theme
from csan.lib.languages import day_span
from csan.lib.pages import slogan
from csan.lib.urls import absolute
from csan.poster import Poster
from members.models import Issue, Post
from petitions import tallies
from petitions.models import Petition

KEPT = 24 * 3600  # seconds that a drawn picture is kept in this process
FEW = 10  # below it a petition's picture invites instead of counting
FRESH, LASTING = 300, 7 * 24 * 3600  # seconds a cache may keep a picture asked for without, or with, its version

_drawing = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A page's picture: its full address, and in words what it shows."""

    url: str
    alt: str


def rounded(count: int) -> str:
    """A count as it stands on a picture: exact below 1,000, then its first three figures and a plus."""
    if count < 1000:
        return number_format(count, force_grouping=True)
    unit = 10 ** (len(str(count)) - 3)
    return number_format(count // unit * unit, force_grouping=True) + ("+" if count % unit else "")


def of_home() -> Poster:
    """The program's own poster."""
    return Poster(settings.SITE_HASHTAG, slogan(), "", settings.SITE_NAME)


def of_petition(petition: Petition, count: int) -> Poster:
    """A petition with its bills and its number."""
    note = _("Be one of the first to sign")
    if count >= FEW:
        goal = number_format(petition.goal_ahead_of(count), force_grouping=True)
        note = _("%(count)s of %(goal)s signatures") % {"count": rounded(count), "goal": goal}
    over = " · ".join([_("Petition"), *(measure.bill for measure in petition.bills)])
    return Poster(over, petition.current_version.local.title, note, settings.SITE_NAME)


def of_week(week: WeekOfAction) -> Poster:
    """A Week of Action with its days."""
    over = _("Week of Action %(year)s") % {"year": week.year}
    return Poster(over, week.local_theme, day_span(week.starts_on, week.ends_on), settings.SITE_NAME)


def of_issue(issue: Issue) -> Poster:
    """An issue of the newsletter."""
    assert issue.frozen_at
    over = _("Newsletter no. %(number)s") % {"number": issue.number}
    return Poster(over, issue.local_subject, date_format(issue.frozen_at), settings.SITE_NAME)


def of_post(post: Post) -> Poster:
    """A post with what kind it is; an action with its day."""
    kind = str(post.get_kind_display())
    over = " · ".join(filter(None, [kind[:1].upper() + kind[1:], post.employer]))
    return Poster(over, post.title, date_format(post.starts_at) if post.starts_at else "", settings.SITE_NAME)


def of_campaign(campaign: Campaign) -> Poster:
    """A campaign with its hashtag."""
    return Poster(campaign.hashtag, campaign.local_title, "", settings.SITE_NAME)


def version(drawn: Poster) -> str:
    """A few letters that change with anything that the picture shows."""
    colours = sorted(theme.tokens().items())
    return sha256(repr((poster.DESIGN, colours, astuple(drawn))).encode()).hexdigest()[:10]


def picture(drawn: Poster, name: str, *args: Any) -> Picture:
    """The picture at a named address, in the reader's language."""
    words = ". ".join(filter(None, [drawn.over, drawn.title.rstrip("."), drawn.note, drawn.name]))
    return Picture(f"{absolute(reverse(name, args=args))}?v={version(drawn)}", words)


def picture_of(page: dict[str, Any]) -> Picture:
    """The picture for what a page's context is about; the program's own where it is about nothing of these."""
    match page:
        case {"petition": Petition() as petition, "count": int(count)}:
            return picture(of_petition(petition, count), "share-petition", petition.slug)
        case {"post": Post() as post} if post.published_at:
            return picture(of_post(post), "share-post", post.slug)
        case {"issue": Issue() as issue} if issue.frozen_at:
            return picture(of_issue(issue), "share-issue", issue.number)
        case {"campaign": Campaign() as campaign}:
            return picture(of_campaign(campaign), "share-campaign", campaign.slug)
        case {"week": WeekOfAction() as week} if "petition" not in page:  # the home page has both
            return picture(of_week(week), "share-week", week.year)
    return picture(of_home(), "share-home")


def png(drawn: Poster) -> bytes:
    """The picture, drawn at most once at a time in this process."""
    key, cache = f"csan:share:{version(drawn)}", caches["pictures"]
    found: bytes | None = cache.get(key)
    if found is None:
        with _drawing:
            found = cache.get(key)  # somebody else may have drawn it while we waited
            if found is None:
                found = poster.draw(drawn)
                cache.set(key, found, KEPT)
    return found


def answer(request: HttpRequest, drawn: Poster) -> HttpResponse:
    """The picture with how long it may be kept."""
    age = LASTING if request.GET.get("v") == version(drawn) else FRESH
    return HttpResponse(png(drawn), content_type="image/png", headers={"Cache-Control": f"public, max-age={age}"})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For the home page, and for every page that has no picture of its own."""
    return answer(request, of_home())


@require_safe
def petition(request: HttpRequest, slug: str) -> HttpResponse:
    """For a petition, with its number."""
    found = get_object_or_404(Petition.objects.public(), slug=slug)
    return answer(request, of_petition(found, tallies.count(found)))


@require_safe
def week(request: HttpRequest, year: int) -> HttpResponse:
    """For a Week of Action."""
    return answer(request, of_week(get_object_or_404(WeekOfAction.objects.public(), year=year)))


@require_safe
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """For an issue of the newsletter."""
    return answer(request, of_issue(get_object_or_404(Issue.objects.public(), number=number)))


@require_safe
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """For a post."""
    return answer(request, of_post(get_object_or_404(Post.objects.public(), slug=slug)))


@require_safe
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """For a campaign."""
    return answer(request, of_campaign(get_object_or_404(Campaign.objects.public(), slug=slug)))
