"""From one year to the next: begin the week, invite last year's locals, take over what reports say of quantities."""

from django.contrib import messages
from django.contrib.admin.utils import label_for_field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from unfold.admin import ModelAdmin
from unfold.decorators import action

from campaigns.admin.frame import may, page, require
from campaigns.desk import inviting, proposing, yearly
from campaigns.models import WeekOfAction
from csan.lib.pages import see_other
from csan.lib.staff import staff_of

CHANGE = "admin:campaigns_weekofaction_change"


class NextYear(ModelAdmin):
    """The part of the weeks' admin that goes from one year to the next."""

    actions_detail: tuple[str, ...] = ("next_year", "invite", "quantities")

    def has_next_year_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may begin a week: whoever may add one."""
        return self.has_add_permission(request)

    def has_invite_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may write to locals: whoever decides about registrations."""
        return may(request, "change_registration")

    @action(description="Begin next year", permissions=["next_year"], url_path="next-year", icon="event_repeat")
    def next_year(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A draft of next year's week: what it would be first, then the week itself."""
        week = get_object_or_404(WeekOfAction, pk=object_id)
        if request.method == "POST":
            try:
                fresh = yearly.begin_next_year(week=week, by=staff_of(request))
            except yearly.NextYearExists:
                messages.warning(request, f"{week.year + 1} has a week already. Nothing changed.")
                return see_other("admin:campaigns_weekofaction_changelist")
            messages.success(request, f"{fresh} is begun as a draft. Look over its days and words, then publish it.")
            return see_other(CHANGE, fresh.pk)
        days = yearly.moved_days(week)
        return page(
            request, "week/next_year", f"Begin the week of {week.year + 1}", model=WeekOfAction, week=week,
            year=week.year + 1,
            days=[(label_for_field(name, WeekOfAction), getattr(week, name), days[name]) for name in days],
            tasks=week.tasks.count(), toolkit=week.toolkit.count(),
            rules=week.kit_rules.filter(item__is_retired=False).count(),
        )  # fmt: skip

    @action(
        description="Invite last year's locals", permissions=["invite"], url_path="invite", icon="forward_to_inbox"
    )
    def invite(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """How many would get the letter; then it goes to them."""
        week = get_object_or_404(WeekOfAction, pk=object_id)
        if request.method == "POST":
            return self._invite(request, week)
        rows = inviting.to_invite(week)
        return page(
            request, "week/invite", f"Invite last year's locals to {week}", model=WeekOfAction, week=week, rows=rows
        )

    def _invite(self, request: HttpRequest, week: WeekOfAction) -> HttpResponse:
        expected = request.POST.get("expected", "")
        try:
            written = inviting.invite(
                week=week, expected=int(expected) if expected.isdecimal() else -1, by=staff_of(request)
            )
        except inviting.NotOpen:
            messages.warning(request, "The week is not open for registration: publish it first.")
        except inviting.OthersByNow:
            messages.warning(request, "Meanwhile others would be invited. Nobody was written to; look once more.")
        else:
            messages.success(request, f"{written} letter{'' if written == 1 else 's'} written.")
        return see_other("admin:campaigns_weekofaction_invite", week.pk)

    @action(description="Quantities from reports", permissions=["change"], url_path="quantities", icon="balance")
    def quantities(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What last year's reports propose for each rule; staff take what they agree with."""
        week = get_object_or_404(WeekOfAction, pk=object_id)
        found = proposing.proposals(week)
        if request.method == "POST":
            wanted = [each for each in found if str(each.rule.pk) == request.POST.get("rule")]
            require(len(wanted) < 2)
            try:
                for each in wanted:
                    proposing.accept(proposal=each, by=staff_of(request))
                    messages.success(request, f"Changed: {each.rule.item}.")
            except proposing.ChangedMeanwhile:
                wanted = []
            if not wanted:
                messages.warning(request, "Somebody has changed this rule meanwhile. Nothing changed.")
            return see_other("admin:campaigns_weekofaction_quantities", week.pk)
        title = f"Quantities of {week} from reports"
        return page(request, "week/quantities", title, model=WeekOfAction, week=week, proposals=found)
