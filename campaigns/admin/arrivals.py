"""What locals say of boxes that came; what is missing stands first, until staff have seen to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from unfold.decorators import action, display

from campaigns.boxes import arrivals, making_good, waves
from campaigns.desk import scopes
from campaigns.kits import OutOfStock
from campaigns.models import Arrival
from csan.lib.staff import ReadOnlyAdmin, staff_of

ANSWER_COLOURS = {Arrival.Answer.ALL_HERE: "success", Arrival.Answer.MISSING: "danger"}


REFUSALS: dict[type[Exception], str] = {
    making_good.NoItemNamed: "no item is named; read what the local wrote, and pack by hand.",
    making_good.SentBefore: "it was sent after the box already, or lies ready in a wave.",
    making_good.NoAddress: "the home it went to is erased; ask the local where to send it.",
    OutOfStock: "there is not enough left in stock.",
    waves.WrongState: "the box is not under way any more.",
}


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
        "sent_after",
        "note",
        "told_by",
        "told_at",
        "settled_at",
        "settled_by",
    )
    list_filter = (NeededFilter, "answer", "box__registration__week", "box__registration__local__district")
    list_select_related = ("box__registration__local", "settled_by")
    search_fields = ("box__code", "box__registration__local__number")
    fields = ("box", "answer", "missing", "sent_after", "note", "told_by", "told_at", "settled_at", "settled_by")
    readonly_fields = fields
    actions = ("send_with_next_wave", "send_in_own_box", "settle")
    list_before_template = "admin/campaigns/registration/hidden.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Arrival]:
        waits = When(answer=Arrival.Answer.MISSING, settled_at=None, then=0)
        seen = scopes.of(staff_of(request)).only("box__registration__local__district")
        return (
            Arrival.objects.filter(seen)
            .annotate(is_done=Case(waits, default=1))
            .prefetch_related("gaps__item", "box__owed__item", "box__owed__sent_in")
        )

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

    @display(description="Sent after it")
    def sent_after(self, arrival: Arrival) -> str:
        return ", ".join(
            f"{owed.quantity} × {owed.item} {f'in box {owed.sent_in}' if owed.sent_in else 'with the next wave'}"
            for owed in arrival.box.owed.all()
        )

    @action(description="Send with the next wave", permissions=["settle"])
    def send_with_next_wave(self, request: HttpRequest, queryset: QuerySet[Arrival]) -> None:
        """What is missing in each of the chosen joins the open wave, or the next one."""
        self._send(request, queryset, making_good.send_with_next_wave, "with the next wave")

    @action(description="Send in a box of its own", permissions=["settle"])
    def send_in_own_box(self, request: HttpRequest, queryset: QuerySet[Arrival]) -> None:
        """What is missing in each of the chosen is packed at once."""
        self._send(request, queryset, making_good.send_in_own_box, "in a box of its own")

    def _send(self, request: HttpRequest, queryset: QuerySet[Arrival], act: Callable[..., Any], how: str) -> None:
        sent = 0
        for arrival in queryset.order_by("pk"):
            try:
                act(arrival=arrival, by=staff_of(request))
                sent += 1
            except tuple(REFUSALS) as error:
                messages.warning(request, f"{arrival.box}: {REFUSALS[type(error)]}")
        if sent:
            messages.success(request, f"What is missing from {sent} box{'' if sent == 1 else 'es'} goes {how}.")

    @action(description="We have seen to it", permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Arrival]) -> None:
        """Those of the chosen where something was missing."""
        count = arrivals.settle(arrivals=queryset, by=staff_of(request))
        self.message_user(request, "1 box seen to." if count == 1 else f"{count} boxes seen to.")
