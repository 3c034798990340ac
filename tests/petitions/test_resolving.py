"""Districts of signatures in the background: filled in, reviewed when lines change, never guessed; tallies follow."""

import threading
import time
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction

from petitions import resolving, tallies
from petitions.models import DistrictReview, Signature, TallyDelta
from petitions.tasks import look_up_districts, review_districts
from tests.petitions.factories import RedrawingFactory, SignatureFactory, draw

pytestmark = pytest.mark.django_db
IN_2026, IN_2027 = datetime(2026, 6, 15, 17, tzinfo=UTC), datetime(2027, 1, 3, 17, tzinfo=UTC)
Reason = DistrictReview.Reason


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(IN_2026, tick=False) as moved:
        yield moved


def signed(petition, zip_code, **more):
    return SignatureFactory(petition=petition, zip_code=zip_code, **{"state": "AZ", **more})


def told(signature):
    signature.refresh_from_db()
    return signature.district, signature.district_how, signature.district_congress


def review():
    """What a worker does once something was imported."""
    resolving.begin_review(reason=Reason.IMPORT, congress=119)
    while resolving.work(seconds=60):
        pass
    return DistrictReview.objects.latest("pk")


def test_confirmed_signatures_that_nobody_looked_up_are_told_their_districts(petition):
    draw("AZ-03", "85003")
    draw("AZ-01", "85004")
    draw("AZ-02", "85004")
    one, several, none = (signed(petition, zip_code) for zip_code in ("85003", "85004", "73301"))
    pending = signed(petition, "85003", status=Signature.Status.PENDING)
    look_up_districts()
    assert [told(each) for each in (one, several, none, pending)] == [
        ("AZ-03", "unique", 119),
        ("", "split", 119),
        ("", "unknown", None),
        ("", "", None),
    ]
    assert resolving.look_up_missing() == 0


def test_they_are_told_in_parts(petition, monkeypatch):
    monkeypatch.setattr(resolving, "ROWS_OF_A_PART", 2)
    draw("AZ-03", "85003")
    for _ in range(3):
        signed(petition, "85003")
    assert [resolving.look_up_missing() for _ in range(3)] == [2, 1, 0]


def test_unknown_ones_are_looked_up_again_after_an_import(petition):
    signature = signed(petition, "85003", district_how="unknown")
    review()
    assert told(signature) == ("", "unknown", None)
    draw("AZ-03", "85003")
    walk = review()
    assert told(signature) == ("AZ-03", "unique", 119)
    assert (walk.looked, walk.changed, walk.finished_at is not None) == (1, 1, True)


def test_a_review_goes_through_all_signatures_part_by_part(petition, monkeypatch):
    monkeypatch.setattr(resolving, "ROWS_OF_A_PART", 2)
    draw("AZ-03", "85003")
    for _ in range(5):
        signed(petition, "85003", district_how="unknown")
    resolving.begin_review(reason=Reason.IMPORT, congress=119)
    walk = DistrictReview.objects.get()
    assert [resolving.step(walk.pk) for _ in range(4)] == [True, True, True, False]
    walk.refresh_from_db()
    assert (walk.looked, walk.changed) == (5, 5)
    assert Signature.objects.filter(district="AZ-03").count() == 5


def test_what_the_signer_chose_or_does_not_know_stands_while_the_lines_do(petition, day):
    draw("AZ-01", "85004")
    draw("AZ-02", "85004")
    chosen = signed(petition, "85004", district="AZ-02", district_how="chosen", district_congress=119)
    unsure = signed(petition, "85004", district_how="unsure", district_congress=119)
    review()
    assert [told(chosen), told(unsure)] == [("AZ-02", "chosen", 119), ("", "unsure", 119)]
    # The 120th Congress' table, in a state that was not redrawn.
    draw("AZ-01", "85004", congress=120)
    draw("AZ-02", "85004", congress=120)
    day.move_to(IN_2027)
    review()
    assert [told(chosen), told(unsure)] == [("AZ-02", "chosen", 120), ("", "unsure", 120)]


