"""Moving petitions on to the next Congress' bill: who would be asked first, then how far the letters are."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from unfold.decorators import display
from unfold.widgets import UnfoldAdminRadioSelectWidget

from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members.admin.jobs import JobAdmin, counted
from petitions import succeeding
from petitions.models import Measure, Petition, Reaffirmation, Succession

REFUSALS = {
    succeeding.AlreadyMoved: "{petition} asks for {measure} already.",
    succeeding.NotASuccessor: "{measure} does not follow any bill that {petition} asks for.",
    succeeding.NothingToCarryOn: "{petition} has no published text.",
    succeeding.DraftWaits: "{petition} has a text in preparation. Publish or delete it first.",
}


class MoveForm(forms.Form):
    """On to which bill of the line."""

    measure = forms.ModelChoiceField(
        Measure.objects.none(), label="On to", empty_label=None, widget=UnfoldAdminRadioSelectWidget
    )

    def __init__(self, data: Any, line: list[Measure]) -> None:
        super().__init__(data, initial={"measure": line[-1].pk} if line else {})
        choices: Any = self.fields["measure"]
        choices.queryset = Measure.objects.filter(pk__in=[each.pk for each in line]).order_by("congress")


def move_page(request: HttpRequest, pk: int, *, context: dict[str, Any]) -> HttpResponse:
    """From a measure: its petitions with their numbers of signers, then the button that moves them."""
    if not request.user.has_perms(["petitions.add_succession", "petitions.change_petition"]):
        raise PermissionDenied
    measure = get_object_or_404(Measure, pk=pk)
    petitions = list(measure.petitions.order_by("slug"))
    form = MoveForm(request.POST if request.method == "POST" else None, succeeding.successors_of(measure))
    if form.is_valid():
        _move(request, petitions, form.cleaned_data["measure"])
        return see_other("admin:petitions_succession_changelist")
    signers = [(petition, succeeding.signers_of(petition)) for petition in petitions]
    page = {
        **context,
        "title": "Move petitions to the successor",
        "measure": measure,
        "line": succeeding.successors_of(measure),
        "signers": signers,
        "whole": sum(count for _, count in signers),
        "form": form,
    }
    return render(request, "admin/petitions/measure/successor.html", page, status=422 if form.errors else 200)


def _move(request: HttpRequest, petitions: list[Petition], measure: Measure) -> None:
    for petition in petitions:
        try:
            moved = succeeding.move_to_successor(petition=petition, measure=measure, by=staff_of(request))
        except tuple(REFUSALS) as refusal:
            messages.warning(request, REFUSALS[type(refusal)].format(petition=petition, measure=measure))
        else:
            messages.success(
                request, f"{petition} asks for {measure}, too. {moved.candidates} signers are asked by letter."
            )


@admin.register(Succession)
class SuccessionAdmin(JobAdmin):
    """Petitions that moved on: how many of the signers have been asked, and have said yes."""

    list_display = ("__str__", "moved_at", "candidates", "asked", "is_through", "by")
    list_select_related = ("petition", "measure", "by")
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It begins at a measure."""
        return False

    @display(description="All asked", boolean=True)
    def is_through(self, succession: Succession) -> bool:
        return succession.finished_at is not None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far the letters are."""
        self.require(self.has_view_permission(request))
        rows = Succession.objects.select_related("petition", "measure", "by")
        succession = get_object_or_404(rows, pk=object_id)
        page = {
            **self.admin_site.each_context(request),
            "title": str(succession),
            "opts": self.opts,
            "succession": succession,
            "report": self.report(succession),
        }
        return render(request, "admin/petitions/succession/succession.html", page)

    def report(self, job: Succession) -> dict[str, Any]:
        said_yes = Reaffirmation.objects.filter(measure=job.measure_id, signature__petition=job.petition_id).count()
        return {
            "status": "done" if job.finished_at else "running",
            "label": "All signers have been asked" if job.finished_at else "Signers are being asked",
            "candidates": job.candidates,
            "settled": job.seen,
            "rate": None,
            "seconds_left": None,
            "counts": counted(
                {"asked": "letters written", "yes": "signers who said yes"}, {"asked": job.asked, "yes": said_yes}
            ),
        }
