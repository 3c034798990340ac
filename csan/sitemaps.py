"""For search engines and browsers: every public page in both languages, what to leave alone, names and icons."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, WeekOfAction
from csan.lib import theme
from csan.lib.pages import promise
from csan.lib.urls import absolute
from members.models import Issue, Post
from petitions.models import Petition

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
FIXED_PAGES = ("home", "members:subscribe", "members:archive", "members:news", "members:submit", "privacy")
# Where the addresses that hold somebody's key begin; only the beginnings are told.
PRIVATE = (
    "/admin/",
    "/preferences/",
    "/unsubscribe/",
    "/subscribe/confirm/",
    "/signature/",
    "/registration/",
    "/news/yours/",
)
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable"))


class Entry(NamedTuple):
    """A public page by its name, and when it was last changed if that is known."""

    name: str
    args: tuple[object, ...] = ()
    changed_at: datetime | None = None


def entries() -> Iterator[Entry]:
    """Every page that the public may find."""
    yield from map(Entry, FIXED_PAGES)
    petitions = Petition.objects.public().annotate(changed_at=Max("versions__published_at"))
    for slug, changed_at in petitions.values_list("slug", "changed_at").order_by("slug"):
        yield Entry("petitions:petition", (slug,), changed_at)
    for week in WeekOfAction.objects.public():
        yield Entry("campaigns:week", (week.year,), week.published_at)
        if week.is_open:
            yield Entry("campaigns:register", (week.year,), week.published_at)
    for slug, changed_at in Campaign.objects.public().values_list("slug", "published_at"):
        yield Entry("campaigns:campaign", (slug,), changed_at)
    for number, changed_at in Issue.objects.public().values_list("number", "frozen_at"):
        yield Entry("members:issue", (number,), changed_at)
    for slug, changed_at in Post.objects.public().order_by("-published_at").values_list("slug", "published_at"):
        yield Entry("members:post", (slug,), changed_at)


def addresses(entry: Entry) -> dict[str, str]:
    """The full address of a page in each language."""
    found = {}
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            found[language] = absolute(reverse(entry.name, args=entry.args))
    return found


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page (sitemaps.org), each beside its twin in the other language."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for entry in entries():
        twins = addresses(entry)
        for address in twins.values():
            url = SubElement(root, "url")
            SubElement(url, "loc").text = address
            if entry.changed_at:
                SubElement(url, "lastmod").text = timezone.localtime(entry.changed_at).isoformat(timespec="seconds")
            for language, twin in {**twins, "x-default": twins["en"]}.items():
                SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": twin})
    return HttpResponse(tostring(root, encoding="UTF-8", xml_declaration=True), content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone, and where the sitemap is."""
    spanish = [f"/es{prefix}" for prefix in PRIVATE if prefix != "/admin/"]
    lines = ["User-agent: *", *(f"Disallow: {prefix}" for prefix in (*PRIVATE, *spanish))]
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The names, colours and icons for a phone's home screen (W3C Web Application Manifest)."""
    colours = theme.tokens()
    data = {
        "id": "/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_SHORT_NAME,
        "description": promise(),
        "lang": translation.get_language(),
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": colours["paper"],
        "theme_color": colours["brand"],
        "icons": [
            {"src": static(f"img/{file}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for file, size, purpose in ICONS
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon that browsers ask for by themselves, at the address that they guess."""
    path = finders.find("img/favicon.ico")
    if not path:
        raise Http404
    return HttpResponse(Path(path).read_bytes(), content_type="image/x-icon")
