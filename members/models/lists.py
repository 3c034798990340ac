"""Lists that come in and go out as files, and what the domain doctor found.

A file stands in the database, in parts of whole lines: a worker takes a part at a time, in one transaction with the
mark that says which part is next, so that a killed worker leaves nothing half done. Its words are personal data:
they are never served, and deleted when their time is over (`members.importing`, `members.exporting`).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class SubscriberImportQuerySet(models.QuerySet["SubscriberImport"]):
    def due(self) -> "SubscriberImportQuerySet":
        """Imports that a worker may go on with now."""
        return self.filter(
            Q(resumes_at__isnull=True) | Q(resumes_at__lte=timezone.now()), status__in=SubscriberImport.UNDER_WAY
        )


class SubscriberImport(models.Model):
    """A file of addresses: looked through first, then taken in, with where and when the people said yes.

    uploaded → checking → checked → running → done; undoing → undone takes back who was added and has not acted
    since. `next_part` is the mark of the pass at hand.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "uploaded"
        CHECKING = "checking", "being looked through"
        CHECKED = "checked", "looked through"
        RUNNING = "running", "being taken in"
        DONE = "done", "done"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"
        UNDOING = "undoing", "being taken back"
        UNDONE = "undone", "taken back"

    class Mode(models.TextChoices):
        AGREED = "agreed", "They have agreed in writing: subscribe them"
        ASK = "ask", "Ask each of them by a letter with a button to confirm"

    UNDER_WAY = (Status.CHECKING, Status.RUNNING, Status.UNDOING)
    ENDED = (Status.DONE, Status.CANCELLED, Status.FAILED, Status.UNDOING, Status.UNDONE)

    filename = models.CharField("file", max_length=200)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict, help_text="Which column of the file holds what, counted from 0.")
    mode = models.CharField("what to do", max_length=6, choices=Mode, default=Mode.ASK)
    consent_source = models.CharField("where they agreed", max_length=150)
    consented_on = models.DateField("when they agreed")
    wording = models.TextField("what they agreed to")
    status = models.CharField(max_length=9, choices=Status, default=Status.UPLOADED)
    rows = models.PositiveIntegerField(default=0, help_text="Lines with something in them, without the headings.")
    parts_count = models.PositiveIntegerField("parts", default=0)
    next_part = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    forecast = models.JSONField(default=dict, help_text="What would become of the rows, by outcome.")
    counts = models.JSONField(default=dict, help_text="What became of the rows, by outcome.")
    taken_back = models.PositiveIntegerField(default=0)
    resumes_at = models.DateTimeField(null=True, blank=True, help_text="Not before this moment.")
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="When the file's lines were deleted.")

    objects = SubscriberImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "uploaded", "checking", "checked", "running", "done", "cancelled", "failed", "undoing",
                        "undone",
                    ]
                ),
                name="members_subscriberimport_status",
            ),
            models.CheckConstraint(condition=Q(mode__in=["agreed", "ask"]), name="members_subscriberimport_mode"),
            models.CheckConstraint(
                condition=~Q(consent_source="") & ~Q(wording=""), name="members_subscriberimport_consent"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["running", "done", "undoing", "undone"]) | Q(started_at__isnull=False),
                name="members_subscriberimport_started",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "cancelled", "failed", "undoing", "undone"], finished_at__isnull=False)
                | (
                    ~Q(status__in=["done", "cancelled", "failed", "undoing", "undone"]) & Q(finished_at__isnull=True)
                ),
                name="members_subscriberimport_finished",
            ),
            models.CheckConstraint(
                condition=Q(next_part__lte=F("parts_count"), rows_done__lte=F("rows")),
                name="members_subscriberimport_cursor",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(reason=""), name="members_subscriberimport_explained"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(status__in=["checking", "running", "undoing"]),
                name="members_import_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}: {self.filename}"

    @property
    def source(self) -> str:
        """What a subscription that it brings names as the place of the yes."""
        return f"Import {self.pk}: {self.consent_source}"


class ImportPart(models.Model):
    """Some hundred lines of the file, each as [number, cells] or [number, None, what is broken].

    `forecast` and `outcome` name the lines that did not simply go in, each as [number, outcome, reason].
    """

    of = models.ForeignKey(SubscriberImport, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    lines = models.JSONField()
    forecast = models.JSONField(default=list)
    outcome = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "number"], name="members_importpart_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of import {self.of_id}"


class ImportedAddress(models.Model):
    """On which line of a file a mailbox stands first; `is_new` where the import made its person."""

    of = models.ForeignKey(SubscriberImport, on_delete=models.CASCADE, related_name="addresses", db_index=False)
    email_key = models.CharField(max_length=32)
    line = models.PositiveIntegerField()
    is_new = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "email_key"], name="members_importedaddress_once"),
        ]

    def __str__(self) -> str:
        return f"{self.email_key[:8]}… on line {self.line}"


