"""Legislators, their terms, offices and committees, out of both forms of the public files."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from petitions.models import CommitteeSeat, Legislator, Office, Term
from tests.petitions.factories import CommitteeSeatFactory, LegislatorFactory, OfficeFactory, TermFactory, draw

pytestmark = pytest.mark.django_db
HEADING = (
    "last_name,first_name,full_name,type,state,district,senate_class,party,url,address,phone,contact_form,"
    "bioguide_id\n"
)


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(datetime(2026, 6, 15, 17, tzinfo=UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def run(tmp_path, capsys):
    def run(legislators, *args, offices=None, committees=None):
        options = [*args]
        for name, content in (("--offices", offices), ("--committees", committees)):
            if content is not None:
                options += [name, str(write(tmp_path, name.strip("-"), content))]
        status = 0
        try:
            call_command("import_legislators", str(write(tmp_path, "legislators", legislators)), *options)
        except SystemExit as end:
            status = end.code
        return capsys.readouterr().out, status

    return run


def write(folder, name, content):
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def person(bioguide="X000001", first="Alma", last="Sample", terms=()):
    return {"id": {"bioguide": bioguide}, "name": {"first": first, "last": last}, "terms": list(terms)}


def house(start="2025-01-03", end="2027-01-03", state="AZ", district=3, **more):
    return {"type": "rep", "start": start, "end": end, "state": state, "district": district, "party": "Sample", **more}


def senate(start="2025-01-03", end="2031-01-03", state="AZ", **more):
    return {"type": "sen", "start": start, "end": end, "state": state, "class": 1, **more}


def terms():
    rows = Term.objects.order_by("legislator__bioguide", "starts_on")
    return [
        (str(row.legislator), row.chamber, row.seat, row.starts_on.isoformat(), row.ends_on.isoformat())
        for row in rows
    ]


def test_json_brings_people_with_all_their_terms_and_a_second_time_nothing(run):
    people = [
        person(terms=[house("2023-01-03", "2025-01-03"), house(phone="202-555-0101", url="https://example.org")]),
        person("X000002", "Ben", terms=[senate(), house("2019-01-03", "2021-01-03", district=0)]),
    ]
    told, status = run(people)
    assert status == 0
    assert "2 read, 2 added, 0 changed, 0 removed, 0 unchanged, 0 skipped, 0 broken" in told
    assert terms() == [
        ("Alma Sample", "house", "AZ-03", "2023-01-03", "2025-01-03"),
        ("Alma Sample", "house", "AZ-03", "2025-01-03", "2027-01-03"),
        ("Ben Sample", "house", "AZ-00", "2019-01-03", "2021-01-03"),
        ("Ben Sample", "senate", "AZ", "2025-01-03", "2031-01-03"),
    ]
    running = Term.objects.get(legislator__bioguide="X000001", starts_on=date(2025, 1, 3))
    assert (running.phone, running.website, running.party) == ("202-555-0101", "https://example.org", "Sample")
    told, _ = run(people)
    assert "Terms: 0 added, 0 changed" in told
    assert "2 read, 0 added, 0 changed, 0 removed, 2 unchanged" in told


def test_what_changed_is_changed_in_its_row(run):
    run([person(terms=[house()])])
    pk = Term.objects.get().pk
    told, _ = run([person(last="Newname", terms=[house(phone="202-555-0102")])])
    assert "1 read, 0 added, 1 changed" in told
    told, _ = run([person(last="Newname", terms=[house(phone="202-555-0103", end="2026-06-01")])])
    assert "1 read, 0 added, 1 changed, 0 removed, 0 unchanged" in told
    row = Term.objects.get()
    assert (row.pk, row.phone, row.ends_on) == (pk, "202-555-0103", date(2026, 6, 1))
    assert Legislator.objects.get().family_name == "Newname"


def test_csv_brings_who_sits_now_and_works_out_the_days(run):
    told, status = run(
        HEADING
        + "Sample,Alma,Alma Sample,rep,AZ,3,,Sample,https://example.org,1 Street,202-555-0101,,X000001\n"
        + "Sample,Ben,Ben Sample,sen,AZ,,1,,,,,,X000002\n"
        + "Sample,Cy,Cy Sample,sen,AZ,,2,,,,,,X000003\n"
        + "Sample,Di,Di Sample,rep,PR,0,,,,,,,X000004\n"
    )
    assert ("4 read, 4 added" in told, status) == (True, 0)
    assert terms() == [
        ("Alma Sample", "house", "AZ-03", "2025-01-03", "2027-01-03"),
        ("Ben Sample", "senate", "AZ", "2025-01-03", "2031-01-03"),
        ("Cy Sample", "senate", "AZ", "2021-01-03", "2027-01-03"),
        ("Di Sample", "house", "PR-00", "2025-01-03", "2027-01-03"),
    ]


def test_csv_never_replaces_days_that_are_known_and_json_puts_worked_out_days_right(run):
    run([person(terms=[house("2026-04-16")])])
    told, _ = run(HEADING + "Sample,Alma,Alma Sample,rep,AZ,3,,,,,202-555-0109,,X000001\n")
    assert "Terms: 0 added, 1 changed" in told
    assert terms() == [("Alma Sample", "house", "AZ-03", "2026-04-16", "2027-01-03")]
    assert Term.objects.get().phone == "202-555-0109"
    Term.objects.all().delete()
    run(HEADING + "Sample,Alma,Alma Sample,rep,AZ,3,,,,,,,X000001\n")
    assert terms() == [("Alma Sample", "house", "AZ-03", "2025-01-03", "2027-01-03")]
    run([person(terms=[house("2026-04-16")])])
    assert terms() == [("Alma Sample", "house", "AZ-03", "2026-04-16", "2027-01-03")]


def test_nobody_is_deleted_and_who_is_missing_has_left(run):
    run([person(terms=[house()]), person("X000002", "Ben", terms=[house(district=4)])])
    told, _ = run([person(terms=[house()])])
    assert "Rep. Ben Sample (AZ-04) is not in the file any more: the term ends on 2026-06-15" in told
    assert Legislator.objects.count() == 2
    assert [str(term.legislator) for term in Term.objects.on(date(2026, 6, 15))] == ["Alma Sample"]


def test_a_part_of_the_list_ends_nobodys_term(run):
    run([person(f"X{n:06}", terms=[house(district=n)]) for n in range(1, 9)])
    told, _ = run([person("X000001", terms=[house(district=1)])])
    assert "7 who sit are not in the file. So many do not leave at once, so their terms were left alone." in told
    assert Term.objects.on(date(2026, 6, 15)).count() == 8


def test_seats_that_nobody_holds_are_named(run):
    draw("AZ-03")
    draw("AZ-04")
    draw("DC-00")
    told, _ = run(
        [
            person(terms=[house()]),
            person("X000002", terms=[house(state="DC", district=0)]),
            person("X000003", terms=[senate(state="OH"), senate("2019-01-03", "2021-01-03", state="OH")]),
        ]
    )
    assert "Vacant seats of the House: AZ-04\n" in told
    assert "Vacant seats of the Senate: OH\n" in told
    assert "1 senators and 2 members of the House sit, 1 of them without a vote" in told


def test_broken_entries_are_named_and_the_rest_goes_in(run):
    told, status = run(
        [
            person(bioguide="12"),
            person("X000002", last=""),
            person("X000003", terms=[house(state="ZZ")]),
            person("X000004", terms=[house(district="west")]),
            person("X000005", terms=[house(start="soon")]),
            person("X000006", terms=[house(end="2024-01-03")]),
            person("X000007", terms=[{**house(), "type": "prez"}]),
            "what?",
            person("X000008", terms=[house(url="javascript:alert(1)")]),
        ]
    )
    assert status == 1
    for line, why in [
        (1, "“12” is no Bioguide number"), (2, "X000002 has no name"), (3, "“ZZ” is no state"),
        (4, "“west” is no district of the House"), (5, "“soon” is no day"),
        (6, "a term of 2025-01-03 ends on 2024-01-03"), (7, "“prez” is neither rep nor sen"), (8, "“” is no Bioguide"),
    ]:  # fmt: skip
        assert f"line {line}: broken: {why}" in told
    assert Term.objects.get().website == ""


def test_a_file_of_nobody_changes_nothing(run):
    with pytest.raises(CommandError, match="Nobody of it could be read"):
        run([])
    with pytest.raises(CommandError, match="It is not whole JSON"):
        run("[{")
    with pytest.raises(CommandError, match="No column is called bioguide_id"):
        run("first_name,last_name,type,state,district\nA,B,rep,AZ,3\n")


def test_a_dry_run_writes_nothing_not_even_what_the_other_files_need(run):
    told, _ = run(
        [person(terms=[house()])],
        "--dry-run",
        offices="bioguide,id,address,city,state,zip,phone\nX000001,X000001-phoenix,1 Street,Phoenix,AZ,85003,\n",
    )
    assert "offices: 1 read, 1 added" in told
    assert (Legislator.objects.count(), Term.objects.count(), Office.objects.count()) == (0, 0, 0)


OFFICES = """bioguide,id,address,building,city,state,suite,zip,phone
X000001,X000001-phoenix,1 Street,Hall,Phoenix,AZ,2b,85003,602-555-0101
X000001,X000001-mesa,2 Street,,Mesa,AZ,,85201,
X000009,X000009-mesa,2 Street,,Mesa,AZ,,85201,
X000001,,2 Street,,Mesa,AZ,,85201,
X000001,X000001-x,2 Street,,Mesa,ZZ,,85201,
"""


def test_offices_of_whoever_is_in_the_file_become_those_of_the_file(run):
    people = [person(terms=[house()])]
    told, status = run(people, offices=OFFICES)
    assert "line 4: skipped: X000009-mesa: we know nobody of that number" in told
    assert "line 5: broken: the office has no id" in told
    assert "line 6: broken: X000001-x: “Mesa”, “ZZ” is no city and state" in told
    assert status == 1
    OfficeFactory(legislator=LegislatorFactory(bioguide="X000002"), slug="others-stay")
    told, _ = run(people, offices="bioguide,id,city,state\nX000001,X000001-mesa,Mesa,AZ\n")
    assert "1 read, 0 added, 1 changed, 1 removed" in told
    assert sorted(Office.objects.values_list("slug", flat=True)) == ["X000001-mesa", "others-stay"]
    told, _ = run(
        people, offices=[{"id": {"bioguide": "X000001"}, "offices": [{"id": "a", "city": "B", "state": "AZ"}]}]
    )
    assert "1 read, 1 added, 0 changed, 1 removed" in told


COMMITTEES = """bioguide,name,committee_id,committee_type,committee_name,committee_subcommittee_name,party,title,rank
X000001,Alma,HSIF,house,House Committee on Energy and Commerce,,majority,Chair,1
X000001,Alma,HSIF14,house subcommittee,House Committee on Energy and Commerce,Trade,majority,,2
X000009,Nobody,HSIF,house,House Committee on Energy and Commerce,,majority,,3
X000001,Alma,?,house,,,,,
X000001,Alma,HSED,house,Education,,,,first
"""


def test_a_committee_in_the_file_has_the_members_that_the_file_names(run):
    people = [person(terms=[house()])]
    told, status = run(people, committees=COMMITTEES)
    assert (status, "line 4: skipped: HSIF: we know nobody" in told) == (1, True)
    assert "line 5: broken: “?” is no committee's code" in told
    assert "line 6: broken: “first” is no rank" in told
    assert list(CommitteeSeat.objects.order_by("committee").values_list("committee", "name", "title", "rank")) == [
        ("HSIF", "House Committee on Energy and Commerce", "Chair", 1),
        ("HSIF14", "House Committee on Energy and Commerce: Trade", "", 2),
    ]
    CommitteeSeatFactory(committee="SSCM")
    CommitteeSeatFactory(committee="HSIF")
    told, _ = run(people, committees={"HSIF": [{"bioguide": "X000001", "rank": 4, "title": "Ranking Member"}]})
    assert "1 read, 0 added, 1 changed, 1 removed" in told
    assert sorted(CommitteeSeat.objects.values_list("committee", "name", "rank"))[0] == (
        "HSIF", "House Committee on Energy and Commerce", 4,
    )  # fmt: skip
    assert CommitteeSeat.objects.filter(committee="SSCM").count() == 1


def test_on_the_third_of_january_nobody_sits_until_the_new_list_is_in(run, day):
    draw("AZ-03")
    run([person(terms=[house()])])
    day.move_to(datetime(2027, 1, 3, 17, tzinfo=UTC))
    told, _ = run([person("X000002", "Ben", terms=[house("2027-01-03", "2029-01-03")])])
    assert "On 2027-01-03, in the 120th Congress, 0 senators and 1 members of the House sit" in told
    assert "Vacant seats of the House: none that we know of" in told
    assert TermFactory._meta.model.objects.count() == 2
