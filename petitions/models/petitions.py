"""Petitions, the versions of their text, and their points."""

from typing import ClassVar, NamedTuple

from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from csan.lib import ladder
from csan.lib.languages import in_language
from petitions.models.measures import Measure
from petitions.models.signatures import Signature
from petitions.models.tallies import Dimension, Tally, TallyDelta

# In UTC whatever the session's time zone, since a CHECK must say the same to everybody.
MOMENT_OF_CLOSING = Func(Value("UTC"), F("closes_at"), function="timezone", output_field=models.DateTimeField())


class PetitionQuerySet(models.QuerySet["Petition"]):
    def public(self) -> "PetitionQuerySet":
        """Opened, with a published text; a petition that has closed stays public."""
        published = PetitionVersion.objects.published().filter(petition=OuterRef("pk"))
        return self.filter(Exists(published), opens_at__lte=timezone.now())

    def with_words(self) -> "list[Petition]":
        """All of them with their `current_version`, in two queries however many there are."""
        found = list(self)
        published = PetitionVersion.objects.published().filter(petition__in=found)
        newest = published.order_by("petition", "-number").distinct("petition")
        versions = {version.petition_id: version for version in newest}
        for petition in found:
            petition.current_version = versions[petition.pk]
        return found

    def counted(self) -> "PetitionQuerySet":
        """With `signers`, exact at any moment: the tally and what has not been drained into it, in one statement."""
        drained = Tally.objects.filter(petition=OuterRef("pk"), dimension=Dimension.TOTAL).values("petition")
        waiting = TallyDelta.objects.filter(petition=OuterRef("pk")).values("petition")
        return self.annotate(  # type: ignore[no-redef]  # the model says that it may have it
            signers=Coalesce(Subquery(drained.annotate(sum=Sum("count")).values("sum")), 0)
            + Coalesce(Subquery(waiting.annotate(sum=Sum("amount")).values("sum")), 0)
        )

    def recounted(self) -> "PetitionQuerySet":
        """With `signers` and, counted from the signatures, `confirmed`. A row is a person: see Signature."""
        confirmed = Signature.objects.counting().filter(petition=OuterRef("pk"))
        rows = confirmed.values("petition").annotate(count=Count("pk")).values("count")
        return self.counted().annotate(confirmed=Coalesce(Subquery(rows), 0))  # type: ignore[no-redef]  # as above


class Petition(models.Model):
    """A petition. Its words are in its versions; closed, it is still shown but no longer signed."""

    slug = models.SlugField(max_length=80, unique=True)
    goal = models.PositiveIntegerField(help_text="How many signatures we want in the end.")
    first_goal = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="The first of the goals that the page shows, each a step ahead of the count. "
        "Empty: the last from the start.",
    )
    opens_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it stays open.")
    forgets_signers_on = models.DateField(
        "forgets its signers on",
        null=True,
        blank=True,
        help_text="From this day on nothing says any more who signed; the numbers stay. It lies after the day of "
        "closing. Empty: kept as long as the petition lives.",
    )
    measures = models.ManyToManyField(Measure, blank=True, related_name="petitions")

    objects = PetitionQuerySet.as_manager()

    signers: int  # by .counted()
    confirmed: int  # by .recounted()
    on_paper: int  # by the pages that show it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(goal__gt=0), name="petitions_petition_goal"),
            models.CheckConstraint(
                condition=Q(first_goal__isnull=True) | Q(first_goal__gt=0, first_goal__lte=F("goal")),
                name="petitions_petition_first_goal",
                violation_error_message=_("The first goal is no higher than the last."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="petitions_petition_closes",
                violation_error_message=_("A petition closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(forgets_signers_on__isnull=True)
                | Q(closes_at__isnull=False, forgets_signers_on__gt=MOMENT_OF_CLOSING),
                name="petitions_petition_forgets",
                violation_error_message=_("A petition forgets its signers on a day after it has closed."),
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

    @property
    def has_forgotten(self) -> bool:
        """Whether the day has come on which nothing says any more who signed."""
        return self.forgets_signers_on is not None and self.forgets_signers_on <= timezone.localdate()

    def goal_ahead_of(self, count: int) -> int:
        """The goal to show beside a count: never below it, and no more than a step ahead while there is a ladder.

        A petition that has closed climbs no further: it shows what was wanted, or what it reached.
        """
        if self.is_closed:
            return max(self.goal, count)
        return ladder.goal_ahead_of(count, first=self.first_goal, final=self.goal)

    @property
    def shown_goal(self) -> int:
        """The goal beside the `signers` of `.counted()`."""
        return self.goal_ahead_of(self.signers)

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
    measures = models.ManyToManyField(Measure, through="VersionMeasure", related_name="+", editable=False)

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
        parts = ((self.title, self.title_es), (self.ask, self.ask_es), (self.text, self.text_es))
        return Words(*(in_language(*part, language) for part in parts))

    @property
    def local(self) -> Words:
        """The words in the reader's language."""
        return self.in_language(get_language() or "en")


class VersionMeasure(models.Model):
    """A text, once published, asks for this measure: whoever signs it signs for that. A trigger keeps it so."""

    version = models.ForeignKey(PetitionVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "measure"], name="petitions_versionmeasure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.measure}"


class PetitionPoint(models.Model):
    """One of the things the bill says, as a card with a drawing. Unlike the text, it is not what people sign."""

    class Icon(models.TextChoices):
        WHERE = "where", "a place on the map"
        CHOOSE = "choose", "a choice"
        MONEY = "money", "money"
        PEOPLE = "people", "people"
        CALENDAR = "calendar", "a date"
        LOCK = "lock", "a lock"

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="points", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="1 comes first.")
    icon = models.CharField(max_length=8, choices=Icon)
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=300)
    title_es = models.CharField("title (Spanish)", max_length=80, blank=True, help_text="Empty: as in English.")
    text_es = models.CharField("text (Spanish)", max_length=300, blank=True, help_text="Empty: as in English.")

    class Meta:
        verbose_name = "point"
        constraints: ClassVar = [
            # Deferred, so that staff may swap two of them in one form.
            models.UniqueConstraint(
                fields=["petition", "position"],
                name="petitions_petitionpoint_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(icon__in=["where", "choose", "money", "people", "calendar", "lock"]),
                name="petitions_petitionpoint_icon",
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="petitions_petitionpoint_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def icon_template(self) -> str:
        """The drawing, to be included."""
        return f"illustrations/icon-{self.icon}.svg"

    @property
    def local_title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_es)

    @property
    def local_text(self) -> str:
        """The text in the reader's language."""
        return in_language(self.text, self.text_es)
