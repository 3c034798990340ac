"""What locals told after a week: read, and of words and photos apart, put on the wall or kept off it."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.views.decorators.cache import never_cache
from unfold.decorators import action, display

from campaigns.admin.frame import may, page, require
from campaigns.desk import scopes
from campaigns.models import Report, ReportPhoto
from campaigns.reports import moderating, report_photos
from csan.lib import private_files
from csan.lib.pages import see_other
from csan.lib.pictures import UnusablePhoto
from csan.lib.staff import ReadOnlyAdmin, staff_of


class PhotosWaiting(admin.SimpleListFilter):
    """Reports with photos that nobody has decided about."""

    title = "photos"
    parameter_name = "photos"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waiting for a decision")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() == "waiting":
            waiting = ReportPhoto.objects.filter(approved_at=None, hidden_at=None)
            return queryset.filter(pk__in=waiting.values("report"))
        return queryset


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports as the locals wrote them. Staff decide only what of one the public sees."""

    list_display = (
        "local",
        "headcount",
        "sentence",
        "may_be_shown",
        "is_shown",
        "photos_waiting",
        "thumbnails",
        "finished_at",
    )
    list_filter = (
        "registration__week",
        "may_be_shown",
        ("approved_at", admin.EmptyFieldListFilter),
        ("hidden_at", admin.EmptyFieldListFilter),
        PhotosWaiting,
    )
    list_select_related = ("registration__local", "registration__week")
    list_before_template = "admin/campaigns/registration/hidden.html"
    search_fields = ("registration__local__number", "sentence")
    ordering = ("-finished_at", "-pk")
    actions = ("show", "hide")
    actions_detail = ("decide",)
    actions_row = ("decide",)
    fields = (
        "registration",
        "took_part",
        "headcount",
        "sentence",
        "may_be_shown",
        "answers",
        "things",
        "thumbnails",
        "begun_at",
        "changed_at",
        "finished_at",
        "approved_at",
        "hidden_at",
    )
    readonly_fields = fields
    DECISIONS: ClassVar = {"show": moderating.approve_photo, "hide": moderating.hide_photo}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Those of the districts of who looks."""
        seen = scopes.of(staff_of(request)).only("registration__local__district")
        waiting = Count("photos", filter=Q(photos__approved_at=None, photos__hidden_at=None))
        return Report.objects.filter(seen).annotate(waiting=waiting).prefetch_related("photos")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        seen = scopes.of(staff_of(request)).only("registration__local__district")
        hidden = {"hidden_count": Report.objects.exclude(seen).count() if seen else 0}
        return super().changelist_view(request, {**(extra_context or {}), **hidden})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        photo = path("photo/<int:pk>.jpg", view(never_cache(self.photo_view)), name="campaigns_report_photo")
        return [photo, *super().get_urls()]

    def photo_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """A photo that nobody else can see yet."""
        require(self.has_view_permission(request))
        photo = get_object_or_404(ReportPhoto, pk=pk, report__in=self.get_queryset(request))
        try:
            return FileResponse(report_photos.open_photo(photo), content_type="image/jpeg")
        except private_files.Gone as error:
            raise Http404 from error

    def has_moderate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may let the public see a report."""
        return may(request, "change_report")

    @display(description="Local", ordering="registration__local__number")
    def local(self, report: Report) -> str:
        return str(report.registration)

    @display(description="On the wall", boolean=True)
    def is_shown(self, report: Report) -> bool:
        return report.approved_at is not None

    @display(description="Photos waiting", ordering="waiting")
    def photos_waiting(self, report: Report) -> int:
        return report.waiting  # type: ignore[attr-defined]  # annotated

    @display(description="Photos")
    def thumbnails(self, report: Report) -> str:
        """Each leads to where it is decided about."""
        where = reverse("admin:campaigns_report_decide", args=[report.pk])
        images = (
            (reverse("admin:campaigns_report_photo", args=[photo.pk]), photo.alt) for photo in report.photos.all()
        )
        shown = format_html_join("", '<img class="staff-thumbnail" src="{}" alt="{}" loading="lazy">', images)
        return format_html('<a href="{}">{}</a>', where, shown) if shown else "–"

    @display(description="Tasks")
    def answers(self, report: Report) -> str:
        rows = report.tasks.select_related("task").order_by("task__position", "task")
        return "; ".join(
            f"{row.task}: {'yes' if row.was_done else 'no'}"
            + (f", {row.number:,}" if row.number is not None else "")
            + (f", {row.evidence}" if row.evidence else "")
            for row in rows
        )

    @display(description="Materials")
    def things(self, report: Report) -> str:
        rows = report.items.select_related("item").order_by("item__sku")
        return "; ".join(f"{row.item}: {row.left_over:,} left over, {row.short:,} too few" for row in rows)

    @action(description="Look at words and photos", permissions=["moderate"], url_path="decide", icon="photo_library")
    def decide(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The sentence and each photo, with a button to show and one to hide beside it."""
        report = get_object_or_404(self.get_queryset(request).select_related("registration__local"), pk=object_id)
        if request.method == "POST":
            self._decide(request, report)
            return see_other("admin:campaigns_report_decide", report.pk)
        photos = sorted(report.photos.all(), key=lambda photo: photo.pk)
        return page(request, "report/decide", f"{report}", model=Report, report=report, photos=photos)

    def _decide(self, request: HttpRequest, report: Report) -> None:
        """On what the page showed: words that the local has changed since are not put on the wall."""
        what, by = request.POST.get("what", ""), staff_of(request)
        number = request.POST.get("photo", "")
        try:
            if number.isdecimal():
                photo = get_object_or_404(ReportPhoto, pk=int(number[:18]), report=report)
                require(what in self.DECISIONS)
                self.DECISIONS[what](photo=photo, by=by)
            elif what == "show":
                report.changed_at = parse_datetime(request.POST.get("seen", "")) or report.begun_at
                moderating.approve(report=report, by=by)
            else:
                moderating.hide(report=report, by=by)
        except moderating.NotAgreed:
            why = "The local does not want to be shown, or has changed its report since you read it. Look once more."
            messages.warning(request, why)
        except moderating.NotThere:
            messages.warning(request, "The local has removed this photo meanwhile.")
        except UnusablePhoto as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, "On the wall." if what == "show" else "Not on the wall.")

    @action(description="Put the words on the wall", permissions=["moderate"])
    def show(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Those of the chosen whose locals agreed."""
        refused = 0
        for report in queryset:
            try:
                moderating.approve(report=report, by=staff_of(request))
            except moderating.NotAgreed:
                refused += 1
        self.message_user(request, f"{queryset.count() - refused} on the wall.")
        if refused:
            self.message_user(request, f"{refused} did not agree to be shown.", messages.WARNING)

    @action(description="Take the words off the wall", permissions=["moderate"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """The locals may then correct their reports again."""
        for report in queryset:
            moderating.hide(report=report, by=staff_of(request))
        self.message_user(request, "They are not on the wall.")
