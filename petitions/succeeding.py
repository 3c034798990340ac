"""When a bill has died and its successor is there: signers are asked whether theirs stands for it, one by one."""

from django.db import transaction

from csan.lib.rows import insert_unless_known
from petitions.models import Measure, Reaffirmation, Signature


class NotAsked(Exception):
    """The petition does not ask this of this signature."""


def open_requests(signature: Signature) -> list[Measure]:
    """The petition's bills that came after the ones this was signed for, and that the signer has not said yes to.

    A petition moves on by having a successor among its bills; who signed before was never asked about that one.
    """
    if signature.status != Signature.Status.CONFIRMED or signature.is_erased:
        return []
    later = Measure.objects.filter(petitions=signature.petition_id, predecessors__petitions=signature.petition_id)
    unasked = later.exclude(reaffirmations__signature=signature.pk).distinct()
    return list(unasked.order_by("congress", "kind", "number"))


@transaction.atomic
def reaffirm(*, signature: Signature, measure: Measure) -> bool:
    """The signer's yes to a later bill. False where it was said before. Raises NotAsked.

    The row is held, so that it is not erased meanwhile; raises Signature.DoesNotExist where it has been.
    """
    Signature.objects.select_for_update().get(pk=signature.pk)
    if Reaffirmation.objects.filter(signature=signature, measure=measure).exists():
        return False
    if measure not in open_requests(signature):
        raise NotAsked
    return insert_unless_known(Reaffirmation(signature=signature, measure=measure))
