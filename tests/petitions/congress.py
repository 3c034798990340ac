"""A small Congress of the tests' own: invented members, made as rows."""

from datetime import UTC, date, datetime

from petitions.models import (
    CommitteeSeat,
    Cosponsorship,
    District,
    Legislator,
    Measure,
    PaperLine,
    PaperSheet,
    Referral,
    Term,
)
from tests.petitions.factories import MeasureFactory, SignatureFactory

BEGAN, ENDS = date(2025, 1, 3), date(2027, 1, 3)
TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 16, tzinfo=UTC)


def legislator(number: int, family: str, given: str = "Pat") -> Legislator:
    return Legislator.objects.create(
        bioguide=f"T{number:06d}", given_name=given, family_name=family, full_name=f"{given} {family}"
    )


def representative(number: int, family: str, state: str, district: str) -> Term:
    """Somebody in the House of the 119th Congress, and the district."""
    District.objects.get_or_create(congress=119, state=state, number=district)
    return Term.objects.create(
        legislator=legislator(number, family), chamber="house", state=state, number=district, starts_on=BEGAN,
        ends_on=ENDS, phone="202-555-0101",
    )  # fmt: skip


def senator(number: int, family: str, state: str, *, of_class: int = 1) -> Term:
    return Term.objects.create(
        legislator=legislator(number, family), chamber="senate", state=state, starts_on=BEGAN,
        ends_on=date(2031, 1, 3), senate_class=of_class,
    )  # fmt: skip


def bill(petition, kind: str = "hr", **changes) -> Measure:
    """The petition's bill before the 119th Congress."""
    made = MeasureFactory(**{"congress": 119, "kind": kind, "number": 4954 if kind == "hr" else 2495, **changes})
    petition.measures.add(made)
    return made


def cosponsor(measure: Measure, term: Term, *, is_sponsor: bool = False) -> Cosponsorship:
    return Cosponsorship.objects.create(
        measure=measure, legislator=term.legislator, is_sponsor=is_sponsor, since=date(2025, 9, 2)
    )


def committee(measure: Measure, term: Term, code: str = "HSIF") -> CommitteeSeat:
    """The committee has the bill, and the member sits in it."""
    Referral.objects.get_or_create(measure=measure, committee=code)
    return CommitteeSeat.objects.create(
        legislator=term.legislator, committee=code, name="House Committee on Energy and Commerce"
    )


def signed(petition, count: int = 1, *, district: str = "AZ-03", **changes):
    """Confirmed signatures from a district."""
    found = {
        "petition": petition, "state": district[:2], "zip_code": "85003", "district": district,
        "district_how": "unique", "district_congress": 119, **changes,
    }  # fmt: skip
    return SignatureFactory.create_batch(count, **found)


def sheet(petition, staff, number: int = 1, *, status: str = "keying", **changes) -> PaperSheet:
    return PaperSheet.objects.create(
        petition=petition, version=petition.current_version, number=number, keyed_by=staff, status=status, **changes
    )


def line(of: PaperSheet, name: str, *, zip_code: str = "85003", district: str = "AZ-03", **changes) -> PaperLine:
    return PaperLine.objects.create(
        sheet=of, position=of.lines.count() + 1, name=name, zip_code=zip_code, state=district[:2], district=district,
        keyed_by=of.keyed_by, **changes,
    )  # fmt: skip
