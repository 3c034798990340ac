"""A wave's boxes: frozen, picked, printed; and the print-outs that a worker draws."""

import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from campaigns import kits
from campaigns.boxes import waves
from campaigns.desk import scopes
from campaigns.models import Box, PrintRun, Wave
from campaigns.printing import labels, runs, slips
from csan.lib.pages import SeeOther, see_other
from csan.lib.staff import staff_of
from members.admin.jobs import JobAdmin, counted

MOST_NUDGE = 10  # millimetres


class PrintForm(forms.Form):
    """What to print, and how the printer draws paper in."""

    kind = forms.ChoiceField(label="What", choices=PrintRun.Kind.choices, widget=UnfoldAdminSelectWidget)
    start = forms.IntegerField(
        label="First label", initial=1, min_value=1, widget=UnfoldAdminIntegerFieldWidget,
        help_text="For a sheet that was begun: the number of the first label left on it, counted row by row.",
    )  # fmt: skip
    right = forms.DecimalField(
        label="Move right", initial=0, min_value=-MOST_NUDGE, max_value=MOST_NUDGE, decimal_places=1,
        widget=UnfoldAdminDecimalFieldWidget, help_text="Millimetres; below zero: left.",
    )  # fmt: skip
    down = forms.DecimalField(
        label="Move down", initial=0, min_value=-MOST_NUDGE, max_value=MOST_NUDGE, decimal_places=1,
        widget=UnfoldAdminDecimalFieldWidget, help_text="Millimetres; below zero: up.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sheet = labels.SHEETS.get(cleaned.get("kind", ""))
        if sheet and cleaned.get("start", 1) > sheet.count:
            self.add_error("start", f"A sheet of {sheet.name} has {sheet.count} labels.")
        return cleaned


def boxes_page(request: HttpRequest, pk: int, *, context: dict[str, Any]) -> HttpResponse:
    """Before the freeze what it will do; after it how far the boxes are, and what can be printed."""
    wave = get_object_or_404(Wave.objects.select_related("week"), pk=pk)
    form = PrintForm(request.POST if request.POST.get("do") == "print" else None)
    if request.method == "POST":
        if not request.user.has_perm("campaigns.change_wave"):
            raise PermissionDenied
        if request.POST.get("do") != "print" or form.is_valid():
            return _act(request, wave, form)
    user = staff_of(request)
    seen, hidden = scopes.of(user).boxes(Box.objects.filter(wave=wave))
    by_status = dict(seen.order_by().values_list("status").annotate(count=Count("pk")))
    page = {
        **context,
        "title": f"{wave}: boxes",
        "wave": wave,
        "hidden_count": hidden,
        "statuses": [(label, by_status[status]) for status, label in Box.Status.choices if status in by_status],
        "places": wave.allocations.filter(given__gt=0).values("place").distinct().count(),
        "picks": waves.pick_list(wave),
        "heavy": [(box, grams / 453.592) for box, grams in waves.heavy_boxes(seen)[:20]],
        "print_outs": scopes.of(user).jobs(PrintRun.objects.filter(wave=wave), user)[0].order_by("-pk")[:10],
        "form": form,
    }
    return render(request, "admin/campaigns/wave/boxes.html", page, status=422 if form.errors else 200)


def _act(request: HttpRequest, wave: Wave, form: PrintForm) -> SeeOther:
    by = staff_of(request)
    try:
        match request.POST.get("do"):
            case "freeze":
                made = waves.freeze_wave(wave=wave, by=by)
                messages.success(request, f"{wave} is frozen: {len(made)} boxes. Each local gets a letter.")
            case "done":
                if not waves.finish_wave(wave=wave, by=by):
                    messages.warning(request, "Some boxes have not left yet.")
            case "print":
                told = form.cleaned_data
                nudge = labels.Nudge(float(told["right"]), float(told["down"]), told["start"])
                run = runs.begin(wave=wave, kind=told["kind"], nudge=nudge, by=by, only=_seen_codes(wave, by))
                return see_other("admin:campaigns_printrun_change", run.pk)
    except kits.OtherState as error:
        messages.warning(request, f"Nothing changed: {error.wave} is {error.wave.get_status_display()}.")
    except waves.NothingToSend:
        messages.warning(request, "Nothing is set aside for a local that takes part, so there is nothing to send.")
    except waves.TotalsDiffer as error:
        messages.error(request, f"Nothing happened: the boxes would not hold what was set aside ({error}).")
    except runs.NothingToPrint:
        messages.warning(request, "No box waits any more, so there is nothing to print.")
    return see_other("admin:campaigns_wave_boxes", wave.pk)


def _seen_codes(wave: Wave, by: User) -> list[str] | None:
    """The boxes that somebody may print: those of their districts. None is all of them."""
    scope = scopes.of(by)
    return (
        None if scope.is_whole else list(scope.boxes(Box.objects.filter(wave=wave))[0].values_list("code", flat=True))
    )


def pick_list_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What to bring from the shelf, to print."""
    if not request.user.has_perm("campaigns.view_wave"):
        raise PermissionDenied
    wave = get_object_or_404(Wave.objects.select_related("week"), pk=pk)
    file = io.BytesIO()
    slips.draw_picks(file, wave, waves.pick_list(wave))
    file.seek(0)
    return FileResponse(file, filename=f"pick-list-{wave.week.year}-{wave.number}.pdf", content_type="application/pdf")


@admin.register(PrintRun)
class PrintRunAdmin(JobAdmin):
    """Slips and labels that a worker draws: how far it is, and the file."""

    list_display = ("__str__", "state", "created_at", "by")
    list_select_related = ("wave__week", "by")
    ordering = ("-pk",)

    list_before_template = "admin/campaigns/registration/hidden.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrintRun]:
        """All of them; who sees some districts only sees what they asked for."""
        return self._seen(request)[0]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "hidden_count": self._seen(request)[1]})

    def _seen(self, request: HttpRequest) -> tuple[QuerySet[PrintRun], int]:
        user = staff_of(request)
        return scopes.of(user).jobs(PrintRun.objects.all(), user)

    def get_urls(self) -> list[URLPattern]:
        file = path("<int:pk>/file.pdf", self.admin_site.admin_view(self.file_view), name="campaigns_printrun_file")
        return [file, *super().get_urls()]

    @display(description="State")
    def state(self, run: PrintRun) -> str:
        return f"{run.get_status_display()}, {run.seen} of {run.total}"

    def report(self, job: PrintRun) -> dict[str, Any]:
        return {
            "status": job.status,
            "label": job.get_status_display().capitalize(),
            "candidates": job.total,
            "settled": job.seen,
            "rate": None,
            "seconds_left": None,
            "counts": counted({"seen": "boxes drawn"}, {"seen": job.seen}),
        }

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is."""
        self.require(self.has_view_permission(request))
        run = get_object_or_404(self._seen(request)[0].select_related("wave__week"), pk=object_id)
        return self.page(request, "run", str(run), run=run, report=self.report(run))

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file: addresses stand in it, so only for who may change waves."""
        self.require(request.user.has_perm("campaigns.change_wave"))
        run = get_object_or_404(self._seen(request)[0].select_related("wave__week"), pk=pk)
        try:
            file = runs.opened(run=run, by=staff_of(request))
        except runs.NotReady:
            messages.warning(request, "The file is not there: it is not drawn yet, or was deleted after a week.")
            return see_other("admin:campaigns_printrun_change", pk)
        return FileResponse(file, filename=f"{run.kind}-{run.pk}.pdf", content_type="application/pdf")
