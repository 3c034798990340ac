"""The forms of the members app."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from csan.lib.forms import LineField, PublicForm, ZipField
from csan.lib.urls import is_own_path
from members.address_questions import PERSONAL_IS_BEST, AskedEmailField, AskingForm
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


class LanguageForm(PublicForm):
    """The newsletter's language, on the private page."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)
