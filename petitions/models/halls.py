"""Where many may sign from one network address: a local's event, and the networks of its hall or call floor."""

from ipaddress import ip_network
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from members.models import Local, SourceCode


class SigningEvent(models.Model):
    """A meeting at which people sign. Its link and QR code carry a signed token that says so, and until when."""

    source_code = models.OneToOneField(
        SourceCode, on_delete=models.CASCADE, primary_key=True, related_name="signing_event"
    )
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Where staff ended it early.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "signing event"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("created_at")), name="petitions_signingevent_ends"
            ),
        ]

    def __str__(self) -> str:
        return str(self.source_code)

    @property
    def is_live(self) -> bool:
        """Whether its tokens hold now."""
        return self.ended_at is None and timezone.now() < self.ends_at


class NetworkField(models.CharField[str, str]):
    """A network as PostgreSQL keeps one, such as 198.51.100.0/24."""

    def db_type(self, connection: Any) -> str:
        return "cidr"

    def to_python(self, value: Any) -> Any:
        if not value:
            return value
        try:
            return str(ip_network(str(value).strip(), strict=False))
        except ValueError as error:
            raise ValidationError("Write an address or a network, such as 198.51.100.0/24.") from error


class AllowedNetwork(models.Model):
    """A network behind which many members of one local sit. Nobody there is remarkable for sitting together."""

    local = models.ForeignKey(Local, on_delete=models.CASCADE, related_name="allowed_networks")
    network = NetworkField(max_length=43, unique=True, help_text="Such as 198.51.100.0/24, or one address alone.")
    label = models.CharField(max_length=100, help_text="Which hall or floor it is.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "allowed network"

    def __str__(self) -> str:
        return f"{self.network} ({self.label})"
