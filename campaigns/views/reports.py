"""A local's report: one question a page, each answer kept at once; and the wall on which the public sees it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import Registration, Report, WeekOfAction
from campaigns.private_page.relinking import Visit
from campaigns.reports import moderating, report_forms, reporting
from campaigns.reports.photo_forms import PhotosForm
from campaigns.views.posts import posted
from campaigns.views.visits import behind_a_link, of_visit, private_form_page
from csan.lib.forms import EmptyForm
from csan.lib.origin import public_post
from csan.lib.pages import see_other
from csan.lib.tilemap import tile_map

Making = Callable[..., Any]


@dataclass(frozen=True)
class Step:
    """A question: its part of the address, its words, whether it was answered, and the form that asks it."""

    code: str
    words: str
    is_answered: bool
    make: Making
    initial: dict[str, Any]
    hint: str = ""


def steps_of(registration: Registration, report: Report) -> list[Step]:
    """Every question there is for this local, in order."""
    told = {True: "yes", False: "no"}.get(report.took_part, "")  # type: ignore[arg-type]  # None is neither
    steps = [
        Step("took-part", _("Taking part"), bool(told), report_forms.TookPartForm, {"took_part": told}),
    ]
    for task in registration.week.tasks.order_by("position", "pk"):
        said = report_forms.said_of(report, task)
        steps.append(
            Step(f"task-{task.code}", task.local_title, bool(said), _asking(report_forms.TaskForm, task=task), said)
        )
    heads = {"headcount": report.headcount}
    steps.append(Step("headcount", _("People"), report.headcount is not None, report_forms.HeadcountForm, heads))
    if items := report_forms.items_of(list(reporting.lines_of(registration))):
        rows = list(report.items.all()) if report.pk else []
        left = {f"left_{row.item_id}": row.left_over for row in rows}
        short = {f"short_{row.item_id}": row.short for row in rows}
        making = _asking(report_forms.ThingsForm, items=items)
        steps.append(Step("things", _("What was in the box"), bool(rows), making, left | short))
    has_photos = bool(report.pk) and report.photos.exists()
    steps.append(Step("photos", _("Photos"), has_photos, PhotosForm, {}))  # it has a page of its own
    words = {"sentence": report.sentence, "may_be_shown": report.may_be_shown}
    is_told = bool(report.sentence or report.may_be_shown)
    return [*steps, Step("words", _("In your words"), is_told, report_forms.WordsForm, words)]


def _asking(form: Making, **own: Any) -> Making:
    return lambda *args, **kwargs: form(*args, **own, **kwargs)


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All questions with their answers so far; the button that says that it is done."""
    found = visit.registration
    told = reporting.report_of(found)
    form = EmptyForm(posted(request), request=request)
    if request.method == "POST" and form.is_valid() and not form.is_trapped:
        try:
            reporting.finish(registration=found)
        except reporting.NotEnough:
            return see_other("campaigns:registration-report-step", visit.key, "took-part")
        except (reporting.NotTakingPart, reporting.TooEarly, reporting.Moderated):
            pass  # the page says which of them
        return see_other("campaigns:registration-report", visit.key)
    context = of_visit(
        visit, steps=steps_of(found, told), report=told, can_report=reporting.can_report(found), form=form
    )
    return render(request, "campaigns/report.html", context)


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def report_step(request: HttpRequest, visit: Visit, step: str) -> HttpResponse:
    """One question; the next one when it is answered."""
    found = visit.registration
    told = reporting.report_of(found)
    if not reporting.can_report(found) or told.approved_at:
        return see_other("campaigns:registration-report", visit.key)
    steps = steps_of(found, told)
    at = next((number for number, each in enumerate(steps) if each.code == step), None)
    if at is None:
        raise Http404
    form = steps[at].make(posted(request), request=request, initial=steps[at].initial)
    if form.is_trapped:
        return see_other("campaigns:registration-report", visit.key)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(found)
        except (reporting.NotTakingPart, reporting.TooEarly, reporting.Moderated):
            return see_other("campaigns:registration-report", visit.key)
        if at + 1 < len(steps):
            return see_other("campaigns:registration-report-step", visit.key, steps[at + 1].code)
        return see_other("campaigns:registration-report", visit.key)
    more = {"step": steps[at], "number": at + 1, "count": len(steps)}
    return private_form_page(request, "campaigns/report_step.html", form, visit, **more)


@require_safe
@cache_control(public=True, max_age=300)
def wall(request: HttpRequest, year: int) -> HttpResponse:
    """What locals did in a week, as they told it: those who agreed, once staff have read it."""
    week = get_object_or_404(WeekOfAction.objects.public(), year=year)
    rows = list(moderating.shown(week).prefetch_related("tasks__task"))
    context = {
        "week": week,
        "rows": rows,
        "people": sum(row.headcount or 0 for row in rows if row.approved_at),
        "tile_map": tile_map(Counter(row.registration.local.state for row in rows), fewest=1, unit=_("locals")),
    }
    return render(request, "campaigns/wall.html", context)
