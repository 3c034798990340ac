"""What staff find around a registration: why it needs somebody, its calls, every letter about it.

Also approving many at once, and finding a local in the directory.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin
from unfold.decorators import action

from campaigns.admin import desk
from campaigns.admin.desk_forms import PlanForm
from campaigns.admin.frame import page, require
from campaigns.desk import attention, duplicates, matching, phoning, resending, scopes
from campaigns.entering import registering
from campaigns.models import Registration
from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members.models import Local, Message

CHANGE = "admin:campaigns_registration_change"


class RegistrationDesk(ModelAdmin):
    """The part of the registrations' admin that works on what waits."""

    change_form_outer_before_template = "admin/campaigns/registration/reasons.html"
    change_form_outer_after_template = "admin/campaigns/registration/desk.html"
    list_before_template = "admin/campaigns/registration/hidden.html"
    actions_detail = ("match",)

    class Media:
        css: ClassVar = {"all": ["css/staff.css"]}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("attention/", view(desk.needs_attention), name="campaigns_registration_attention"),
            path("calls/", view(desk.calls), name="campaigns_registration_calls"),
            path("not-in/", view(desk.not_in), name="campaigns_registration_not_in"),
            path("<int:pk>/desk/", view(self.act), name="campaigns_registration_desk"),
        ]
        return [*own, *super().get_urls()]

    def seen(self, request: HttpRequest) -> tuple[QuerySet[Registration], int]:
        """The registrations of the districts of who asks, and how many others there are."""
        return scopes.of(staff_of(request)).registrations(Registration.objects.all())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        hidden = {"hidden_count": self.seen(request)[1]}
        return super().changelist_view(request, {**(extra_context or {}), **hidden})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        about = self._about(request, found) if found and self.has_view_permission(request, found) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **about})

    def _about(self, request: HttpRequest, registration: Registration) -> dict[str, Any]:
        calls = registration.calls.select_related("by").order_by("-made_at", "-due_on", "-pk")
        details = attention.details_of(registration)
        return {
            "desk_reasons": list(zip(attention.reasons_of(registration), details, strict=True)),
            "desk_duplicates": duplicates.side_by_side(registration),
            "desk_calls": [(call, phoning.words(call.about), phoning.script(call.about)) for call in calls],
            "desk_letters": resending.letters_of(registration),
            "desk_form": PlanForm(prefix="plan"),
            "desk_may_act": self.has_change_permission(request, registration),
        }

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a button below a registration asks for."""
        require(request.method == "POST" and self.has_change_permission(request))
        registration = get_object_or_404(self.get_queryset(request).select_related("week"), pk=pk)
        acts = {"settle": self._settle, "ask": self._ask, "plan": self._plan, "again": self._send_again}
        if act := acts.get(request.POST.get("do", "")):
            act(request, registration)
        return see_other(CHANGE, registration.pk)

    def _settle(self, request: HttpRequest, registration: Registration) -> None:
        try:
            attention.settle(registration=registration, code=request.POST.get("code", ""), by=staff_of(request))
            messages.success(request, "Settled.")
        except attention.CannotBeSettled:
            messages.warning(request, "This goes only by what is done about it.")

    def _ask(self, request: HttpRequest, registration: Registration) -> None:
        try:
            if attention.ask_about_address(registration=registration, by=staff_of(request)):
                messages.success(request, "A letter asks the local about its address.")
            else:
                messages.warning(
                    request, "The local was asked about this address before. Call, or send it again below."
                )
        except attention.NoSuchDoubt:
            messages.warning(request, "The address is in no doubt any more.")

    def _plan(self, request: HttpRequest, registration: Registration) -> None:
        form = PlanForm(request.POST, prefix="plan")
        if not form.is_valid():
            messages.warning(request, "The call was not planned: say about what, and on which day.")
            return
        phoning.plan_call(registration=registration, by=staff_of(request), **form.cleaned_data)
        messages.success(request, "The call is planned.")

    def _send_again(self, request: HttpRequest, registration: Registration) -> None:
        message = get_object_or_404(Message, pk=request.POST.get("letter", "0"))
        try:
            if resending.send_again(registration=registration, message=message, by=staff_of(request)):
                messages.success(request, "The letter is sent again.")
            else:
                messages.warning(request, "This letter is on its way already.")
        except resending.TooManyAgain:
            messages.warning(request, "Five letters were sent again within the hour. Call, or wait.")
        except resending.NotItsLetter:
            messages.warning(request, "This letter cannot be sent again.")

    @action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Registration]) -> HttpResponseBase | None:
        """Counted first: how many go through, which are left out and why. Then those, and each gets a letter."""
        found = attention.sort_out(queryset)
        if request.POST.get("confirmed"):
            count = registering.approve(registrations=found.ready, by=staff_of(request))
            left = f", {len(found.skipped)} left out" if found.skipped else ""
            messages.success(request, f"{count} registration{'' if count == 1 else 's'} approved{left}.")
            return None
        return page(
            request, "registration/approve", "Approve registrations", model=Registration,
            ready=found.ready, skipped=found.skipped,
        )  # fmt: skip

    @action(description="Withdraw, as the local asked", permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Registration]) -> None:
        """For locals that called instead of pressing the button on their page. Not those whose box has left."""
        count, by = 0, staff_of(request)
        for registration in queryset:
            try:
                count += registering.withdraw_registration(registration=registration, by=by)
            except registering.BoxHasLeft:
                messages.warning(request, f"The box of {registration.local} has left already.")
        messages.success(request, f"{count} registration{'' if count == 1 else 's'} withdrawn.")

    @action(description="Find in the directory", permissions=["change"], url_path="match", icon="location_searching")
    def match(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Which local of the directory this is."""
        rows = self.get_queryset(request).select_related("week", "local")
        registration = get_object_or_404(rows, pk=object_id)
        words = request.GET.get("words", "")
        if request.method == "POST":
            local = get_object_or_404(Local, pk=request.POST.get("local", "0"))
            if self._matched(request, registration, local):
                return see_other(CHANGE, registration.pk)
        context: dict[str, Any] = {
            "registration": registration,
            "words": words,
            "candidates": matching.candidates(registration, words),
        }
        status = 422 if request.method == "POST" else 200
        title = f"Find {registration.local} in the directory"
        return page(request, "registration/match", title, model=Registration, status=status, **context)

    def _matched(self, request: HttpRequest, registration: Registration, local: Local) -> bool:
        try:
            matching.match_local(registration=registration, local=local, by=staff_of(request))
        except matching.SameLocal:
            messages.warning(request, "That is the local it has.")
        except matching.RegisteredAlready:
            messages.warning(request, f"{local} has a registration for this week. Decline one of the two first.")
        else:
            messages.success(request, f"It is {local}'s registration now.")
            return True
        return False
