"""A bill's life over the years: one Congress ends, the next one gives it another number, and it goes on."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext

from petitions.districts import FIRST_CONGRESS, days_of
from petitions.models import Measure, MeasureEvent, Petition, Provision

# From the petition's bills along every link, in both directions; UNION drops what was met before, so it ends.
LINE = """
    WITH RECURSIVE line (id) AS (
        SELECT measure_id FROM petitions_petition_measures WHERE petition_id = %s
        UNION
        SELECT other.id FROM line
        JOIN petitions_measure AS known ON known.id = line.id
        JOIN petitions_measure AS other
            ON other.id IN (known.successor_id, known.companion_id)
            OR known.id IN (other.successor_id, other.companion_id)
    )
    SELECT measure.* FROM petitions_measure AS measure JOIN line USING (id)
    ORDER BY measure.congress, measure.kind, measure.number
"""


@dataclass(frozen=True)
class Congress:
    """One Congress with its bills of this line: the House's before the Senate's."""

    number: int
    measures: list[Measure]
    is_signed: bool  # the petition's own text asks for a bill of this Congress

    @property
    def years(self) -> tuple[int, int]:
        """The two calendar years it works in. It begins and ends on January 3 (Twentieth Amendment)."""
        first = FIRST_CONGRESS + 2 * (self.number - 1)
        return first, first + 1

    @property
    def lapses_on(self) -> date | None:
        """The day on which its bills end unless they are passed; None once it has been."""
        last = days_of(self.number)[1]
        return last if last > timezone.localdate() else None

    @property
    def name(self) -> str:
        """Such as "115th Congress, 2017–2018"."""
        first, last = self.years
        values = {"congress": ordinal(self.number), "first": first, "last": last}
        return gettext("%(congress)s Congress, %(first)s–%(last)s") % values


def measures_of(petition: Petition) -> list[Measure]:
    """The petition's bills, those before and after them and their companions, oldest first."""
    return list(Measure.objects.raw(LINE, [petition.pk]))


def lineage(petition: Petition) -> list[Congress]:
    """The Congresses that have had the bill before them, in time order; the bills with their provisions."""
    signed = {measure.pk for measure in petition.bills}
    measures = measures_of(petition)
    prefetch_related_objects(measures, Prefetch("provisions", Provision.objects.order_by("position")))
    return [
        Congress(number, bills, any(bill.pk in signed for bill in bills))
        for number, bills in ((n, list(g)) for n, g in groupby(measures, key=lambda m: m.congress))
    ]


def timeline(petition: Petition) -> QuerySet[MeasureEvent]:
    """What happened to any of these bills, newest last; each with its `measure`."""
    bills = [measure.pk for measure in measures_of(petition)]
    return MeasureEvent.objects.filter(measure__in=bills).select_related("measure").order_by("happened_on", "pk")
