"""The questions of a report, one form each, so that each answer is saved by itself."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import BoxLine, Item, Registration, Report, WeekTask
from campaigns.reports import reporting
from csan.lib.forms import LineField, PublicForm

MOST = 1_000_000
YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
CHOOSE = gettext_lazy("Please choose yes or no.")
WRONG = {
    "invalid": gettext_lazy("Please type a number, such as 3."),
    "min_value": gettext_lazy("Please type a number, such as 3."),
    "max_value": gettext_lazy("This number is too large. Please look at it again."),
}


def number_field(label: Any, help_text: Any = "") -> forms.IntegerField:
    """How many, or nothing."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST, widget=widget, error_messages=WRONG,
        help_text=help_text,
    )  # fmt: skip


def yes_no_field(label: Any) -> forms.ChoiceField:
    """One of the two."""
    return forms.ChoiceField(label=label, choices=YES_NO, widget=forms.RadioSelect)


class TookPartForm(PublicForm):
    """The only question that must be answered."""

    missing: ClassVar = {"took_part": CHOOSE}

    took_part = yes_no_field(gettext_lazy("Did your local take part in the week?"))

    def save(self, registration: Registration) -> None:
        """Keep the answer. Only after `is_valid()`, as in all forms below."""
        told = self.cleaned_data["took_part"] == "yes"
        reporting.tell_took_part(registration=registration, took_part=told)


class TaskForm(PublicForm):
    """One of the week's tasks."""

    missing: ClassVar = {"was_done": CHOOSE}

    was_done = yes_no_field(gettext_lazy("Did you do it?"))
    number = number_field(
        gettext_lazy("How many?"),
        gettext_lazy("Signatures, letters, e-mails or posts; leave it empty if you do not know."),
    )
    evidence = LineField(
        label=gettext_lazy("What can we look at?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The name of the paper, the store or the page."),
    )

    def __init__(self, *args: Any, task: WeekTask, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.task = task

    def save(self, registration: Registration) -> None:
        told = self.cleaned_data
        reporting.tell_task(
            registration=registration,
            task=self.task,
            was_done=told["was_done"] == "yes",
            number=told["number"],
            evidence=told["evidence"],
        )


class HeadcountForm(PublicForm):
    """How many people."""

    headcount = number_field(gettext_lazy("How many people took part?"), gettext_lazy("A good guess will do."))

    def save(self, registration: Registration) -> None:
        reporting.tell_headcount(registration=registration, headcount=self.cleaned_data["headcount"])


class ThingsForm(PublicForm):
    """What was left over, and what there was too little of."""

    def __init__(self, *args: Any, items: Sequence[Item], request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.items = items
        for item in items:
            name = {"item": item.local_name}
            self.fields[f"left_{item.pk}"] = number_field(_("%(item)s: how many were left over?") % name)
            self.fields[f"short_{item.pk}"] = number_field(_("%(item)s: how many more would you have needed?") % name)

    def save(self, registration: Registration) -> None:
        told = self.cleaned_data
        pairs = {item.pk: (told[f"left_{item.pk}"], told[f"short_{item.pk}"]) for item in self.items}
        given = {pk: (left or 0, short or 0) for pk, (left, short) in pairs.items() if (left, short) != (None, None)}
        reporting.tell_items(registration=registration, told=given)


class WordsForm(PublicForm):
    """One sentence, and the public wall."""

    sentence = LineField(
        label=gettext_lazy("How was it, in one sentence?"), required=False, max_length=300,
        help_text=gettext_lazy("Such as: forty of us signed before lunch."),
    )  # fmt: skip
    may_be_shown = forms.BooleanField(
        label=gettext_lazy("You may show our local and this sentence on the public wall of the week."), required=False
    )

    def save(self, registration: Registration) -> None:
        told = self.cleaned_data
        reporting.tell_words(registration=registration, sentence=told["sentence"], may_be_shown=told["may_be_shown"])


def items_of(lines: Sequence[BoxLine]) -> list[Item]:
    """Each item once, in the order of the lines."""
    return list({line.item_id: line.item for line in lines}.values())


def said_of(report: Report, task: WeekTask) -> dict[str, Any]:
    """What was answered about a task, as the form shows it."""
    row = report.tasks.filter(task=task).first() if report.pk else None
    if row is None:
        return {}
    return {"was_done": "yes" if row.was_done else "no", "number": row.number, "evidence": row.evidence}
