"""An issue as its readers will get it: five ways of looking at it, in each language, for a group or as one person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from csan.lib.pages import SeeOther
from members import newsletter
from members.models import PUBLIC, Issue, IssueItem
from members.newsletter import audiences, previewing, readership, reading_aloud
from members.newsletter.contents import items_of
from members.newsletter.previewing import NoSuchReader, Reader

LIMIT = 95_000  # bytes of HTML, past which mail programs begin to cut a letter off
SEE_READERS = "members.view_subscription"
may_look = permission_required("members.view_issue", raise_exception=True)


@dataclass(frozen=True)
class Choice:
    """A group of readers that can be chosen: the number of its letter, and who they are in words."""

    variant: str
    label: str


def urls(guard: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]) -> list[URLPattern]:
    """What stands below the page of an issue's previews, which is one of the issue's own pages."""
    return [path("<int:pk>/rendition/<str:language>/", guard(rendition), name="members_issue_rendition")]


@may_look
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """All five previews of one letter. Whoever is looked for is posted, so that no address stands in a log."""
    issue = get_object_or_404(Issue, pk=pk)
    if request.method == "POST":
        return _look_for(request, issue)
    items = items_of(issue)
    reader = _reader(request, issue)
    language = reader.language if reader else _language(request.GET.get("language", settings.LANGUAGE_CODE))
    variant = reader.variant if reader else _variant(issue, items, request.GET.get("variant", ""))
    context = {
        **admin.site.each_context(request),
        "title": f"Preview of no. {issue.number}",
        "opts": Issue._meta,
        "issue": issue,
        "reader": reader,
        "may_see_readers": request.user.has_perm(SEE_READERS),
        "language": language,
        "languages": settings.LANGUAGES,
        "variant": variant,
        "choices": choices(issue, items),
        "some": [item for item in audiences.for_some(items) if _is_in(issue, items, item, variant)],
        **_letter(issue, language, variant),
    }
    return render(request, "admin/members/issue/preview.html", context)


def _letter(issue: Issue, language: str, variant: str) -> dict[str, Any]:
    """The letter in the ways that are no frame; in place of a letter that cannot be made, why."""
    try:
        letter = previewing.preview(issue, language, variant)
    except newsletter.Unsendable as error:
        return {"problem": str(error)}
    address = reverse("admin:members_issue_rendition", args=[issue.pk, language])
    return {
        "letter": letter,
        "frame": f"{address}?{urlencode({'variant': variant})}",
        "dark_frame": f"{address}?{urlencode({'variant': variant, 'scheme': 'dark'})}",
        "utterances": reading_aloud.read(letter.html),
        "kilobytes": round(len(letter.html.encode()) / 1000, 1),
        "is_too_large": len(letter.html.encode()) > LIMIT,
    }


@may_look
@require_safe
@xframe_options_sameorigin
def rendition(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The HTML part alone, for the preview's frames: light, or dark if asked, whatever one's own screen is."""
    issue = get_object_or_404(Issue, pk=pk)
    variant = _variant(issue, items_of(issue), request.GET.get("variant", ""))
    try:
        html = previewing.preview(issue, _language(language), variant).html
    except newsletter.Unsendable as error:
        raise Http404 from error
    return HttpResponse(previewing.in_scheme(html, dark=request.GET.get("scheme") == "dark"))


def choices(issue: Issue, items: list[IssueItem]) -> list[Choice]:
    """The letters worth a look: everything at once, nothing for some, each item for some by itself, the archive."""
    bits = audiences.bits_of(issue, items)
    some = [item for item in audiences.for_some(items) if item.pk in bits]
    if not some:
        return []
    said = readership.in_words(some)
    each = [Choice(str(bits[item.pk]), f"Only {said[item.pk]}") for item in some]
    alone = each if len(some) > 1 else []
    return [
        Choice(audiences.everything(issue, items), "Everything, also what only some see"),
        Choice(audiences.PLAIN, "What everyone sees"),
        *alone,
        Choice(PUBLIC, "The archive on the site"),
    ]


def _is_in(issue: Issue, items: list[IssueItem], item: IssueItem, variant: str) -> bool:
    return audiences.is_seen(item, audiences.bits_of(issue, items), variant)


def _variant(issue: Issue, items: list[IssueItem], asked: str) -> str:
    """What was asked for, else everything. Not found for what is no variant of the issue."""
    every = audiences.everything(issue, items)
    if not asked or asked == PUBLIC:
        return asked or every
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6 and int(asked) <= int(every)):
        raise Http404
    return asked


def _language(asked: str) -> str:
    if asked not in dict(settings.LANGUAGES):
        raise Http404
    return asked


def _reader(request: HttpRequest, issue: Issue) -> Reader | None:
    """Whom the page is looked at as; what they get is personal, so not everybody may ask."""
    asked = request.GET.get("as", "")
    if not asked:
        return None
    if not request.user.has_perm(SEE_READERS):
        raise PermissionDenied
    try:
        return previewing.reader(issue, int(asked) if asked.isascii() and asked.isdecimal() else 0)
    except NoSuchReader as error:
        raise Http404 from error


def _look_for(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Somebody by their address, or anybody; the page then names them by a number."""
    if not request.user.has_perm(SEE_READERS):
        raise PermissionDenied
    address = reverse("admin:members_issue_preview", args=[issue.pk])
    try:
        if request.POST.get("do") == "anybody":
            found = previewing.any_reader()
        else:
            found = previewing.reader_of(request.POST.get("address", ""))
    except NoSuchReader:
        messages.error(request, "Nobody who is subscribed has this address.")
        return SeeOther(address)
    return SeeOther(f"{address}?{urlencode({'as': found})}")
