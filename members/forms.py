"""The forms of the members app."""

from typing import ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from csan.lib.forms import EmailField, LineField, PublicForm, ZipField
from members.models.people import LANGUAGE_CHOICES

# What a subscriber agrees to; kept with the subscription as it stood on the page.
NEWSLETTER_WORDING = _(
    "Send me the newsletter: every two months, with upcoming actions, bargaining updates and members' stories. "
    "I can leave with one click."
)


def language_of_page() -> str:
    """The language a visitor reads in, which is the one they most likely want letters in."""
    return (get_language() or "en")[:2]


class SubscribeForm(PublicForm):
    """Join the list: an address; the rest is optional."""

    scope = "subscribe"
    missing: ClassVar = {"email": _("Enter your e-mail address.")}

    email = EmailField(help_text=_("A personal address is best: your employer may read your work mail."))
    given_name = LineField(label=_("First name"), required=False, autocomplete="given-name")
    family_name = LineField(label=_("Last name"), required=False, autocomplete="family-name")
    zip_code = ZipField(required=False)
    local = LineField(
        label=_("Your local"), required=False, help_text=_("If you are a union member, such as CWA Local 1101.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGE_CHOICES, required=False, initial=language_of_page
    )

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or language_of_page()


class LanguageForm(PublicForm):
    """The newsletter's language, on the private page."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)
