"""What the staff pages of work in the background share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin


class JobAdmin(ModelAdmin):
    """A list of jobs, each with a page of its own that shows how far it is. Rows are never edited or deleted."""

    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_progress"
        own = path("<int:pk>/progress.json", self.admin_site.admin_view(self.progress), name=name)
        return [own, *super().get_urls()]

    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        """What the page asks for every two seconds while the job is under way."""
        self.require(self.has_view_permission(request))
        return JsonResponse(self.report(get_object_or_404(self.model, pk=pk)))

    def report(self, job: Any) -> dict[str, Any]:
        raise NotImplementedError

    @staticmethod
    def require(allowed: bool) -> None:
        """Go no further without the permission."""
        if not allowed:
            raise PermissionDenied

    def page(self, request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """One of the job's pages."""
        whole = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return render(request, f"admin/{self.opts.app_label}/{self.opts.model_name}/{name}.html", whole, status=status)


def counted(outcomes: dict[str, str], counts: dict[str, int]) -> list[dict[str, Any]]:
    """Every outcome with its number, as the page and its script want them."""
    return [{"status": name, "label": label, "count": counts.get(name, 0)} for name, label in outcomes.items()]
