"""Kits: the things that go into boxes, by which rule how many of them, and how many there are."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.toolkits import ToolkitItem
from campaigns.models.weeks import WeekOfAction, WeekTask
from campaigns.models.words import SPANISH_HELP
from csan.lib.languages import in_language


class Item(models.Model):
    """A thing that goes into boxes. Counted in single pieces, also where it comes in packs.

    `on_hand` is the sum of its moves, kept beside them so that the database refuses to go below zero.
    """

    sku = models.SlugField("SKU", max_length=40, unique=True, help_text="Short and lasting, such as sticker-red.")
    name = models.CharField(max_length=120)
    name_es = models.CharField("name (Spanish)", max_length=120, blank=True, help_text=SPANISH_HELP)
    unit = models.CharField(max_length=40, default="piece", help_text="What one of it is: a button, a sheet.")
    pack_size = models.PositiveIntegerField(default=1, help_text="How many come in a pack.")
    weight_grams = models.PositiveIntegerField(default=0, help_text="Of one.")
    print_twin = models.ForeignKey(
        ToolkitItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The same thing to print oneself.",
    )  # fmt: skip
    low_at = models.PositiveIntegerField(default=0, help_text="Staff are told when there are fewer.")
    on_hand = models.PositiveIntegerField(default=0, editable=False)
    is_retired = models.BooleanField(default=False, help_text="No longer packed.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pack_size__gt=0), name="campaigns_item_pack_size"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="campaigns_item_on_hand"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name, self.name_es)


class StockMove(models.Model):
    """A line of the stock ledger: append-only. `key` makes a move that is told twice one move."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "came in"
        ALLOCATED = "allocated", "set aside for boxes"
        RELEASED = "released", "given back by boxes"
        COUNTED = "counted", "counted anew"
        WRITTEN_OFF = "written-off", "damaged or lost"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="moves")
    amount = models.IntegerField(help_text="Pieces; below zero for what goes.")
    kind = models.CharField(max_length=11, choices=Kind)
    key = models.CharField(max_length=80, unique=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="campaigns_stockmove_amount"),
            models.CheckConstraint(
                condition=Q(kind="received", amount__gt=0)
                | Q(kind="allocated", amount__lt=0)
                | Q(kind="released", amount__gt=0)
                | Q(kind="written-off", amount__lt=0)
                | Q(kind="counted"),
                name="campaigns_stockmove_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.item}"


class KitRule(models.Model):
    """How many of an item a place gets. Several rules for an item add up."""

    class Kind(models.TextChoices):
        PER_PLACE = "per-place", "so many for each place"
        PER_LOCAL = "per-local", "so many for each local, to its main place"
        PER_MEMBER = "per-member", "so many for each member"
        ONE_PER = "one-per", "one for every so many members"

    week = models.ForeignKey(WeekOfAction, on_delete=models.CASCADE, related_name="kit_rules")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="kit_rules")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.PositiveIntegerField(default=1, help_text="How many; for “one for every”: every how many members.")
    over_percent = models.PositiveSmallIntegerField("over-supply", default=0, help_text="Percent on top.")
    minimum = models.PositiveIntegerField(default=0)
    maximum = models.PositiveIntegerField(null=True, blank=True)
    rounds_to_pack = models.BooleanField(default=False, help_text="Rounded up to whole packs.")
    districts = models.CharField(max_length=60, blank=True, help_text="Only these, such as 3, 6; empty: all.")
    task = models.ForeignKey(
        WeekTask, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Only locals that pledged it; empty: all.",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["per-place", "per-local", "per-member", "one-per"]),
                name="campaigns_kitrule_kind",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="campaigns_kitrule_amount"),
            models.CheckConstraint(
                condition=Q(maximum=None) | Q(maximum__gte=F("minimum")),
                name="campaigns_kitrule_maximum",
                violation_error_message="The most is no less than the least.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_kind_display()}"
