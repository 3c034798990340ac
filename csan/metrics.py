"""What operators watch, in Prometheus' text format. Numbers only, nobody's data."""

import hmac

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from members.models import Issue, Message, Subscription
from petitions.models import Petition, TallyDelta


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For who shows `METRICS_TOKEN` as a bearer token; for everybody else the page does not exist."""
    shown = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(generate_latest(measure()), content_type=CONTENT_TYPE_LATEST)


def measure() -> CollectorRegistry:
    """Everything as it is now; each figure is one indexed query."""
    registry = CollectorRegistry()
    letters = Gauge("csan_letters_open", "Letters not settled yet", ["lane", "status"], registry=registry)
    for row in Message.objects.open().values("lane", "status").annotate(count=Count("pk")):
        letters.labels(row["lane"], row["status"]).set(row["count"])
    ((_, awaited),) = Message.objects.due_by_issue(Message.Lane.TRANSACTIONAL)
    oldest = awaited.aggregate(since=Min("available_at"))["since"]
    waiting = Gauge("csan_letter_wait_seconds", "How long the oldest due letter has waited", registry=registry)
    waiting.set((timezone.now() - oldest).total_seconds() if oldest else 0)
    under_way = Gauge("csan_issues_under_way", "Issues being sent or paused", registry=registry)
    under_way.set(Issue.objects.filter(status__in=[Issue.Status.SENDING, Issue.Status.PAUSED]).count())
    subscribers = Gauge("csan_subscribers", "Active subscriptions", registry=registry)
    subscribers.set(Subscription.objects.active().count())
    deltas = Gauge("csan_tally_deltas", "Changes of counts that wait to be drained", registry=registry)
    deltas.set(TallyDelta.objects.count())
    signatures = Gauge("csan_signatures", "Confirmed signatures", ["petition"], registry=registry)
    for petition in Petition.objects.counted():
        signatures.labels(petition.slug).set(petition.signers)
    return registry
