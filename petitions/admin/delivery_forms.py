"""The forms of the whip board and of a member's page."""

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from csan.lib import labels
from csan.lib.states import NAMES
from petitions.delivering.addresses import Where
from petitions.delivering.choosing import Choice
from petitions.models import Delivery, Legislator, Packet, Petition, Position, Term

ANY = ("", "any")
SHEETS = {"5160": labels.ADDRESSES, "5163": labels.PARCELS}


def select(choices: list[Any], label: str) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[ANY, *choices], label=label, required=False, widget=UnfoldAdminSelectWidget())


def day(label: str, **kwargs: Any) -> forms.DateField:
    """A day of the past or today."""
    return forms.DateField(label=label, widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}), **kwargs)


def nudge(label: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        min_value=-36,
        max_value=36,
        initial=0,
        help_text="In points; 72 are an inch. For a printer that draws the paper in askew.",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )


def not_ahead(value: Any) -> Any:
    if value and value > timezone.localdate():
        raise forms.ValidationError("This day has yet to come.")
    return value


class BoardForm(forms.Form):
    """Which rows."""

    chamber = select(Term.Chamber.choices, "Chamber")
    state = select(list(NAMES.items()), "State")
    cosponsor = select([("yes", "yes"), ("no", "no")], "Cosponsor")
    committee = select([("yes", "yes"), ("no", "no")], "In a committee that has the bill")
    position = select(Position.Stance.choices, "Position")
    visited = select([("yes", "yes"), ("no", "never")], "Visited")

    @property
    def choice(self) -> Choice:
        """What is asked for; a value that is none narrows nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        return Choice(**data, order=self.data.get("o", ""))


class PositionForm(forms.Form):
    """Where a member stands."""

    stance = forms.ChoiceField(label="Position", choices=Position.Stance.choices, widget=UnfoldAdminSelectWidget)
    on = day("Said on", initial=timezone.localdate)
    note = forms.CharField(
        max_length=300,
        required=False,
        help_text="Who said it, and how. Write what their office may read.",
        widget=UnfoldAdminTextInputWidget,
    )

    def clean_on(self) -> Any:
        return not_ahead(self.cleaned_data["on"])


class DeliveryForm(forms.Form):
    """A visit, a letter."""

    on = day("Delivered on", initial=timezone.localdate)
    how = forms.ChoiceField(label="How", choices=Delivery.How.choices, widget=UnfoldAdminSelectWidget)
    to = forms.CharField(
        label="To whom",
        max_length=200,
        required=False,
        help_text="The member, or whom of their staff.",
        widget=UnfoldAdminTextInputWidget,
    )
    packet = forms.ModelChoiceField(
        Packet.objects.none(),
        label="With which packet",
        required=False,
        empty_label="without one",
        help_text="Its signers then read on their private pages that their signature was delivered.",
        widget=UnfoldAdminSelectWidget,
    )
    note = forms.CharField(
        max_length=2000, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}), label="Note"
    )

    def __init__(self, *args: Any, petition: Petition, legislator: Legislator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packets = Packet.objects.filter(petition=petition, legislator=legislator).order_by("-pk")
        field = self.fields["packet"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = packets

    def clean_on(self) -> Any:
        return not_ahead(self.cleaned_data["on"])


class AnswerForm(forms.Form):
    """What the member answered."""

    answer = forms.CharField(max_length=4000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}))
    answered_on = day("Answered on", initial=timezone.localdate)

    def clean_answered_on(self) -> Any:
        return not_ahead(self.cleaned_data["answered_on"])


class LabelForm(forms.Form):
    """Which labels, on which sheet, from where on."""

    where = forms.ChoiceField(label="Address labels to", choices=Where.choices, widget=UnfoldAdminSelectWidget)
    sheet = forms.ChoiceField(
        label="On sheets",
        choices=[(name, f"{sheet.name}, {sheet.count} on a sheet") for name, sheet in SHEETS.items()],
        widget=UnfoldAdminSelectWidget,
    )
    start = forms.IntegerField(
        label="First label to use",
        min_value=1,
        initial=1,
        help_text="On a sheet that has been begun, counted row by row.",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )
    right = nudge("Move right by")
    down = nudge("Move down by")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if "sheet" in data:
            data["sheet"] = SHEETS[data["sheet"]]
            if data.get("start", 1) > data["sheet"].count:
                self.add_error("start", f"This sheet has {data['sheet'].count} labels.")
        if "where" in data:
            data["where"] = Where(data["where"])
        return data
