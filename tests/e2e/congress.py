"""A small Congress in the sample's place, for the pages that speak of it. Nobody in it exists.

Run inside the program: `from tests.e2e.congress import make; make()`.
"""

from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from petitions import succeeding
from petitions.districts import congress_on
from petitions.models import Cosponsorship, District, Legislator, Measure, Petition, Term, ZipDistrict

# The number in the Bioguide, name, state, district (none in the Senate), telephone.
MEMBERS = (
    ("A900001", "Maria Delgado-Whitfield", "NY", "12", "202-555-0101"),
    ("B900002", "Thomas Ekwueme", "NY", "", "202-555-0102"),
    ("C900003", "Ingrid Sørensen-Balakrishnan", "NY", "", "202-555-0103"),
    ("D900004", "Luis Ortega", "CA", "30", "202-555-0104"),
    ("E900005", "Grace Nakamura", "CA", "36", "202-555-0105"),
    ("F900006", "Ruth Adeyemi", "CA", "", "202-555-0106"),
    ("G900007", "Peter Lindqvist", "CA", "", ""),
    ("H900008", "Denise Carter", "DC", "00", "202-555-0108"),
)
# Where the seat of CA-32 is vacant.
ZIP_CODES = {"10001": ["NY-12"], "90210": ["CA-30", "CA-32", "CA-36"], "20001": ["DC-00"], "94103": ["CA-32"]}
BEHIND_IT = ("A900001", "F900006")


def make() -> None:
    """Put it in, once, and the sample's out."""
    if Legislator.objects.filter(bioguide=MEMBERS[0][0]).exists():
        return
    for model in (Legislator, District):
        model.objects.all().delete()
    today = timezone.localdate()
    year, congress = timedelta(days=365), congress_on(today)
    for bioguide, name, state, number, phone in MEMBERS:
        given_name, _, family_name = name.partition(" ")
        legislator = Legislator.objects.create(
            bioguide=bioguide, full_name=name, given_name=given_name, family_name=family_name
        )
        Term.objects.create(
            legislator=legislator, chamber="house" if number else "senate", state=state, number=number, phone=phone,
            starts_on=today - year, ends_on=today + year,
        )  # fmt: skip
    for zip_code, codes in ZIP_CODES.items():
        for code in codes:
            district, _ = District.objects.get_or_create(congress=congress, state=code[:2], number=code[3:])
            ZipDistrict.objects.create(zip_code=zip_code, district=district)
    for measure in Measure.objects.filter(congress=119):
        for legislator in Legislator.objects.filter(bioguide__in=BEHIND_IT):
            Cosponsorship.objects.create(measure=measure, legislator=legislator)


def move_on(slug: str) -> None:
    """The petition asks for the bill of the next Congress too, so its signers are asked whether they do."""
    petition = Petition.objects.get(slug=slug)
    successor = petition.measures.earliest("pk").successor
    assert successor is not None
    with suppress(succeeding.AlreadyMoved):
        succeeding.move_to_successor(petition=petition, measure=successor, by=None)
