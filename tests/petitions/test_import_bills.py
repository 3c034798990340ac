"""Bills out of the official BILLSTATUS files, and cosponsors out of a list."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from petitions.models import Cosponsorship, Legislator, Measure, MeasureEvent, Referral
from tests.petitions.factories import CosponsorshipFactory, LegislatorFactory, MeasureEventFactory, MeasureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys):
    def run(command, *contents, args=()):
        files = []
        for number, content in enumerate(contents):
            files.append(tmp_path / f"{number}.file")
            files[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
        status = 0
        try:
            call_command(command, *map(str, files), *args)
        except SystemExit as end:
            status = end.code
        return capsys.readouterr().out, status

    return run


def member(bioguide, first, last, *, since="", withdrawn="", state="AZ"):
    days = f"<sponsorshipDate>{since}</sponsorshipDate>" if since else ""
    if withdrawn:
        days += f"<sponsorshipWithdrawnDate>{withdrawn}</sponsorshipWithdrawnDate>"
    return (
        f"<item><bioguideId>{bioguide}</bioguideId><fullName>Rep. {last}, {first} [X-{state}-3]</fullName>"
        f"<firstName>{first}</firstName><lastName>{last}</lastName><state>{state}</state>{days}</item>"
    )


def status_of(
    *,
    cosponsors="",
    actions="",
    title="An Act to be called so",
    related="",
    sponsor=None,
    number="1300",
    committees="",
):
    sponsor = sponsor or member("X000001", "Alma", "Sample")
    return f"""<?xml version="1.0" encoding="utf-8"?>
<billStatus><version>3.0.0</version><bill>
  <number>{number}</number><type>HR</type><congress>115</congress><introducedDate>2017-03-02</introducedDate>
  <title>{title}</title>
  <sponsors>{sponsor}</sponsors><cosponsors>{cosponsors}</cosponsors>
  <actions>{actions}</actions>{committees}<relatedBills>{related}</relatedBills>
</bill></billStatus>"""


ACTIONS = """
<item><actionDate>2017-03-17</actionDate><text>Referred to the Subcommittee.</text></item>
<item><actionDate>2017-03-02</actionDate><text>Introduced in House</text><actionCode>1</actionCode></item>
<item><actionDate>2017-03-02</actionDate><text>Introduced in House</text><actionCode>2</actionCode></item>
"""
COMPANION = """
<item><title>The Senate's words</title><congress>115</congress><number>515</number><type>S</type>
  <relationshipDetails><item><type>Identical bill</type></item></relationshipDetails></item>
<item><title>Another</title><congress>115</congress><number>77</number><type>S</type>
  <relationshipDetails><item><type>Related bill</type></item></relationshipDetails></item>
<item><title>Of this chamber</title><congress>115</congress><number>78</number><type>HR</type>
  <relationshipDetails><item><type>Identical bill</type></item></relationshipDetails></item>
