"""Staff decide about what was scored: it is fine, or it is set aside. The decision stays beside the reasons."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from csan.lib import audit
from petitions import signing
from petitions.models import Signature, SignatureScore

Decision = SignatureScore.Decision


@transaction.atomic
def find_fine(*, scores: QuerySet[SignatureScore], by: User) -> int:
    """Nothing is wrong with these; they are not asked about again. How many were decided."""
    return len(_decide(scores, Decision.FINE, by))


@transaction.atomic
def set_aside(*, scores: QuerySet[SignatureScore], by: User) -> int:
    """These are not a person's own signatures: they leave the count. How many were decided."""
    decided = _decide(scores, Decision.SET_ASIDE, by)
    signing.invalidate_signatures(signatures=Signature.objects.filter(pk__in=decided), by=by)
    return len(decided)


def _decide(scores: QuerySet[SignatureScore], decision: str, by: User) -> list[int]:
    """Compare and set: what a colleague has decided meanwhile stays as it is."""
    chosen = list(scores.values_list("pk", flat=True))
    # The signatures first, as a job by condition does, so that no two wait for each other.
    list(Signature.objects.select_for_update(no_key=True).filter(pk__in=chosen).order_by("pk").values_list("pk"))
    waiting = SignatureScore.objects.waiting().filter(pk__in=chosen)
    rows = list(waiting.select_for_update().order_by("pk"))
    pks = [row.pk for row in rows]
    SignatureScore.objects.filter(pk__in=pks).update(decision=decision, decided_by=by, decided_at=timezone.now())
    audit.record(by=by, objects=rows, did=f"Decided: {Decision(decision).label}")
    return pks