def test_when_a_new_congress_begins_redrawn_states_are_unknown_and_then_asked_anew(petition, day):
    draw("TX-10", "78701")
    draw("TX-37", "78701", "78702", "78703")
    draw("AZ-03", "85003")
    RedrawingFactory(state="TX", congress=120)
    chosen = signed(petition, "78701", state="TX", district="TX-37", district_how="chosen", district_congress=119)
    unsure = signed(petition, "78701", state="TX", district_how="unsure", district_congress=119)
    one = signed(petition, "78702", state="TX", district="TX-37", district_how="unique", district_congress=119)
    two = signed(petition, "78703", state="TX", district="TX-37", district_how="unique", district_congress=119)
    other = signed(petition, "85003", district="AZ-03", district_how="unique", district_congress=119)
    everybody = (chosen, unsure, one, two, other)
    review_districts()
    assert [told(each)[1] for each in everybody] == ["chosen", "unsure", "unique", "unique", "unique"]
    day.move_to(IN_2027)
    review_districts()  # beat's tick; nobody has done anything
    assert [told(each)[:2] for each in everybody] == [*[("", "redrawn")] * 4, ("AZ-03", "unique")]
    draw("TX-10", "78701", "78702", congress=120)
    draw("TX-11", "78701", "78703", congress=120)
    review()
    assert [told(each) for each in everybody] == [
        ("", "split", 120),
        ("", "split", 120),
        ("TX-10", "unique", 120),
        ("TX-11", "unique", 120),
        ("AZ-03", "unique", 119),
    ]


def test_a_choice_by_old_lines_is_asked_anew_when_the_new_table_comes_before_any_review(petition, day):
    draw("TX-10", "78701")
    draw("TX-37", "78701")
    RedrawingFactory(state="TX", congress=120)
    chosen = signed(petition, "78701", state="TX", district="TX-37", district_how="chosen", district_congress=119)
    draw("TX-10", "78701", congress=120)
    draw("TX-37", "78701", congress=120)  # the same numbers, other land
    day.move_to(IN_2027)
    review()
    assert told(chosen) == ("", "split", 120)


def test_a_new_congress_is_noticed_once_and_not_without_districts(day):
    resolving.notice_new_congress()
    assert DistrictReview.objects.count() == 0
    draw("AZ-03")
    for _ in range(2):
        resolving.notice_new_congress()
    day.move_to(IN_2027)
    for _ in range(2):
        resolving.notice_new_congress()
    assert list(DistrictReview.objects.order_by("pk").values_list("reason", "congress")) == [
        ("congress", 119),
        ("congress", 120),
    ]


def test_tallies_are_right_after_a_review(petition):
    draw("AZ-03", "85003")
    signature = signed(petition, "85003")
    tallies.note([signature], 1)
    tallies.drain()
    review()
    tallies.drain()
    assert TallyDelta.objects.count() == 0
    assert tallies.recount() == []


def test_a_review_of_a_row_that_is_right_writes_nothing(petition, django_assert_max_num_queries):
    draw("AZ-03", "85003")
    for _ in range(3):
        signed(petition, "85003", district="AZ-03", district_how="unique", district_congress=119)
    resolving.begin_review(reason=Reason.IMPORT, congress=119)
    with django_assert_max_num_queries(11):
        resolving.step(DistrictReview.objects.get().pk)
    assert DistrictReview.objects.get().changed == 0


def test_staff_see_how_districts_are_known_and_the_share_that_is(petition):
    for how, district in [("unique", "AZ-03"), ("unique", "AZ-03"), ("chosen", "AZ-02")]:
        signed(petition, "85003", district=district, district_how=how, district_congress=119)
    for how in ("split", "unsure", "redrawn", "unknown", ""):
        signed(petition, "85003", district_how=how)
    tallies.note(petition.signatures.all(), 1)
    figures = resolving.figures(petition)
    assert {figure.how: figure.count for figure in figures} == {
        "unique": 2, "chosen": 1, "split": 1, "unsure": 1, "redrawn": 1, "unknown": 1, "": 1,
    }  # fmt: skip
    assert resolving.resolved(figures) == pytest.approx(37.5)


@pytest.mark.django_db(transaction=True)
def test_a_signer_who_chooses_during_a_review_keeps_what_they_chose(petition, together):
    draw("AZ-01", "85004")
    draw("AZ-02", "85004")
    signature = signed(petition, "85004", district_how="unknown")
    resolving.begin_review(reason=Reason.IMPORT, congress=119)
    has_the_row = threading.Event()

    def choose():
        with transaction.atomic():
            row = Signature.objects.select_for_update().get(pk=signature.pk)
            has_the_row.set()
            time.sleep(0.2)  # the review has read the old row by now, and waits for this one
            row.district, row.district_how, row.district_congress = "AZ-02", "chosen", 119
            row.save(update_fields=resolving.WRITTEN)

    def look_again():
        has_the_row.wait()
        return resolving.step(DistrictReview.objects.get().pk)

    assert together(choose, look_again) == [None, True]
    assert told(signature) == ("AZ-02", "chosen", 119)
    assert DistrictReview.objects.get().changed == 0
