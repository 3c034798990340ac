"""The forms of the members app."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from csan.lib.forms import LineField, PublicForm, TextField, ZipField
from csan.lib.urls import is_own_path
from members.address_questions import PERSONAL_IS_BEST, AskedEmailField, AskingForm
from members.models import Person, Subscription
from members.models.people import LANGUAGE_CHOICES

# What a subscriber agrees to; kept with the subscription as it stood on the page.
NEWSLETTER_WORDING = _(
    "Send me the newsletter: every two months, with upcoming actions, bargaining updates and members' stories. "
    "I can leave with one click."
)


def language_of_page() -> str:
    """The language a visitor reads in, which is the one they most likely want letters in."""
    return (get_language() or "en")[:2]


class SubscribeForm(AskingForm):
    """Join the list: an address; the rest is optional. `source` is the page on which the form stood."""

    scope = "subscribe"
    wording = NEWSLETTER_WORDING
    missing: ClassVar = {"email": _("Enter your e-mail address.")}

    email = AskedEmailField(help_text=PERSONAL_IS_BEST)
    given_name = LineField(label=_("First name"), required=False, autocomplete="given-name")
    family_name = LineField(label=_("Last name"), required=False, autocomplete="family-name")
    zip_code = ZipField(required=False)
    local = LineField(
        label=_("Your local"), required=False, help_text=_("If you are a union member, such as CWA Local 1101.")
    )
    employer = LineField(
        label=_("Your employer"), required=False, autocomplete="organization", help_text=_("For whom you work.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGE_CHOICES, required=False, initial=language_of_page
    )
    source = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("source", self.request.path)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or language_of_page()

    def clean_source(self) -> str:
        """A page of this site in the language of now, in which the visitor read the wording; else this page."""
        told = str(self.cleaned_data["source"] or "")
        return told if is_own_path(told) else self.request.path


class PreferencesForm(PublicForm):
    """What a reader puts right on their private page."""

    DETAILS = ("given_name", "family_name", "language", "local", "employer", "zip_code")

    given_name = LineField(label=_("First name"), required=False, autocomplete="given-name")
    family_name = LineField(label=_("Last name"), required=False, autocomplete="family-name")
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)
    local = LineField(
        label=_("Your local"), required=False, help_text=_("If you are a union member, such as CWA Local 1101.")
    )
    employer = LineField(
        label=_("Your employer"),
        required=False,
        autocomplete="organization",
        help_text=_("So that news about your workplace reaches you. We never tell them."),
    )
    zip_code = ZipField(required=False)

    @classmethod
    def showing(cls, person: Person, *, data: Any, **kwargs: Any) -> "PreferencesForm":
        """The form, filled in with what we know."""
        known = {name: getattr(person, name) for name in cls.DETAILS}
        return cls(data, initial={**known, "local": person.local_as_written}, **kwargs)


class LeavingForm(PublicForm):
    """Why somebody leaves, if they like to say it. Whatever is wrong with this form, leaving goes on."""

    reason = forms.ChoiceField(
        label=_("Why do you leave?"),
        choices=Subscription.LeavingReason.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    words = TextField(label=_("In your own words"), rows=2, max_length=200)

    @property
    def said(self) -> dict[str, str]:
        """What of it can be kept: nothing of a program's, nor of somebody who asks again and again."""
        if self.is_trapped or (not self.is_valid() and self.retry_after):
            return {}
        return {name: self.cleaned_data.get(name, "") for name in ("reason", "words")}
