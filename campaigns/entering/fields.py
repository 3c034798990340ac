"""What is typed into the forms of the campaigns app, field by field."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from csan.lib.forms import LineField
from members import directory

DEFAULT_AFFILIATE = "CWA"
AFFILIATES = [(name, name) for name in (DEFAULT_AFFILIATE, "IUE-CWA", "TNG-CWA", "NABET-CWA", "AFA-CWA")]
LOCAL_NUMBER = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9-]{0,11}", re.ASCII)
BEFORE_NUMBER = re.compile(r"^\s*(?:CWA)?[\s,-]*(?:LOCAL)?[\s,-]*(?:(?:NUMBER|NO\.?|#)\s*)?", re.IGNORECASE)
PHONE = re.compile(r"[\d\s().+/-]+(?:(?:ext|extension|x)\.?\s*\d{1,6})?", re.IGNORECASE)
NO_PHONE = gettext_lazy("Please give a telephone number with its area code, such as 202-555-0134.")
MOST_MEMBERS = 100_000  # more than any local has
WRONG_MEMBERS = {
    "invalid": gettext_lazy("Please type a number, such as 140."),
    "min_value": gettext_lazy("Please type a number of 1 or more."),
    "max_value": gettext_lazy("This number is too large. Please count only your own local's members."),
}
DISTRICTS = [(name, name) for name in directory.DISTRICTS]


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
