"""Locals of the directory, suggested while somebody types theirs: a handful at a time, and not the whole of it."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from campaigns.entering import which_local
from campaigns.entering.fields import DEFAULT_AFFILIATE
from csan.lib.ratelimit import Budget, BudgetSpent, client_network, spend

KEPT = 3600  # seconds in a browser or on the way


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Names and towns of the locals that `q` may mean. A spent budget suggests nothing; the form works without."""
    try:
        spend(Budget("look-up:client", client_network(request), *settings.BUDGETS["look-up"]["client"]))
    except BudgetSpent as error:
        return JsonResponse({"locals": []}, status=429, headers={"Retry-After": str(error.retry_after)})
    written = "".join(filter(str.isprintable, request.GET.get("q", "")[:100]))
    meant = which_local.read(written, DEFAULT_AFFILIATE)
    found = [meant.local, *meant.others] if meant.local else meant.others
    answer = {"locals": [[str(local), ", ".join(filter(None, (local.city, local.state)))] for local in found]}
    return JsonResponse(answer, headers={"Cache-Control": f"public, max-age={KEPT}"})
