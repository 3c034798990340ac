"""The forms behind a local's private link, and the one for who has lost it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.entering.fields import AFFILIATES, DEFAULT_AFFILIATE, LocalNumberField
from campaigns.entering.forms import ChangeForm
from campaigns.models import Arrival, BoxLine
from csan.lib.forms import EmailField, LineField, PublicForm, TextField


class AskForm(ChangeForm):
    """As a change, but for staff to make; and why. What the local leaves alone is no part of what it asks for."""

    fills_district = False

    why = LineField(
        label=gettext_lazy("Why does it change?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("One sentence helps us to decide fast."),
    )

    @property
    def about_why(self) -> list[forms.BoundField]:
        return self.group("why")


class ColleagueForm(PublicForm):
    """Somebody else of the local who gets a link."""

    missing: ClassVar = {
        "name": gettext_lazy("Enter your colleague's name."),
        "email": gettext_lazy("Enter your colleague's e-mail address."),
    }

    name = LineField(label=gettext_lazy("Your colleague's name"))
    role = LineField(label=gettext_lazy("Role in the local"), required=False)
    email = EmailField(label=gettext_lazy("Your colleague's e-mail"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "role", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # it is somebody else's


class RemoveForm(PublicForm):
    """Whose link is taken away."""

    remove = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class OtherForm(PublicForm):
    """Who somebody is that registered the same local: the button says of whom and what, such as `7:colleague`.

    To hand over is to lose one's own link, so it asks for a tick beside it.
    """

    who = forms.RegexField(r"^[0-9]{1,18}:(?:colleague|contact|stranger)$")
    is_sure = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if str(cleaned.get("who", "")).endswith(":contact") and not cleaned.get("is_sure"):
            self.add_error(None, _("To hand over, please tick that your own link may stop working."))
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        """For `handing_over.answer`. Only after `is_valid()`."""
        pk, _colon, told = str(self.cleaned_data["who"]).partition(":")
        return {"pk": int(pk), "told": told}


class ArrivalForm(PublicForm):
    """All here, or how many of what are missing. The button that was pressed says which of the two."""

    answer = forms.ChoiceField(
        choices=Arrival.Answer.choices,
        error_messages={
            "required": gettext_lazy("Please press one of the two buttons."),
            "invalid_choice": gettext_lazy("Please press one of the two buttons."),
        },
    )
    note = TextField(label=gettext_lazy("Tell us in your own words"), rows=2, max_length=300)

    def __init__(self, *args: Any, lines: Sequence[BoxLine], request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"item_{line.item_id}"] = forms.IntegerField(
                label=line.item.local_name,
                required=False,
                min_value=0,
                max_value=line.quantity,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                help_text=_("%(count)s were packed.") % {"count": line.quantity},
                error_messages={
                    "invalid": _("Please type a number, such as 3."),
                    "min_value": _("Please type a number, such as 3."),
                    "max_value": _("There were only %(count)s in the box.") % {"count": line.quantity},
                },
            )

    @property
    def is_all_here(self) -> bool:
        return bool(self.cleaned_data["answer"] == Arrival.Answer.ALL_HERE)

    @property
    def missing_items(self) -> dict[int, int]:
        """How many are missing, by the item's key. Only after `is_valid()`."""
        found = {line.item_id: self.cleaned_data.get(f"item_{line.item_id}") for line in self.lines}
        return {item: quantity for item, quantity in found.items() if quantity}

    @cached_property
    def about_missing(self) -> list[forms.BoundField]:
        """The fields to draw: each thing in the box, and a note."""
        return [self[f"item_{line.item_id}"] for line in self.lines] + [self["note"]]


class LostLinkForm(PublicForm):
    """A local's number and the address that its link went to."""

    scope = "link"
    missing: ClassVar = {
        "local_number": gettext_lazy("Enter your local's number, such as 1101."),
        "email": gettext_lazy("Enter your e-mail address."),
    }

    local_affiliate = forms.ChoiceField(
        label=gettext_lazy("Union or sector"), choices=AFFILIATES, initial=DEFAULT_AFFILIATE, required=False
    )
    local_number = LocalNumberField(
        label=gettext_lazy("Local number"), help_text=gettext_lazy("Such as 1101."), max_length=40
    )
    email = EmailField()

    def clean_local_affiliate(self) -> str:
        return self.cleaned_data["local_affiliate"] or DEFAULT_AFFILIATE
