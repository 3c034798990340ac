"""The domain doctor: whether receivers believe our letters, and what to do where they do not."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from unfold.widgets import UnfoldAdminTextareaWidget

from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members import domain_doctor
from members.admin.jobs import JobAdmin
from members.models import DomainCheck

Kind = DomainCheck.Kind
LABELS = {"good": "Good", "warning": "Could be better", "bad": "Wrong", "unknown": "Could not check"}
ORDER = ("bad", "unknown", "warning", "good")


class HeadersForm(forms.Form):
    """The headers of a letter as it arrived."""

    headers = forms.CharField(
        label="Headers of a received test letter",
        max_length=100_000,
        help_text="Gmail: open the letter, the three dots, “Show original”, copy. Only what they say of us is kept.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "spellcheck": "false"}),
    )


@admin.register(DomainCheck)
class DomainCheckAdmin(JobAdmin):
    """One page instead of a list: what was found last, and the buttons that look anew."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_check_permission(self, request: HttpRequest) -> bool:
        """Who may ask: whoever may add checks. It goes over the network and costs a worker half a minute."""
        return super().has_add_permission(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.require(self.has_view_permission(request))
        return see_other("admin:members_domaincheck_changelist")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.require(self.has_view_permission(request))
        do = request.POST.get("do", "") if request.method == "POST" else ""
        form = HeadersForm(request.POST if do == "headers" else None)
        if do:
            self.require(self.has_check_permission(request))
        if do == "check":
            domain_doctor.ask(by=staff_of(request))
        elif do == "headers" and form.is_valid():
            domain_doctor.judge(text=form.cleaned_data["headers"], by=staff_of(request))
            messages.success(request, "The headers were read; what they say stands below.")
        if do and not form.errors:
            return see_other("admin:members_domaincheck_changelist")
        newest = DomainCheck.objects.filter(kind=Kind.NETWORK).order_by("-pk").first()
        return self.page(
            request,
            "doctor",
            "Domain doctor",
            status=422 if form.errors else 200,
            newest=newest,
            report=self.report(newest) if newest else None,
            is_at_work=newest is not None and newest.status in DomainCheck.OPEN,
            network=shown(domain_doctor.last(Kind.NETWORK)),
            received=shown(domain_doctor.last(Kind.HEADERS)),
            form=form,
            may_act=self.has_check_permission(request),
        )

    def report(self, job: DomainCheck) -> dict[str, Any]:
        return {
            "status": job.status,
            "label": job.get_status_display().capitalize(),
            "candidates": job.steps,
            "settled": job.steps_done,
            "rate": None,
            "seconds_left": None,
            "counts": [],
        }


def shown(check: DomainCheck | None) -> dict[str, Any] | None:
    """A round as the page shows it: what is wrong first."""
    if check is None:
        return None
    findings = sorted(check.findings, key=lambda finding: ORDER.index(finding["level"]))
    return {
        "checked_at": check.checked_at,
        "findings": [{**finding, "label": LABELS[finding["level"]]} for finding in findings],
        "wrong": sum(finding["level"] == domain_doctor.Level.BAD for finding in findings),
    }
