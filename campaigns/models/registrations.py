"""A local's registration for a week, and the colleagues who registered it again."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaigns.models.weeks import WeekOfAction, WeekTask
from csan.lib.addresses import new_key
from members.models import Local
from members.models.people import LANGUAGE_CHOICES

if TYPE_CHECKING:
    from campaigns.models.places import ShipTo


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def living(self) -> "RegistrationQuerySet":
        """Those that take part or may yet: a local has one at most in each week."""
        return self.filter(status__in=Registration.LIVING)


class Registration(models.Model):
    """A local takes part in a week. `key` opens its private page; whoever has the link speaks for the local.

    received → approved | declined; both it and an approved one → withdrawn. The moment of the state it is in stands
    beside it; earlier ones are in the log.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    LIVING = (Status.RECEIVED, Status.APPROVED)

    week = models.ForeignKey(WeekOfAction, on_delete=models.PROTECT, related_name="registrations")
    local = models.ForeignKey(Local, on_delete=models.PROTECT, related_name="registrations")
    status = models.CharField(max_length=9, choices=Status, default=Status.RECEIVED, editable=False)
    contact_name = models.CharField(max_length=100)
    contact_role = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail", max_length=254)
    email_key = models.CharField(max_length=32, editable=False)
    phone = models.CharField(max_length=40)
    members_count = models.PositiveIntegerField("customer-service members")
    tasks = models.ManyToManyField(WeekTask, blank=True, related_name="registrations")
    needs_staff_help = models.BooleanField(default=False)
    notes = models.TextField(blank=True)
    district = models.CharField(
        max_length=8,
        blank=True,
        help_text="As the local says, or by its state; the directory's counts where it has one.",
    )
    mail_address1 = models.CharField(
        "mailing address", max_length=100, blank=True, help_text="Empty: as the main place."
    )
    mail_address2 = models.CharField("mailing address, second line", max_length=100, blank=True)
    mail_city = models.CharField("city of the mailing address", max_length=80, blank=True)
    mail_state = models.CharField("state of the mailing address", max_length=2, blank=True)
    mail_zip = models.CharField("ZIP code of the mailing address", max_length=10, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="en")
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    suspicion = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Above 0: filled in faster than a person types."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the local last changed it."
    )
    link_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="How many private links its contact has had; only the last one opens."
    )
    extended_until = models.DateField(
        null=True, blank=True, help_text="A freeze day of its own, which staff gave it; empty: the week's."
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [("export_registration", "Can export registrations")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["week", "local"],
                condition=Q(status__in=["received", "approved"]),
                name="campaigns_registration_living",
                violation_error_message=_("This local has a registration for this week already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["received", "approved", "declined", "withdrawn"]),
                name="campaigns_registration_status",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", approved_at__isnull=False)
                | (~Q(status="approved") & Q(approved_at__isnull=True)),
                name="campaigns_registration_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=False) | Q(approved_by__isnull=True),
                name="campaigns_registration_approved_by",
            ),
            models.CheckConstraint(
                condition=Q(status="declined", declined_at__isnull=False)
                | (~Q(status="declined") & Q(declined_at__isnull=True)),
                name="campaigns_registration_declined",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="campaigns_registration_withdrawn",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="campaigns_registration_email_lower"),
            models.CheckConstraint(
                condition=Q(members_count__gt=0),
                name="campaigns_registration_members",
                violation_error_message=_("The number of members is 1 or more."),
            ),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="campaigns_registration_language"),
            models.CheckConstraint(
                condition=Q(mail_address1="", mail_address2="", mail_city="", mail_state="", mail_zip="")
                | (~Q(mail_address1="") & ~Q(mail_city="") & ~Q(mail_state="") & ~Q(mail_zip="")),
                name="campaigns_registration_mail",
                violation_error_message=_("A mailing address is whole or not there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local}, {self.week.year}"

    @property
    def is_living(self) -> bool:
        """Whether it takes part or may yet."""
        return self.status in self.LIVING

    @property
    def freezes_on(self) -> date:
        """The last day on which the local may change it: its own where staff gave one, else the week's."""
        return self.extended_until or self.week.freeze_on

    @property
    def is_frozen(self) -> bool:
        """Whether the local can no longer change it itself."""
        return timezone.localdate() > self.freezes_on

    @property
    def home_district(self) -> str:
        """The union's district: the directory's, else what the local said."""
        return self.local.district or self.district

    @property
    def mail_lines(self) -> list[str]:
        """Where its mail goes, if that is not where the box goes."""
        if not self.mail_address1:
            return []
        town = f"{self.mail_city}, {self.mail_state} {self.mail_zip}"
        return [line for line in (self.mail_address1, self.mail_address2, town) if line]

    @cached_property
    def place(self) -> "ShipTo":
        """The main place that its materials go to; every registration has one."""
        return self.places.get(position=1)

    @property
    def ship_lines(self) -> list[str]:
        """Where the box goes, as it stands on the label; empty once a home has been erased."""
        return self.place.lines


class OtherContact(models.Model):
    """Somebody who registered a local that was registered already. Nothing they typed is lost; staff see it.

    The contact says once what they are to the local.
    """

    class Answer(models.TextChoices):
        COLLEAGUE = "colleague", _("a colleague, who got a link")
        CONTACT = "contact", _("the new contact")
        STRANGER = "stranger", _("nobody of ours")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="other_contacts")
    name = models.CharField(max_length=100)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40)
    typed = models.JSONField(default=list, help_text="Each form they sent, as it was.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.CharField(max_length=9, choices=Answer, blank=True, help_text="What the contact says of them.")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=["colleague", "contact", "stranger"], answered_at__isnull=False),
                name="campaigns_othercontact_answer",
            ),
            models.UniqueConstraint(fields=["registration", "email"], name="campaigns_othercontact_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="campaigns_othercontact_email_lower"),
        ]

    def __str__(self) -> str:
        return self.name
