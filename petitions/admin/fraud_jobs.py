"""Setting aside by condition: say what is meant, see how many and twenty of them, begin, stop, take back."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members.admin.jobs import JobAdmin
from petitions.admin.moments import moment
from petitions.fraud import conditions, invalidating
from petitions.models import Invalidation, Petition

Status = Invalidation.Status
STATUS_COLOURS = {
    Status.COUNTING: "info",
    Status.COUNTED: "info",
    Status.RUNNING: "warning",
    Status.DONE: "success",
    Status.CANCELLED: "danger",
    Status.FAILED: "danger",
    Status.UNDOING: "warning",
    Status.UNDONE: "info",
}
TOO_WIDE = "Say more: a petition, state or district alone would take everybody there."


def text(label: str, help_text: str = "", **kwargs: Any) -> forms.CharField:
    """A condition in words."""
    widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=254, widget=widget, **kwargs)


class ConditionsForm(forms.Form):
    """What a signature must be like: all of what is filled in."""

    petition = forms.ModelChoiceField(
        Petition.objects.order_by("slug"), required=False, empty_label="all petitions", widget=UnfoldAdminSelectWidget
    )
    given_name = text("First name", "Stars stand for anything.")
    family_name = text("Last name", "Stars stand for anything.")
    email = text("E-mail address", "Stars stand for anything, such as ann*@example.com.")
    domain = text("Mail domain", "Such as example.com.")
    zip_code = text("ZIP code", "Stars stand for anything, such as 100*.")
    network = text("Network", "An address, a /24 or /64, or a hash that the desk shows. Only its hash is kept.")
    state = text("State", "Two letters.")
    district = text("District", "Such as AZ-03.")
    source_code = text("Source code")
    score = forms.IntegerField(
        label="Score, from", required=False, min_value=1, max_value=100,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    created_from = moment("Signed from", required=False)
    created_to = moment("Signed before", required=False)
    reason = forms.ChoiceField(
        label="Why", choices=Invalidation.Reason.choices, widget=UnfoldAdminSelectWidget,
        help_text="Stands beside the count in public, with how many.",
    )  # fmt: skip
    note = text("Note for colleagues")

    def clean_network(self) -> dict[str, str]:
        typed = self.cleaned_data["network"]
        try:
            return conditions.network_condition(typed) if typed else {}
        except conditions.NoNetwork as error:
            raise forms.ValidationError(
                "Write an address such as 198.51.100.7, a network such as 198.51.100.0/24, or a hash."
            ) from error

    @property
    def conditions(self) -> dict[str, Any]:
        """As a job keeps them."""
        data = self.cleaned_data
        said = {name: _as_kept(data[name]) for name in conditions.LABELS if name in data and name != "network"}
        said["domain"] = data["domain"].lower().rpartition("@")[2]
        said["state"], said["district"] = data["state"].upper(), data["district"].upper()
        return {**said, **data["network"]}


def _as_kept(value: Any) -> Any:
    if isinstance(value, Petition):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value


@admin.register(Invalidation)
class InvalidationAdmin(JobAdmin):
    """Jobs. Who may review fraud may count, begin, cancel and take back."""

    list_display = ("__str__", "status_label", "reason", "counted", "taken", "given_back", "by", "created_at")
    list_filter = ("status", "reason")
    list_select_related = ("by",)
    ordering = ("-pk",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("petitions.review_fraud"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, job: Invalidation) -> tuple[str, str]:
        return job.status, job.get_status_display()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Conditions; sending them counts, and changes nothing."""
        self.require(self.has_add_permission(request))
        form = ConditionsForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
        if form.is_valid():
            try:
                job = invalidating.prepare(
                    conditions=form.conditions,
                    reason=form.cleaned_data["reason"],
                    note=form.cleaned_data["note"],
                    by=staff_of(request),
                )
            except conditions.TooWide:
                form.add_error(None, TOO_WIDE)
            else:
                return see_other("admin:petitions_invalidation_change", job.pk)
        return self.page(
            request, "conditions", "Set aside by condition", status=422 if form.errors else 200, form=form
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The job's page: what it means, how many, twenty of them; how far it is; what it took."""
        self.require(self.has_view_permission(request))
        job = get_object_or_404(Invalidation.objects.select_related("by"), pk=object_id)
        if request.method == "POST":
            self._act(request, job, request.POST.get("do", ""))
            return see_other("admin:petitions_invalidation_change", job.pk)
        return self.page(
            request,
            "job",
            str(job),
            job=job,
            report=self.report(job),
            conditions=conditions.in_words(job.conditions),
            examples=invalidating.examples(job) if job.status == Status.COUNTED else [],
            is_under_way=job.status in Invalidation.UNDER_WAY,
            may_undo=job.started_at and job.status in (Status.DONE, Status.CANCELLED, Status.FAILED),
        )

    def _act(self, request: HttpRequest, job: Invalidation, do: str) -> None:
        acts = {
            "start": invalidating.start, "cancel": invalidating.cancel, "undo": invalidating.undo,
            "go-on": invalidating.go_on,
        }  # fmt: skip
        try:
            if do in acts:
                acts[do](job=job, by=staff_of(request))
        except invalidating.WrongState:
            messages.warning(request, "That is not possible any more; the job has moved on.")

    def report(self, job: Invalidation) -> dict[str, Any]:
        """How far it is. The bar shows the signatures looked at while it takes, given back while it takes back."""
        is_undoing = job.is_undoing
        return {
            "status": job.status,
            "label": job.get_status_display().capitalize(),
            "candidates": job.taken if is_undoing else job.last,
            "settled": job.given_back if is_undoing else job.cursor,
            "rate": None,
            "seconds_left": None,
            "counts": [
                {"status": "counted", "label": "meant when it was counted", "count": job.counted},
                {"status": "taken", "label": "set aside", "count": job.taken},
                {"status": "given_back", "label": "given back", "count": job.given_back},
            ],
        }
