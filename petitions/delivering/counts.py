"""How many have signed by district. One place, so that it can be taken from the tallies."""

from django.db.models import Count

from petitions.models import Petition, Signature


def by_district(petition: Petition) -> dict[str, int]:
    """How many confirmed signatures each district has now; under the empty key those of none that is known."""
    rows = Signature.objects.counting().filter(petition=petition).values("district").annotate(count=Count("pk"))
    return dict(rows.order_by().values_list("district", "count"))
