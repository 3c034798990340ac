"""Whose private page it is: every view behind a local's link begins here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from campaigns.private_page import relinking
from campaigns.private_page.relinking import Visit
from csan.lib.forms import PublicForm
from csan.lib.pages import form_page

View = Callable[..., HttpResponse]


def behind_a_link(view: View) -> View:
    """Give the view the visit instead of the key. A link that opens no more says how to get one; nothing is cached."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = relinking.visit_by(key)
        if visit is None:
            return render(request, "campaigns/link_dead.html", status=404)
        return view(request, visit, *args, **kwargs)

    return opened


def of_visit(visit: Visit, **more: Any) -> dict[str, Any]:
    """What every page behind the link is drawn with. `key` is the visitor's own."""
    registration = visit.registration
    return {"registration": registration, "week": registration.week, "key": visit.key, "visit": visit, **more}


def private_form_page(
    request: HttpRequest, template: str, form: PublicForm, visit: Visit, **more: Any
) -> HttpResponse:
    """A page behind the link with its form."""
    return form_page(request, template, form, **of_visit(visit, **more))
