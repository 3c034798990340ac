"""Registrations: what waits for a decision stands first; approve, decline, make boxes, export."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, Model, OuterRef, Q, QuerySet, Subquery, When
from django.http import HttpRequest, StreamingHttpResponse
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import action, display

from campaigns.admin.links import LinkActions
from campaigns.admin.registration_desk import RegistrationDesk
from campaigns.boxes import shipping
from campaigns.desk import attention, duplicates
from campaigns.entering import registering
from campaigns.models import Box, OtherContact, Registration, ShipTo
from csan.lib import audit, csv
from csan.lib.addresses import InvalidAddress, email_key, normalise
from csan.lib.staff import staff_of

STATUS_COLOURS = {
    Registration.Status.RECEIVED: "warning",
    Registration.Status.APPROVED: "success",
    Registration.Status.DECLINED: "danger",
    Registration.Status.WITHDRAWN: "info",
}
NO_BOX = "none"
OF_MAIL = ("mail_address1", "mail_address2", "mail_city", "mail_state", "mail_zip")
EXPORTED = (
    "affiliate",
    "local",
    "district",
    "status",
    "contact",
    "role",
    "email",
    "phone",
    "members",
    "tasks",
    "attention",
    "address1",
    "address2",
    "city",
    "state",
    "zip",
    "receiving_hours",
    "needs_staff_help",
    "notes",
    "box",
    "box_status",
    "carrier",
    "tracking_number",
    "registered_at",
    "mailing_address",
    "other_places",
)


class BoxStateFilter(admin.SimpleListFilter):
    """By what became of the local's box."""

    title = "box"
    parameter_name = "box"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(NO_BOX, "no box yet"), *((status.value, str(status.label)) for status in Box.LIVING)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Registration]) -> QuerySet[Registration]:
        if self.value() is None:
            return queryset
        return queryset.filter(Q(("box_status", None if self.value() == NO_BOX else self.value())))


class AttentionFilter(admin.SimpleListFilter):
    """By why somebody should look."""

    title = "needs attention"
    parameter_name = "attention"
    ANY = "any"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(self.ANY, "for any reason"), *((code, each.words) for code, each in attention.REASONS.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Registration]) -> QuerySet[Registration]:
        code = self.value()
        if code == self.ANY:
            return attention.needing(queryset)
        return attention.needing(queryset, code) if code in attention.REASONS else queryset


class OtherContactInline(TabularInline):
    """Who else registered this local: a call tells whether they are colleagues."""

    model = OtherContact
    extra = 0
    can_delete = False
    fields = ("name", "email", "role", "phone", "created_at", "what_they_typed")
    readonly_fields = fields
    ordering = ("pk",)
    verbose_name_plural = "others who registered this local"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="What they typed")
    def what_they_typed(self, contact: OtherContact) -> str:
        names = registering.Details.__dataclass_fields__
        forms_sent = [
            ", ".join(f"{name}: {duplicates.said(form[name])}" for name in names if form.get(name))
            for form in contact.typed
        ]
        return " / ".join(forms_sent)


class PlaceInline(StackedInline):
    """Where the boxes go; staff correct slips, after a call for instance."""

    model = ShipTo
    extra = 0
    fields = (
        "label", "members_count", "name", "address1", "address2", "city", "state", "zip_code", "receiving_hours",
        "is_home",
    )  # fmt: skip
    ordering = ("position",)
    verbose_name_plural = "where the boxes go"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RegistrationAdminForm(forms.ModelForm[Registration]):
    """Corrections by staff; the address is kept as everywhere else."""

    def clean_email(self) -> str:
        try:
            return normalise(self.cleaned_data["email"])
        except InvalidAddress as error:
            raise ValidationError(str(error)) from error

    def clean_extended_until(self) -> date | None:
        day: date | None = self.cleaned_data["extended_until"]
        week = self.instance.week
        if day and not week.freeze_on <= day <= week.starts_on:
            raise ValidationError("Its own freeze day lies between the week's freeze day and the week itself.")
        return day


