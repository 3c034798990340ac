"""The photos of a local's report: sent, looked at and removed by whoever has the local's link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import ReportPhoto
from campaigns.private_page.relinking import Visit
from campaigns.reports import report_photos as kept_photos
from campaigns.reports import reporting
from campaigns.reports.photo_forms import PhotosForm
from campaigns.views.posts import posted
from campaigns.views.reports import steps_of
from campaigns.views.visits import behind_a_link, private_form_page
from csan.lib import private_files
from csan.lib.origin import public_post
from csan.lib.pages import see_other

REFUSED = (reporting.NotTakingPart, reporting.TooEarly, reporting.Moderated)


@public_post
@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def report_photos(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The photos there are, and a place for more. What is good is kept, also where something else is wrong."""
    found = visit.registration
    told = reporting.report_of(found)
    if not reporting.can_report(found) or told.approved_at:
        return see_other("campaigns:registration-report", visit.key)
    form = PhotosForm(posted(request), request.FILES or None, request=request)
    if form.is_trapped:
        return see_other("campaigns:registration-report", visit.key)
    kept = 0
    if request.method == "POST":
        form.is_valid()
        try:
            if request.POST.get("remove", "").isdecimal():
                kept_photos.remove(registration=found, pk=int(request.POST["remove"][:18]))
                return see_other("campaigns:registration-report-photos", visit.key)
            kept = form.keep(found)
        except REFUSED:
            return see_other("campaigns:registration-report", visit.key)
        if form.is_valid() and kept:
            return see_other("campaigns:registration-report-photos", visit.key)
        if form.is_valid():
            return see_other("campaigns:registration-report-step", visit.key, "words")
        told = reporting.report_of(found)
    codes = [step.code for step in steps_of(found, told)]
    return private_form_page(
        request, "campaigns/report_photos.html", form, visit, photos=kept_photos.of(told), kept=kept,
        most=kept_photos.MOST, number=codes.index("photos") + 1, count=len(codes),
    )  # fmt: skip


@behind_a_link
@require_safe
def report_photo(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """One of the local's own photos, as we keep it."""
    photo = get_object_or_404(ReportPhoto, pk=pk, report__registration=visit.registration)
    try:
        with kept_photos.open_photo(photo) as file:
            return HttpResponse(file.read(), content_type="image/jpeg")
    except private_files.Gone as error:
        raise Http404 from error
