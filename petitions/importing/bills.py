"""A bill's official status: its title, what happened to it when, who brought it in and who put their name to it."""

from pathlib import Path

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db import transaction
from django.utils import translation
from django.utils.text import Truncator

from csan.lib.intake import Remark, Report, alone, merge_rows
from petitions.importing.billstatus import BillStatus, Name, Signed, read_status
from petitions.importing.people import is_bioguide
from petitions.importing.safe_xml import read_xml
from petitions.models import Cosponsorship, Legislator, Measure, MeasureEvent, Referral

PAGES = {
    "hr": "house-bill", "s": "senate-bill", "hjres": "house-joint-resolution", "sjres": "senate-joint-resolution",
    "hconres": "house-concurrent-resolution", "sconres": "senate-concurrent-resolution", "hres": "house-resolution",
    "sres": "senate-resolution",
}  # fmt: skip


@transaction.atomic
def import_bill_status(path: Path) -> Report:
    """Take one file in. Raises UnusableFile, OSError. What staff wrote beside it stays: events, successor, a lead."""
    alone("bills")
    status = read_status(read_xml(path))
    report = Report(read=1)
    measure = _measure(status.name, status.title, report)
    if not measure.lead and status.sponsor:
        measure.lead = _lead(status.sponsor)
        measure.save(update_fields=["lead"])
    _take_actions(measure, status, report)
    _take_names(measure, status, report)
    _take_committees(measure, status, report)
    for name, title in status.companions:
        _link(measure, _measure(name, title, report), report)
    return report


def page_of(name: Name) -> str:
    """The bill's page on congress.gov."""
    with translation.override("en"):
        return f"https://www.congress.gov/bill/{ordinal(name.congress)}-congress/{PAGES[name.kind]}/{name.number}"


def _measure(name: Name, title: str, report: Report) -> Measure:
    """The bill's row, with the official title."""
    title = Truncator(title).chars(300)
    measure, is_new = Measure.objects.get_or_create(
        jurisdiction="US", congress=name.congress, kind=name.kind, number=name.number,
        defaults={"title": title or "(without a title)", "url": page_of(name)},
    )  # fmt: skip
    if is_new:
        report.added += 1
        report.notes.append(f"{measure} is new: {measure.title}")
    elif title and measure.title != title:
        report.notes.append(f"{measure}: “{measure.title}” is now called “{title}”")
        measure.title = title
        measure.save(update_fields=["title"])
        report.changed += 1
    else:
        report.unchanged += 1
    return measure


def _lead(sponsor: Signed) -> str:
    return f"{sponsor.title} {sponsor.given_name} {sponsor.family_name} ({sponsor.state})"[:200]


def _take_actions(measure: Measure, status: BillStatus, report: Report) -> None:
    """Each day with the page that says so."""
    source = f"{page_of(status.name)}/all-actions"
    actions = Report()
    rows = {(measure.pk, day, Truncator(what).chars(300)): {"source_url": source} for day, what in status.actions}
    known = MeasureEvent.objects.filter(measure=measure)
    merge_rows(known, rows, key=("measure_id", "happened_on", "what"), report=actions, removes=False)
    report.notes.append(f"{measure}: {len(rows)} actions, {actions.added} of them new")
    report.added, report.changed = report.added + actions.added, report.changed + actions.changed


def _take_names(measure: Measure, status: BillStatus, report: Report) -> None:
    """Sponsor and cosponsors. The official list is whole: a name that is not on it is taken off."""
    signed = {each.bioguide: each for each in status.cosponsors if _is_usable(each, report)}
    sponsor = status.sponsor if status.sponsor and _is_usable(status.sponsor, report) else None
    everybody = {**signed, **({sponsor.bioguide: sponsor} if sponsor else {})}
    people = _people(everybody, report)
    rows = {
        (measure.pk, people[bioguide]): {
            "is_sponsor": each is sponsor,
            "since": each.since,
            "withdrawn_on": None if each is sponsor else each.withdrawn_on,
        }
        for bioguide, each in everybody.items()
    }
    known = Cosponsorship.objects.filter(measure=measure)
    if sponsor:  # there is one at most, so another has to go first
        known.filter(is_sponsor=True).exclude(legislator=people[sponsor.bioguide]).delete()
    names = Report()
    merge_rows(known, rows, key=("measure_id", "legislator_id"), report=names, removes=not report.broken)
    withdrawn = sum(row["withdrawn_on"] is not None for row in rows.values())
    report.notes.append(
        f"{measure}: {len(signed)} cosponsors, {withdrawn} of them withdrew; {names.added} names are new, "
        f"{names.removed} were taken off"
    )
    report.added, report.changed = report.added + names.added, report.changed + names.changed
    report.removed += names.removed


def _take_committees(measure: Measure, status: BillStatus, report: Report) -> None:
    """Who has the bill before them, for the whip board. Who has reported it is taken off; what staff added stays."""
    rows: dict[tuple[int, str], dict[str, str]] = {(measure.pk, code): {} for code in status.committees}
    referrals = Report()
    known = Referral.objects.filter(measure=measure)
    merge_rows(known, rows, key=("measure_id", "committee"), report=referrals, removes=False)
    removed, _ = known.filter(committee__in=status.committees_before).delete()
    if rows or removed:
        report.notes.append(
            f"{measure}: before {len(rows)} committees and subcommittees, {referrals.added} of them new; "
            f"{removed} have it no more"
        )
    report.added, report.removed = report.added + referrals.added, report.removed + removed


def _is_usable(signed: Signed, report: Report) -> bool:
    if is_bioguide(signed.bioguide):
        return True
    report.broken.append(
        Remark(0, f"{signed.given_name} {signed.family_name}: “{signed.bioguide}” is no Bioguide number")
    )
    return False


def _people(signed: dict[str, Signed], report: Report) -> dict[str, int]:
    """Their numbers; who is not known, as they left Congress long ago, is added by name alone."""
    known = dict(Legislator.objects.filter(bioguide__in=signed).values_list("bioguide", "pk"))
    for bioguide in sorted(signed.keys() - known.keys()):
        each = signed[bioguide]
        new = Legislator.objects.create(
            bioguide=bioguide,
            given_name=each.given_name[:100],
            family_name=each.family_name[:100],
            full_name=f"{each.given_name} {each.family_name}"[:200],
        )
        known[bioguide] = new.pk
        report.notes.append(f"{new} ({bioguide}) is new, without a term: import legislators to know their seat")
    return known


def _link(measure: Measure, companion: Measure, report: Report) -> None:
    """The two are companions, unless somebody has said otherwise."""
    for one, other in ((measure, companion), (companion, measure)):
        if one.companion_id is None:
            one.companion = other
            one.save(update_fields=["companion"])
            report.notes.append(f"{one}: its companion is {other}")
        elif one.companion_id != other.pk:
            report.skipped.append(Remark(0, f"{one} keeps its companion; the file names {other}, too"))
