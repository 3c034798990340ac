"""Where a registration's boxes go: the place as it was typed, as the Postal Service writes it, and whether a parcel
carrier can hand something over there.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.registrations import Registration


class ShipTo(models.Model):
    """A place that a local's materials go to. Most locals have one; branches may each get a box of their own.

    What the officer typed is never written over: `standard` stands beside it, and they choose. A steward's home is
    shown to who packs and ships, nobody else, and is erased once the box has arrived.
    """

    class Verdict(models.TextChoices):
        SAFE = "safe", _("a parcel can be delivered there")
        ASK = "ask", _("to be asked about")
        UNSAFE = "unsafe", _("no parcel carrier delivers there")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(default=1, help_text="1 is the main place.")
    label = models.CharField(max_length=80, blank=True, help_text="Of a branch: what the local calls it.")
    members_count = models.PositiveIntegerField(
        null=True, blank=True, help_text="Members served from here; empty: all that no other place serves."
    )
    name = models.CharField("attention of", max_length=100)
    address1 = models.CharField("street address", max_length=100)
    address2 = models.CharField("suite, floor, building", max_length=100, blank=True)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    zip_code = models.CharField("ZIP code", max_length=10)
    receiving_hours = models.CharField(max_length=200, blank=True)
    is_home = models.BooleanField(default=False, help_text="Somebody's home: private, erased after delivery.")
    standard = models.JSONField(
        default=dict, blank=True, help_text="The same lines by USPS Publication 28; empty where we are not sure."
    )
    uses_standard = models.BooleanField(default=False, help_text="The officer chose the standard form for the label.")
    verdict = models.CharField(max_length=6, choices=Verdict, default=Verdict.ASK)
    doubts = models.JSONField(default=list, blank=True, help_text="Codes of what made us ask.")
    judged_by_staff = models.BooleanField(default=False, help_text="Staff said so; a new look does not change it.")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "place"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration", "position"],
                name="campaigns_shipto_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["safe", "ask", "unsafe"]), name="campaigns_shipto_verdict"
            ),
            models.CheckConstraint(
                condition=Q(members_count=None) | Q(members_count__gt=0), name="campaigns_shipto_members"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_home=True, name="", address1="", address2="", standard={}),
                name="campaigns_shipto_erased",
            ),
            models.CheckConstraint(
                condition=Q(uses_standard=False) | ~Q(standard={}), name="campaigns_shipto_standard"
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.city}, {self.state}"

    @property
    def lines(self) -> list[str]:
        """The lines of the label, in the form that the officer chose; none once the place was erased."""
        if self.erased_at:
            return []
        said = self.standard if self.uses_standard else {}
        word = {part: said.get(part) or getattr(self, part) for part in ("address1", "address2", "city", "state")}
        zip_code = said.get("zip_code") or self.zip_code
        town = f"{word['city']}, {word['state']} {zip_code}"
        return [line for line in (self.name, word["address1"], word["address2"], town) if line]
