"""The staff pages of petitions: goal, dates, bills, texts and points."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import action, display

from csan.lib.staff import staff_of
from petitions import forgetting, publishing, resolving, results, tallies
from petitions.models import Petition, PetitionPoint, PetitionVersion


class VersionInline(StackedInline):
    """What the two inlines of texts share."""

    model = PetitionVersion
    extra = 0
    fields: tuple[str, ...] = ("title", "ask", "text", "title_es", "ask_es", "text_es")


class DraftInline(VersionInline):
    """The text that is being written; published by the action in the list of petitions."""

    verbose_name_plural = "text in preparation"
    max_num = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionVersion]:
        return super().get_queryset(request).filter(published_at=None)


class PublishedInline(VersionInline):
    """Published texts: people signed these words, so they never change."""

    verbose_name_plural = "published texts"
    fields = ("number", "published_at", *VersionInline.fields)
    readonly_fields = ("number", "published_at")
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionVersion]:
        return super().get_queryset(request).exclude(published_at=None)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PointInline(StackedInline):
    """The things the bill says, as cards on the petition's page."""

    model = PetitionPoint
    extra = 0
    fields = ("position", "icon", "title", "text", "title_es", "text_es")
    ordering = ("position",)


class PetitionForm(forms.ModelForm[Petition]):
    """Goal, dates, bills. The day that forgets the signers lies a week ahead: staff hear of it first."""

    def clean_forgets_signers_on(self) -> date | None:
        day: date | None = self.cleaned_data["forgets_signers_on"]
        earliest = timezone.localdate() + forgetting.WARNED_BEFORE
        if day and day != self.initial.get("forgets_signers_on") and day < earliest:
            raise forms.ValidationError(
                f"Choose {earliest:%B %-d, %Y} or later: it cannot be undone, so staff get a letter a week before."
            )
        return day


@admin.register(Petition)
class PetitionAdmin(ModelAdmin):
    """Petitions: goal, dates, measures, texts. The count is exact and never edited."""

    list_display = ("slug", "count", "goal", "opens_at", "closes_at")
    search_fields = ("slug", "versions__title")
    fields = ("slug", "goal", "first_goal", "opens_at", "closes_at", "forgets_signers_on", "measures", "count")
    autocomplete_fields = ("measures",)
    inlines = (DraftInline, PublishedInline, PointInline)
    ordering = ("-opens_at",)
    actions = ("publish",)
    actions_detail = ("districts", "counts", "forgetting")
    form = PetitionForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Petition]:
        return Petition.objects.counted()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The slug is the page's address: it stands on posters, so it is chosen once.

        The bills of a published text change by the next text, or by moving on to a successor, and never silently.
        """
        if obj is None:
            return ("count",)
        versions = PetitionVersion.objects.filter(petition=obj.pk)
        is_final = versions.exclude(published_at=None).exists() and not versions.filter(published_at=None).exists()
        return ("count", "slug", "measures") if is_final else ("count", "slug")

    @display(description="Signatures")
    def count(self, petition: Petition) -> int:
        return petition.signers if petition.pk else 0

    def save_model(self, request: HttpRequest, obj: Petition, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "forgets_signers_on" in form.changed_data:
            forgetting.note_day(petition=obj, by=staff_of(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A new text gets its number here; of a petition's texts one at most is new."""
        for each in formset.save(commit=False):
            if formset.model is PetitionVersion and each.number is None:
                each.number = publishing.next_number(form.instance)
            each.save()
        for each in formset.deleted_objects:
            each.delete()

    @action(description="Counts by local and source", permissions=["view"], url_path="counts", icon="leaderboard")
    def counts(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """All locals and sources, small groups too, for staff's eyes."""
        petition = get_object_or_404(Petition, pk=object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Counts of {petition}",
            "opts": self.opts,
            "locals": results.locals_of(petition, everybody=True),
            "without_local": tallies.by_local(petition).get(None, 0),
            "sources": sorted(tallies.by_source(petition).items(), key=lambda each: -each[1]),
        }
        return render(request, "admin/petitions/petition/counts.html", context)

    @admin.action(description="Publish the text in preparation", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Petition]) -> None:
        """From now on people sign these words."""
        for petition in queryset:
            try:
                version = publishing.publish_text(petition=petition, by=staff_of(request))
            except publishing.NoDraft:
                messages.warning(request, f"{petition} has no text in preparation.")
            else:
                messages.success(request, f"{petition} now shows version {version.number}.")

    @action(description="How districts are known", permissions=["view"], url_path="districts")
    def districts(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """How many of its confirmed signatures have a district, and why the others have none."""
        petition = get_object_or_404(Petition, pk=object_id)
        figures = resolving.figures(petition)
        page = {
            **self.admin_site.each_context(request),
            "title": f"Districts of {petition}",
            "opts": self.opts,
            "figures": figures,
            "resolved": resolving.resolved(figures),
        }
        return render(request, "admin/petitions/petition/districts.html", page)

    @action(description="When signers are forgotten", permissions=["view"], url_path="forgetting")
    def forgetting(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What its day will make nameless, and what stays; afterwards, what was done."""
        petition = get_object_or_404(Petition, pk=object_id)
        day = petition.forgets_signers_on
        page = {
            **self.admin_site.each_context(request),
            "title": f"When {petition} forgets its signers",
            "opts": self.opts,
            "petition": petition,
            "preview": forgetting.preview(petition),
            "lapse": petition.lapses.filter(on=day).first() if day else None,
        }
        return render(request, "admin/petitions/petition/forgetting.html", page)
