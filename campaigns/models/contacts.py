"""Who speaks for a local, what it asked to change after the freeze, and the calls that staff made."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from campaigns.models.registrations import Registration
from csan.lib.addresses import new_key


class Colleague(models.Model):
    """Somebody else of the local who may see and change its registration, by a link of their own."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="colleagues")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    email = models.EmailField(max_length=254)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    link_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="How many links they have had."
    )
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Since when the link is dead.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration", "email"], condition=Q(removed_at=None), name="campaigns_colleague_once"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="campaigns_colleague_email_lower"),
        ]

    def __str__(self) -> str:
        return self.name


class ChangeRequest(models.Model):
    """A change that a local asked for after the freeze. Staff say yes, and it is made, or no, with the reason."""

    class Status(models.TextChoices):
        ASKED = "asked", "waits for staff"
        APPROVED = "approved", "made"
        DECLINED = "declined", "declined"
        TAKEN_BACK = "taken-back", "taken back by the local"

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="change_requests")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    wanted = models.JSONField(help_text="The fields that would change, with their new values.")
    why = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=100, blank=True, help_text="Whose link it was asked by.")
    answer = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(status="asked"), name="campaigns_changerequest_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "approved", "declined", "taken-back"]),
                name="campaigns_changerequest_status",
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at=None) | (~Q(status="asked") & Q(decided_at__isnull=False)),
                name="campaigns_changerequest_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"Change of {self.registration}"


class Call(models.Model):
    """A call to a local that staff made or will make."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="calls")
    about = models.CharField(max_length=20, help_text="Code of why: address, count, duplicate, help, late, report.")
    note = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="To be made on this day.")
    made_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(made_at__isnull=False), name="campaigns_call_when"
            ),
            models.UniqueConstraint(
                fields=["registration", "about"], condition=Q(made_at=None), name="campaigns_call_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.about}"
