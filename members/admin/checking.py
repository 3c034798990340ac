"""The gate on the page from which an issue is sent: what it found, and what the buttons beside its links do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest

from members.models import Issue, LinkCheck
from members.newsletter import gate, link_checks


def context_of(issue: Issue) -> dict[str, Any]:
    """What `admin/members/issue/gate.html` shows."""
    return {"gate": gate.report(issue)}


def _check_links(request: HttpRequest, issue: Issue, by: User) -> None:
    rows = link_checks.ask(issue, anew=True)
    if rows:
        count = f"{len(rows)} link{'s are' if len(rows) > 1 else ' is'}"
        messages.success(request, f"{count} being looked at. Reload this page in a moment.")
    else:
        messages.success(request, "There is no link that would have to be looked at.")


def _accept_link(request: HttpRequest, issue: Issue, by: User) -> None:
    pk = request.POST.get("link", "")
    check = LinkCheck.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    try:
        if check is None:
            raise link_checks.NotInDoubt
        link_checks.accept(issue=issue, check=check, by=by)
        messages.success(request, "Accepted: you answer for this link.")
    except link_checks.NotInDoubt:
        messages.warning(request, "This link was looked at again meanwhile. Please see what was found.")


BUTTONS: dict[str, Callable[[HttpRequest, Issue, User], None]] = {
    "check-links": _check_links,
    "accept-link": _accept_link,
}
