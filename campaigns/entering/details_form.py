"""What an officer tells of a local's part in a week: the form behind registering, changing and asking for a change."""

from typing import Any, ClassVar, Self

from django import forms
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.entering import place_fields
from campaigns.entering.address_coach import refused_line
from campaigns.entering.branches import MOST, Branch
from campaigns.entering.fields import (
    DISTRICTS,
    MOST_MEMBERS,
    WRONG_MEMBERS,
    MembersField,
    PhoneField,
)
from campaigns.entering.place_fields import name_of
from campaigns.entering.places import STATES
from campaigns.entering.registering import OF_PLACE, Details
from campaigns.models import WeekOfAction
from csan.lib.forms import LineField, PublicForm, TextField, ZipField
from members import directory
from members.models import Local

OF_MAIL = ("mail_address1", "mail_address2", "mail_city", "mail_state", "mail_zip")
ONE_MORE = "place"  # what `step` says of the button that asks for another place


class DetailsForm(PublicForm):
    """What an officer tells about the local's part in a week; also what can be changed later."""

    missing: ClassVar = {
        "local_number": gettext_lazy("Enter your local's number, such as 1101."),
        "contact_name": gettext_lazy("Enter your name."),
        "email": gettext_lazy("Enter your e-mail address."),
        "phone": gettext_lazy("Enter a telephone number, in case we have a question."),
        "members_count": gettext_lazy("Enter how many members to pack for; a good guess will do."),
        "ship_name": gettext_lazy("Enter who will receive the box."),
        "ship_address1": gettext_lazy("Enter the street address that the box goes to."),
        "ship_city": gettext_lazy("Enter the city."),
        "ship_state": gettext_lazy("Choose a state."),
        "ship_zip": gettext_lazy("Enter the ZIP code."),
        "mail_address1": gettext_lazy("Enter the street or PO box that your mail goes to."),
        "mail_city": gettext_lazy("Enter the city that your mail goes to."),
        "mail_state": gettext_lazy("Choose the state that your mail goes to."),
        "mail_zip": gettext_lazy("Enter the ZIP code that your mail goes to."),
    }

    district = forms.ChoiceField(
        label=gettext_lazy("Union district"),
        choices=[("", gettext_lazy("By our local and state")), *DISTRICTS],
        required=False,
        help_text=gettext_lazy("Leave it, and we fill it in."),
    )

    contact_name = LineField(label=gettext_lazy("Your name"), autocomplete="name")
    contact_role = LineField(
        label=gettext_lazy("Your role in the local"),
        required=False,
        autocomplete="organization-title",
        help_text=gettext_lazy("Such as president, steward or organizer."),
    )
    phone = PhoneField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        help_text=gettext_lazy("Only for questions about your box."),
    )
    members_count = MembersField(
        label=gettext_lazy("How many customer-service members does your local have?"),
        min_value=1,
        max_value=MOST_MEMBERS,
        help_text=gettext_lazy("A good guess will do. We pack by this number."),
        error_messages=WRONG_MEMBERS,
    )
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("What will your local do?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose as many as you like. You can change this later."),
    )
    needs_staff_help = forms.BooleanField(
        label=gettext_lazy("Please call us: we would like help from staff"), required=False
    )
    notes = TextField(label=gettext_lazy("Anything else we should know"))
    ship_name = LineField(
        label=gettext_lazy("Who will receive the box?"),
        autocomplete="shipping name",
        help_text=gettext_lazy("A person, or the name of the local or the building."),
    )
    ship_address1 = LineField(
        label=gettext_lazy("Street address"),
        autocomplete="shipping address-line1",
        help_text=gettext_lazy("Not a PO box: parcel carriers cannot deliver there."),
    )
    ship_address2 = LineField(
        label=gettext_lazy("Suite, floor or building"), required=False, autocomplete="shipping address-line2"
    )
    ship_city = LineField(label=gettext_lazy("City"), max_length=80, autocomplete="shipping address-level2")
    ship_state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("Choose a state")), *STATES],
        widget=forms.Select(attrs={"autocomplete": "shipping address-level1"}),
    )
    ship_zip = ZipField()
    receiving_hours = LineField(
        label=gettext_lazy("When can somebody take a parcel?"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Such as weekdays from 9 to 4."),
    )
    ship_is_home = forms.BooleanField(
        label=gettext_lazy("This is somebody's home"),
        required=False,
        help_text=gettext_lazy("Only who packs and ships sees it, and we erase it soon after the box has arrived."),
    )
    ship_uses_standard = forms.BooleanField(required=False, widget=forms.HiddenInput)
    mail_address1 = LineField(
        label=gettext_lazy("Street or PO box for mail"), required=False, autocomplete="section-mail address-line1"
    )
    mail_address2 = LineField(
        label=gettext_lazy("Second line for mail"), required=False, autocomplete="section-mail address-line2"
    )
    mail_city = LineField(
        label=gettext_lazy("City for mail"), required=False, max_length=80, autocomplete="section-mail address-level2"
    )
    mail_state = forms.ChoiceField(
        label=gettext_lazy("State for mail"),
        required=False,
        choices=[("", gettext_lazy("Choose a state")), *STATES],
        widget=forms.Select(attrs={"autocomplete": "section-mail address-level1"}),
    )
    mail_zip = ZipField(label=gettext_lazy("ZIP code for mail"), required=False)

    fills_district = True

    def __init__(
        self, *args: Any, week: WeekOfAction, request: HttpRequest, local: Local | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.week, self.local = week, local
        self.step = str(self.data.get("step") or "")
        tasks = week.tasks.order_by("position", "pk")
        field: Any = self.fields["tasks"]
        field.choices = [(task.code, task.local_title) for task in tasks]
        if not field.choices:
            del self.fields["tasks"]
        self.fields["ship_zip"].widget.attrs["autocomplete"] = "shipping postal-code"
        self.fields["mail_zip"].widget.attrs["autocomplete"] = "section-mail postal-code"
        self.positions = place_fields.positions_in(self.data if self.is_bound else self.initial)
        for position in self.positions:
            is_needed = not self.is_bound or place_fields.is_told(position, self.data)
            self.fields.update(place_fields.fields_of(position, is_needed=is_needed))
        more = {name_of(at, column): words for at in self.positions for column, words in place_fields.MISSING.items()}
        self.missing = {**self.missing, **more}  # type: ignore[misc]  # this form has fields of its own

    def as_typed(self, *, one_more: bool = False) -> Self:
        """The form with all that was typed and no complaint yet; without the places that were crossed out."""
        dropped = [at for at in self.positions if self.data.get(name_of(at, place_fields.DROP))]
        left_out = {name for name in self.fields if any(name.startswith(f"place{at}_") for at in dropped)}
        initial = {
            name: field.widget.value_from_datadict(self.data, self.files, name)
            for name, field in self.fields.items()
            if name not in left_out
        }
        if one_more and self.can_add_place:
            initial[name_of(self.next_position, "name")] = ""
        return type(self)(week=self.week, request=self.request, local=self.local, initial=initial)

    @property
    def adds_place(self) -> bool:
        """Whether the button for another place was pressed."""
        return self.is_bound and self.step == ONE_MORE

    @property
    def next_position(self) -> int:
        """The number that another place would have."""
        return max([1, *self.positions]) + 1

    @property
    def can_add_place(self) -> bool:
        return len(self.positions) < MOST

    def clean(self) -> dict[str, Any]:
        self._refuse_post_office_boxes()
        self._want_whole_mailing_address()
        self._compare_counts()
        return super().clean()

    def _refuse_post_office_boxes(self) -> None:
        places = [{column: name for name, column in OF_PLACE.items()}]
        places += [{column: name_of(at, column) for column in OF_PLACE.values()} for at in self._told]
        for names in places:
            typed = {column: self.cleaned_data.get(name, "") for column, name in names.items()}
            if line := refused_line(typed):
                self.add_error(
                    names[line],
                    forms.ValidationError(
                        _("Parcel carriers cannot deliver to a PO box. Please give a street address."),
                        code="post_office_box",
                    ),
                )

    def _want_whole_mailing_address(self) -> None:
        if any(self.cleaned_data.get(name) for name in OF_MAIL):
            for name in OF_MAIL:
                if name != "mail_address2" and not self.cleaned_data.get(name, ".") and name not in self.errors:
                    self.add_error(name, forms.ValidationError(self.missing[name], code="required"))

    def _compare_counts(self) -> None:
        counts = [(name, self.cleaned_data.get(name) or 0) for name in self._told_names("members_count")]
        whole = self.cleaned_data.get("members_count")
        if whole and sum(count for _name, count in counts) > whole:
            self.add_error(counts[-1][0], _("The places together have more members than the whole local."))

    def _told_names(self, column: str) -> list[str]:
        return [name_of(at, column) for at in self._told]

    @cached_property
    def _told(self) -> list[int]:
        """The numbers of the further places that get a box."""
        return [at for at in self.positions if place_fields.is_told(at, self.data)]

    @property
    def affiliate(self) -> str:
        return self.local.affiliate if self.local else ""

    def details(self) -> Details:
        """What was told, for `registering`. Only after `is_valid()`."""
        data = self.cleaned_data
        filled = ("tasks", "branches", "district")
        told = {name: data[name] for name in Details.__dataclass_fields__ if name not in filled}
        return Details(
            **told, tasks=tuple(data.get("tasks", ())), branches=self._branches(), district=self._district()
        )

    def _branches(self) -> tuple[Branch, ...]:
        return tuple(
            Branch(position=at, **{column: self.cleaned_data[name_of(at, column)] for column in place_fields.COLUMNS})
            for at in self._told
        )

    def _district(self) -> str:
        """As it was chosen, else filled in."""
        chosen: str = self.cleaned_data["district"]
        if chosen or not self.fills_district:
            return chosen
        state = self.cleaned_data["ship_state"]
        return directory.district_of(local=self.local, affiliate=self.affiliate, state=state)

    def group(self, *names: str) -> list[forms.BoundField]:
        """The named fields that this form has, for a fieldset."""
        return [self[name] for name in names if name in self.fields]

    @property
    def about_local(self) -> list[forms.BoundField]:
        return self.group("local_affiliate", "local_number", "district")

    @property
    def about_contact(self) -> list[forms.BoundField]:
        return self.group("contact_name", "contact_role", "email", "phone", "newsletter")

    @property
    def about_week(self) -> list[forms.BoundField]:
        return self.group("members_count", "tasks", "needs_staff_help", "notes")

    @property
    def about_shipping(self) -> list[forms.BoundField]:
        return self.group(
            "ship_name",
            "ship_address1",
            "ship_address2",
            "ship_city",
            "ship_state",
            "ship_zip",
            "receiving_hours",
            "ship_is_home",
        )

    @property
    def about_mail(self) -> list[forms.BoundField]:
        return self.group(*OF_MAIL)

    @property
    def tells_mail(self) -> bool:
        """Whether anything stands in the folded part."""
        return any(field.value() or field.errors for field in self.about_mail)

    @property
    def about_places(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each further place: the id of its heading, and its fields."""
        columns = (*place_fields.COLUMNS, place_fields.DROP)
        shown = [column for column in columns if column != "uses_standard"]
        return [(f"place{at}", self.group(*(name_of(at, column) for column in shown))) for at in self.positions]
