"""What locals say of boxes that came; what is missing stands first, until staff have seen to it."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action, display

from campaigns import arrivals, scopes
from campaigns.models import Arrival
from csan.lib.staff import ReadOnlyAdmin, staff_of

ANSWER_COLOURS = {Arrival.Answer.ALL_HERE: "success", Arrival.Answer.MISSING: "danger"}


class NeededFilter(admin.SimpleListFilter):
    """What staff have still to see to."""

    title = "what is missing"
    parameter_name = "needed"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "waits for us"), ("no", "nothing to do")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Arrival]) -> QuerySet[Arrival]:
        needed = Q(answer=Arrival.Answer.MISSING, settled_at=None)
        return {"yes": queryset.filter(needed), "no": queryset.exclude(needed)}.get(self.value() or "", queryset)


@admin.register(Arrival)
class ArrivalAdmin(ReadOnlyAdmin):
    """The needs list."""

    list_display = (
        "local",
        "box",
        "answer_label",
        "missing",
        "note",
        "told_by",
        "told_at",
        "settled_at",
        "settled_by",
    )
    list_filter = (NeededFilter, "answer", "box__registration__week", "box__registration__local__district")
    list_select_related = ("box__registration__local", "settled_by")
    search_fields = ("box__code", "box__registration__local__number")
    fields = ("box", "answer", "missing", "note", "told_by", "told_at", "settled_at", "settled_by")
    readonly_fields = fields
    actions = ("settle",)
    list_before_template = "admin/campaigns/registration/hidden.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Arrival]:
        waits = When(answer=Arrival.Answer.MISSING, settled_at=None, then=0)
        seen = scopes.of(staff_of(request)).only("box__registration__local__district")
        return Arrival.objects.filter(seen).annotate(is_done=Case(waits, default=1)).prefetch_related("gaps__item")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        seen = scopes.of(staff_of(request)).only("box__registration__local__district")
        hidden = {"hidden_count": Arrival.objects.exclude(seen).count() if seen else 0}
        return super().changelist_view(request, {**(extra_context or {}), **hidden})

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("is_done", "told_at", "pk")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Who may say that something has been seen to."""
        return bool(request.user.has_perm("campaigns.change_box"))

    @display(description="Local", ordering="box__registration__local__number")
    def local(self, arrival: Arrival) -> str:
        return str(arrival.box.registration.local)

    @display(description="Answer", ordering="answer", label=ANSWER_COLOURS)
    def answer_label(self, arrival: Arrival) -> tuple[str, str]:
        return arrival.answer, arrival.get_answer_display()

    @display(description="Missing")
    def missing(self, arrival: Arrival) -> str:
        return ", ".join(f"{gap.quantity} × {gap.item}" for gap in arrival.gaps.all())

    @action(description="We have seen to it", permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Arrival]) -> None:
        """Those of the chosen where something was missing."""
        count = arrivals.settle(arrivals=queryset, by=staff_of(request))
        self.message_user(request, "1 box seen to." if count == 1 else f"{count} boxes seen to.")
