"""Measures: bills and resolutions, the bills that came after them, and what happened to each of them when."""

from typing import ClassVar

from django.contrib.humanize.templatetags.humanize import ordinal
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from csan.lib.languages import in_language
from csan.lib.urls import IS_HTTPS


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
    successor = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text="The bill of a later Congress that asks for the same: bills die with their Congress.",
    )
    lead = models.CharField(
        max_length=200, blank=True, help_text="Who leads it in Congress, such as Rep. Gene Green (TX)."
    )
    url = models.CharField(
        "address",
        max_length=500,
        blank=True,
        validators=[IS_HTTPS],
        help_text="Where to read the bill; begins with https://.",
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
            models.CheckConstraint(
                condition=Q(companion__isnull=True) | ~Q(companion=F("id")),
                name="petitions_measure_companion",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="petitions_measure_successor",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://"),
                name="petitions_measure_url",
                violation_error_message="The address begins with https://.",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(bill)s (%(congress)s Congress)") % {"bill": self.bill, "congress": ordinal(self.congress)}

    def clean(self) -> None:
        """Two of the constraints in words: they speak of `id`, which no form shows, so no form checks them."""
        for name in ("companion", "successor"):
            if self.pk and getattr(self, f"{name}_id") == self.pk:
                raise ValidationError({name: "A bill cannot be linked to itself."})

    @property
    def bill(self) -> str:
        """What the bill is called inside its Congress, such as H.R.1300."""
        return f"{self.get_kind_display()}{self.number}"


class Provision(models.Model):
    """One of the things a bill provides, in plain words; in the order that a reader should meet them."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="provisions", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="1 comes first.")
    text = models.CharField(max_length=300, help_text="One short sentence.")
    text_es = models.CharField("text (Spanish)", max_length=300, blank=True, help_text="Empty: as in English.")

    class Meta:
        constraints: ClassVar = [
            # Deferred, so that staff may swap two of them in one form.
            models.UniqueConstraint(
                fields=["measure", "position"],
                name="petitions_provision_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=~Q(text=""), name="petitions_provision_text"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def local_text(self) -> str:
        """What it provides, in the reader's language."""
        return in_language(self.text, self.text_es)


class MeasureEvent(models.Model):
    """A day in a bill's life, with the page that says so. In public: `petitions.lineage.timeline`."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="events")
    happened_on = models.DateField()
    what = models.CharField(max_length=300, help_text="One short sentence.")
    what_es = models.CharField("what (Spanish)", max_length=300, blank=True, help_text="Empty: as in English.")
    source_url = models.CharField(
        "source",
        max_length=500,
        blank=True,
        validators=[IS_HTTPS],
        help_text="The page that says so; begins with https://.",
    )

    class Meta:
        verbose_name = "event"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(what=""), name="petitions_measureevent_what"),
            models.CheckConstraint(
                condition=Q(source_url="") | Q(source_url__startswith="https://"),
                name="petitions_measureevent_source",
                violation_error_message="The address begins with https://.",
            ),
            models.UniqueConstraint(fields=["measure", "happened_on", "what"], name="petitions_measureevent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on}: {self.what}"

    @property
    def local_what(self) -> str:
        """What happened, in the reader's language."""
        return in_language(self.what, self.what_es)
