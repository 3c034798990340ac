"""A bill's line through the Congresses, and what happened on its way."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.utils import translation

from petitions import lineage
from petitions.models import Measure
from tests.petitions.factories import MeasureEventFactory, MeasureFactory, PetitionFactory, ProvisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """House and Senate bills of three Congresses; and a bill that has nothing to do with them."""
    bills = {}
    for congress in (117, 116, 115):
        for kind in (Measure.Kind.S, Measure.Kind.HR):
            bills[congress, kind] = MeasureFactory(
                congress=congress, kind=kind, number=congress, successor=bills.get((congress + 1, kind))
            )
    MeasureFactory(congress=116, number=9)
    return bills


def test_the_line_reaches_to_the_first_and_to_the_last_bill_and_to_companions(line, django_assert_num_queries):
    # The Senate's first bill hangs on by its companion alone.
    Measure.objects.filter(congress=115, kind="s").update(successor=None, companion=line[115, "hr"])
    petition = PetitionFactory()
    petition.measures.set([line[116, "hr"]])
    _ = petition.bills
    with django_assert_num_queries(2):  # the bills, what they provide
        found = lineage.lineage(petition)
    assert [(each.number, each.is_signed, [bill.bill for bill in each.measures]) for each in found] == [
        (115, False, ["H.R.115", "S.115"]),
        (116, True, ["H.R.116"]),
        (117, False, ["H.R.117"]),
    ]


def test_a_line_that_turns_back_on_itself_ends():
    one = MeasureFactory(congress=115)
    two = MeasureFactory(congress=116, successor=one)
    Measure.objects.filter(pk=one.pk).update(successor=two, companion=two)
    petition = PetitionFactory()
    petition.measures.set([one, two])
    assert [each.number for each in lineage.lineage(petition)] == [115, 116]


def test_a_petition_without_a_bill_has_no_line():
    petition = PetitionFactory()
    assert (lineage.lineage(petition), list(lineage.timeline(petition))) == ([], [])


def test_a_congress_is_named_with_its_years():
    assert lineage.Congress(115, [], True).name == "115th Congress, 2017–2018"
    assert lineage.Congress(1, [], True).years == (1789, 1790)


def test_the_timeline_has_the_events_of_all_bills_newest_last(line, django_assert_num_queries):
    petition = PetitionFactory()
    petition.measures.set([line[115, "hr"], line[115, "s"]])
    late = MeasureEventFactory(measure=line[117, "s"], happened_on=date(2021, 7, 21))
    early = MeasureEventFactory(measure=line[115, "hr"], happened_on=date(2017, 3, 2), what_es="Se presenta.")
    MeasureEventFactory()
    with django_assert_num_queries(2):
        found = [(event, event.measure.bill) for event in lineage.timeline(petition)]
    assert found == [(early, "H.R.115"), (late, "S.117")]
    with translation.override("es"):
        assert (early.local_what, late.local_what) == ("Se presenta.", "Introduced in the House.")


def test_a_bill_says_what_it_provides_in_order():
    bill = MeasureFactory()
    for position, text in ((2, "Then this."), (1, "First this.")):
        ProvisionFactory(measure=bill, position=position, text=text, text_es="Primero esto." if position == 1 else "")
    petition = PetitionFactory()
    petition.measures.set([bill])
    ((found,),) = (each.measures for each in lineage.lineage(petition))
    with translation.override("es"):
        assert [provision.local_text for provision in found.provisions.all()] == ["Primero esto.", "Then this."]


@pytest.mark.parametrize(
    ("today", "lapses_on"),
    [(date(2026, 6, 15), date(2027, 1, 3)), (date(2027, 1, 2), date(2027, 1, 3)), (date(2027, 1, 3), None)],
)
def test_a_congress_that_sits_says_when_its_bills_lapse(today, lapses_on):
    with time_machine.travel(datetime.combine(today, time(17), UTC), tick=False):
        assert lineage.Congress(119, [], True).lapses_on == lapses_on
