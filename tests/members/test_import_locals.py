"""The directory of locals out of a list."""

import pytest
from django.core.management import CommandError, call_command

from members.models import Local
from tests.members.factories import LocalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys):
    def run(text, *args):
        file = tmp_path / "locals.csv"
        file.write_text(text)
        status = 0
        try:
            call_command("import_locals", str(file), *args)
        except SystemExit as end:
            status = end.code
        return capsys.readouterr().out, status

    return run


def rows():
    names = ("affiliate", "number", "name", "district", "city", "state", "size")
    return sorted(Local.objects.values_list(*names))


LIST = """Affiliate;Local Number;Name;District;City;State;Members
;1101;;;New York;NY;"1,200"
IUE-CWA;86004;;6;Arkansas City;Kansas;
;CWA Local 2106;;;Salisbury;md;
TNG-CWA;37083;Pacific Northwest Newspaper Guild;;Seattle;WA;350
"""


def test_a_list_goes_in_whatever_its_headings_are_and_a_second_time_nothing(run):
    told, status = run(LIST)
    assert ("4 read, 4 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 0 broken" in told, status) == (True, 0)
    assert rows() == [
        ("CWA", "1101", "", "1", "New York", "NY", 1200),
        ("CWA", "2106", "", "2-13", "Salisbury", "MD", None),
        ("IUE-CWA", "86004", "", "6", "Arkansas City", "KS", None),
        ("TNG-CWA", "37083", "Pacific Northwest Newspaper Guild", "7", "Seattle", "WA", 350),
    ]
    told, _ = run(LIST)
    assert "4 read, 0 added, 0 changed, 0 removed, 4 unchanged" in told


def test_a_known_local_keeps_its_row_and_what_the_list_does_not_say(run):
    local = LocalFactory(affiliate="CWA", number="1101", district="9", city="Albany", state="NY", size=5)
    told, _ = run("affiliate,number,city,size\ncwa,1101,New York,\n")
    assert "1 read, 0 added, 1 changed" in told
    local.refresh_from_db()
    assert rows() == [("CWA", "1101", local.name, "9", "New York", "NY", 5)]


def test_broken_lines_are_named_and_a_local_said_twice_is_skipped(run):
    told, status = run(
        "number,state,size,name\n1101,NY,,\n,NY,,\n1102,New Yrok,,\n1103,NY,many,\n1101,NJ,,\n"
        + f"1104,NY,,{'x' * 121}\n"
    )
    assert "line 3: broken: “CWA” “” is no affiliate and number" in told
    assert "line 4: broken: “New Yrok” is no state" in told
    assert "line 5: broken: “many” is no number of members" in told
    assert "line 6: skipped: CWA 1101 stands in an earlier line" in told
    assert "line 7: broken: its name is longer than 120 characters" in told
    assert (status, [row[1] for row in rows()]) == (1, ["1101"])


def test_a_dry_run_writes_nothing_and_a_file_without_numbers_is_refused(run):
    told, _ = run(LIST, "--dry-run")
    assert "4 read, 4 added" in told
    assert rows() == []
    with pytest.raises(CommandError, match="No column is called number"):
        run("name,city\nA,B\n")
    with pytest.raises(CommandError, match="No local of it could be read"):
        run("number\n-\n")
