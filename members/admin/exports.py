"""Files of subscribers: say whom and what, watch it being made, download it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from csan.lib.states import NAMES
from members import exporting
from members.admin.jobs import JobAdmin, counted
from members.models import Local, SubscriberExport, Subscription
from members.models.people import LANGUAGE_CHOICES

Status = SubscriberExport.Status
STATUS_COLOURS = {
    Status.RUNNING: "warning",
    Status.DONE: "success",
    Status.CANCELLED: "danger",
    Status.FAILED: "danger",
    Status.FORGOTTEN: "info",
}
ANY = ("", "any")


class ExportForm(forms.Form):
    """Whom, and what of them."""

    status = forms.ChoiceField(
        choices=[ANY, *Subscription.Status.choices],
        required=False,
        initial=Subscription.Status.ACTIVE,
        widget=UnfoldAdminSelectWidget,
    )
    language = forms.ChoiceField(choices=[ANY, *LANGUAGE_CHOICES], required=False, widget=UnfoldAdminSelectWidget)
    local = forms.ModelChoiceField(
        Local.objects.order_by("affiliate", "number"),
        required=False,
        empty_label="any",
        widget=UnfoldAdminSelectWidget,
    )
    state = forms.ChoiceField(
        choices=[ANY, *NAMES.items()],
        required=False,
        help_text="By the ZIP code.",
        widget=UnfoldAdminSelectWidget,
    )
    zip_beginning = forms.RegexField(
        r"^\d{1,5}$",
        label="ZIP code begins with",
        required=False,
        error_messages={"invalid": "Write one to five digits."},
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )
    employer = forms.CharField(
        required=False, max_length=100, help_text="A part of the name.", widget=UnfoldAdminTextInputWidget
    )
    since = forms.DateField(
        label="Subscribed since", required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "date"})
    )
    columns = forms.MultipleChoiceField(
        choices=list(exporting.COLUMNS.items()),
        initial=[name for name in exporting.COLUMNS if name != "state"],
        help_text="Take only what is needed: a list that is lost is lost for everybody on it.",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    @property
    def filter(self) -> exporting.Filter:
        data = {name: value for name, value in self.cleaned_data.items() if name != "columns"}
        local, since = data.pop("local"), data.pop("since")
        return exporting.Filter(**data, local=local.pk if local else None, since=since.isoformat() if since else "")


@admin.register(SubscriberExport)
class SubscriberExportAdmin(JobAdmin):
    """Exports. Who may add one may download those that are ready."""

    list_display = ("created_at", "whom", "status_label", "rows", "by", "finished_at")
    list_filter = ("status",)
    list_select_related = ("by",)
    ordering = ("-pk",)

    @display(description="Whom")
    def whom(self, job: SubscriberExport) -> str:
        return job.sentence

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, job: SubscriberExport) -> tuple[str, str]:
        return job.status, job.get_status_display()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Whom and what; a worker makes the file."""
        self.require(self.has_add_permission(request))
        form = ExportForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            job = exporting.begin(chosen=form.filter, columns=form.cleaned_data["columns"], by=staff_of(request))
            return see_other("admin:members_subscriberexport_change", job.pk)
        return self.page(request, "ask", "Export subscribers", status=422 if form.errors else 200, form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse | StreamingHttpResponse:
        """The export's page: how far it is, then the button that downloads it."""
        self.require(self.has_view_permission(request))
        job = get_object_or_404(SubscriberExport.objects.select_related("by"), pk=object_id)
        do = request.POST.get("do", "") if request.method == "POST" else ""
        if do:
            self.require(self.has_add_permission(request))
            return self._act(request, job, do)
        return self.page(
            request,
            "export",
            f"Export of {job.created_at:%Y-%m-%d}",
            job=job,
            columns=[exporting.COLUMNS.get(name, name) for name in job.columns],
            report=self.report(job),
            may_act=self.has_add_permission(request),
        )

    def _act(self, request: HttpRequest, job: SubscriberExport, do: str) -> HttpResponse | StreamingHttpResponse:
        by = staff_of(request)
        try:
            if do == "download":
                response = StreamingHttpResponse(
                    exporting.download(job=job, by=by), content_type="text/csv; charset=utf-8"
                )
                response["Content-Disposition"] = f'attachment; filename="subscribers-{job.pk}.csv"'
                response["Cache-Control"] = "private, no-store"
                return response
            if do == "cancel":
                exporting.cancel(job=job, by=by)
        except (exporting.NotReady, exporting.WrongState):
            messages.warning(request, "That is not possible any more; the export has moved on.")
        return see_other("admin:members_subscriberexport_change", job.pk)

    def report(self, job: SubscriberExport) -> dict[str, Any]:
        return {
            "status": job.status,
            "label": job.get_status_display().capitalize(),
            "candidates": job.candidates,
            "settled": job.seen,
            "rate": None,
            "seconds_left": None,
            "counts": counted({"rows": "rows in the file"}, {"rows": job.rows}),
        }
