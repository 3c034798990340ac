"""The forms of the petitions app."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from csan.lib.forms import LineField, PublicForm, TextField, ZipField
from csan.lib.ratelimit import client_ip
from members.address_questions import PERSONAL_IS_BEST, AskedEmailField, AskingForm
from members.forms import NEWSLETTER_WORDING
from petitions.fraud import events, networks


class SignerForm(PublicForm):
    """Who signs, and what they want to say."""

    missing: ClassVar = {
        "given_name": _("Enter your first name."),
        "family_name": _("Enter your last name."),
        "email": _("Enter your e-mail address."),
        "zip_code": _("Enter your ZIP code."),
    }

    given_name = LineField(label=_("First name"), autocomplete="given-name")
    family_name = LineField(label=_("Last name"), autocomplete="family-name")
    zip_code = ZipField(help_text=_("We use it to find your members of Congress."))
    local = LineField(
        label=_("Your local"), required=False, help_text=_("If you are a union member, such as CWA Local 1101.")
    )
    comment = TextField(
        label=_("Why this matters to you"),
        help_text=_(
            "Congress gets it with the petition. We may show it on this site, with your name only if you say so below."
        ),
    )
    show_name = forms.BooleanField(
        label=_("You may show my name in public."),
        required=False,
        help_text=_("If you leave this box empty, your name is never shown on this site."),
    )


class SignForm(AskingForm, SignerForm):
    """Sign a petition."""

    scope = "sign"

    email = AskedEmailField(help_text=PERSONAL_IS_BEST)
    newsletter = forms.BooleanField(label=NEWSLETTER_WORDING, required=False)
    event = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    @property
    def event_code(self) -> str:
        """The event whose signed link brought the visitor here; empty for none that is on now."""
        return events.code_of(str(self.cleaned_data.get("event") or ""))

    @property
    def client_budget(self) -> str:
        """Where a local's people sit together, one network address is many people."""
        is_hall = self.event_code or networks.is_allowed(client_ip(self.request))
        return "hall" if is_hall else self.scope

    field_order = (
        "given_name",
        "family_name",
        "email",
        "zip_code",
        "local",
        "comment",
        "show_name",
        "newsletter",
    )