"""
COSPONSORS = member("X000002", "Ben", "Sample", since="2017-03-02") + member(
    "X000003", "CYRUS", "SAMPLE", since="2017-05-01", withdrawn="2017-06-01"
)


def names():
    rows = Cosponsorship.objects.order_by("legislator__bioguide").select_related("legislator")
    return [(row.legislator.full_name, row.is_sponsor, row.since, row.withdrawn_on) for row in rows]


def test_a_bill_comes_with_its_actions_its_names_and_its_companion_and_a_second_time_nothing(run):
    text = status_of(cosponsors=COSPONSORS, actions=ACTIONS, related=COMPANION)
    told, status = run("import_bill_status", text)
    assert status == 0
    bill = Measure.objects.get(kind="hr")
    assert (str(bill), bill.title, bill.lead, bill.url) == (
        "H.R.1300 (115th Congress)",
        "An Act to be called so",
        "Rep. Alma Sample (AZ)",
        "https://www.congress.gov/bill/115th-congress/house-bill/1300",
    )
    source = f"{bill.url}/all-actions"
    assert list(MeasureEvent.objects.order_by("pk").values_list("happened_on", "what", "source_url")) == [
        (date(2017, 3, 2), "Introduced in House", source),
        (date(2017, 3, 17), "Referred to the Subcommittee.", source),
    ]
    assert names() == [
        ("Alma Sample", True, date(2017, 3, 2), None),
        ("Ben Sample", False, date(2017, 3, 2), None),
        ("Cyrus Sample", False, date(2017, 5, 1), date(2017, 6, 1)),
    ]
    assert Cosponsorship.objects.standing().count() == 2
    assert (bill.companion.bill, bill.companion.title, bill.companion.companion) == (
        "S.515",
        "The Senate's words",
        bill,
    )
    assert Measure.objects.count() == 2
    assert "2 cosponsors, 1 of them withdrew; 3 names are new, 0 were taken off" in told
    told, _ = run("import_bill_status", text)
    assert "1 read, 0 added, 0 changed, 0 removed" in told
    assert "2 actions, 0 of them new" in told


def test_the_older_schema_is_read_too(run):
    text = status_of().replace("number>", "billNumber>").replace("<type>HR</type>", "<billType>HR</billType>")
    run("import_bill_status", text)
    assert Measure.objects.get().bill == "H.R.1300"


def test_what_staff_wrote_stays_and_the_official_list_of_names_is_whole(run):
    own = MeasureFactory(number=515, kind="s")
    bill = MeasureFactory(number=1300, lead="Rep. Gene Green (TX)", companion=own, title="Its old name")
    event = MeasureEventFactory(measure=bill, what="It begins.", what_es="Empieza.")
    CosponsorshipFactory(measure=bill, is_sponsor=True)
    told, _ = run(
        "import_bill_status",
        status_of(cosponsors=COSPONSORS, actions=ACTIONS, related=COMPANION.replace("515", "516")),
    )
    bill.refresh_from_db()
    event.refresh_from_db()
    assert (bill.lead, bill.companion, event.what_es) == ("Rep. Gene Green (TX)", own, "Empieza.")
    assert "“Its old name” is now called “An Act to be called so”" in told
    assert "skipped: H.R.1300 (115th Congress) keeps its companion" in told
    assert [name for name, *_ in names()] == ["Alma Sample", "Ben Sample", "Cyrus Sample"]
    told, _ = run("import_bill_status", status_of(cosponsors=member("X000002", "Ben", "Sample", since="2017-03-02")))
    assert "0 names are new, 1 were taken off" in told
    assert Legislator.objects.filter(bioguide="X000003").exists()


def test_a_cosponsor_who_withdraws_is_kept_with_the_day(run):
    run("import_bill_status", status_of(cosponsors=member("X000002", "Ben", "Sample", since="2017-03-02")))
    run(
        "import_bill_status",
        status_of(cosponsors=member("X000002", "Ben", "Sample", since="2017-03-02", withdrawn="2017-09-01")),
    )
    assert names()[1] == ("Ben Sample", False, date(2017, 3, 2), date(2017, 9, 1))


def test_a_name_without_a_bioguide_number_is_broken_and_nobody_is_taken_off(run):
    run("import_bill_status", status_of(cosponsors=COSPONSORS))
    told, status = run("import_bill_status", status_of(cosponsors=member("", "Di", "Sample")))
    assert (status, "broken: Di Sample: “” is no Bioguide number" in told) == (1, True)
    assert len(names()) == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><billStatus>&b;</billStatus>', "It has a DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><billStatus>&c;</billStatus>', "It has a DOCTYPE"),
        ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a><billStatus/>".encode("utf-16"), "It has a DOCTYPE"),
        ("<billStatus><bill>", "It is not whole XML"),
        ("<billStatus>&nbsp;</billStatus>", "It is not whole XML"),
        ("<html></html>", "It is not a BILLSTATUS file"),
        ("<billStatus><bill><number>x</number></bill></billStatus>", "It does not say which bill"),
        ("", "It is not whole XML"),
    ],
)
def test_other_documents_are_refused_and_nothing_outside_of_them_is_read(run, text, why):
    with pytest.raises(CommandError, match=why):
        run("import_bill_status", text)
    assert Measure.objects.count() == 0


def test_a_file_that_cannot_be_read_ends_it_and_those_before_it_are_in(run):
    with pytest.raises(CommandError, match="not whole XML"):
        run("import_bill_status", status_of(), "<billStatus>")
    assert Measure.objects.count() == 1


def test_a_dry_run_of_several_files_writes_nothing(run):
    told, _ = run("import_bill_status", status_of(), status_of(number="1301"), args=["--dry-run"])
    assert told.count("is new: An Act") == 2
    assert (Measure.objects.count(), Legislator.objects.count()) == (0, 0)


def test_a_list_of_cosponsors_goes_in_however_the_bill_is_written(run):
    bill = MeasureFactory(number=1300)
    people = [LegislatorFactory(bioguide=f"X00000{n}") for n in range(1, 7)]
    CosponsorshipFactory(measure=bill, legislator=people[5], is_sponsor=True)
    told, status = run(
        "import_cosponsors",
        "Bill,Bioguide ID,Since,Withdrawn\n"
        "H.R.1300 (115th Congress),X000001,2017-03-02,\n"
        "hr1300-115,x000002,2017-03-02,2017-04-02\n"
        "115-hr-1300,X000003,,\n"
        "115 H.R. 1300,X000004,,\n"
        "H.R.1300,X000005,,\n"
        "hr1300-116,X000005,,\n"
        "hr1300-115,X000009,,\n"
        "hr1300-115,X000005,soon,\n"
        "hr1300-115,X000005,2017-03-02,2017-01-01\n"
        "hr1300-115,X000006,,\n",
    )
    assert sorted(
        bill.cosponsorships.filter(is_sponsor=False).values_list("legislator__bioguide", "since", "withdrawn_on")
    ) == [
        ("X000001", date(2017, 3, 2), None),
        ("X000002", date(2017, 3, 2), date(2017, 4, 2)),
        ("X000003", None, None),
        ("X000004", None, None),
    ]
    assert "line 6: broken: “H.R.1300” is no measure of a Congress" in told
    assert "line 7: broken: we have no measure “hr1300-116” (hr 1300, 116th)" in told
    assert "line 8: broken: we know nobody with the Bioguide number “X000009”" in told
    assert "line 9: broken: “soon” is no day" in told
    assert "line 10: broken: they withdrew before" in told
    assert "line 11: skipped: they brought the bill in" in told
    assert ("10 read, 4 added" in told, status) == (True, 1)
    told, _ = run("import_cosponsors", "measure,bioguide,since\nhr1300-115,X000001,2017-03-03\n")
    assert "1 read, 0 added, 1 changed, 0 removed" in told
    assert bill.cosponsorships.count() == 5


def committee(code, *activities, below=""):
    acts = "".join(f"<item><name>{name}</name><date>{day}T14:00:00Z</date></item>" for day, name in activities)
    return (
        f"<item><systemCode>{code}</systemCode><name>A Committee</name><activities>{acts}</activities>"
        f"<subcommittees>{below}</subcommittees></item>"
    )


REFERRED, REPORTED = ("2017-03-02", "Referred to"), ("2018-01-09", "Reported by")


def codes():
    return list(Referral.objects.order_by("committee").values_list("committee", flat=True))


def test_the_committees_that_have_the_bill_before_them_are_known_once(run):
    both = committee("hsif00", REFERRED, below=committee("hsif17", REFERRED)) + committee("hsed00", REFERRED)
    for schema in (
        f"<committees>{both}</committees>",
        f"<committees><billCommittees>{both}</billCommittees></committees>",
    ):
        out, status = run("import_bill_status", status_of(committees=schema))
        assert (status, codes()) == (0, ["HSED", "HSIF", "HSIF17"])
    assert "before 3 committees and subcommittees, 0 of them new" in out


def test_who_has_reported_it_or_was_discharged_is_taken_off_and_what_staff_added_stays(run):
    before = committee("hsif00", REFERRED) + committee("hsed00", REFERRED) + committee("hsju00", REFERRED)
    run("import_bill_status", status_of(committees=f"<committees>{before}</committees>"))
    Referral.objects.create(measure=Measure.objects.get(), committee="HSAG")
    after = (
        committee("hsif00", REPORTED, REFERRED)
        + committee("hsed00", REFERRED, ("2018-01-10", "Discharged from"))
        + committee("hsju00", REFERRED, ("2018-01-11", "Hearings by"))
    )
    out, _ = run("import_bill_status", status_of(committees=f"<committees>{after}</committees>"))
    assert (codes(), "2 have it no more" in out) == (["HSAG", "HSJU"], True)


def test_what_is_no_committees_code_is_passed_over(run):
    strange = committee("", REFERRED) + committee("hsif", REFERRED) + committee("&lt;b&gt;00", REFERRED)
    assert run("import_bill_status", status_of(committees=f"<committees>{strange}</committees>"))[1] == 0
    assert codes() == []


def test_a_dry_run_takes_no_committee_in(run):
    xml = status_of(committees=f"<committees>{committee('hsif00', REFERRED)}</committees>")
    run("import_bill_status", xml, args=("--dry-run",))
    assert codes() == []
