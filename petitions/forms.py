"""The forms of the petitions app."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from csan.lib.forms import EmailField, LineField, PublicForm, TextField, ZipField
from csan.lib.ratelimit import client_ip
from members.address_questions import PERSONAL_IS_BEST, AskedEmailField, AskingForm
from members.forms import NEWSLETTER_WORDING
from petitions import choosing
from petitions.contacting import Candidate
from petitions.fraud import events, networks
from petitions.models import CallTally, Signature

SOURCE_CODE = re.compile(r"[a-z0-9-]{1,20}", re.ASCII)


def source_code(told: Any) -> str:
    """A code as an address or a form tells it, where it has the shape of one; what it stands for is not looked up."""
    code = str(told or "").lower()
    return code if SOURCE_CODE.fullmatch(code) else ""


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


class CorrectionForm(SignerForm):
    """What a signer puts right on the private page."""

    shown_as = forms.ChoiceField(
        label=_("What stands under your comment?"),
        choices=Signature.ShownAs.choices,
        required=False,
        help_text=_(
            "Your name stands there only if you ticked the box above. A city or district shared by fewer than five "
            "signers is left out. Please choose “call-center worker” only if you work or worked in one."
        ),
    )


class SignForm(AskingForm, SignerForm):
    """Sign a petition."""

    scope = "sign"

    email = AskedEmailField(help_text=PERSONAL_IS_BEST)
    newsletter = forms.BooleanField(label=NEWSLETTER_WORDING, required=False)
    event = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

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

    @classmethod
    def _prepare(cls) -> None:
        super()._prepare()
        cls.base_fields["local"].widget.attrs["list"] = "locals"  # of sign_fields.html

    @property
    def event_code(self) -> str:
        """The event whose signed link brought the visitor here; empty for none that is on now."""
        return events.code_of(str(self.cleaned_data.get("event") or ""))

    @property
    def client_budget(self) -> str:
        """Where a local's people sit together, one network address is many people."""
        is_hall = self.event_code or networks.is_allowed(client_ip(self.request))
        return "hall" if is_hall else self.scope

    @property
    def source_code(self) -> str:
        """What brought the visitor here, as the page's address says it, or the form that came back."""
        return source_code(self.data.get("from") if self.is_bound else self.request.GET.get("from"))


class CodeForm(PublicForm):
    """Confirm by the letter's code, where its link does not work."""

    scope = "code"
    missing: ClassVar = {
        "email": _("Enter your e-mail address."),
        "code": _("Enter the code from our e-mail."),
    }

    email = EmailField(help_text=_("The one you signed with."))
    code = LineField(
        label=_("Code"),
        max_length=20,
        autocomplete="one-time-code",
        help_text=_("Eight letters and digits, such as 7KQ2-M9AX. It stands under the button in our e-mail."),
    )


class ChoiceForm(PublicForm):
    """Who represents me: one of those whose district the ZIP code may lie in, or nobody knows."""

    missing: ClassVar = {"district": _("Choose a name, or “I am not sure”.")}

    district = forms.ChoiceField(label=_("Who represents you in the House?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: tuple[Candidate, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(each.seat, f"{each.holder}, {each.seat}" if each.holder else each.seat) for each in candidates]
        field = self.fields["district"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*named, (choosing.UNSURE, _("I am not sure"))]


class CallForm(PublicForm):
    """How a call to an office of Congress went."""

    scope = "call"

    legislator = forms.RegexField(r"^[A-Z]\d{6}$", required=True)
    outcome = forms.ChoiceField(choices=CallTally.Outcome.choices)
