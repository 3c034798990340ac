"""The forms by which a local is registered, and changed by its private link."""

from dataclasses import asdict
from typing import Any, Self

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.entering import place_fields, which_local
from campaigns.entering.details_form import DetailsForm
from campaigns.entering.fields import AFFILIATES, DEFAULT_AFFILIATE
from campaigns.entering.place_fields import name_of
from campaigns.entering.registering import NewsletterYes, details_of
from campaigns.models import Registration
from csan.lib.forms import LineField
from members.address_questions import AskedEmailField, AskingForm
from members.forms import NEWSLETTER_WORDING


class RegistrationForm(AskingForm, DetailsForm):
    """Register a local for a Week of Action.

    Before it is final the answers are looked at once more (WCAG 3.3.4): the form's own button asks for that by `step`.
    A POST without `step` registers. The local is typed, by number, city or name; where the directory leaves a doubt
    about it, a page of buttons asks, each of which sends `local_pick`.
    """

    scope = "register"
    REVIEW, EDIT, AS_TYPED = "review", "edit", "typed"

    local_affiliate = forms.ChoiceField(
        label=gettext_lazy("Union or sector"), choices=AFFILIATES, initial=DEFAULT_AFFILIATE, required=False
    )
    local_number = LineField(
        label=gettext_lazy("Local number"),
        help_text=gettext_lazy("Such as 1101. Your city or the name of your local will do, too."),
        max_length=120,
    )
    email = AskedEmailField(
        help_text=gettext_lazy("Your private link goes there. A personal or union address is best.")
    )
    newsletter = forms.BooleanField(label=NEWSLETTER_WORDING, required=False)

    field_order = (
        "local_affiliate", "local_number", "district", "contact_name", "contact_role", "email", "phone", "newsletter",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["local_number"].widget.attrs.update(list="locals", autocomplete="off")
        self.which = which_local.Meant(DEFAULT_AFFILIATE)
        self.is_picked = self.data.get("local_pick") == self.AS_TYPED
        if local := which_local.picked(str(self.data.get("local_pick") or "")):
            self.is_picked = True
            self._show(local_affiliate=local.affiliate, local_number=local.number)
        if self.step == self.REVIEW:
            self.scope = "review"  # nothing is written yet, so its budget is a wide one

    @property
    def edits(self) -> bool:
        """Whether the form is wanted back."""
        return self.is_bound and self.step == self.EDIT

    @property
    def asks_which(self) -> bool:
        """Whether it is to be chosen which local is meant. Only after `is_valid()`."""
        return self.step == self.REVIEW and bool(self.which.others) and not self.is_picked

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Each answer by its field's name, for the page that shows them all and sends them on."""
        data: Any = self.data
        names = [name for name in self.fields if not name.endswith("uses_standard") and name != "website"]
        return [(name, value) for name in names for value in data.getlist(name)]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Each question with its answer in words; what was left empty is left out. Only after `is_valid()`."""
        told = [(_("Local"), self.local_words), (str(self["district"].label), self._district())]
        for field in (*self.about_contact, *self.about_week):
            value = self.cleaned_data.get(field.name)
            choices = dict(getattr(field.field, "choices", ()))
            if isinstance(value, list):
                told.append((str(field.label), ", ".join(str(choices[each]) for each in value)))
            elif value is True:
                told.append((str(field.label), _("yes")))
            elif value:
                told.append((str(field.label), str(choices.get(value, value))))
        return [(label, words) for label, words in told if words]

    @property
    def local_words(self) -> str:
        """The local as the directory has it, with its town, else as it was typed."""
        local = self.which.local
        if local is None:
            return f"{self.which.affiliate} Local {self.which.number}"
        return ", ".join(part for part in (str(local), local.city, local.state) if part)

    @property
    def affiliate(self) -> str:
        return self.which.affiliate

    def clean_local_affiliate(self) -> str:
        return self.cleaned_data["local_affiliate"] or DEFAULT_AFFILIATE

    def clean_local_number(self) -> str:
        """The number of the local that is meant; nothing where that is to be chosen on a page of its own."""
        affiliate = self.cleaned_data.get("local_affiliate", DEFAULT_AFFILIATE)
        self.which = which_local.read(self.cleaned_data["local_number"], affiliate)
        self.local = self.which.local
        if not self.which.number and not self.asks_which:
            raise forms.ValidationError(_("Please type only your local's number, such as 1101."), code="invalid")
        self.cleaned_data["local_affiliate"] = self.which.affiliate
        return self.which.number

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
    def showing(cls, registration: Registration, **kwargs: Any) -> Self:
        """The form, filled in with what the registration says now."""
        details = details_of(registration)
        initial = asdict(details)
        initial["tasks"] = list(details.tasks)
        for branch in details.branches:
            initial |= {name_of(branch.position, name): getattr(branch, name) for name in place_fields.COLUMNS}
        return cls(week=registration.week, local=registration.local, initial=initial, **kwargs)
