"""Mail domains that we know something about: an employer's own, or mailboxes that are thrown away."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

IS_DOMAIN = RegexValidator(
    r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$", "Write the domain alone, such as example.com."
)


class MailDomainQuerySet(models.QuerySet["MailDomain"]):
    def disposable(self) -> "MailDomainQuerySet":
        """Those whose mailboxes are thrown away."""
        return self.filter(kind=MailDomain.Kind.DISPOSABLE)

    def of(self, email: Combinable) -> "MailDomainQuerySet":
        """Those that an address in the database belongs to, by themselves or as a domain under them."""
        after_at: Any = Func(
            email, Value("@"), Value(2), function="split_part", output_field=models.CharField(max_length=254)
        )
        found = self.alias(typed=Concat(Value("."), after_at), own=Concat(Value("."), F("domain")))
        return found.filter(typed__endswith=F("own"))


class MailDomain(models.Model):
    """A domain after the @, and with it every domain under it. Whom it concerns is warned or marked, never refused."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("an employer's")
        DISPOSABLE = "disposable", _("thrown away after use")

    domain = models.CharField(
        max_length=200,
        unique=True,
        validators=[IS_DOMAIN],
        help_text="Such as example.com. It also stands for mail.example.com.",
    )
    kind = models.CharField(
        max_length=10,
        choices=Kind,
        help_text=(
            "Of an employer's: who types an address there is asked for a personal one, and may keep it. "
            "Thrown away: only staff see it, in the list of subscriptions."
        ),
    )
    label = models.CharField(max_length=100, blank=True, help_text="Whose it is, such as AT&T.")

    objects = MailDomainQuerySet.as_manager()

    class Meta:
        verbose_name = "mail domain"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="members_maildomain_lower"),
            models.CheckConstraint(condition=Q(kind__in=["employer", "disposable"]), name="members_maildomain_kind"),
        ]

    def __str__(self) -> str:
        return self.domain
