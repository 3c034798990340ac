"""Districts out of our table and the Census Bureau's, and states that are redrawn."""

import pytest
from django.core.management import CommandError, call_command

from petitions import districts
from petitions.models import District, DistrictReview, Redrawing, ZipDistrict
from tests.petitions.factories import RedrawingFactory, draw

pytestmark = pytest.mark.django_db
TABLE = """zip,state,district,precision
85003,AZ,03,census
90211,CA,36,census
90211,CA,37,tract
82001,WY,0,census
20001,DC,98,census
"""
CENSUS_HEADING = (
    "OID_CD119_20|GEOID_CD119_20|NAMELSAD_CD119_20|AREALAND_CD119_20|AREAWATER_CD119_20|MTFCC_CD119_20|"
    "FUNCSTAT_CD119_20|OID_ZCTA5_20|GEOID_ZCTA5_20|NAMELSAD_ZCTA5_20|AREALAND_ZCTA5_20|AREAWATER_ZCTA5_20|"
    "MTFCC_ZCTA5_20|CLASSFP_ZCTA5_20|FUNCSTAT_ZCTA5_20|AREALAND_PART|AREAWATER_PART"
)


@pytest.fixture
def run(tmp_path, capsys):
    """Import a table with these words; what was said, and the exit status."""

    def run(text, *args, name="table.csv", option=None):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = 0
        try:
            call_command("import_districts", *([option] if option else []), str(file), *args)
        except SystemExit as end:
            status = end.code
        return capsys.readouterr().out, status

    return run


def rows(congress=119):
    found = ZipDistrict.objects.filter(district__congress=congress).select_related("district")
    return sorted((row.zip_code, row.district.code, row.precision) for row in found)


def test_a_table_goes_in_and_a_second_time_changes_nothing(run, django_assert_max_num_queries):
    told, status = run(TABLE, "--congress", "119")
    assert status == 0
    assert "table.csv: 5 read, 5 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 0 broken" in told
    assert "119th Congress: 4 ZIP codes in 5 districts of 4 states and territories" in told
    assert rows() == [
        ("20001", "DC-00", "census"),
        ("82001", "WY-00", "census"),
        ("85003", "AZ-03", "census"),
        ("90211", "CA-36", "census"),
        ("90211", "CA-37", "tract"),
    ]
    pks = sorted(ZipDistrict.objects.values_list("pk", flat=True))
    told, _ = run(TABLE, "--congress", "119")
    assert "5 read, 0 added, 0 changed, 0 removed, 5 unchanged" in told
    assert sorted(ZipDistrict.objects.values_list("pk", flat=True)) == pks
    assert DistrictReview.objects.count() == 1  # nothing new to tell


def test_a_newer_table_of_the_same_congress_replaces_the_rows_of_its_states(run):
    run(TABLE, "--congress", "119")
    told, _ = run("zip,state,district,precision\n90211,CA,37,census\n90212,CA,36,census\n", "--congress", "119")
    assert "2 read, 1 added, 1 changed, 1 removed" in told
    assert rows() == [
        ("20001", "DC-00", "census"),
        ("82001", "WY-00", "census"),
        ("85003", "AZ-03", "census"),
        ("90211", "CA-37", "census"),
        ("90212", "CA-36", "census"),
    ]


def test_a_district_that_no_zip_code_lies_in_any_more_is_gone(run):
    run(TABLE, "--congress", "119")
    run("zip,state,district\n90211,CA,37\n", "--congress", "119")
    assert list(District.objects.filter(state="CA").values_list("number", flat=True)) == ["37"]


def test_congresses_stand_beside_each_other(run):
    run(TABLE, "--congress", "119")
    run("zip,state,district\n85003,AZ,04\n", "--congress", "120")
    assert len(rows()) == 5
    assert rows(120) == [("85003", "AZ-04", "")]


def test_broken_lines_are_named_and_the_rest_goes_in_and_nothing_is_taken_away(run):
    run(TABLE, "--congress", "119")
    told, status = run(
        "zip,state,district,precision\n2139,MA,07,census\n85003,AZ,04,census\nABCDE,AZ,04,census\n85003,ZZ,04,census\n"
        '85003,AZ,four,census\n85003,AZ,04,guess!\n"85003,AZ,04\n',
        "--congress", "119",
    )  # fmt: skip
    assert status == 1
    assert "line 2: broken: “2139” is no ZIP code of five digits (a spreadsheet has taken its zero?)" in told
    assert "line 4: broken: “ABCDE” is no ZIP code of five digits\n" in told
    assert "line 5: broken: “ZZ” is no state" in told
    assert "line 6: broken: “four” is no district of one or two digits" in told
    assert "line 7: broken: “guess!” is no precision" in told
    assert "line 8: broken: a quotation mark is opened and never closed" in told
    assert "7 read, 1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 6 broken" in told
    assert ("85003", "AZ-03", "census") in rows()
    assert ("85003", "AZ-04", "census") in rows()


