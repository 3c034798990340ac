"""A member's story: sending it, and its author's private page. GET changes nothing; the key is all it takes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.differences import differences
from csan.lib.forms import PublicForm
from csan.lib.origin import public_post
from csan.lib.pages import form_page, see_other
from members import submitting
from members.forms import language_of_page
from members.models import Submission
from members.story_forms import PHOTO_WORDING, STORY_WORDING, ApproveForm, ButtonForm, ChangesForm, StoryForm

PAGE = "members:yours"


@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """Send us a story. The answer is the same for everybody."""
    if request.method != "POST":
        return form_page(request, "members/submit.html", StoryForm(request=request))
    form = StoryForm(request.POST, request.FILES, request=request)
    if form.is_trapped:
        return see_other("members:submitted")
    if not form.is_valid():
        return form_page(request, "members/submit.html", form)
    data = form.cleaned_data
    submitting.submit(
        **{name: data[name] for name in ("name", "local", "email", "title", "body")},
        photo=form.prepared,
        photo_alt=data["photo_alt"],
        photo_wording=str(PHOTO_WORDING),
        wording=str(STORY_WORDING),
        source=request.path,
        language=language_of_page(),
        suspicion=form.suspicion,
    )
    return see_other("members:submitted")


@require_safe
def submitted(request: HttpRequest) -> HttpResponse:
    """Thank you, and what happens next; the same for everybody."""
    return render(request, "members/submitted.html")


def by_key(key: str) -> Submission:
    """The story of a private link, or a 404."""
    return get_object_or_404(Submission.objects.select_related("post__picture", "picture"), key=key)


def author_page(request: HttpRequest, story: Submission, form: PublicForm | None = None) -> HttpResponse:
    """The author's page in the state that the story is in; with a form that was refused, where one was."""
    is_asked = story.status in (Submission.Status.SENT, Submission.Status.CHANGES, Submission.Status.APPROVED)
    context: dict[str, Any] = {
        "story": story,
        "is_asked": is_asked,
        "is_in_hand": story.status in Submission.IN_HAND,
        "appearances": story.appearances.select_related("issue").order_by("pk"),
    }
    if is_asked and story.post:
        context["approving"] = ApproveForm(request=request, initial={"seen": story.final_digest})
        context["changing"] = form if isinstance(form, ChangesForm) else ChangesForm(request=request)
        context["title_changes"] = differences(story.title, story.post.title)
        context["body_changes"] = differences(story.body, story.post.body)
    return form_page(request, "members/yours.html", form or ButtonForm(request=request), **context)


@never_cache
@require_safe
def yours(request: HttpRequest, key: str) -> HttpResponse:
    """How the story stands, and what its author can do."""
    return author_page(request, by_key(key))


def act(
    request: HttpRequest, key: str, kind: type[PublicForm], do: Callable[[Submission, dict[str, Any]], object]
) -> HttpResponse:
    """What a button of the author's page posts: done, and back to the page. A GET, a scanner's, does nothing."""
    form = kind(request.POST if request.method == "POST" else None, request=request)
    story = by_key(key)
    if request.method != "POST" or form.is_trapped:
        return see_other(PAGE, key)
    if form.is_valid():
        try:
            do(story, form.cleaned_data)
        except submitting.TextHasChanged:
            form.add_error(None, _("The text has just been changed. Please read it once more before you approve it."))
        except submitting.NotPossibleNow:
            form.add_error(None, _("This is not possible any more. Below is how your story stands now."))
        else:
            return see_other(PAGE, key)
    return author_page(request, by_key(key), form)


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The first letter's button: the address is the author's, and staff may see the story."""
    return act(request, key, ButtonForm, lambda story, _: submitting.confirm(submission=story))


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, key: str) -> HttpResponse:
    """The author's yes to the text that the page showed."""
    return act(request, key, ApproveForm, lambda story, data: submitting.approve(submission=story, seen=data["seen"]))


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_changes(request: HttpRequest, key: str) -> HttpResponse:
    """What the author would like to be different."""
    return act(
        request,
        key,
        ChangesForm,
        lambda story, data: submitting.ask_for_changes(submission=story, words=data["words"]),
    )


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """The author takes the story back: a question with a button on GET, because mail scanners follow links."""
    story = by_key(key)
    if request.method != "POST" and story.status in Submission.IN_HAND:
        return form_page(request, "members/withdraw_story.html", ButtonForm(request=request), story=story)
    return act(request, key, ButtonForm, lambda story, _: submitting.withdraw(submission=story))
