"""What a page tells search engines about itself (schema.org, as JSON-LD): only what is true and stands on it."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import Campaign, WeekOfAction
from csan.lib.pages import promise, slogan
from csan.lib.urls import absolute
from members.models import Issue, Post
from petitions.models import Petition

CONTEXT = "https://schema.org"
COUNTRY = "US"  # where the locals are
Fact = dict[str, Any]


def facts_of(page: dict[str, Any], picture_url: str, *, is_home: bool) -> list[Fact]:
    """The facts for what a page's context is about, with the address of its picture; none for most pages."""
    if is_home:
        return [organization(), website()]
    match page:
        case {"post": Post() as post} if post.published_at:
            trail = breadcrumbs((_("News"), reverse("members:news")), (post.title, post.get_absolute_url()))
            action = [event_of_action(post, picture_url)] if post.starts_at else []
            return [*action, article_of_post(post, picture_url), trail]
        case {"issue": Issue() as issue} if issue.frozen_at:
            archive = (_("Newsletter"), reverse("members:archive"))
            return [
                article_of_issue(issue, picture_url),
                breadcrumbs(archive, (issue.local_subject, issue.get_absolute_url())),
            ]
        case {"petition": Petition() as petition}:
            return [breadcrumbs((petition.current_version.local.title, petition.get_absolute_url()))]
        case {"campaign": Campaign() as campaign}:
            return [breadcrumbs((campaign.local_title, campaign.get_absolute_url()))]
        case {"week": WeekOfAction() as week}:
            name = _("Week of Action %(year)s") % {"year": week.year}
            return [event_of_week(week, picture_url), breadcrumbs((name, week.get_absolute_url()))]
    return []


def organization() -> Fact:
    """Who we are."""
    pages = [
        ("https://www.facebook.com/", settings.FACEBOOK_NAME),
        ("https://www.instagram.com/", settings.INSTAGRAM_NAME),
    ]
    return {
        "@context": CONTEXT,
        "@type": "Organization",
        "name": settings.SITE_NAME,
        "alternateName": settings.SITE_SHORT_NAME,
        "url": absolute("/"),
        "logo": absolute(static("img/icon-512.png")),
        "slogan": slogan(),
        "description": promise(),
        "sameAs": [f"{address}{name}" for address, name in pages if name],
    }


def _organizer() -> Fact:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")}


def website() -> Fact:
    """The site itself, in the reader's language."""
    address = absolute(reverse("home"))
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": address,
        "inLanguage": get_language(),
    }


def event_of_week(week: WeekOfAction, picture_url: str) -> Fact:
    """A Week of Action: its days, everywhere in the country where a local takes part."""
    return {
        "@context": CONTEXT,
        "@type": "Event",
        "name": _("Customer Service Week of Action %(year)s") % {"year": week.year},
        "description": week.local_theme,
        "startDate": week.starts_on.isoformat(),
        "endDate": week.ends_on.isoformat(),
        "eventStatus": f"{CONTEXT}/EventScheduled",
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": _("Union locals all over the country"),
            "address": {"@type": "PostalAddress", "addressCountry": COUNTRY},
        },
        "organizer": _organizer(),
        "image": picture_url,
        "url": absolute(week.get_absolute_url()),
    }


def event_of_action(post: Post, picture_url: str) -> Fact:
    """A dated action."""
    assert post.starts_at
    place: Fact = {"@type": "Place", "address": {"@type": "PostalAddress", "addressCountry": COUNTRY}}
    if post.place:
        place["name"] = post.place
    return {
        "@context": CONTEXT,
        "@type": "Event",
        "name": post.title,
        "description": post.summary or post.title,
        "startDate": timezone.localtime(post.starts_at).isoformat(),
        "eventStatus": f"{CONTEXT}/EventScheduled",
        "location": place,
        "organizer": _organizer(),
        "image": picture_url,
        "url": absolute(post.get_absolute_url()),
    }


def article_of_post(post: Post, picture_url: str) -> Fact:
    """A post with who wrote it."""
    assert post.published_at
    author = {"@type": "Person", "name": post.byline} if post.byline else _organizer()
    return {
        "@context": CONTEXT,
        "@type": "Article" if post.kind == Post.Kind.STORY else "NewsArticle",
        "headline": post.title,
        "datePublished": timezone.localtime(post.published_at).isoformat(),
        "inLanguage": post.language,
        "author": author,
        "publisher": _organizer(),
        "image": picture_url,
        "mainEntityOfPage": absolute(post.get_absolute_url()),
    }


def article_of_issue(issue: Issue, picture_url: str) -> Fact:
    """An issue of the newsletter."""
    assert issue.frozen_at
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": issue.local_subject,
        "datePublished": timezone.localtime(issue.frozen_at).isoformat(),
        "inLanguage": issue.local_intro.language,
        "author": _organizer(),
        "publisher": _organizer(),
        "image": picture_url,
        "mainEntityOfPage": absolute(issue.get_absolute_url()),
    }


def breadcrumbs(*steps: tuple[str, str]) -> Fact:
    """The way from the first page, each step a name and a path."""
    ways = [(_("Home"), reverse("home")), *steps]
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(ways, start=1)
        ],
    }
