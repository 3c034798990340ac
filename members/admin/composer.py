"""The composer: one page on which an issue is put together, and a page for each thing that is written."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csan.lib.pages import SeeOther
from csan.lib.staff import staff_of
from members import newsletter
from members.admin import composer_rows
from members.admin.composer_forms import IssueWordsForm, ItemForm, SectionForm
from members.models import Issue, IssueItem, Post, Section
from members.newsletter import arranging, composing, drafting, readership, suggesting
from members.newsletter.composing import AudienceIsFixed, EditedMeanwhile, NotEditable

FOUND = 20  # posts shown in the picker
CANCELLED = "This issue was cancelled; nothing in it can be changed any more."
FIXED = "Who gets which letter is fixed since the issue was frozen. An item can only be opened to everyone."
may_compose = permission_required("members.change_issue", raise_exception=True)


def urls(guard: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]) -> list[URLPattern]:
    """What stands below the composer, which is one of the issue's own pages."""

    def at(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        return path(f"<int:pk>/compose/{route}", guard(view), name=f"members_issue_{name}")

    return [
        at("words/", words, "compose_words"),
        at("add/", add, "compose_add"),
        at("readers/", readers, "compose_readers"),
        at("section/", new_section, "compose_new_section"),
        at("section/<int:key>/", section, "compose_section"),
        at("section/<int:key>/write/", new_item, "compose_new_item"),
        at("item/<int:key>/", item, "compose_item"),
    ]


def show(request: HttpRequest, template: str, issue: Issue, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the composer, in the frame of the staff site."""
    shown = {
        **admin.site.each_context(request),
        "title": f"No. {issue.number}",
        "opts": Issue._meta,
        "issue": issue,
        **context,
    }
    return render(request, f"admin/members/issue/{template}.html", shown, status=status)


def back(issue: Issue, anchor: str = "") -> SeeOther:
    """To the issue's page, at the place where something was done."""
    return SeeOther(reverse("admin:members_issue_compose", args=[issue.pk]) + (f"#{anchor}" if anchor else ""))


@may_compose
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole issue, with the buttons that arrange it."""
    issue = get_object_or_404(Issue, pk=pk)
    if request.method == "POST":
        return back(issue, _arrange(request, issue))
    return show(
        request,
        "compose",
        issue,
        composition=composer_rows.composition(issue),
        to_come=[] if issue.is_frozen else drafting.posts_to_come(issue),
        last=suggesting.last_issue_before(issue),
    )


def _arrange(request: HttpRequest, issue: Issue) -> str:
    """Do what a button says, such as `item-up:12`; the place on the page where that is seen."""
    do, _, key = request.POST.get("do", "").partition(":")
    number = int(key) if key.isascii() and key.isdecimal() else 0
    try:
        if do == "anew":
            _make_anew(request, issue)
        elif do.startswith("section-"):
            found = get_object_or_404(Section, issue=issue, pk=number)
            _arrange_section(request, found, do)
            return f"section-{found.pk}"
        elif do.startswith("item-"):
            chosen = get_object_or_404(IssueItem.objects.select_related("post", "section"), issue=issue, pk=number)
            _arrange_item(request, chosen, do)
            return f"item-{chosen.pk}" if do != "item-drop" else f"section-{chosen.section_id}"
    except NotEditable:
        messages.error(request, CANCELLED)
    except AudienceIsFixed:
        messages.error(request, FIXED)
    except newsletter.WrongState:
        messages.error(request, "The issue is frozen, so its draft cannot be made anew.")
    return ""


def _make_anew(request: HttpRequest, issue: Issue) -> None:
    done = newsletter.fill_draft(issue=issue, by=staff_of(request))
    messages.success(request, f"Made anew: {done.added} added, {done.removed} taken away. Your own work is as it was.")


def _arrange_section(request: HttpRequest, found: Section, do: str) -> None:
    by = staff_of(request)
    match do:
        case "section-up" | "section-down":
            arranging.move_section(section=found, up=do == "section-up", by=by)
        case "section-drop":
            arranging.drop_section(section=found, by=by)
            messages.success(request, f"“{found}” is left out. You can take it back below.")
        case "section-restore":
            arranging.restore_section(section=found, by=by)


def _arrange_item(request: HttpRequest, chosen: IssueItem, do: str) -> None:
    by = staff_of(request)
    match do:
        case "item-up" | "item-down":
            arranging.move_item(item=chosen, up=do == "item-up", by=by)
        case "item-pin" | "item-unpin":
            arranging.pin(item=chosen, pinned=do == "item-pin", by=by)
        case "item-drop":
            arranging.drop(item=chosen, by=by)
            messages.success(request, f"“{chosen}” is left out. You can take it back below.")
        case "item-restore":
            arranging.restore(item=chosen, by=by)


@may_compose
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Subject and intro, both languages side by side."""
    issue = get_object_or_404(Issue, pk=pk)
    form = IssueWordsForm(request.POST or None, instance=Issue.objects.get(pk=pk))

    def save(version: int) -> str:
        composing.write_issue(issue=issue, version=version, by=staff_of(request), words=form.values)
        return "opening"

    return _write(request, issue, "compose_words", form, issue, save)


@may_compose
def section(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Another heading for a section."""
    issue = get_object_or_404(Issue, pk=pk)
    found = get_object_or_404(Section, issue=issue, pk=key)
    form = SectionForm(request.POST or None, instance=Section.objects.get(pk=key))

    def save(version: int) -> str:
        said = form.cleaned_data
        arranging.rename_section(
            section=found,
            version=version,
            by=staff_of(request),
            heading=said["heading"],
            heading_es=said["heading_es"],
        )
        return f"section-{found.pk}"

    return _write(request, issue, "compose_section", form, found, save)


@may_compose
def new_section(request: HttpRequest, pk: int) -> HttpResponse:
    """A section more, at the end."""
    issue = get_object_or_404(Issue, pk=pk)
    form = SectionForm(request.POST or None, initial={"kind": Section.Kind.WORDS})

    def save(version: int) -> str:
        return f"section-{arranging.add_section(issue=issue, by=staff_of(request), **form.cleaned_data).pk}"

    return _write(request, issue, "compose_section", form, None, save)


@may_compose
def item(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """An item: its texts in both languages, its photo and link, who sees it."""
    issue = get_object_or_404(Issue, pk=pk)
    items = IssueItem.objects.select_related("post", "section", "picture", "edited_by", "issue")
    found = get_object_or_404(items, issue=issue, pk=key)
    form = ItemForm(request.POST or None, request.FILES or None, instance=items.get(pk=key))

    def save(version: int) -> str:
        composing.edit_item(
            item=found,
            version=version,
            by=staff_of(request),
            values=form.values,
            picture=form.cleaned_data["picture"],
            photo=form.new_photo,
            section=form.cleaned_data["section"],
        )
        return f"item-{found.pk}"

    return _write(request, issue, "compose_item", form, found, save)


@may_compose
def new_item(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Words of its own, at the end of a section."""
    issue = get_object_or_404(Issue, pk=pk)
    found = get_object_or_404(Section, issue=issue, pk=key, is_dropped=False)
    form = ItemForm(request.POST or None, request.FILES or None, instance=IssueItem(issue=issue, section=found))

    def save(version: int) -> str:
        added = composing.add_words(
            section=form.cleaned_data["section"],
            by=staff_of(request),
            values=form.values,
            picture=form.cleaned_data["picture"],
            photo=form.new_photo,
        )
        return f"item-{added.pk}"

    return _write(request, issue, "compose_item", form, None, save)


def _write(
    request: HttpRequest,
    issue: Issue,
    template: str,
    form: ModelForm[Any],
    row: Issue | Section | IssueItem | None,
    save: Callable[[int], str],
) -> HttpResponse:
    """A page with a form: 200 before it is sent, 303 once it is saved, 409 where somebody else was faster, else 422.

    Whatever is not saved is still in the form. `save` gets the version that the form was filled from, and says where
    on the issue's page the result is seen.
    """
    context: dict[str, Any] = {"form": form, "row": row, "version": row.version if row else 0, **_audiences(form)}
    if request.method != "POST":
        return show(request, template, issue, **context)
    if isinstance(form, ItemForm) and form.is_looking:
        return show(request, template, issue, **context)
    if not form.is_valid():
        return show(request, template, issue, status=422, **context)
    if request.POST.get("do") == "count" and isinstance(form, ItemForm):
        return show(request, template, issue, **context, reach=readership.reach(form.instance))
    try:
        anchor = save(_version(request))
    except EditedMeanwhile as error:
        theirs = {**context, "theirs": error.row, "row": error.row, "version": error.row.version}
        return show(request, template, issue, status=409, **theirs)
    except NotEditable:
        form.add_error(None, CANCELLED)
    except AudienceIsFixed:
        form.add_error("audience", FIXED)
    except newsletter.UnknownAudience as error:
        form.add_error("audience_of", str(error))
    except newsletter.TooManyVariants:
        form.add_error("audience", readership.too_many(issue, form.instance))
    else:
        messages.success(request, "Saved.")
        return back(issue, anchor)
    return show(request, template, issue, status=422, **context)


def _version(request: HttpRequest) -> int:
    """Of the row, when the form was filled from it."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() else 0


def _audiences(form: ModelForm[Any]) -> dict[str, Any]:
    """What the form of an item says about who may see it."""
    if not isinstance(form, ItemForm):
        return {}
    choices = [
        {"value": choice.value, "label": choice.label, "meaning": meaning, "names": readership.names(choice.value)}
        for choice, meaning in readership.MEANINGS.items()
    ]
    return {"audiences": choices, "for_some": readership.FOR_SOME}


@may_compose
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A post to add: searched for by its words; the newest stand first."""
    issue = get_object_or_404(Issue, pk=pk)
    if request.method == "POST":
        post = get_object_or_404(_published(), pk=request.POST.get("post") or None)
        try:
            added = newsletter.add_post(issue=issue, post=post, by=staff_of(request))
        except (NotEditable, AudienceIsFixed) as error:
            messages.error(request, CANCELLED if isinstance(error, NotEditable) else FIXED)
            return back(issue)
        messages.success(request, f"“{post}” is in.")
        return back(issue, f"item-{added.pk}")
    asked, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    if kind and kind not in Post.Kind.values:
        raise Http404
    found = list(_search(asked, kind)[: FOUND + 1])
    posts = found[:FOUND]
    used = suggesting.last_used_posts(issue, posts)
    within = set(issue.items.filter(is_dropped=False, section__is_dropped=False).values_list("post", flat=True))
    at = suggesting.moment_of(issue)
    rows = [
        {
            "post": post,
            "used_in": used.get(post.pk),
            "is_in": post.pk in within,
            "warnings": composer_rows.warnings_of(IssueItem(post=post), at),
        }
        for post in posts
    ]
    return show(
        request, "compose_add", issue, rows=rows, asked=asked, kind=kind, kinds=Post.Kind.choices,
        is_cut=len(found) > FOUND,
    )  # fmt: skip


def _published() -> QuerySet[Post]:
    """Also those under embargo, which the picker warns of."""
    return Post.objects.filter(status=Post.Status.PUBLISHED)


def _search(asked: str, kind: str) -> QuerySet[Post]:
    found = _published().filter(kind=kind) if kind else _published()
    for word in asked.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(body__icontains=word)
            | Q(employer__icontains=word)
            | Q(byline__icontains=word)
        )
    return found.order_by("-published_at", "-pk")


@may_compose
@require_safe
def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sees what, how many: counted when somebody asks."""
    issue = get_object_or_404(Issue, pk=pk)
    try:
        matrix, problem = readership.matrix(issue), ""
    except newsletter.UnknownAudience as error:
        matrix, problem = None, str(error)
    preview = reverse("admin:members_issue_preview", args=[issue.pk])
    groups = [
        (group, f"{preview}?{urlencode({'language': group.language, 'variant': group.variant})}")
        for group in (matrix.groups if matrix else [])
    ]
    return show(request, "compose_readers", issue, matrix=matrix, groups=groups, problem=problem)
