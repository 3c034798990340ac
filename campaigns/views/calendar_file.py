"""A local's days in its own calendar."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.private_page.relinking import Visit
from campaigns.views.visits import behind_a_link
from csan.lib.calendar import CONTENT_TYPE, Happening, to_ics
from csan.lib.urls import absolute_reverse


@behind_a_link
@require_safe
def calendar_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Until when it can change what it told us, when the box leaves, the week, and until when it reports.

    The entries lead to the public page: calendars are shared, and the private link is not for everybody.
    """
    registration, week = visit.registration, visit.registration.week
    public = absolute_reverse("campaigns:week", week.year)
    local = str(registration.local)
    told = (
        ("freeze", _("Last day to change the registration of %(local)s"), registration.freezes_on, None),
        ("ship-by", _("The box for %(local)s has left by today"), week.ship_by, None),
        ("week", _("Customer Service Week of Action: %(local)s"), week.starts_on, week.ends_on),
        ("report-by", _("Last day for the report of %(local)s"), week.report_by, None),
    )
    happenings = [
        Happening(
            f"registration-{registration.pk}-{name}",
            title % {"local": local},
            public,
            first,
            last or first,
            week.local_theme if name == "week" else "",
            sequence=week.times_moved,
        )
        for name, title, first, last in told
    ]
    disposition = f'attachment; filename="week-of-action-{week.year}.ics"'
    return HttpResponse(
        to_ics(happenings, name=settings.SITE_NAME),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": disposition, "X-Robots-Tag": "noindex"},
    )
