"""Asking back about an address: is it a slip, does an employer read it? Asked once; the visitor's word then stands.

Nothing is looked up but the domain, so the question says nothing about whom we know.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from csan.lib.forms import EmailField, PublicForm
from csan.lib.typos import likely_meant
from members import mail_domains

PERSONAL_IS_BEST = gettext_lazy("A personal address is best: your employer may read your work mail.")


class AskedEmailField(EmailField):
    """An address, with buttons under it where there is a question."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"template_name": "components/email_field.html", **kwargs})


class AskingForm(PublicForm):
    """A form with an address about which it may ask back, by a refusal with two buttons.

    `kept_email` comes back with the address that was asked about: sent with the same address it means "yes, that
    one". `meant_email` is the other button's, and counts only where it is what we had offered.
    """

    kept_email = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meant = ""
        self.has_question = False

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("email", "")
        meant = self.data.get("meant_email")
        if typed and meant and meant == likely_meant(typed):
            self.cleaned_data["email"] = typed = meant
            self._show(email=meant)
        cleaned = super().clean()
        if typed and cleaned.get("kept_email") != typed and (question := self._question_about(typed)):
            self.has_question = True
            self._show(kept_email=typed)
            self.add_error("email", forms.ValidationError(question, code="question"))
        return cleaned

    @property
    def is_only_a_question(self) -> bool:
        """Whether nothing else stands in the way."""
        return self.has_question and len(self.errors) == 1

    def _question_about(self, email: str) -> str:
        if mail_domains.is_employers(email):
            return _("Use a personal address: your employer may read this one.")
        self.meant = likely_meant(email)
        return _("Did you mean %(email)s?") % {"email": self.meant} if self.meant else ""

    def _show(self, **values: str) -> None:
        """Let the page that comes back say something else than what was typed."""
        data: Any = self.data
        self.data = data = data.copy()
        for name, value in values.items():
            data[name] = value  # the only value, also in a QueryDict
