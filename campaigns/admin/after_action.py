"""After a week: what it came to, on a page and as a PDF, and what each member reached has cost."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from campaigns.admin.frame import may, page, require
from campaigns.desk import after_action, after_action_pages, scopes
from campaigns.models import WeekOfAction
from csan.lib.staff import staff_of


def words_for(cost: after_action.Cost) -> str:
    """What each member reached has cost, or why that cannot be said."""
    if cost.total is None:
        return "Not known: no cost is entered yet."
    if cost.per_member is None:
        return f"${cost.total:,.2f} in all; no member has been reached yet."
    so_far = "" if cost.is_complete else ", of what is entered so far"
    members = "member" if cost.members == 1 else "members"
    return f"${cost.per_member:,.2f} ({cost.members:,} {members} reached for ${cost.total:,.2f}{so_far})"


class AfterActionPages(ModelAdmin):
    """The part of the weeks' admin that looks back."""

    actions_detail: tuple[str, ...] = ("after_action",)

    def has_look_back_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may see what locals reported."""
        return may(request, "view_report")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.after_action_pdf)
        pdf = path("<int:object_id>/after-action.pdf", view, name="campaigns_weekofaction_after_action_pdf")
        return [pdf, *super().get_urls()]

    @display(description="For each member reached")
    def per_member(self, week: WeekOfAction) -> str:
        return words_for(after_action.cost_of(week)) if week.pk else "–"

    @action(description="Results", permissions=["look_back"], url_path="after-action", icon="analytics")
    def after_action(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The numbers, as the PDF has them."""
        week = get_object_or_404(WeekOfAction, pk=object_id)
        told = after_action.gather(week, seen_by=staff_of(request))
        hidden = scopes.of(staff_of(request)).registrations(week.registrations.all())[1]
        return page(
            request, "week/after_action", f"What {week} came to", model=WeekOfAction, week=week, told=told,
            cost=words_for(told.cost), figures=after_action_pages.figures(told), hidden=hidden,
        )  # fmt: skip

    def after_action_pdf(self, request: HttpRequest, object_id: int) -> FileResponse:
        """For the committee."""
        require(self.has_look_back_permission(request))
        week = get_object_or_404(WeekOfAction, pk=object_id)
        file = after_action_pages.draw(after_action.gather(week, seen_by=staff_of(request)))
        return FileResponse(file, as_attachment=True, filename=f"week-of-action-{week.year}.pdf")
