"""Stories that members sent in: what waits first; edit beside the original, ask the author, publish, decline."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from csan.lib.differences import differences
from csan.lib.staff import staff_of
from members import posting
from members.models import Submission
from members.models.people import LANGUAGE_CHOICES
from members.models.pictures import ALT_HELP

Status = Submission.Status
STATUS_COLOURS = {
    Status.SUBMITTED: "warning",
    Status.CHANGES: "warning",
    Status.APPROVED: "warning",
    Status.SENT: "info",
    Status.PUBLISHED: "success",
    Status.WITHDRAWN: "danger",
    Status.DECLINED: "danger",
}
CHANGED = "A colleague or the author has changed something meanwhile. Nothing was saved; below is what you typed."
MOVED_ON = "That is not possible any more; the story has moved on."


class EditForm(forms.Form):
    """What staff make of a story. `seen` stands for the text that they began with."""

    title = forms.CharField(max_length=140, widget=UnfoldAdminTextInputWidget)
    slug = forms.SlugField(max_length=140, widget=UnfoldAdminTextInputWidget, help_text="Its address: /news/…/")
    byline = forms.CharField(max_length=140, widget=UnfoldAdminTextInputWidget, help_text="Printed after “By”.")
    summary = forms.CharField(
        max_length=300,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="One or two sentences, for lists and the newsletter.",
    )
    body = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 18}),
        help_text="Markdown: blank lines part paragraphs, **bold**, [text](https://address).",
    )
    language = forms.ChoiceField(
        choices=LANGUAGE_CHOICES, widget=UnfoldAdminSelectWidget, help_text="In which it is written."
    )
    with_photo = forms.BooleanField(label="With the photo", required=False, widget=UnfoldBooleanWidget)
    alt = forms.CharField(
        label="Description of the photo", max_length=250, widget=UnfoldAdminTextInputWidget, help_text=ALT_HELP
    )
    alt_es = forms.CharField(
        label="Description in Spanish", max_length=250, required=False, widget=UnfoldAdminTextInputWidget
    )
    embargo_until = forms.DateTimeField(
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
        help_text="Not shown before this moment, whenever it is published.",
    )
    note_to_author = forms.CharField(
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Goes to the author with the final text: what you changed, and why.",
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_photo:
            for name in ("with_photo", "alt", "alt_es"):
                del self.fields[name]

    @classmethod
    def showing(cls, story: Submission) -> "EditForm":
        """The form, filled in with the post as it stands."""
        post, picture = story.post, story.picture
        assert post
        names = ("title", "slug", "byline", "summary", "body", "language", "embargo_until")
        initial: dict[str, Any] = {name: getattr(post, name) for name in names}
        initial |= {"note_to_author": story.note_to_author, "seen": story.final_digest}
        if picture:
            initial |= {"with_photo": post.picture is not None, "alt": picture.alt, "alt_es": picture.alt_es}
        return cls(initial=initial, has_photo=picture is not None)

    def edited(self) -> posting.Edited:
        """For `posting`. Only after `is_valid()`."""
        return posting.Edited(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class DeclineForm(forms.Form):
    """Why the story is not published, in words that the author gets."""

    reason = forms.CharField(max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}))


@admin.register(Submission)
class SubmissionAdmin(ModelAdmin):
    """Stories from members. Nobody sees one here before its author has proved the address."""

    list_display = ("title", "status_label", "name", "local", "language", "confirmed_at", "asked_at")
    list_filter = ("status", "language")
    search_fields = ("title", "name", "local", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return Submission.objects.confirmed().waiting_first().select_related("post__picture", "picture")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("place", "confirmed_at", "pk")

    @display(description="Status", ordering="place", label=STATUS_COLOURS)
    def status_label(self, story: Submission) -> tuple[str, str]:
        return story.status, story.get_status_display()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_publish(self, request: HttpRequest) -> bool:
        """Whoever may edit stories and publish posts."""
        return self.has_change_permission(request) and request.user.has_perm("members.change_post")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The story on one page: as sent, as edited, what has changed; and what can be done with it now."""
        story = self.get_object(request, object_id)
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        editing, declining = None, DeclineForm()
        if request.method == "POST":
            if not self.has_change_permission(request, story):
                raise PermissionDenied
            match request.POST.get("do"):
                case "save" | "send" as do:
                    editing = self._edit(request, story, then_send=do == "send")
                case "decline" | "decline-silently" as do:
                    declining = self._decline(request, story, silently=do == "decline-silently")
                case "publish":
                    self._publish(request, story)
            if not (editing and editing.errors) and not declining.errors:
                return HttpResponseRedirect(request.path)
        return self._page(request, story, editing, declining)

    def _page(
        self, request: HttpRequest, story: Submission, editing: EditForm | None, declining: DeclineForm
    ) -> HttpResponse:
        story = self.get_queryset(request).get(pk=story.pk)
        post = story.post
        is_open = story.status in Submission.IN_HAND and self.has_change_permission(request, story)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{story.title}, by {story.byline}",
            "opts": self.opts,
            "story": story,
            "is_final": post is not None and story.is_final,
            "may_publish": self.may_publish(request),
            "editing": (editing or EditForm.showing(story)) if is_open else None,
            "declining": declining,
            "title_changes": differences(story.title, post.title) if post else [],
            "body_changes": differences(story.body, post.body) if post else [],
            "appearances": story.appearances.select_related("issue").order_by("pk"),
        }
        has_errors = declining.errors or (editing and editing.errors)
        return render(request, "admin/members/submission/story.html", context, status=422 if has_errors else 200)

    def _edit(self, request: HttpRequest, story: Submission, *, then_send: bool) -> EditForm:
        """The form, with errors where nothing was saved."""
        form = EditForm(request.POST, has_photo=story.picture is not None)
        by = staff_of(request)
        if not form.is_valid():
            return form
        try:
            posting.edit(submission=story, edited=form.edited(), seen=form.cleaned_data["seen"], by=by)
            if then_send and posting.send_to_author(submission=story, by=by):
                messages.success(request, "Saved. The author gets a letter with the link to the final text.")
            elif then_send:
                messages.warning(request, "The author has this text already. No second letter was sent.")
            else:
                messages.success(request, "Saved. The author has not been asked yet.")
        except posting.EditedMeanwhile:
            form.add_error(None, CHANGED)
        except posting.SlugTaken:
            form.add_error("slug", "Another page has this address. Please choose another.")
        except posting.WrongState:
            messages.warning(request, MOVED_ON)
        return form

    def _decline(self, request: HttpRequest, story: Submission, *, silently: bool) -> DeclineForm:
        form = DeclineForm() if silently else DeclineForm(request.POST)
        if not silently and not form.is_valid():
            return form
        try:
            posting.decline(
                submission=story, by=staff_of(request), reason="" if silently else form.cleaned_data["reason"]
            )
            messages.success(
                request, "Declined." if silently else "Declined. The author gets a letter with your words."
            )
        except posting.WrongState:
            messages.warning(request, MOVED_ON)
        return form

    def _publish(self, request: HttpRequest, story: Submission) -> None:
        if not self.may_publish(request):
            raise PermissionDenied
        try:
            posting.publish_story(submission=story, by=staff_of(request))
            messages.success(request, "Published. The author gets a letter as soon as it can be read.")
        except posting.NotApproved:
            messages.error(request, "The author has not approved this very text. Send it to the author first.")
        except posting.WrongState:
            messages.warning(request, MOVED_ON)
