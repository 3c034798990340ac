"""The archive, an issue, the news, a post: pages to read, the same for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from members import newsletter, reading, searching
from members.issue_days import next_issue_on
from members.models import Issue, Post


@require_safe
@cache_control(public=True, max_age=60)
def archive(request: HttpRequest) -> HttpResponse:
    """Every issue that went out, and when the next one is due; with `?q=` those that say these words."""
    if asked := searching.cleaned(request.GET.get("q", "")):
        return search(request, asked)
    context = {"years": reading.issues_by_year(), "next_issue_on": next_issue_on(timezone.localdate())}
    return render(request, "members/archive.html", context)


def search(request: HttpRequest, asked: str) -> HttpResponse:
    """The issues that say what was asked for, a page of them."""
    try:
        page = searching.search_issues(asked, get_language() or "en", page_number(request))
    except searching.NoSuchPage as error:
        raise Http404 from error
    return render(request, "members/search.html", {"asked": asked, "page": page, "query": page.url})


def page_number(request: HttpRequest) -> int:
    """`?page=`, the first one where it is not there. Raises Http404 for what is no number."""
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 7):
        raise Http404
    return int(number)


@require_safe
@cache_control(public=True, max_age=60)
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """One issue, as a page of the site."""
    found = get_object_or_404(Issue.objects.public(), number=number)
    previous, following = reading.issues_around(found)
    context = {
        "issue": found,
        "contents": newsletter.public_contents(found, get_language() or "en"),
        "corrections": found.corrections.order_by("-revision"),
        "previous": previous,
        "next": following,
    }
    return render(request, "members/issue.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def news(request: HttpRequest) -> HttpResponse:
    """Published posts, newest first; `?kind=` and `?page=` choose among them."""
    try:
        page = reading.news_page(kind=request.GET.get("kind", ""), number=page_number(request))
    except reading.NoSuchPage as error:
        raise Http404 from error
    return render(
        request,
        "members/news.html",
        {"posts": page.posts, "kinds": page.kinds, "kind": page.kind, "page": page, "query": page.url},
    )


@require_safe
@cache_control(public=True, max_age=60)
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """One post, with what to read next."""
    found = get_object_or_404(Post.objects.public().select_related("picture"), slug=slug)
    previous, following = reading.posts_around(found)
    context = {"post": found, "previous": previous, "next": following, "related": reading.related_posts(found)}
    return render(request, "members/post.html", context)
