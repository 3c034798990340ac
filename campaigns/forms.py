"""The forms of the campaigns app."""

import re
import unicodedata
from dataclasses import asdict
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.models import Registration, WeekOfAction
from campaigns.places import STATES, is_post_office_box
from campaigns.registering import Details, NewsletterYes, details_of
from csan.lib.forms import LineField, PublicForm, TextField, ZipField
from members.address_questions import AskedEmailField, AskingForm
from members.forms import NEWSLETTER_WORDING

DEFAULT_AFFILIATE = "CWA"
AFFILIATES = [(name, name) for name in (DEFAULT_AFFILIATE, "IUE-CWA", "TNG-CWA", "NABET-CWA", "AFA-CWA")]
LOCAL_NUMBER = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9-]{0,11}", re.ASCII)
BEFORE_NUMBER = re.compile(r"^\s*(?:CWA)?[\s,-]*(?:LOCAL)?[\s,-]*(?:(?:NUMBER|NO\.?|#)\s*)?", re.IGNORECASE)
PHONE = re.compile(r"[\d\s().+/-]+(?:(?:ext|extension|x)\.?\s*\d{1,6})?", re.IGNORECASE)
NO_PHONE = gettext_lazy("Please give a telephone number with its area code, such as 202-555-0134.")
MOST_MEMBERS = 100_000  # more than any local has


class LocalNumberField(LineField):
    """A local's number as its name: "Local 1101" and "CWA 1101" are 1101, and so is 01101."""

    def clean(self, value: Any) -> str:
        typed = unicodedata.normalize("NFKC", super().clean(value))
        text = BEFORE_NUMBER.sub("", typed).strip().upper()
        number = text.lstrip("0") if text.isdecimal() else text
        if not LOCAL_NUMBER.fullmatch(number):
            raise forms.ValidationError(_("Please type only your local's number, such as 1101."), code="invalid")
        return number


class PhoneField(LineField):
    """A telephone number with its area code, kept as typed."""

    widget = forms.TelInput(
        attrs={
            "inputmode": "tel",
            "autocomplete": "tel",
            "pattern": r"(?:[^0-9]*[0-9]){10,}.*",
            "data-wrong": NO_PHONE,
        }
    )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not PHONE.fullmatch(text) or not 10 <= sum(c.isdecimal() for c in text) <= 20:
            raise forms.ValidationError(NO_PHONE, code="invalid")
        return text


class MembersField(forms.IntegerField):
    """How many people: "1,200" is 1200."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(",", "").replace(" ", "") if isinstance(value, str) else value)


class StreetField(LineField):
    """A line of an address where a parcel can be handed over."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if is_post_office_box(text):
            raise forms.ValidationError(
                _("Parcel carriers cannot deliver to a PO box. Please give a street address."),
                code="post_office_box",
            )
        return text


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
    }

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
        error_messages={
            "invalid": gettext_lazy("Please type a number, such as 140."),
            "min_value": gettext_lazy("Please type a number of 1 or more."),
            "max_value": gettext_lazy("This number is too large. Please count only your own local's members."),
        },
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
    ship_address1 = StreetField(
        label=gettext_lazy("Street address"),
        autocomplete="shipping address-line1",
        help_text=gettext_lazy("Not a PO box: parcel carriers cannot deliver there."),
    )
    ship_address2 = StreetField(
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

    def __init__(self, *args: Any, week: WeekOfAction, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        tasks = week.tasks.order_by("position", "pk")
        field: Any = self.fields["tasks"]
        field.choices = [(task.code, task.local_title) for task in tasks]
        if not field.choices:
            del self.fields["tasks"]
        self.fields["ship_zip"].widget.attrs["autocomplete"] = "shipping postal-code"

    def details(self) -> Details:
        """What was told, for `registering`. Only after `is_valid()`."""
        data = self.cleaned_data
        names = [name for name in Details.__dataclass_fields__ if name != "tasks"]
        return Details(tasks=tuple(data.get("tasks", ())), **{name: data[name] for name in names})

    def group(self, *names: str) -> list[forms.BoundField]:
        """The named fields that this form has, for a fieldset."""
        return [self[name] for name in names if name in self.fields]

    @property
    def about_local(self) -> list[forms.BoundField]:
        return self.group("local_affiliate", "local_number")

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


class RegistrationForm(AskingForm, DetailsForm):
    """Register a local for a Week of Action.

    Before it is final the answers are looked at once more (WCAG 3.3.4): the form's own button asks for that by `step`.
    A POST without `step` registers.
    """

    scope = "register"
    REVIEW, EDIT = "review", "edit"

    local_affiliate = forms.ChoiceField(
        label=gettext_lazy("Union or sector"), choices=AFFILIATES, initial=DEFAULT_AFFILIATE, required=False
    )
    local_number = LocalNumberField(
        label=gettext_lazy("Local number"),
        help_text=gettext_lazy("Such as 1101."),
        max_length=40,
    )
    email = AskedEmailField(
        help_text=gettext_lazy("Your private link goes there. A personal or union address is best.")
    )
    newsletter = forms.BooleanField(label=NEWSLETTER_WORDING, required=False)

    field_order = ("local_affiliate", "local_number", "contact_name", "contact_role", "email", "phone", "newsletter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = str(self.data.get("step") or "")
        if self.step in (self.REVIEW, self.EDIT):
            self.scope = "review"  # nothing is written yet, so its budget is a wide one

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Each answer by its field's name, for the page that shows them all and sends them on."""
        data: Any = self.data
        names = [name for name in self.fields if name not in ("ship_uses_standard", "website")]
        return [(name, value) for name in names for value in data.getlist(name)]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Each question with its answer in words; what was left empty is left out. Only after `is_valid()`."""
        told = []
        for field in (*self.about_local, *self.about_contact, *self.about_week, *self.about_shipping):
            value = self.cleaned_data.get(field.name)
            choices = dict(getattr(field.field, "choices", ()))
            if isinstance(value, list):
                told.append((str(field.label), ", ".join(str(choices[each]) for each in value)))
            elif value is True:
                told.append((str(field.label), _("yes")))
            elif value:
                told.append((str(field.label), str(choices.get(value, value))))
        return [(label, words) for label, words in told if words]

    def clean_local_affiliate(self) -> str:
        return self.cleaned_data["local_affiliate"] or DEFAULT_AFFILIATE

    @property
    def language(self) -> str:
        """The language of the page, in which our letters will come."""
        return (get_language() or "en")[:2]

    @property
    def newsletter_yes(self) -> NewsletterYes | None:
        """What the ticked box said, and where. Only after `is_valid()`."""
        ticked = self.cleaned_data["newsletter"]
        return NewsletterYes(wording=str(NEWSLETTER_WORDING), source=self.request.path) if ticked else None


class ChangeForm(DetailsForm):
    """Change a registration by its private link; the local and the e-mail address stay."""

    @classmethod
    def showing(cls, registration: Registration, **kwargs: Any) -> "ChangeForm":
        """The form, filled in with what the registration says now."""
        initial = asdict(details_of(registration))
        initial["tasks"] = list(initial["tasks"])
        return cls(week=registration.week, initial=initial, **kwargs)
