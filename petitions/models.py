"""Measures (bills), petitions and the versions of their text, signatures, and the tallies of them."""

from datetime import datetime
from typing import ClassVar, NamedTuple

from django.contrib.humanize.templatetags.humanize import ordinal
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from csan.lib.addresses import new_key
from members.models.people import LANGUAGE_CHOICES


class Measure(models.Model):
    """A bill or resolution, in Congress' own terms. The types are those of congress.gov."""

    class Kind(models.TextChoices):
        HR = "hr", "H.R."
        S = "s", "S."
        HJRES = "hjres", "H.J.Res."
        SJRES = "sjres", "S.J.Res."
        HCONRES = "hconres", "H.Con.Res."
        SCONRES = "sconres", "S.Con.Res."
        HRES = "hres", "H.Res."
        SRES = "sres", "S.Res."

    jurisdiction = models.CharField(max_length=8, default="US")
    congress = models.PositiveSmallIntegerField(help_text="Its number, such as 115.")
    kind = models.CharField(max_length=8, choices=Kind)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    companion = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The same bill in the other chamber.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["jurisdiction", "congress", "kind", "number"], name="petitions_measure_number"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["hr", "s", "hjres", "sjres", "hconres", "sconres", "hres", "sres"]),
                name="petitions_measure_kind",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(bill)s (%(congress)s Congress)") % {"bill": self.bill, "congress": ordinal(self.congress)}

    @property
    def bill(self) -> str:
        """What the bill is called inside its Congress, such as H.R.1300."""
        return f"{self.get_kind_display()}{self.number}"


class PetitionQuerySet(models.QuerySet["Petition"]):
    def public(self) -> "PetitionQuerySet":
        """Opened, with a published text; a petition that has closed stays public."""
        published = PetitionVersion.objects.published().filter(petition=OuterRef("pk"))
        return self.filter(Exists(published), opens_at__lte=timezone.now())

    def counted(self) -> "PetitionQuerySet":
        """With `signers`, exact at any moment: the tally and what has not been drained into it, in one statement."""
        drained = Tally.objects.filter(petition=OuterRef("pk"), dimension=Dimension.TOTAL).values("petition")
        waiting = TallyDelta.objects.filter(petition=OuterRef("pk"), dimension=Dimension.TOTAL).values("petition")
        return self.annotate(  # type: ignore[no-redef]  # the model says that it may have it
            signers=Coalesce(Subquery(drained.annotate(sum=Sum("count")).values("sum")), 0)
            + Coalesce(Subquery(waiting.annotate(sum=Sum("amount")).values("sum")), 0)
        )

    def recounted(self) -> "PetitionQuerySet":
        """With `signers` and, counted from the signatures, `confirmed`. A row is a person: see Signature."""
        confirmed = Signature.objects.filter(petition=OuterRef("pk"), status=Signature.Status.CONFIRMED)
        rows = confirmed.values("petition").annotate(count=Count("pk")).values("count")
        return self.counted().annotate(confirmed=Coalesce(Subquery(rows), 0))  # type: ignore[no-redef]


