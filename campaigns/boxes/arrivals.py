"""Did it arrive? The local says of each box: all is here, or what is missing. Staff see to what is missing."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from campaigns.models import Arrival, ArrivalGap, Box, BoxLine, Owed
from csan.lib import audit

Answer = Arrival.Answer


class NotUnderWay(Exception):
    """The box has not left, was lost or came back: there is nothing to say of it."""


class NothingMissing(Exception):
    """Something is missing, but neither which item nor any word about it was given."""


class MoreThanPacked(Exception):
    """More of an item is missing than was in the box, or the box never had it."""


@transaction.atomic
def tell_all_here(*, box: Box, told_by: str) -> Arrival:
    """All is here: the box is delivered. Raises NotUnderWay. Saying it again changes nothing."""
    _hold(box)
    Box.objects.filter(pk=box.pk, status=Box.Status.SHIPPED).update(
        status=Box.Status.DELIVERED, delivered_at=timezone.now()
    )
    return _keep(box, Answer.ALL_HERE, told_by=told_by)


@transaction.atomic
def tell_missing(*, box: Box, missing: Mapping[int, int], note: str = "", told_by: str) -> Arrival:
    """So many of these items (by their keys) are missing. Raises NotUnderWay, NothingMissing or MoreThanPacked.

    What was said of the box before is replaced, and waits for staff anew.
    """
    _hold(box)
    gaps = {item: quantity for item, quantity in missing.items() if quantity}
    if not gaps and not note:
        raise NothingMissing
    packed = dict(BoxLine.objects.filter(box=box).values_list("item", "quantity"))
    if any(quantity > packed.get(item, 0) for item, quantity in gaps.items()):
        raise MoreThanPacked
    arrival = _keep(box, Answer.MISSING, note=note, told_by=told_by)
    ArrivalGap.objects.bulk_create(
        ArrivalGap(arrival=arrival, item_id=item, quantity=quantity) for item, quantity in gaps.items()
    )
    return arrival


def _hold(box: Box) -> None:
    """Two people of a local who speak at once are heard one after the other."""
    if Box.objects.select_for_update().get(pk=box.pk).status not in Box.UNDER_WAY:
        raise NotUnderWay


def _keep(box: Box, answer: Arrival.Answer, *, note: str = "", told_by: str) -> Arrival:
    said = {
        "answer": answer,
        "note": note,
        "told_by": told_by,
        "told_at": timezone.now(),
        "settled_at": None,
        "settled_by": None,
    }
    arrival, _ = Arrival.objects.update_or_create(box=box, defaults=said)
    ArrivalGap.objects.filter(arrival=arrival).delete()
    if answer == Answer.ALL_HERE:
        Owed.objects.waiting().filter(box=box).delete()  # it was found: nothing is sent after the box
    return arrival


@transaction.atomic
def settle(*, arrivals: Iterable[Arrival], by: User) -> int:
    """Staff have seen to what is missing; for how many is given back. A local may say again that something is."""
    rows = list(Arrival.objects.needed().filter(pk__in=[each.pk for each in arrivals]).select_for_update())
    Arrival.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=timezone.now(), settled_by=by)
    audit.record(by=by, objects=rows, did="Settled what was missing")
    return len(rows)
