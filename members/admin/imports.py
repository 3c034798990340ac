"""Lists that come in: upload, say which column is what, look through, take in, take back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from csan.lib import csv
from csan.lib.csvfiles import MOST_BYTES, UnusableFile
from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members import importing
from members.admin.jobs import JobAdmin, counted
from members.models import SubscriberImport

Status = SubscriberImport.Status
STATUS_COLOURS = {
    Status.UPLOADED: "info",
    Status.CHECKING: "warning",
    Status.CHECKED: "info",
    Status.RUNNING: "warning",
    Status.DONE: "success",
    Status.CANCELLED: "danger",
    Status.FAILED: "danger",
    Status.UNDOING: "warning",
    Status.UNDONE: "info",
}
SHOWN = 50  # lines with something to say; the file has all of them
SAMPLE = 3  # lines of the file that are shown beside its headings
FILE_HELP = (
    f"CSV with headings, as every spreadsheet program saves it; at most {MOST_BYTES // 1024**2} MB. The lines are "
    "deleted 30 days after the import."
)


class UploadForm(forms.Form):
    """A file, and where, when and to what its people said yes. Without that nobody may be written to."""

    file = forms.FileField(help_text=FILE_HELP, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}))
    consent_source = forms.CharField(
        label="Where they agreed",
        max_length=150,
        help_text="Such as “sign-up sheet at the October meeting of Local 1101”. People who are asked read it.",
        widget=UnfoldAdminTextInputWidget,
    )
    consented_on = forms.DateField(
        label="When they agreed",
        help_text="Used for every line, unless the file has a date of its own.",
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    wording = forms.CharField(
        label="What they agreed to",
        max_length=2000,
        help_text="The sentence as it stood on the sheet or page.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    mode = forms.ChoiceField(
        label="What to do",
        choices=SubscriberImport.Mode.choices,
        initial=SubscriberImport.Mode.ASK,
        widget=UnfoldAdminRadioSelectWidget,
    )

    def clean_consented_on(self) -> Any:
        day = self.cleaned_data["consented_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day has not been yet.")
        return day


class ColumnsForm(forms.Form):
    """Which column of the file is what."""

    def __init__(self, *args: Any, job: SubscriberImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = [(str(number), heading or f"column {number + 1}") for number, heading in enumerate(job.headings)]
        for name, label in importing.COLUMNS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("", "not in the file"), *headings],
                required=name == importing.EMAIL,
                initial=str(job.columns.get(name, "")),
                widget=UnfoldAdminSelectWidget,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [number for number in cleaned.values() if number]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError("One column of the file is chosen twice.")
        return cleaned

    @property
    def columns(self) -> dict[str, int]:
        return {name: int(number) for name, number in self.cleaned_data.items() if number}


@admin.register(SubscriberImport)
class SubscriberImportAdmin(JobAdmin):
    """Imports. Who may add one may also look through, take in, cancel and take back."""

    list_display = ("filename", "status_label", "rows", "mode", "consent_source", "by", "created_at", "finished_at")
    list_filter = ("status", "mode")
    list_select_related = ("by",)
    search_fields = ("filename", "consent_source")
    ordering = ("-pk",)

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, job: SubscriberImport) -> tuple[str, str]:
        return job.status, job.get_status_display()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A file and where its people agreed. Its columns are guessed; the next page shows them."""
        self.require(self.has_add_permission(request))
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_valid():
            try:
                return see_other("admin:members_subscriberimport_change", self._upload(request, form).pk)
            except UnusableFile as error:
                form.add_error("file", str(error))
        return self.page(request, "upload", "Import subscribers", status=422 if form.errors else 200, form=form)

    def _upload(self, request: HttpRequest, form: UploadForm) -> SubscriberImport:
        data = form.cleaned_data
        consent = importing.Consent(data["consent_source"], data["consented_on"], data["wording"])
        return importing.upload(
            file=data["file"].file,
            filename=data["file"].name,
            consent=consent,
            mode=data["mode"],
            by=staff_of(request),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse | StreamingHttpResponse:
        """The import's page: what stands in the file, what would be done, how far it is, what was done."""
        self.require(self.has_view_permission(request))
        job = get_object_or_404(SubscriberImport.objects.select_related("by"), pk=object_id)
        do = request.POST.get("do", "") if request.method == "POST" else ""
        if do:
            self.require(self.has_add_permission(request))
        if do == "download":
            return self._download(request, job)
        form = ColumnsForm(request.POST if do == "check" else None, job=job)
        if do == "check" and not form.is_valid():
            return self._job_page(request, job, form, status=422)
        if do:
            self._act(request, job, do, form)
            return see_other("admin:members_subscriberimport_change", job.pk)
        return self._job_page(request, job, form)

    def _job_page(
        self, request: HttpRequest, job: SubscriberImport, form: ColumnsForm, status: int = 200
    ) -> HttpResponse:
        first = job.parts.order_by("number").first()
        return self.page(
            request,
            "import",
            f"Import of {job.filename}",
            status=status,
            job=job,
            form=form,
            report=self.report(job),
            problems=importing.problems(job, SHOWN) if job.status not in SubscriberImport.UNDER_WAY else [],
            sample=[cells for _, cells, *_ in first.lines[:SAMPLE] if cells] if first else [],
            may_act=self.has_add_permission(request),
            waits=bool(job.resumes_at and job.resumes_at > timezone.now() and not job.attempts),
        )

    def _download(self, request: HttpRequest, job: SubscriberImport) -> StreamingHttpResponse:
        rows = importing.download_problems(job=job, by=staff_of(request))
        return csv.stream(rows, filename=f"import-{job.pk}-lines.csv")

    def _act(self, request: HttpRequest, job: SubscriberImport, do: str, form: ColumnsForm) -> None:
        by = staff_of(request)
        try:
            match do:
                case "check":
                    importing.check(job=job, columns=form.columns, by=by)
                case "run":
                    importing.run(job=job, by=by)
                case "cancel":
                    importing.cancel(job=job, by=by)
                    messages.success(request, "Cancelled. What had gone in is still there.")
                case "go-on":
                    importing.go_on(job=job, by=by)
                case "undo":
                    importing.undo(job=job, by=by)
        except importing.WrongState:
            messages.warning(request, "That is not possible any more; the import has moved on.")

    def report(self, job: SubscriberImport) -> dict[str, Any]:
        counts = job.counts if job.started_at else job.forecast
        return {
            "status": job.status,
            "label": job.get_status_display().capitalize(),
            "candidates": job.rows,
            "settled": job.rows_done,
            "rate": None,
            "seconds_left": None,
            "counts": counted(importing.OUTCOMES, counts),
        }
