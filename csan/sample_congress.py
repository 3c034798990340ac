"""The sample's Congress: some twenty ZIP codes and invented people, so that pages have somebody to thank and to ask.

Which ZIP code lies where is a fact, that of the 119th Congress; later runs show it as if it still were. Every name says
that it is a sample's, and 555-01xx are numbers that nobody has.
"""

from datetime import date

from django.utils import timezone

from petitions.districts import congress_on, days_of
from petitions.models import (
    CommitteeSeat,
    Cosponsorship,
    District,
    Legislator,
    Measure,
    Office,
    Term,
    ZipDistrict,
)

HOUSE, SENATE = Term.Chamber.HOUSE, Term.Chamber.SENATE
# One district, several, two states, a state with one seat, the District, a territory.
ZIP_CODES = {
    "90210": ("CA-30", "CA-32", "CA-36"),
    "90211": ("CA-36", "CA-37"),
    "90232": ("CA-37",),
    "02139": ("MA-05", "MA-07"),
    "02141": ("MA-07",),
    "60601": ("IL-07",),
    "10011": ("NY-10", "NY-12"),
    "78701": ("TX-37",),
    "85003": ("AZ-03",),
    "15222": ("PA-12",),
    "26003": ("WV-02",),
    "97520": ("OR-02",),
    "82001": ("WY-00",),
    "05401": ("VT-00",),
    "99501": ("AK-00",),
    "58102": ("ND-00",),
    "30165": ("AL-03", "GA-14"),
    "20001": ("DC-00",),
    "00601": ("PR-00",),
    "96910": ("GU-00",),
}
GIVEN = (
    "Alma", "Ben", "Carla", "Dana", "Elena", "Frank", "Grace", "Hector", "Ines", "Jonah", "Kim", "Luis", "Mona", "Nils",
    "Olga", "Pat", "Quinn", "Rosa", "Sam", "Tess", "Uma", "Vera", "Will", "Xenia", "Yara", "Zoe",
)  # fmt: skip
VACANT = "TX-37"
STATES_WITH_SENATORS = ("AZ", "CA", "IL", "MA", "NY", "PA", "TX", "VT", "WV", "WY")
SPONSOR = "AZ-03"
COSPONSORS = ("MA-07", "NY-12", "WV-02", "DC-00", "AZ-1", "MA-2")  # a senator is the state and which of the two
WITHDRAWN = "WV-02"
COMMITTEES = (
    ("HSIF", "House Committee on Energy and Commerce", "AZ-03", "Ranking Member"),
    ("HSIF", "House Committee on Energy and Commerce", "IL-07", ""),
    ("HSED", "House Committee on Education and Workforce", "MA-05", ""),
    ("SSCM", "Senate Committee on Commerce, Science, and Transportation", "TX-1", "Chair"),
    ("SSCM", "Senate Committee on Commerce, Science, and Transportation", "WY-2", ""),
)


def load() -> None:
    """Put it in, once: a second call finds everything there."""
    congress = congress_on(timezone.localdate())
    _districts(congress)
    people = _people(congress)
    _names_under(Measure.objects.filter(kind=Measure.Kind.HR).latest("congress", "number"), people)
    for committee, name, seat, title in COMMITTEES:
        CommitteeSeat.objects.get_or_create(
            committee=committee, legislator=people[seat], defaults={"name": name, "title": title}
        )


def _districts(congress: int) -> None:
    for zip_code, codes in ZIP_CODES.items():
        for code in codes:
            district, _ = District.objects.get_or_create(congress=congress, state=code[:2], number=code[3:])
            ZipDistrict.objects.get_or_create(zip_code=zip_code, district=district, defaults={"precision": "census"})


def _people(congress: int) -> dict[str, Legislator]:
    """A representative for each district but one, and the senators of some states; by their seats."""
    codes = sorted({code for codes in ZIP_CODES.values() for code in codes} - {VACANT})
    seats = [*codes, *(f"{state}-{which}" for state in STATES_WITH_SENATORS for which in (1, 2))]
    return {seat: _person(number, seat, congress) for number, seat in enumerate(seats, start=1)}


def _person(number: int, seat: str, congress: int) -> Legislator:
    """Somebody in that seat, under a Bioguide number that begins as nobody's does."""
    given_name = GIVEN[number % len(GIVEN)]
    family_name = "Sample" if number < len(GIVEN) else "Sampleton"
    person, _ = Legislator.objects.get_or_create(
        bioguide=f"X{number:06}",
        defaults={
            "given_name": given_name,
            "family_name": family_name,
            "full_name": f"{given_name} {family_name} (invented)",
        },
    )
    _term(person, seat, f"202-555-01{number:02}", days_of(congress))
    Office.objects.get_or_create(
        slug=f"sample-{person.bioguide}",
        defaults={
            "legislator": person,
            "address": "1 Sample Street",
            "city": "Sampleton",
            "state": seat[:2],
            "phone": f"202-555-01{99 - number:02}",
        },
    )
    return person


def _term(person: Legislator, seat: str, phone: str, days: tuple[date, date]) -> None:
    """Two years in the House; a senator's six begin with them, so that they sit as long as the sample is looked at."""
    is_house = len(seat.partition("-")[2]) == 2
    begin, end = days
    Term.objects.get_or_create(
        legislator=person,
        chamber=HOUSE if is_house else SENATE,
        starts_on=begin,
        defaults={
            "state": seat[:2],
            "number": seat[3:] if is_house else "",
            "ends_on": end if is_house else end.replace(year=end.year + 4),
            "phone": phone,
            "address": "1 Sample House Office Building, Washington DC 20515",
            "website": "https://www.example.org/sample",
        },
    )


def _names_under(measure: Measure, people: dict[str, Legislator]) -> None:
    since = date(2025, 8, 12)
    Cosponsorship.objects.get_or_create(
        measure=measure, legislator=people[SPONSOR], defaults={"is_sponsor": True, "since": since}
    )
    for seat in COSPONSORS:
        Cosponsorship.objects.get_or_create(
            measure=measure,
            legislator=people[seat],
            defaults={"since": since, "withdrawn_on": date(2026, 2, 3) if seat == WITHDRAWN else None},
        )
