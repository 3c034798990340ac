"""Congress: districts and their ZIP codes, who sits where from when to when, offices, committee seats, cosponsors.

A district is known by its Congress: lines and numbers change. Its code, such as AZ-03, is what a signature keeps;
00 stands for the one seat of a state, a delegate or the resident commissioner.
"""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from petitions.models.measures import Measure

IS_STATE = r"^[A-Z]{2}$"
IS_NUMBER = r"^\d{2}$"
# Seats whose holders speak and cosponsor but have no vote on the floor of the House.
WITHOUT_VOTE = ("AS", "DC", "GU", "MP", "PR", "VI")


class District(models.Model):
    """A seat of the House as it was drawn for one Congress, also while nobody holds it."""

    congress = models.PositiveSmallIntegerField(help_text="Its number, such as 119.")
    state = models.CharField(max_length=2)
    number = models.CharField(max_length=2, help_text="Two digits; 00 where the state has one seat.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["congress", "state", "number"], name="petitions_district_once"),
            models.CheckConstraint(condition=Q(state__regex=IS_STATE), name="petitions_district_state"),
            models.CheckConstraint(condition=Q(number__regex=IS_NUMBER), name="petitions_district_number"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What a signature keeps, such as AZ-03."""
        return f"{self.state}-{self.number}"


class ZipDistrict(models.Model):
    """A ZIP code lies in a district, wholly or in part. A ZIP code without a row may be a real one all the same."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="zip_codes")
    zip_code = models.CharField("ZIP code", max_length=5)
    precision = models.CharField(
        max_length=6, blank=True, help_text="How it is known: census (by area), tract (may list one too many)."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zip_code", "district"], name="petitions_zipdistrict_once"),
            models.CheckConstraint(condition=Q(zip_code__regex=r"^\d{5}$"), name="petitions_zipdistrict_zip"),
        ]

    def __str__(self) -> str:
        return f"{self.zip_code} {self.district}"


class Redrawing(models.Model):
    """A state whose lines changed with a Congress: those of the Congress before tell nothing from then on."""

    congress = models.PositiveSmallIntegerField(help_text="The first that sits by the new lines, such as 120.")
    state = models.CharField(max_length=2)
    note = models.CharField(max_length=200, blank=True, help_text="Which plan, and since when.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["congress", "state"], name="petitions_redrawing_once"),
            models.CheckConstraint(condition=Q(state__regex=IS_STATE), name="petitions_redrawing_state"),
        ]

    def __str__(self) -> str:
        return f"{self.state} ({self.congress})"


class Legislator(models.Model):
    """Somebody who sits or sat in Congress, known for ever by their Bioguide number. Nobody is ever deleted."""

    bioguide = models.CharField(max_length=7, unique=True, help_text="Of bioguide.congress.gov, such as S001203.")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    full_name = models.CharField(max_length=200, help_text="As they are officially called.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(bioguide__regex=r"^[A-Z]\d{6}$"), name="petitions_legislator_bioguide"),
        ]

    def __str__(self) -> str:
        return self.full_name


class TermQuerySet(models.QuerySet["Term"]):
    def on(self, day: date) -> "TermQuerySet":
        """Those that run on this day. A term ends at noon of its last day, which is the first of the next."""
        return self.filter(starts_on__lte=day, ends_on__gt=day)


class Term(models.Model):
    """A legislator's time in one seat, with how that office is reached."""

    class Chamber(models.TextChoices):
        HOUSE = "house", "House"
        SENATE = "senate", "Senate"

    legislator = models.ForeignKey(Legislator, on_delete=models.CASCADE, related_name="terms", db_index=False)
    chamber = models.CharField(max_length=6, choices=Chamber)
    state = models.CharField(max_length=2)
    number = models.CharField(
        "district", max_length=2, blank=True, help_text="Two digits; empty in the Senate, 00 where there is one seat."
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    party = models.CharField(max_length=40, blank=True, help_text="For staff; never shown in public.")
    senate_class = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True, help_text="The office in Washington.")
    website = models.CharField(max_length=300, blank=True)
    contact_form = models.CharField(max_length=300, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["legislator", "chamber", "starts_on"], name="petitions_term_once"),
            models.CheckConstraint(condition=Q(chamber__in=["house", "senate"]), name="petitions_term_chamber"),
            models.CheckConstraint(condition=Q(state__regex=IS_STATE), name="petitions_term_state"),
            models.CheckConstraint(
                condition=Q(chamber="senate", number="") | Q(chamber="house", number__regex=IS_NUMBER),
                name="petitions_term_number",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="petitions_term_ends"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "chamber", "number"], name="petitions_term_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.legislator} ({self.seat})"

    @property
    def seat(self) -> str:
        """The state of a senator, the district's code of a representative."""
        return f"{self.state}-{self.number}" if self.number else self.state

    @property
    def title(self) -> str:
        """How Congress abbreviates the office."""
        if self.chamber == self.Chamber.SENATE:
            return "Sen."
        if self.state == "PR":
            return "Res. Comm."
        return "Del." if self.state in WITHOUT_VOTE else "Rep."

    @property
    def has_vote(self) -> bool:
        """Whether they vote on the floor."""
        return self.chamber == self.Chamber.SENATE or self.state not in WITHOUT_VOTE


class Office(models.Model):
    """An office at home, where a local can knock."""

    legislator = models.ForeignKey(Legislator, on_delete=models.CASCADE, related_name="offices")
    slug = models.CharField(max_length=100, unique=True, help_text="What the source calls it.")
    building = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    suite = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    zip_code = models.CharField("ZIP code", max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.city}, {self.state}"


class CommitteeSeat(models.Model):
    """A seat in a committee; those of subcommittees have longer codes."""

    legislator = models.ForeignKey(Legislator, on_delete=models.CASCADE, related_name="committee_seats")
    committee = models.CharField(max_length=10, help_text="Such as HSIF, House Energy and Commerce.")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=60, blank=True, help_text="Chair, Ranking Member …")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "legislator"], name="petitions_committeeseat_once"),
        ]

    def __str__(self) -> str:
        return self.name


class CosponsorshipQuerySet(models.QuerySet["Cosponsorship"]):
    def standing(self) -> "CosponsorshipQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)


class Cosponsorship(models.Model):
    """A legislator put their name to a measure."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="cosponsorships", db_index=False)
    legislator = models.ForeignKey(Legislator, on_delete=models.CASCADE, related_name="cosponsorships")
    is_sponsor = models.BooleanField(default=False, help_text="They brought it in.")
    since = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = CosponsorshipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "legislator"], name="petitions_cosponsorship_once"),
            models.UniqueConstraint(
                fields=["measure"], condition=Q(is_sponsor=True), name="petitions_cosponsorship_sponsor"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(is_sponsor=False), name="petitions_cosponsorship_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legislator}: {self.measure}"
