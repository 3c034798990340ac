"""The pages of campaigns and Weeks of Action that anybody may open."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campaigns.entering import registering
from campaigns.models import Campaign, WeekOfAction, WeekPhoto
from campaigns.reports import moderating
from csan.lib.tilemap import tile_map

FEWEST_SHOWN = 5  # a smaller count could tell who they are


@require_safe
@cache_control(public=True, max_age=60)
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """One campaign and what to do."""
    found = get_object_or_404(Campaign.objects.public().select_related("picture"), slug=slug)
    return render(request, "campaigns/campaign.html", {"campaign": found})


@require_safe
@cache_control(public=True, max_age=60)
def weeks(request: HttpRequest) -> HttpResponse:
    """Straight on to the newest week; where there is none yet, a page that says so."""
    if newest := WeekOfAction.objects.public().first():
        return redirect(newest)
    return render(request, "campaigns/no_week.html")


@require_safe
@cache_control(public=True, max_age=60)
def week(request: HttpRequest, year: int) -> HttpResponse:
    """A Week of Action: theme, days, what is asked of a local, what is in the box, who takes part, what helps."""
    found = get_object_or_404(WeekOfAction.objects.public().select_related("picture"), year=year)
    by_state = registering.taking_part_by_state(found)
    taking_part = sum(by_state.values())
    is_told = taking_part >= FEWEST_SHOWN
    context = {
        "week": found,
        "dates": days_of(found),
        "tasks": found.tasks.order_by("position", "pk"),
        "box_contents": found.local_box_contents,
        "has_wall": found.starts_on <= timezone.localdate() and moderating.is_anything_shown(found),
        "toolkit": found.toolkit.order_by("position", "pk"),
        "photos": WeekPhoto.objects.last_of(found),
        "taking_part": taking_part if is_told else None,
        "tile_map": tile_map(by_state, fewest=FEWEST_SHOWN, unit=_("locals")) if is_told else None,
    }
    return render(request, "campaigns/week.html", context)


@dataclass(frozen=True)
class Step:
    """A day of the week's calendar, or with `last_day` several. `is_next` is the first one that is not over."""

    day: date
    label: str
    last_day: date | None = None
    is_over: bool = False
    is_next: bool = False


def days_of(week: WeekOfAction) -> list[Step]:
    """The days that a local must know, in their order."""
    steps = [
        Step(week.register_by, _("Last day to register your local")),
        Step(week.freeze_on, _("Last day to change your registration")),
        Step(week.ship_by, _("Every box is on its way")),
        Step(week.starts_on, _("Week of Action"), week.ends_on),
        Step(week.report_by, _("Last day to tell us how it went")),
    ]
    over = [(step.last_day or step.day) < timezone.localdate() for step in steps]
    following = over.index(False) if False in over else None
    return [
        replace(step, is_over=is_over, is_next=position == following)
        for position, (step, is_over) in enumerate(zip(steps, over, strict=True))
    ]


@require_safe
def registered(request: HttpRequest, year: int) -> HttpResponse:
    """What to do next, the same for everybody."""
    return render(
        request, "campaigns/registered.html", {"week": get_object_or_404(WeekOfAction.objects.public(), year=year)}
    )