def test_a_dry_run_says_the_same_and_writes_nothing(run):
    told, status = run(TABLE, "--congress", "119", "--dry-run")
    assert ("5 read, 5 added" in told, "Dry run: nothing was written." in told, status) == (True, True, 0)
    assert (District.objects.count(), ZipDistrict.objects.count(), DistrictReview.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("text", "args", "why"),
    [
        (TABLE, (), "Say of which Congress"),
        ("", ("--congress", "119"), "The file is empty"),
        ("zip,district\n85003,03\n", ("--congress", "119"), "No column is called state"),
        ("zip,state,district\nx,AZ,03\n", ("--congress", "119"), "No line of it tells a ZIP code's district"),
        (TABLE, ("--congress", "0"), "--congress is the number of a Congress"),
        (f"{CENSUS_HEADING}\n", ("--congress", "120"), "it is of the 119th Congress, not of the 120th"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_a_reason_and_changes_nothing(run, text, args, why):
    draw("AZ-03", "85003")
    with pytest.raises(CommandError, match=why):
        run(text, *args)
    assert rows() == [("85003", "AZ-03", "")]


def census(geoid, zcta):
    cells = ["", geoid, "", "1", "1", "G5200", "N", "", zcta, "", "1", "1", "G6350", "B5", "S", "1", "1"]
    return "|".join(cells)


def test_the_census_file_is_known_by_its_heading_and_read_by_its_own_rules(run):
    lines = [
        CENSUS_HEADING,
        census("0636", "90211"),
        census("0637", "90211"),
        census("0403", ""),  # a part without a ZIP code area
        census("17ZZ", "60601"),  # water
        census("1198", "20001"),  # a delegate
        census("7298", "00601"),  # the resident commissioner
        census("5600", "82001"),  # a state's one seat
        census("9901", "82001"),
    ]
    told, status = run(b"\xef\xbb\xbf" + "\r\n".join(lines).encode(), name="tab20_cd11920_zcta520_natl.txt")
    assert rows() == [
        ("00601", "PR-00", "census"),
        ("20001", "DC-00", "census"),
        ("82001", "WY-00", "census"),
        ("90211", "CA-36", "census"),
        ("90211", "CA-37", "census"),
    ]
    assert "2 lines passed over" in told
    assert "line 9: broken: “9901” is no district's code" in told
    assert ("8 read, 5 added" in told, status) == (True, 1)


REDRAWN = """state,new_map_used_nov_2026,plan,adopted,note
CA,yes,AB 604,2025-11-04,by vote
IN,no,,,unchanged
MO,uncertain,HB 1,2025-09-28,in court
XX,yes,,,
TX,soon,,,
"""


def test_redrawn_states_go_in_and_their_old_lines_tell_nothing_any_more(run):
    draw("CA-37", "90232")
    RedrawingFactory(state="IN", congress=120)
    told, status = run(REDRAWN, "--congress", "120", option="--redrawn")
    assert list(Redrawing.objects.order_by("state").values_list("congress", "state", "note")) == [
        (120, "CA", "AB 604; 2025-11-04; by vote"),
        (120, "MO", "uncertain; HB 1; 2025-09-28; in court"),
    ]
    assert "line 3: skipped: IN keeps its lines" in told
    assert "MO: uncertain, so it is taken as redrawn" in told
    assert "line 5: broken: “XX” is no state" in told
    assert "line 6: broken: “soon” is neither yes nor no nor uncertain" in told
    assert ("5 read, 2 added, 0 changed, 1 removed" in told, status) == (True, 1)
    assert districts.find("90232", on=districts.days_of(120)[0]).how == "redrawn"


def test_redrawn_states_need_their_congress_and_a_command_needs_a_file(run):
    with pytest.raises(CommandError, match="Say with which Congress the lines change"):
        run(REDRAWN, option="--redrawn")
    with pytest.raises(CommandError, match="Name a file of districts"):
        call_command("import_districts")


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_time_follow_each_other(tmp_path, together):
    file = tmp_path / "table.csv"
    file.write_text(TABLE)
    results = together(*[lambda: call_command("import_districts", str(file), congress=119)] * 2)
    assert results == [None, None]
    assert len(rows()) == 5