class SubscriberExportQuerySet(models.QuerySet["SubscriberExport"]):
    def due(self) -> "SubscriberExportQuerySet":
        """Exports that a worker may go on with now."""
        return self.filter(
            Q(resumes_at__isnull=True) | Q(resumes_at__lte=timezone.now()), status=SubscriberExport.Status.RUNNING
        )


class SubscriberExport(models.Model):
    """A file of subscribers that a worker makes: who asked for it, with what filter, how many rows it came to."""

    class Status(models.TextChoices):
        RUNNING = "running", "being made"
        DONE = "done", "ready"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"
        FORGOTTEN = "forgotten", "deleted"

    filters = models.JSONField(default=dict)
    sentence = models.CharField("whom", max_length=300, help_text="The filter in words, as it was then.")
    columns = models.JSONField(default=list)
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    candidates = models.PositiveIntegerField(default=0, help_text="Subscriptions to look at.")
    seen = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    last_pk = models.BigIntegerField(default=0, help_text="The last subscription that was looked at.")
    resumes_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriberExportQuerySet.as_manager()

    class Meta:
        verbose_name = "export"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["running", "done", "cancelled", "failed", "forgotten"]),
                name="members_subscriberexport_status",
            ),
            models.CheckConstraint(
                condition=Q(status="running", finished_at__isnull=True)
                | (~Q(status="running") & Q(finished_at__isnull=False)),
                name="members_subscriberexport_finished",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(reason=""), name="members_subscriberexport_explained"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(status="running"), name="members_export_under_way"),
        ]

    def __str__(self) -> str:
        return f"Export {self.pk}"


class ExportPart(models.Model):
    """Some thousand lines of a finished or growing export, as CSV."""

    of = models.ForeignKey(SubscriberExport, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "number"], name="members_exportpart_once"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of export {self.of_id}"


class DomainCheck(models.Model):
    """One round of the domain doctor, or what the headers of a received letter said. `findings` is in plain words."""

    class Kind(models.TextChoices):
        NETWORK = "network", "DNS, certificate, addresses"
        HEADERS = "headers", "headers of a letter that was received"

    class Status(models.TextChoices):
        QUEUED = "queued", "waiting"
        RUNNING = "running", "checking"
        DONE = "done", "checked"
        FAILED = "failed", "failed"

    OPEN = (Status.QUEUED, Status.RUNNING)

    kind = models.CharField(max_length=7, choices=Kind, default=Kind.NETWORK)
    status = models.CharField(max_length=7, choices=Status, default=Status.QUEUED)
    steps = models.PositiveSmallIntegerField(default=0)
    steps_done = models.PositiveSmallIntegerField(default=0)
    findings = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "domain check"
        verbose_name_plural = "domain doctor"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["network", "headers"]), name="members_domaincheck_kind"),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "done", "failed"]), name="members_domaincheck_status"
            ),
            models.CheckConstraint(
                condition=Q(status="queued", started_at__isnull=True)
                | (~Q(status="queued") & Q(started_at__isnull=False)),
                name="members_domaincheck_started",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "failed"], checked_at__isnull=False)
                | (~Q(status__in=["done", "failed"]) & Q(checked_at__isnull=True)),
                name="members_domaincheck_checked",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(status__in=["queued", "running"]), name="members_domaincheck_one_at_work"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.asked_at:%Y-%m-%d %H:%M}"
