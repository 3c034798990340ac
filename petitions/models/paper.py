"""Sign-up sheets: signatures on paper, keyed by one member of staff and checked by another.

They are attested, not confirmed: nobody proved a mailbox. So they are counted apart, everywhere.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models.people import Local
from petitions.models.petitions import Petition, PetitionVersion
from petitions.models.signatures import Signature


class PaperSheet(models.Model):
    """A sheet that came back, with its photo beside what was keyed from it."""

    class Status(models.TextChoices):
        KEYING = "keying", "being keyed"
        KEYED = "keyed", "waits to be checked"
        CHECKED = "checked", "checked"
        SET_ASIDE = "set-aside", "set aside"

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="paper_sheets", db_index=False)
    version = models.ForeignKey(PetitionVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField(help_text="As printed or written on the sheet.")
    local = models.ForeignKey(Local, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    photo = models.CharField(max_length=100, blank=True, help_text="The private file.")
    photo_width = models.PositiveSmallIntegerField(default=0)
    photo_height = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=9, choices=Status, default=Status.KEYING)
    keyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was checked or set aside.")

    class Meta:
        permissions: ClassVar = [
            ("key_papersheet", "Can key sheets"),
            ("check_papersheet", "Can check sheets that somebody else keyed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "number"], name="petitions_papersheet_number"),
            models.CheckConstraint(
                condition=Q(status__in=["keying", "keyed", "checked", "set-aside"]),
                name="petitions_papersheet_status",
            ),
            models.CheckConstraint(
                condition=Q(status="checked", checked_by__isnull=False) | (~Q(status="checked") & Q(checked_by=None)),
                name="petitions_papersheet_checked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("keyed_by")), name="petitions_papersheet_two_people"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["checked", "set-aside"], settled_at__isnull=False)
                | (~Q(status__in=["checked", "set-aside"]) & Q(settled_at__isnull=True)),
                name="petitions_papersheet_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"Sheet {self.number}"


class PaperLineQuerySet(models.QuerySet["PaperLine"]):
    def attested(self) -> "PaperLineQuerySet":
        """Those that count on paper: on a checked sheet, readable and signed, known neither online nor on a sheet."""
        return self.filter(sheet__status=PaperSheet.Status.CHECKED, is_attested=True, signature=None, same_as=None)


class PaperLine(models.Model):
    """One row of a sheet."""

    sheet = models.ForeignKey(PaperSheet, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="Its row on the sheet.")
    name = models.CharField(max_length=200)
    zip_code = models.CharField("ZIP code", max_length=10)
    state = models.CharField(max_length=2, blank=True)
    district = models.CharField(max_length=5, blank=True)
    keyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_attested = models.BooleanField(
        "signed", default=True, help_text="There is a signature in the row, and it can be read."
    )
    signature = models.ForeignKey(
        Signature, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The same name and ZIP code, confirmed online: counted there.",
    )  # fmt: skip
    same_as = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="The row that counts."
    )

    objects = PaperLineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "position"], name="petitions_paperline_position"),
            models.CheckConstraint(
                condition=~Q(name="") & Q(zip_code__regex=r"^\d{5}(-\d{4})?$"), name="petitions_paperline_typed"
            ),
            models.CheckConstraint(
                condition=Q(state__regex=r"^([A-Z]{2})?$") & Q(district__regex=r"^([A-Z]{2}-\d{2})?$"),
                name="petitions_paperline_place",
            ),
            models.CheckConstraint(
                condition=Q(same_as=None) | ~Q(same_as=F("id")), name="petitions_paperline_same_as"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["zip_code"], name="petitions_paperline_zip")]

    def __str__(self) -> str:
        return f"row {self.position} of {self.sheet_id}"

    @property
    def is_double(self) -> bool:
        """Whether the person is counted elsewhere."""
        return self.signature_id is not None or self.same_as_id is not None