class Petition(models.Model):
    """A petition. Its words are in its versions; closed, it is still shown but no longer signed."""

    slug = models.SlugField(max_length=80, unique=True)
    goal = models.PositiveIntegerField(help_text="How many signatures we want.")
    opens_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it stays open.")
    measures = models.ManyToManyField(Measure, blank=True, related_name="petitions")

    objects = PetitionQuerySet.as_manager()

    signers: int  # by .counted()
    confirmed: int  # by .recounted()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(goal__gt=0), name="petitions_petition_goal"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="petitions_petition_closes",
                violation_error_message=_("A petition closes after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("petitions:petition", args=[self.slug])

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it can be signed now."""
        return self.opens_at <= timezone.now() and not self.is_closed

    @cached_property
    def bills(self) -> list[Measure]:
        """What the petition asks to pass, in Congress' order."""
        return list(self.measures.order_by("congress", "kind", "number"))

    @cached_property
    def current_version(self) -> "PetitionVersion":
        """The published version with the highest number. Raises PetitionVersion.DoesNotExist."""
        return self.versions.published().latest("number")


class Words(NamedTuple):
    """A version's words in one language."""

    title: str
    ask: str
    text: str


class PetitionVersionQuerySet(models.QuerySet["PetitionVersion"]):
    def published(self) -> "PetitionVersionQuerySet":
        return self.filter(published_at__lte=timezone.now())


class PetitionVersion(models.Model):
    """A numbered version of a petition's words. Once published it never changes: a trigger refuses every UPDATE.

    Until then it is a draft, of which a petition has one at most.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=140)
    ask = models.CharField(max_length=300, help_text="What we ask for, in one short sentence.")
    text = models.TextField(help_text="Markdown: blank lines part paragraphs, **bold**, [text](https://address).")
    title_es = models.CharField("title (Spanish)", max_length=140, blank=True, help_text="Empty: as in English.")
    ask_es = models.CharField("ask (Spanish)", max_length=300, blank=True, help_text="Empty: as in English.")
    text_es = models.TextField("text (Spanish)", blank=True, help_text="Empty: as in English.")
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PetitionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "text"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "number"], name="petitions_version_number"),
            models.UniqueConstraint(
                fields=["petition"], condition=Q(published_at__isnull=True), name="petitions_version_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    def in_language(self, language: str) -> Words:
        """Each part in the language, in English where it has not been translated."""
        if language == "es":
            return Words(self.title_es or self.title, self.ask_es or self.ask, self.text_es or self.text)
        return Words(self.title, self.ask, self.text)

    @property
    def local(self) -> Words:
        """The words in the reader's language."""
        return self.in_language((get_language() or "en")[:2])


class SignatureQuerySet(models.QuerySet["Signature"]):
    def counting(self) -> "SignatureQuerySet":
        """Those in the public count."""
        return self.filter(status=Signature.Status.CONFIRMED)

    def standing(self) -> "SignatureQuerySet":
        """Neither withdrawn by the signer nor set aside by staff."""
        return self.filter(status__in=Signature.STANDING)


class Signature(models.Model):
    """One mailbox's signature under one petition, with the version of the text that was signed.

    Signing is the busiest write of the site, so the table has only the indexes it cannot do without.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        INVALID = "invalid", _("set aside")

    STANDING = (Status.PENDING, Status.CONFIRMED)

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="signatures", db_index=False)
    version = models.ForeignKey(PetitionVersion, on_delete=models.PROTECT, related_name="signatures", db_index=False)
    email = models.EmailField(max_length=254)
    email_key = models.CharField(max_length=32)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    zip_code = models.CharField("ZIP code", max_length=10)
    local = models.CharField(max_length=100, blank=True, help_text="What the signer wrote as their local.")
    comment = models.TextField(blank=True)
    show_name = models.BooleanField(default=False, help_text="The signer's name may be shown in public.")
    wants_newsletter = models.BooleanField(default=False)
    newsletter_wording = models.TextField(
        blank=True, help_text="The sentence they agreed to, as it stood on the page."
    )
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="en")
    source = models.CharField(max_length=200, blank=True, help_text="The page they signed on.")
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
    letters_sent = models.PositiveSmallIntegerField(default=0, help_text="In answer to forms, since asked_at.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [
            ("review_signature", "Can set signatures aside and reinstate them"),
            ("export_signature", "Can export signatures"),
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
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(status="pending"), name="petitions_signature_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def moment(self) -> str:
        """`asked_at` in milliseconds: what ties links and letters to one request."""
        return milliseconds(self.asked_at)


def milliseconds(moment: datetime) -> str:
    """A moment as a number that fits into a token."""
    return str(int(moment.timestamp() * 1000))


class Dimension(models.TextChoices):
    """By what signatures are counted. `value` says which part: empty for the total."""

    TOTAL = "total", _("total")


class TallyDelta(models.Model):
    """+1 or -1, written in the transaction of the change that it counts; lives until it is drained into its tally.

    No index but the key: rows come by the thousand and are only ever taken all at once.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+", db_index=False)
    dimension = models.CharField(max_length=12, choices=Dimension, default=Dimension.TOTAL)
    value = models.CharField(max_length=40, blank=True, default="")
    amount = models.SmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__in=[1, -1]), name="petitions_tallydelta_amount"),
            models.CheckConstraint(condition=Q(dimension__in=["total"]), name="petitions_tallydelta_dimension"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d}"


class Tally(models.Model):
    """How many confirmed signatures, as far as drained. Read it with the deltas: `Petition.objects.counted()`.

    It may be below zero where something went wrong; refusing that would stop the drain, the recount repairs it.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="tallies", db_index=False)
    dimension = models.CharField(max_length=12, choices=Dimension, default=Dimension.TOTAL)
    value = models.CharField(max_length=40, blank=True, default="")
    count = models.IntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "dimension", "value"], name="petitions_tally_once"),
            models.CheckConstraint(condition=Q(dimension__in=["total"]), name="petitions_tally_dimension"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.dimension} {self.value}: {self.count}"
