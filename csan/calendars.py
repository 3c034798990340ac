"""The calendar files: everything with a date, one week, one action."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campaigns.models import WeekOfAction
from csan.lib.calendar import CONTENT_TYPE, Happening, to_ics
from csan.lib.urls import absolute
from members.models import Post

STILL_SHOWN = timedelta(days=30)  # an action that is over, so that nobody's calendar forgets it at once


def of_action(post: Post) -> Happening:
    """A dated action."""
    assert post.starts_at
    return Happening(
        key=f"action-{post.pk}",
        title=post.title,
        url=absolute(post.get_absolute_url()),
        starts=post.starts_at,
        description=post.summary,
        place=post.place,
    )


def of_week(week: WeekOfAction) -> list[Happening]:
    """A Week of Action, and the last day to register for it."""
    url = absolute(week.get_absolute_url())
    name = _("Customer Service Week of Action %(year)s") % {"year": week.year}
    last_day = _("Last day to register your local for the Week of Action %(year)s") % {"year": week.year}
    return [
        Happening(f"register-by-{week.year}", last_day, url, week.register_by, week.register_by),
        Happening(f"week-of-action-{week.year}", name, url, week.starts_on, week.ends_on, week.local_theme),
    ]


def answer(happenings: list[Happening], *, name: str, file: str) -> HttpResponse:
    """The file, to be followed or saved."""
    disposition = f'inline; filename="{file}.ics"'
    return HttpResponse(
        to_ics(happenings, name=name), content_type=CONTENT_TYPE, headers={"Content-Disposition": disposition}
    )


@require_safe
@cache_control(public=True, max_age=900)
def everything(request: HttpRequest) -> HttpResponse:
    """Every dated action to come and of late, and the weeks that are not over."""
    weeks = WeekOfAction.objects.public().filter(ends_on__gte=timezone.localdate()).order_by("year")
    since = timezone.now() - STILL_SHOWN
    actions = Post.objects.public().filter(kind=Post.Kind.ACTION, starts_at__gte=since).order_by("starts_at")
    happenings = [happening for week in weeks for happening in of_week(week)] + [of_action(post) for post in actions]
    return answer(happenings, name=settings.SITE_NAME, file="calendar")


@require_safe
@cache_control(public=True, max_age=900)
def week(request: HttpRequest, year: int) -> HttpResponse:
    """One Week of Action."""
    found = get_object_or_404(WeekOfAction.objects.public(), year=year)
    return answer(of_week(found), name=settings.SITE_NAME, file=f"week-of-action-{year}")


@require_safe
@cache_control(public=True, max_age=900)
def action(request: HttpRequest, slug: str) -> HttpResponse:
    """One action; 404 for a post without a date."""
    found = get_object_or_404(Post.objects.public(), slug=slug)
    if found.starts_at is None:
        raise Http404
    return answer([of_action(found)], name=settings.SITE_NAME, file=slug)
