"""The pages that look at every app: home, privacy, and whether all is well."""

import time
from typing import Any

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, WeekOfAction
from csan.lib.redis import attempt
from csan.tasks import ALIVE_KEY
from members.forms import NEWSLETTER_WORDING, SubscribeForm
from members.models import Issue, Post
from petitions.models import Petition


@require_safe
@cache_control(public=True, max_age=5)
def home(request: HttpRequest) -> HttpResponse:
    """The Take Action page: join, what is happening now, the campaigns."""
    petition = Petition.objects.public().counted().order_by("-opens_at").first()
    context = {
        "form": SubscribeForm(request=request),
        "wording": NEWSLETTER_WORDING,
        "actions": Post.objects.upcoming()[:3],
        "latest": Post.objects.public().exclude(kind=Post.Kind.ACTION).order_by("-published_at")[:3],
        "last_issue": Issue.objects.public().first(),
        "petition": petition,
        "petition_count": petition.signers if petition else 0,
        "week": WeekOfAction.objects.public().first(),
        "campaigns": Campaign.objects.public(),
    }
    return render(request, "home.html", context)


@require_safe
@cache_control(public=True, max_age=3600)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, who sees it."""
    return render(request, "privacy.html")


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
