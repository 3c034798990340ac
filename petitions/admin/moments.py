"""A moment in a staff form: the browser's own picker for day and time, in the union's time zone."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget


def moment(label: str, **kwargs: Any) -> forms.DateTimeField:
    """A field for a day and a time."""
    widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, widget=widget, **kwargs)
