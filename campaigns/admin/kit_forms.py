"""What staff type on the pages of waves: which places, and what if a rule or the stock were another."""

from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from campaigns import kits
from campaigns.models import Item, KitRule, Wave, WeekOfAction

MOST = 10_000_000


class OpenWaveForm(forms.Form):
    """All places that wait, or those of some districts."""

    week = forms.ModelChoiceField(WeekOfAction.objects.order_by("-year"))
    districts = forms.CharField(
        max_length=60, required=False, help_text="Only locals of these, such as 3, 6. Empty: all that wait."
    )

    def clean_districts(self) -> list[str]:
        return [part.strip() for part in self.cleaned_data["districts"].split(",") if part.strip()]


class WhatIfForm(forms.Form):
    """The week's rules and the stock as they are, to be tried out otherwise; nothing of it is saved."""

    policy = forms.ChoiceField(label="Where there is too little", choices=Wave.Policy.choices)

    def __init__(self, data: QueryDict, *, wave: Wave) -> None:
        self.is_tried_out = bool(set(data) - {"page"})
        self.saved = kits.rules_of(wave.week)
        self.items: list[Item] = sorted({rule.item for rule in self.saved}, key=lambda item: item.sku)
        super().__init__({**self._as_it_is(wave), **data.dict()})
        for rule in self.saved:
            self.fields[f"amount-{rule.pk}"] = forms.IntegerField(
                min_value=1, max_value=MOST, label=f"{rule}: how many"
            )
            self.fields[f"over-{rule.pk}"] = forms.IntegerField(
                min_value=0, max_value=1000, label=f"{rule}: percent on top"
            )
        for item in self.items:
            self.fields[f"stock-{item.pk}"] = forms.IntegerField(
                min_value=0, max_value=MOST, label=f"{item}: pieces on hand"
            )

    def _as_it_is(self, wave: Wave) -> dict[str, Any]:
        return {
            "policy": wave.policy,
            **{f"amount-{rule.pk}": rule.amount for rule in self.saved},
            **{f"over-{rule.pk}": rule.over_percent for rule in self.saved},
            **{f"stock-{item.pk}": item.on_hand for item in self.items},
        }

    @property
    def policy_of_plan(self) -> str:
        """The policy to plan by."""
        return str(self.cleaned_data["policy"])

    @property
    def rules(self) -> list[KitRule]:
        """The rules as typed; copies, which nobody saves."""
        tried = []
        for rule in self.saved:
            other = copy(rule)
            other.amount = self.cleaned_data[f"amount-{rule.pk}"]
            other.over_percent = self.cleaned_data[f"over-{rule.pk}"]
            tried.append(other)
        return tried

    @property
    def stock(self) -> dict[int, int]:
        """Pieces as typed, by the item's number."""
        return {item.pk: self.cleaned_data[f"stock-{item.pk}"] for item in self.items}

    @property
    def is_tentative(self) -> bool:
        """Whether a rule or the stock is not as it is."""
        rules = any(
            (tried.amount, tried.over_percent) != (rule.amount, rule.over_percent)
            for tried, rule in zip(self.rules, self.saved, strict=True)
        )
        return rules or any(self.stock[item.pk] != item.on_hand for item in self.items)


class SetAsideForm(forms.Form):
    """To set aside what was shown, by the policy that was shown."""

    policy = forms.ChoiceField(choices=Wave.Policy.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=300, required=False, label="Why so", help_text="Needed where there is too little; it is kept."
    )


class ByHandForm(forms.Form):
    """Another number for one place."""

    given = forms.IntegerField(min_value=0, max_value=MOST, label="Pieces")
    reason = forms.CharField(max_length=150, label="Why")

    def clean_reason(self) -> str:
        if not self.cleaned_data["reason"].strip():
            raise ValidationError("Say why.")
        return str(self.cleaned_data["reason"])
