"""Carriers: the columns of their files, the file of a wave, and the tracking numbers that come back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from campaigns.admin.frame import may, page, require
from campaigns.boxes.shipping import tracking_page
from campaigns.carriers import files, tracking
from campaigns.carriers.holders import HOLDERS
from campaigns.desk import scopes
from campaigns.models import Box, CarrierProfile, TrackingFile, Wave
from csan.lib.csvfiles import UnusableFile
from csan.lib.pages import see_other
from csan.lib.staff import ReadOnlyAdmin, staff_of

MOST_BYTES = 3 * 1024 * 1024


class ProfileForm(forms.ModelForm[CarrierProfile]):
    """The columns are held against what a column can hold."""

    class Meta:
        model = CarrierProfile
        fields = ("name", "carrier", "characters", "takes_po_boxes", "columns", "tracking_columns", "note")
        help_texts = {  # noqa: RUF012 - a dict by Django's contract
            "columns": "Each: [heading, what it holds, most characters, whether it must be filled]. It can hold: "
            + "; ".join(f"{name} ({holder.words})" for name, holder in HOLDERS.items())
        }

    def clean_columns(self) -> Any:
        columns = self.cleaned_data["columns"]
        try:
            files.columns_of(columns)
        except files.UnusableColumns as error:
            raise forms.ValidationError(str(error)) from error
        return columns

    def clean_tracking_columns(self) -> Any:
        told = self.cleaned_data["tracking_columns"]
        if not isinstance(told, dict) or not all(isinstance(heading, str) for heading in told.values()):
            raise forms.ValidationError('Write it as {"code": "…", "number": "…"}.')
        return told


class WhichForm(forms.Form):
    """Which carrier."""

    profile = forms.ModelChoiceField(CarrierProfile.objects.order_by("name"), widget=UnfoldAdminSelectWidget)


class TrackingForm(WhichForm):
    """A file that came back."""

    file = forms.FileField(label="CSV file", widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,text/csv"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 3 MB. Part it and upload the parts.")
        return file


@admin.register(CarrierProfile)
class CarrierProfileAdmin(ModelAdmin):
    """The columns of each carrier's file."""

    form = ProfileForm
    list_display = ("name", "carrier", "note")
    ordering = ("name",)

    def get_urls(self) -> list[URLPattern]:
        own = path("wave/<int:pk>/", self.admin_site.admin_view(wave_file), name="campaigns_wave_carrier")
        return [own, *super().get_urls()]


def wave_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a wave; where boxes do not fit, which, why, and what to do. It holds addresses."""
    require(may(request, "change_wave"))
    wave = get_object_or_404(Wave.objects.select_related("week"), pk=pk)
    boxes, hidden = scopes.of(staff_of(request)).boxes(Box.objects.filter(wave=wave))
    form = WhichForm(request.POST or None)
    name = f"wave-{wave.week.year}-{wave.number}"
    return _file_or_page(request, form, boxes, name, f"{wave}: carrier file", wave=wave, hidden_count=hidden)


def chosen_file(request: HttpRequest, boxes: QuerySet[Box]) -> HttpResponse:
    """The same of boxes that were chosen in their list: first which carrier, then the file."""
    form = WhichForm(request.POST if request.POST.get("profile") else None)
    ready = Box.objects.ready().filter(pk__in=boxes.order_by().values("pk")).count()
    title = f"Carrier file of {ready} box{'' if ready == 1 else 'es'}"
    left_out = boxes.count() - ready
    across = request.POST.get("select_across") == "1"
    chosen = [] if across else [int(pk) for pk in request.POST.getlist("_selected_action") if pk.isdecimal()]
    name = f"boxes-{timezone.localdate()}"
    return _file_or_page(request, form, boxes, name, title, left_out=left_out, across=across, chosen=chosen)


def _file_or_page(
    request: HttpRequest, form: WhichForm, boxes: QuerySet[Box], name: str, title: str, **more: Any
) -> HttpResponse:
    """The file; where there is none to make, the page with the form, the mistakes and what does not fit."""
    faults: list[files.Fault] = []
    if form.is_valid():
        profile = form.cleaned_data["profile"]
        try:
            content = files.export(boxes=boxes, profile=profile, by=staff_of(request), wave=more.get("wave"))
            disposition = {"Content-Disposition": f'attachment; filename="{name}-{profile.pk}.csv"'}
            return HttpResponse(content, content_type=f"text/csv; charset={profile.characters}", headers=disposition)
        except files.NothingChecked:
            form.add_error(None, "None of these boxes is packed and checked.")
        except files.UnusableColumns as error:
            form.add_error("profile", str(error))
        except files.DoesNotFit as refusal:
            faults = refusal.faults
    status = 422 if form.errors or faults else 200
    return page(request, "wave/carrier", title, model=Box, status=status, form=form, faults=faults, **more)


@admin.register(TrackingFile)
class TrackingFileAdmin(ReadOnlyAdmin):
    """Tracking numbers that came back."""

    list_display = ("filename", "profile", "status", "created_at", "by")
    list_select_related = ("profile", "by")
    ordering = ("-pk",)

    list_before_template = "admin/campaigns/registration/hidden.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrackingFile]:
        """All of them; who sees some districts only sees what they uploaded."""
        return self._seen(request)[0]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "hidden_count": self._seen(request)[1]})

    def _seen(self, request: HttpRequest) -> tuple[QuerySet[TrackingFile], int]:
        user = staff_of(request)
        return scopes.of(user).jobs(TrackingFile.objects.all(), user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request, "change_box")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Test a file."""
        require(may(request, "change_box"))
        form = TrackingForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            upload, profile = form.cleaned_data["file"], form.cleaned_data["profile"]
            try:
                kept = tracking.look_through(
                    file=upload.file, filename=upload.name, profile=profile, by=staff_of(request)
                )
                return see_other("admin:campaigns_trackingfile_change", kept.pk)
            except UnusableFile as error:
                form.add_error("file", str(error))
        status = 422 if form.errors else 200
        return page(request, "tracking/test", "Test this file", model=TrackingFile, status=status, form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What would become of each row, and taking it in."""
        require(may(request, "change_box"))
        file = get_object_or_404(self._seen(request)[0].select_related("profile"), pk=object_id)
        if request.method == "POST":
            return _act(request, file)
        rows = file.rows.select_related("box__registration__local").order_by("number")
        context: dict[str, Any] = {
            "file": file,
            "rows": [
                (row, tracking.WORDS.get(row.outcome, row.outcome), tracking_page(row.carrier, row.tracking_number))
                for row in rows
            ],
            "again": TrackingFile.objects.filter(digest=file.digest, pk__lt=file.pk).exists(),
        }
        return page(request, "tracking/file", str(file), model=TrackingFile, **context)


def _act(request: HttpRequest, file: TrackingFile) -> HttpResponse:
    by = staff_of(request)
    try:
        if request.POST.get("do") == "take":
            told = {int(pk) for pk in request.POST.getlist("notify") if pk.isdecimal()}
            silent = set(file.rows.exclude(pk__in=told).values_list("pk", flat=True))
            messages.success(request, f"Shipped: {tracking.take_in(file=file, silent=silent, by=by)}.")
        elif request.POST.get("do") == "cancel":
            tracking.cancel(file=file, by=by)
    except tracking.NotWaiting:
        messages.warning(request, "A colleague was faster: nothing changed.")
    return see_other("admin:campaigns_trackingfile_change", file.pk)
