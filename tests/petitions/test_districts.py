"""From ZIP codes to districts and members: never guessed, by the lines of the day."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from petitions import districts
from petitions.districts import Found
from petitions.models import Term
from tests.petitions.factories import RedrawingFactory, TermFactory, draw

pytestmark = pytest.mark.django_db
IN_2026, LAST_DAY, FIRST_DAY, IN_2027 = date(2026, 6, 15), date(2027, 1, 2), date(2027, 1, 3), date(2027, 6, 1)


@pytest.mark.parametrize(
    ("day", "congress"),
    [
        (date(1789, 3, 4), 1),
        (date(2017, 3, 2), 115),
        (date(2025, 1, 2), 118),
        (date(2025, 1, 3), 119),
        (LAST_DAY, 119),
        (FIRST_DAY, 120),
        (date(2028, 12, 31), 120),
    ],
)
def test_a_congress_sits_from_the_third_of_january_of_an_odd_year(day, congress):
    assert districts.congress_on(day) == congress


def test_a_congress_days_are_those_on_which_it_sits():
    assert districts.days_of(119) == (date(2025, 1, 3), FIRST_DAY)
    assert [districts.congress_on(day) for day in districts.days_of(119)] == [119, 120]


def test_a_zip_code_tells_its_district_or_which_it_may_be_or_nothing():
    draw("AZ-03", "85003")
    draw("CA-36", "90211")
    draw("CA-37", "90211", "90232")
    draw("WY-00", "82001")
    found = districts.find_many(["85003-1234", "90211", "90232", "82001", "73301"], on=IN_2026)
    assert found == {
        "85003-1234": Found("unique", "AZ-03", 119, ("AZ-03",)),
        "90211": Found("split", "", 119, ("CA-36", "CA-37")),
        "90232": Found("unique", "CA-37", 119, ("CA-37",)),
        "82001": Found("unique", "WY-00", 119, ("WY-00",)),
        "73301": Found("unknown"),
    }
    assert districts.find("90211", on=IN_2026) == found["90211"]


def test_a_look_up_is_one_query_however_many_zip_codes(django_assert_num_queries):
    draw("AZ-03", "85003", "85004")
    with django_assert_num_queries(1):
        districts.find("85003")
    with django_assert_num_queries(1):
        districts.find_many(["85003", "85004", "73301"])


def test_before_its_congress_sits_a_table_tells_nothing():
    draw("AZ-03", "85003", congress=120)
    assert districts.find("85003", on=LAST_DAY) == Found("unknown")
    assert districts.find("85003", on=FIRST_DAY).district == "AZ-03"


def test_on_the_third_of_january_only_states_that_were_redrawn_lose_their_lines():
    draw("AZ-03", "85003")
    draw("TX-37", "78701")
    RedrawingFactory(state="TX", congress=120)
    assert districts.find("78701", on=LAST_DAY).how == "unique"
    assert districts.find("78701", on=FIRST_DAY) == Found("redrawn", "", 119)
    assert districts.find("85003", on=FIRST_DAY) == Found("unique", "AZ-03", 119, ("AZ-03",))


def test_when_the_new_table_is_in_it_tells_and_the_old_one_is_silent():
    draw("TX-37", "78701", "78702")
    RedrawingFactory(state="TX", congress=120)
    draw("TX-10", "78701", congress=120)
    assert districts.find("78701", on=LAST_DAY).district == "TX-37"
    assert districts.find("78701", on=FIRST_DAY).district == "TX-10"
    assert districts.find("78702", on=FIRST_DAY) == Found("unknown")  # the new table of its state does not have it


def test_each_state_of_a_zip_code_is_told_by_its_own_newest_table():
    draw("GA-14", "30165")
    draw("AL-03", "30165")
    RedrawingFactory(state="AL", congress=120)
    assert districts.find("30165", on=LAST_DAY).candidates == ("AL-03", "GA-14")
    assert districts.find("30165", on=FIRST_DAY) == Found("redrawn", "", 119, ("GA-14",))
    draw("AL-04", "30165", congress=120)
    assert districts.find("30165", on=FIRST_DAY) == Found("split", "", 119, ("AL-04", "GA-14"))
    assert districts.find("30165", on=LAST_DAY).candidates == ("AL-03", "GA-14")


def test_who_speaks_for_somebody_are_both_senators_and_who_sits_for_the_district():
    senators = [
        TermFactory(chamber=Term.Chamber.SENATE, number="", starts_on=date(year, 1, 3), ends_on=date(year + 6, 1, 3))
        for year in (2021, 2025)
    ]
    holder = TermFactory(state="AZ", number="03")
    TermFactory(state="AZ", number="04")
    members = districts.members_for(zip_code="85003", district="AZ-03", on=IN_2026)
    assert (members.senators, members.representative, members.is_vacant) == (tuple(senators), holder, False)
    assert districts.members_for(zip_code="85003", district="", on=IN_2026).senators == tuple(senators)
    assert districts.members_for(zip_code="09001", district="", on=IN_2026) == districts.Members()


def test_a_seat_is_vacant_where_others_sit_and_nobody_in_it():
    TermFactory(state="AZ", number="03", ends_on=date(2026, 5, 1))
    assert not districts.members_for(zip_code="85003", district="AZ-03", on=IN_2026).is_vacant  # we know of nobody
    TermFactory(state="AZ", number="04")
    assert districts.members_for(zip_code="85003", district="AZ-03", on=IN_2026).is_vacant
    draw("AZ-03")
    draw("AZ-04")
    assert districts.vacancies(on=IN_2026) == ["AZ-03"]
    assert districts.vacancies(on=FIRST_DAY) == []


def test_a_delegate_and_the_one_seat_of_a_state_are_found_like_any_other():
    delegate = TermFactory(state="DC", number="00")
    commissioner = TermFactory(state="PR", number="00")
    assert districts.members_for(zip_code="20001", district="DC-00", on=IN_2026).representative == delegate
    assert districts.members_for(zip_code="00601", district="PR-00", on=IN_2026).representative == commissioner
    assert [(term.title, term.has_vote) for term in (delegate, commissioner)] == [
        ("Del.", False),
        ("Res. Comm.", False),
    ]


def test_a_district_of_old_lines_has_no_representative_once_its_state_is_redrawn():
    RedrawingFactory(state="TX", congress=120)
    senator = TermFactory(
        chamber=Term.Chamber.SENATE, state="TX", number="", starts_on=date(2025, 1, 3), ends_on=date(2031, 1, 3)
    )
    TermFactory(state="TX", number="37", starts_on=FIRST_DAY, ends_on=date(2029, 1, 3))
    ask = {"zip_code": "78701", "district": "TX-37", "on": IN_2027}
    assert districts.members_for(**ask, congress=119) == districts.Members((senator,))
    assert districts.members_for(**ask, congress=120).representative.number == "37"


def test_the_newest_lines_are_those_that_hold_on_the_day():
    draw("AZ-03")
    draw("TX-37")
    RedrawingFactory(state="TX", congress=120)
    draw("UT-01")
    draw("UT-02", congress=120)
    assert [str(each) for each in districts.newest_lines(on=LAST_DAY)] == ["AZ-03", "TX-37", "UT-01"]
    assert [str(each) for each in districts.newest_lines(on=FIRST_DAY)] == ["AZ-03", "UT-02"]


def test_a_look_up_reads_indexes_only_however_large_the_tables():
    draw("AZ-03", "85003")
    with connection.cursor() as cursor, CaptureQueriesContext(connection):
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {districts.CANDIDATES}", {"zip_codes": ["85003"], "sitting": 119})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "petitions_zipdistrict_once" in plan
