"""Signatures."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate, Left, Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from csan.lib.addresses import new_key
from csan.lib.states import name_of
from members.models.people import LANGUAGE_CHOICES, Local


class SignatureQuerySet(models.QuerySet["Signature"]):
    def counting(self) -> "SignatureQuerySet":
        """Those in the public count."""
        return self.filter(status=Signature.Status.CONFIRMED)

    def named(self) -> "SignatureQuerySet":
        """Those whose signers have not been erased: there is somebody to write to, and a name to print."""
        return self.exclude(email__endswith=f"@{Signature.ERASED_DOMAIN}")

    def standing(self) -> "SignatureQuerySet":
        """Neither withdrawn by the signer nor set aside by staff."""
        return self.filter(status__in=Signature.STANDING)

    def stories(self) -> "SignatureQuerySet":
        """Those whose comment the public may read: they count, and staff show it."""
        return self.counting().exclude(comment="").filter(story_shown_at__isnull=False)


class Signature(models.Model):
    """One mailbox's signature under one petition, with the version of the text that was signed.

    Signing is the busiest write of the site, so the table has only the indexes it cannot do without.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        INVALID = "invalid", _("set aside")

    class DistrictHow(models.TextChoices):
        """Why a district is known, or why it is not. Empty: nobody has looked yet."""

        UNIQUE = "unique", _("the ZIP code lies in one district")
        CHOSEN = "chosen", _("the signer chose it")
        SPLIT = "split", _("the ZIP code lies in several; the signer has not chosen")
        UNSURE = "unsure", _("the signer is not sure")
        REDRAWN = "redrawn", _("the lines of the state were redrawn; new ones have not come")
        UNKNOWN = "unknown", _("the ZIP code is in no district that we know")

    class ShownAs(models.TextChoices):
        """What stands under the signer's comment: a name only where `show_name` allows it."""

        STATE = "", _("my state")
        CITY = "city", _("my city and state")
        FIRST = "first", _("nothing; of my name only the first name")
        WORKER = "worker", _("“Verified call-center worker” and my district, without my name")

    STANDING = (Status.PENDING, Status.CONFIRMED)
    SETTLED = (Status.CONFIRMED, Status.WITHDRAWN, Status.INVALID)
    ERASED_DOMAIN = "erased.invalid"  # of the address of somebody who was erased; none can exist (RFC 2606)

    petition = models.ForeignKey(
        "petitions.Petition", on_delete=models.PROTECT, related_name="signatures", db_index=False
    )
    version = models.ForeignKey(
        "petitions.PetitionVersion", on_delete=models.PROTECT, related_name="signatures", db_index=False
    )
    email = models.EmailField(max_length=254)
    email_key = models.CharField(max_length=32)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    zip_code = models.CharField("ZIP code", max_length=10)
    state = models.CharField(
        max_length=2,
        blank=True,
        default="",
        db_default="",  # web processes that do not know the column yet may go on writing
        help_text="Of the ZIP code; empty where it is unknown.",
    )
    local = models.CharField(max_length=100, blank=True, help_text="What the signer wrote as their local.")
    known_local = models.ForeignKey(
        Local,
        on_delete=models.PROTECT,  # a tally counts it; taken away silently, the count of the local would drift
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The local of our list that they mean.",
    )
    district = models.CharField(
        max_length=5, blank=True, default="", db_default="", help_text="Such as AZ-03; empty where it is not known."
    )
    district_how = models.CharField(
        "district known by",
        max_length=8,
        choices=DistrictHow,
        blank=True,
        default="",
        db_default="",
    )
    district_congress = models.PositiveSmallIntegerField(
        "of the Congress", null=True, blank=True, help_text="By whose lines the district was looked up."
    )
    comment = models.TextField(blank=True)
    show_name = models.BooleanField(default=False, help_text="The signer's name may be shown in public.")
    shown_as = models.CharField(
        "shown with",
        max_length=6,
        choices=ShownAs,
        blank=True,
        default=ShownAs.STATE,
        db_default="",
        help_text="How the signer wants the comment to be signed.",
    )
    wants_newsletter = models.BooleanField(default=False)
    newsletter_wording = models.TextField(
        blank=True, help_text="The sentence they agreed to, as it stood on the page."
    )
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="en")
    source = models.CharField(max_length=200, blank=True, help_text="The page they signed on.")
    source_code = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="The code on the poster, box item, page or friend's link that brought them here.",
    )
    suspicion = models.PositiveSmallIntegerField(
        default=0, help_text="0: none. Refuses nobody; for the eyes of staff."
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    key = models.CharField(max_length=32, default=new_key, editable=False)
    asked_at = models.DateTimeField(
        default=timezone.now, help_text="The last request that counted anew; older confirm links are dead."
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    letters_sent = models.PositiveSmallIntegerField(
        default=0, help_text="About this signature, of every kind; from zero again after it was withdrawn."
    )
    reminders_sent = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How many of the two reminders are behind them."
    )
    created_at = models.DateTimeField(default=timezone.now)
    story_shown_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when staff show the comment on the petition's page."
    )
    story_place = models.CharField(
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text="The city or district under the comment, where it was shared by five or more when staff chose it.",
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [
            ("review_signature", "Can set signatures aside and reinstate them"),
            ("export_signature", "Can export signatures"),
            ("show_story", "Can show signers' comments in public"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "email_key"], name="petitions_signature_once"),
            # Not unique=True, which on PostgreSQL would bring a second index for LIKE.
            models.UniqueConstraint(fields=["key"], name="petitions_signature_key"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="petitions_signature_email_lower"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="petitions_signature_language"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "confirmed", "withdrawn", "invalid"]),
                name="petitions_signature_status",
            ),
            models.CheckConstraint(
                condition=(~Q(status="confirmed") | Q(confirmed_at__isnull=False))
                & (~Q(status="pending") | Q(confirmed_at__isnull=True)),
                name="petitions_signature_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="petitions_signature_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(wants_newsletter=False) | ~Q(newsletter_wording=""), name="petitions_signature_wording"
            ),
            models.CheckConstraint(condition=Q(state__regex=r"^([A-Z]{2})?$"), name="petitions_signature_state"),
            models.CheckConstraint(
                condition=Q(district__regex=r"^([A-Z]{2}-\d{2})?$"), name="petitions_signature_district"
            ),
            models.CheckConstraint(
                condition=Q(district_how__in=["unique", "chosen"], district_congress__isnull=False) & ~Q(district="")
                | Q(district="", district_how__in=["", "split", "unsure", "redrawn", "unknown"]),
                name="petitions_signature_district_how",
            ),
            models.CheckConstraint(
                condition=Q(shown_as__in=["", "city", "first", "worker"]), name="petitions_signature_shown_as"
            ),
            models.CheckConstraint(condition=Q(reminders_sent__lte=2), name="petitions_signature_reminders"),
            models.CheckConstraint(
                condition=Q(story_shown_at__isnull=True) | (Q(status="confirmed") & ~Q(comment="")),
                name="petitions_signature_story",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(status="pending"), name="petitions_signature_pending"),
            models.Index(  # empty but for the time in which look-ups are switched off
                fields=["id"],
                condition=Q(status="confirmed", district_how=""),
                name="petitions_signature_unlooked",
            ),
            models.Index(  # holds the few that are shown, so signing does not write to it
                fields=["petition", "story_shown_at"],
                condition=Q(story_shown_at__isnull=False),
                name="petitions_signature_stories",
            ),
            # What a packet takes. They hold confirmed rows only, so signing at the door does not write to them.
            models.Index(
                fields=["petition", "district"],
                condition=Q(status="confirmed") & ~Q(district=""),
                name="petitions_signed_by_district",
            ),
            models.Index(
                F("petition"),
                F("state"),
                Left("zip_code", 5),
                condition=Q(status="confirmed"),
                name="petitions_signed_by_state",
            ),
            # What staff search and filter by. None holds a row that was just signed; all but the names hold few.
            models.Index(
                Collate(Upper("family_name"), "C"),
                F("id").desc(),
                condition=Q(status__in=["confirmed", "withdrawn", "invalid"]),
                name="petitions_signed_by_name",
            ),
            models.Index(
                fields=["source_code", "-id"],
                condition=Q(status="confirmed") & ~Q(source_code=""),
                name="petitions_signed_by_source",
            ),
            models.Index(
                fields=["status", "-id"],
                condition=Q(status__in=["withdrawn", "invalid"]),
                name="petitions_signature_set_apart",
            ),
            models.Index(
                fields=["district_how", "petition", "status"],
                condition=Q(district_how__in=["chosen", "split", "unsure", "redrawn", "unknown"]),
                name="petitions_signature_uncertain",
            ),
            models.Index(fields=["-id"], condition=Q(suspicion__gt=0), name="petitions_signature_suspected"),
            models.Index(fields=["-id"], condition=Q(state=""), name="petitions_signature_stateless"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def is_story(self) -> bool:
        """Whether the public can read the comment."""
        return self.story_shown_at is not None and self.status == self.Status.CONFIRMED and bool(self.comment)

    @property
    def is_erased(self) -> bool:
        """Whether who signed is not known any more."""
        return self.email.endswith(f"@{self.ERASED_DOMAIN}")

    @property
    def public_name(self) -> str:
        """First name and initial, or less, where the signer lets us show them, else empty."""
        if not self.show_name or self.shown_as == self.ShownAs.WORKER:
            return ""
        return self.given_name if self.shown_as == self.ShownAs.FIRST else f"{self.given_name} {self.family_name[:1]}."

    def story_name(self, *, tells_state: bool) -> str:
        """Who says it: "Ana R., Texas", or "A signer in Texas" where the name is not to be shown."""
        name, state = self.public_name, name_of(self.state) if tells_state else ""
        place = self.story_place or state
        if self.shown_as == self.ShownAs.WORKER:
            words = gettext("Verified call-center worker")
            return f"{words}, {place}" if place else words
        if name and (self.shown_as == self.ShownAs.FIRST or not place):
            return name
        if name:
            return f"{name}, {place}"
        return gettext("A signer in %(state)s") % {"state": state} if state else gettext("A signer")

    @property
    def moment(self) -> str:
        """`asked_at` in milliseconds: what ties links and letters to one request."""
        return milliseconds(self.asked_at)


def milliseconds(moment: datetime) -> str:
    """A moment as a number that fits into a token."""
    return str(int(moment.timestamp() * 1000))
