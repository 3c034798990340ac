"""The forms of the staff's desk."""

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from campaigns.desk import phoning


class Day(UnfoldAdminDateWidget):
    """A day, chosen with what the browser has for it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """A call to be made."""

    about = forms.ChoiceField(choices=phoning.subjects, widget=UnfoldAdminSelectWidget)
    due_on = forms.DateField(label="On which day", initial=timezone.localdate, widget=Day)
    note = forms.CharField(
        label="What to ask", required=False, max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class CalledForm(forms.Form):
    """A call that was made."""

    note = forms.CharField(label="What was said", max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))
    again_on = forms.DateField(label="Call again on", required=False, widget=Day)
