"""The pages that look at every app: home, privacy, and whether all is well."""

import time
from typing import Any

from django.core.files.storage import default_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control, cache_page, never_cache
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, WeekOfAction
from csan.lib.redis import attempt
from csan.lib.uploads import content_type_of
from csan.tasks import ALIVE_KEY
from members.forms import SubscribeForm
from members.issue_days import next_issue_on
from members.models import Issue, Post
from petitions.models import Petition

KEPT = 5  # seconds that the home page, the dearest to make, may lag behind in each web process


@require_safe
@cache_control(public=True, max_age=KEPT)
@cache_page(KEPT, cache="pages")
def home(request: HttpRequest) -> HttpResponse:
    """The Take Action page: join, what is happening now, the campaigns."""
    petition = Petition.objects.public().counted().order_by("-opens_at").first()
    latest = Post.objects.public().exclude(kind=Post.Kind.ACTION).select_related("picture").order_by("-published_at")
    context = {
        "form": SubscribeForm(request=request),
        "actions": Post.objects.upcoming()[:3],
        "latest": latest[:3],
        "last_issue": Issue.objects.public().first(),
        "next_issue_on": next_issue_on(timezone.localdate()),
        "petition": petition,
        "petition_count": petition.signers if petition else 0,
        "week": WeekOfAction.objects.public().select_related("picture").first(),
        "campaigns": Campaign.objects.public().select_related("picture"),
    }
    return render(request, "home.html", context)


@require_safe
@cache_control(public=True, max_age=3600)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, who sees it."""
    return render(request, "privacy.html")


@require_safe
def upload(request: HttpRequest, name: str) -> FileResponse:
    """A file that staff uploaded. Only names of ours; what stands under one never changes."""
    content_type = content_type_of(name)
    if content_type is None:
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    is_document = content_type == "application/pdf"  # kept, not shown: it is made to be printed
    response = FileResponse(file, content_type=content_type, as_attachment=is_document, filename=name)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, Redis and a worker: 200 when pages can be served and letters leave, else 503."""
    checks = {"database": database_is_ready(), "redis": bool(attempt(lambda redis: redis.ping()))}
    seen = attempt(lambda redis: redis.get(ALIVE_KEY))
    checks["worker"] = seen is not None and time.time() - float(str(seen)) < 60
    state: dict[str, Any] = {name: "ok" if fine else "not ready" for name, fine in checks.items()}
    return JsonResponse(state, status=200 if all(checks.values()) else 503)


def database_is_ready() -> bool:
    """The database answers and holds every migration."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False
