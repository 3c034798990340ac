"""Posts: write, publish."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from csan.lib.staff import staff_of
from members import posting
from members.models import Post, Submission


@admin.register(Post)
class PostAdmin(ModelAdmin):
    """News: what waits for publication stands first."""

    list_display = ("title", "kind", "status", "starts_at", "employer", "byline", "published_at")
    list_filter = ("status", "kind")
    search_fields = ("title", "body", "byline", "employer")
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012 - Django's own form
    readonly_fields = ("status", "published_at")
    autocomplete_fields = ("picture",)
    ordering = ("-pk",)
    actions = ("publish",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A member's story is prepared on its own page, where its author's approval is watched over."""
        post = self.get_object(request, object_id)
        story = Submission.objects.unpublished().filter(post=post).first() if post else None
        if story:
            return HttpResponseRedirect(reverse("admin:members_submission_change", args=[story.pk]))
        response: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return response

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        """Show the chosen posts on the site."""
        count = posting.publish(posts=queryset, by=staff_of(request))
        self.message_user(request, f"{count} posts published.")
        if waiting := Submission.objects.unpublished().filter(post__in=queryset).count():
            words = f"{waiting} not: they are members' stories that their authors have not approved as they stand."
            self.message_user(request, words, messages.WARNING)
