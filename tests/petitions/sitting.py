"""A small Congress for tests: who sits where. Nobody in it exists."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from petitions.districts import congress_on
from petitions.models import District, Legislator, Term, ZipDistrict

numbers = count(1)


def member(seat, name="Ada Lovelace", *, phone="202-555-0100", begins=None, ends=None):
    """Somebody who sits for a district such as AZ-03, or for a state such as AZ in the Senate; the legislator."""
    state, _, number = seat.partition("-")
    given_name, _, family_name = name.partition(" ")
    legislator = Legislator.objects.create(
        bioguide=f"T{next(numbers):06}", full_name=name, given_name=given_name, family_name=family_name
    )
    today = timezone.localdate()
    Term.objects.create(
        legislator=legislator,
        chamber="house" if number else "senate",
        state=state,
        number=number,
        phone=phone,
        party="Independent",
        starts_on=begins or today - timedelta(days=300),
        ends_on=ends or today + timedelta(days=300),
    )
    return legislator


def lies_in(zip_code, *codes, on: date | None = None):
    """A ZIP code lies in these districts, by the lines of the Congress of a day (today)."""
    congress = congress_on(on or timezone.localdate())
    for code in codes:
        district, _ = District.objects.get_or_create(congress=congress, state=code[:2], number=code[3:])
        ZipDistrict.objects.create(zip_code=zip_code, district=district)
