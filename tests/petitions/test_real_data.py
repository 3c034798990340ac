"""The real tables, where they stand beside the checkout: they are public data, but not ours to pass on."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from petitions import districts
from petitions.models import CommitteeSeat, District, Legislator, Office, Redrawing, Term, ZipDistrict

DATA = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "data"
JUNE = datetime(2026, 6, 15, 17, tzinfo=UTC)
NEW_CONGRESS = datetime(2027, 1, 4, 17, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="shared/data does not stand beside the checkout"),
]


def run(capsys, *args):
    call_command(*args)
    return capsys.readouterr().out


def test_the_real_files_of_the_119th_congress_go_in_and_say_what_is_known_of_them(capsys):
    """One test, so that the files are read once."""
    with time_machine.travel(JUNE, tick=False):
        told = run(capsys, "import_districts", str(DATA / "zip_district_119.csv"), "--congress", "119")
        assert "40324 read, 40324 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 0 broken" in told
        assert "33791 ZIP codes in 441 districts of 56 states and territories" in told
        assert "6037 lie in several districts, 137 in several states" in told
        assert "10 read, 10 added" in run(
            capsys, "import_districts", "--redrawn", str(DATA / "redistricted_120.csv"), "--congress", "120"
        )
        files = (
            str(DATA / "legislators-current.json"),
            "--offices", str(DATA / "legislators-district-offices.csv"),
            "--committees", str(DATA / "committee-membership-current.csv"),
        )  # fmt: skip
        told = run(capsys, "import_legislators", *files)
        assert "537 read, 537 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 0 broken" in told
        assert "100 senators and 437 members of the House sit, 6 of them without a vote" in told
        assert "Vacant seats of the House: CA-14, FL-20, GA-13, TX-23\n" in told
        assert "Vacant seats of the Senate: none that we know of" in told
        counts = (ZipDistrict, District, Legislator, Term, Office, CommitteeSeat, Redrawing)
        rows = [model.objects.count() for model in counts]
        assert rows == [40324, 441, 537, 2792, 1312, 3879, 10]
        check_ten_zip_codes()
        # By CSV, which has no days: the same people in the same seats, and their days stay.
        told = run(capsys, "import_legislators", str(DATA / "legislators-current.csv"), *files[1:])
        assert "Terms: 0 added" in told
        assert "3879 unchanged, 0 skipped, 0 broken" in told
        assert [model.objects.count() for model in counts] == rows
    check_the_new_congress()


def check_ten_zip_codes():
    found = {
        zip_code: (each.how, each.candidates)
        for zip_code, each in districts.find_many(
            ["90210", "02139", "90211", "90232", "02141", "60601", "20001", "00601", "96910", "73301"]
        ).items()
    }
    assert found == {
        "90210": ("split", ("CA-30", "CA-32", "CA-36")),
        "02139": ("split", ("MA-05", "MA-07")),
        "90211": ("split", ("CA-36", "CA-37")),
        "90232": ("unique", ("CA-37",)),
        "02141": ("unique", ("MA-07",)),
        "60601": ("unique", ("IL-07",)),
        "20001": ("unique", ("DC-00",)),
        "00601": ("unique", ("PR-00",)),
        "96910": ("unique", ("GU-00",)),
        "73301": ("unknown", ()),  # a real one without an area
    }
    assert {code[:2] for code in districts.find("30165").candidates} == {"AL", "GA"}
    assert {code[:2] for code in districts.find("86514").candidates} == {"AZ", "NM", "UT"}
    assert districts.vacancies() == ["CA-14", "FL-20", "GA-13", "TX-23"]
    members = districts.members_for(zip_code="60601", district="IL-07")
    assert (len(members.senators), members.representative.seat, members.is_vacant) == (2, "IL-07", False)
    assert districts.members_for(zip_code="30303", district="GA-13").is_vacant


def check_the_new_congress():
    """Nobody has done anything, and 3 January has come."""
    with time_machine.travel(NEW_CONGRESS, tick=False):
        assert districts.find("90210").how == "redrawn"
        assert districts.find("60601").district == "IL-07"
        assert districts.find("30165").how == "redrawn"  # its part in Alabama
        members = districts.members_for(zip_code="90210", district="CA-30", congress=119)
        assert [term.state for term in members.senators] == ["CA", "CA"]
        assert (members.representative, members.is_vacant) == (None, False)
        assert not districts.members_for(zip_code="60601", district="IL-07", congress=119).is_vacant
        with (DATA / "redistricted_120.csv").open() as file:
            redrawn = {row["state"] for row in csv.DictReader(file)}
        assert {each.state for each in districts.newest_lines()}.isdisjoint(redrawn)
        refused = (
            ZipDistrict.objects.filter(district__state__in=redrawn - {"MO"}).values("zip_code").distinct().count()
        )
        assert refused == 9041
