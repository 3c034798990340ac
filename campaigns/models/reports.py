"""What a local tells afterwards: what it did, how many came, what it looked like, what was left over."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns.models.kits import Item
from campaigns.models.registrations import Registration
from campaigns.models.weeks import WeekTask
from members.models import Picture


class Report(models.Model):
    """One a registration; saved after each answer, so it may be half full for ever."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="report")
    took_part = models.BooleanField(null=True, blank=True, help_text="Empty: not answered yet.")
    headcount = models.PositiveIntegerField(null=True, blank=True)
    sentence = models.CharField(max_length=300, blank=True, help_text="How it was, in one sentence.")
    may_be_shown = models.BooleanField(default=False, help_text="The local agreed to be on the public wall.")
    begun_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When the local said that it is done.")
    approved_at = models.DateTimeField(null=True, blank=True, help_text="Since when staff let its words be shown.")
    hidden_at = models.DateTimeField(
        null=True, blank=True, help_text="When staff decided that its words are not shown."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(may_be_shown=True), name="campaigns_report_approved"
            ),
            models.CheckConstraint(condition=Q(approved_at=None) | Q(hidden_at=None), name="campaigns_report_hidden"),
        ]

    def __str__(self) -> str:
        return f"Report of {self.registration}"


class TaskReport(models.Model):
    """Whether a task was done, and what shows it: a number, a link, a name of a paper or a store."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    task = models.ForeignKey(WeekTask, on_delete=models.PROTECT, related_name="reports")
    was_done = models.BooleanField()
    number = models.PositiveIntegerField(null=True, blank=True, help_text="Signatures, letters, e-mails, posts.")
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "task"], name="campaigns_taskreport_once"),
        ]

    def __str__(self) -> str:
        return str(self.task)


class ItemReport(models.Model):
    """What was left of an item, or how many were too few: next year's quantities come from it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="items", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reports")
    left_over = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "item"], name="campaigns_itemreport_once"),
            models.CheckConstraint(condition=Q(left_over=0) | Q(short=0), name="campaigns_itemreport_either"),
        ]

    def __str__(self) -> str:
        return str(self.item)


class ReportPhoto(models.Model):
    """A photo that a local sent, with the yes of everybody who is on it.

    Its file lies where no address leads. Only while staff let it be shown is there a `picture` with public files.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="photos", db_index=False)
    file = models.CharField(max_length=120, unique=True, help_text="Under which name it is kept, privately.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file: a photo sent twice is one photo.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField("description", max_length=250)
    has_consent = models.BooleanField(help_text="Everybody who can be recognised said yes.")
    added_at = models.DateTimeField(default=timezone.now)
    picture = models.OneToOneField(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True, help_text="Since when staff let it be shown.")
    hidden_at = models.DateTimeField(null=True, blank=True, help_text="When staff decided that it is not shown.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "digest"], name="campaigns_reportphoto_once"),
            models.CheckConstraint(condition=Q(has_consent=True), name="campaigns_reportphoto_consent"),
            models.CheckConstraint(condition=~Q(alt=""), name="campaigns_reportphoto_alt"),
            models.CheckConstraint(
                condition=Q(approved_at=None, picture=None)
                | Q(approved_at__isnull=False, picture__isnull=False, hidden_at=None),
                name="campaigns_reportphoto_shown",
            ),
        ]

    def __str__(self) -> str:
        return self.alt