@admin.register(Registration)
class RegistrationAdmin(LinkActions, RegistrationDesk):
    """The locals of each week. Staff correct slips; the state changes only by the actions."""

    form = RegistrationAdminForm
    list_display = (
        "local",
        "status_label",
        "district",
        "members_count",
        "box_state",
        "needs",
        "contact_name",
        "ship_state",
        "created_at",
    )
    list_filter = (
        "week",
        "status",
        AttentionFilter,
        BoxStateFilter,
        "local__district",
        "needs_staff_help",
        "places__state",
    )
    list_select_related = ("local", "week")
    search_fields = ("local__number", "contact_name", "email", "phone", "places__city", "boxes__code")
    inlines = (PlaceInline, OtherContactInline)
    actions = ("approve", "decline", "withdraw", "create_boxes", "send_links", "replace_links", "export")
    actions_submit_line = ("approve_this", "decline_this")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "week",
                    "local",
                    "status",
                    "pledged",
                    "members_count",
                    "district",
                    "needs_staff_help",
                    "extended_until",
                    "notes",
                )
            },
        ),
        ("Contact", {"fields": ("contact_name", "contact_role", "email", "phone", "language", "linked_colleagues")}),
        ("Where its mail goes", {"fields": OF_MAIL, "classes": ("collapse",)}),
        (
            "What happened",
            {
                "fields": (
                    "created_at",
                    "changed_at",
                    "approved_at",
                    "approved_by",
                    "declined_at",
                    "withdrawn_at",
                    "suspicion",
                )
            },
        ),
    )
    readonly_fields = (
        "week",
        "local",
        "status",
        "pledged",
        "linked_colleagues",
        "created_at",
        "changed_at",
        "approved_at",
        "approved_by",
        "declined_at",
        "withdrawn_at",
        "suspicion",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        shipped_to = ShipTo.objects.filter(registration=OuterRef("pk"), position=1).values("state")
        box_status = Box.objects.living().filter(registration=OuterRef("pk")).values("status")[:1]
        return attention.with_reasons(self.seen(request)[0]).annotate(
            box_status=Subquery(box_status),
            shipped_to=Subquery(shipped_to),
            is_decided=Case(When(status=Registration.Status.RECEIVED, then=0), default=1),
        )

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("is_decided", "created_at", "pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may take names and addresses out of the house."""
        return bool(request.user.has_perm("campaigns.export_registration"))

    def has_box_permission(self, request: HttpRequest) -> bool:
        """Who may plan boxes."""
        return bool(request.user.has_perm("campaigns.add_box"))

    def save_model(self, request: HttpRequest, obj: Registration, form: Any, change: bool) -> None:
        # Only what was corrected is written: a colleague may approve, and the local change, at the same moment.
        changed = list(form.changed_data)
        if "email" in changed:
            obj.email_key = email_key(obj.email)
            changed.append("email_key")
        if changed:
            obj.save(update_fields=changed)
        for button in self.get_actions_submit_line(request, obj.pk):
            if button.action_name in request.POST:
                button.method(request, obj)

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, registration: Registration) -> tuple[str, str]:
        return registration.status, registration.get_status_display()

    @display(description="District", ordering="local__district")
    def district(self, registration: Registration) -> str:
        return registration.home_district

    @display(description="Box", ordering="box_status")
    def box_state(self, registration: Registration) -> str:
        status = registration.box_status  # type: ignore[attr-defined]  # annotated
        return str(Box.Status(status).label) if status else ""

    @display(description="State", ordering="shipped_to")
    def ship_state(self, registration: Registration) -> str:
        return str(registration.shipped_to)  # type: ignore[attr-defined]  # annotated

    @display(description="Needs attention")
    def needs(self, registration: Registration) -> str:
        return "; ".join(attention.details_of(registration))

    @display(description="Tasks")
    def pledged(self, registration: Registration) -> str:
        return ", ".join(task.title for task in registration.tasks.order_by("position", "pk"))

    @action(description="Decline", permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Registration]) -> None:
        """Those of the chosen that take part or wait, and whose box has not left."""
        count = registering.decline(registrations=queryset, by=staff_of(request))
        self._report(request, count, "declined")

    @action(description="Save and approve", permissions=["change"])
    def approve_this(self, request: HttpRequest, registration: Registration) -> None:
        """The same from the registration's own page."""
        self._report(request, registering.approve(registrations=[registration], by=staff_of(request)), "approved")

    @action(description="Save and decline", permissions=["change"])
    def decline_this(self, request: HttpRequest, registration: Registration) -> None:
        """The same from the registration's own page."""
        self._report(request, registering.decline(registrations=[registration], by=staff_of(request)), "declined")

    @action(description="Create boxes", permissions=["box"])
    def create_boxes(self, request: HttpRequest, queryset: QuerySet[Registration]) -> None:
        """One for each approved registration that has none."""
        made = shipping.create_boxes(registrations=queryset, by=staff_of(request))
        self.message_user(request, "1 box created." if len(made) == 1 else f"{len(made)} boxes created.")

    @action(description="Export as CSV (recorded)", permissions=["export"])
    def export(self, request: HttpRequest, queryset: QuerySet[Registration]) -> StreamingHttpResponse:
        """The chosen registrations with address and box. That it was exported, and by whom, goes into the log."""
        rows = queryset.select_related("local", "week").prefetch_related("tasks", "boxes", "places")
        audit.record(by=staff_of(request), objects=rows, did="Exported")
        return csv.stream(chain([EXPORTED], exported(rows)), filename="registrations.csv")

    def _report(self, request: HttpRequest, count: int, done: str) -> None:
        self.message_user(request, f"1 registration {done}." if count == 1 else f"{count} registrations {done}.")


def exported(rows: QuerySet[Registration]) -> Iterator[tuple[Any, ...]]:
    """Each registration as a line under EXPORTED."""
    for row in rows.iterator(chunk_size=500):
        place = next(each for each in row.places.all() if each.position == 1)
        box = next((each for each in row.boxes.all() if each.status in Box.LIVING), None)
        yield (
            row.local.affiliate,
            row.local.number,
            row.home_district,
            row.status,
            row.contact_name,
            row.contact_role,
            row.email,
            row.phone,
            row.members_count,
            "; ".join(task.code for task in row.tasks.all()),
            place.name,
            place.address1,
            place.address2,
            place.city,
            place.state,
            place.zip_code,
            place.receiving_hours,
            "yes" if row.needs_staff_help else "",
            row.notes,
            box.code if box else "",
            box.status if box else "",
            box.carrier if box else "",
            box.tracking_number if box else "",
            row.created_at.isoformat(timespec="minutes"),
            ", ".join(row.mail_lines),
            "; ".join(", ".join(each.lines) for each in row.places.all() if each.position > 1),
        )
