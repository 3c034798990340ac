"""What last year's reports say about this year's quantities: changes of rules, with reasons, for staff to take.

Of an item, locals tell how many were left over or too few. Used is what they got, less what was left, and what was
short on top; the rule is changed by the same share. A rule that staff have changed themselves is left alone.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Sum

from campaigns.models import Box, BoxLine, ItemReport, KitRule, WeekOfAction
from csan.lib import audit

ENOUGH = 3  # reports on an item; from fewer nothing follows
SLIGHT = 0.05  # a smaller difference is none
NAMES = {"amount": "amount", "over_percent": "percent of over-supply"}


class ChangedMeanwhile(Exception):
    """The rule is not what the proposal was made for."""


@dataclass(frozen=True)
class Use:
    """What became of an item at the locals that told of it."""

    reports: int
    sent: int
    left_over: int
    short: int

    @property
    def share(self) -> float:
        """What was used, or would have been, of what was sent: 0.8 where a fifth was left over."""
        return max(self.sent - self.left_over + self.short, 0) / self.sent

    @property
    def words(self) -> str:
        """The reason, as it stands beside the proposal and in the log."""
        told = f"{self.reports} locals told: of {self.sent:,} sent {self.left_over:,} were left over"
        return f"{told}, {self.short:,} were too few; {round(self.share * 100)} % used"


@dataclass(frozen=True)
class Proposal:
    """A rule, and what its columns would be."""

    rule: KitRule
    columns: dict[str, int]
    use: Use

    @property
    def before(self) -> dict[str, int]:
        """What they are."""
        return {name: getattr(self.rule, name) for name in self.columns}

    @property
    def words(self) -> list[str]:
        """What would change, such as “amount 10 → 8”."""
        return [
            f"{NAMES[name]} {was} → {self.columns[name]}"
            for name, was in self.before.items()
            if was != self.columns[name]
        ]


def proposals(week: WeekOfAction) -> list[Proposal]:
    """Of each rule that came unchanged from last year, and whose item was used differently than it was packed."""
    uses = _uses(week.year - 1)
    last = {_twin(rule): rule for rule in _rules(week.year - 1)}
    found = []
    for rule in _rules(week.year):
        use, before = uses.get(rule.item_id), last.get(_twin(rule))
        if not use or not before or (before.amount, before.over_percent) != (rule.amount, rule.over_percent):
            continue
        columns = _changed(rule, use.share)
        if abs(use.share - 1) >= SLIGHT and any(getattr(rule, name) != value for name, value in columns.items()):
            found.append(Proposal(rule, columns, use))
    return found


@transaction.atomic
def accept(*, proposal: Proposal, by: User) -> KitRule:
    """Change the rule as proposed. Raises ChangedMeanwhile where somebody has changed it."""
    was = proposal.before
    if not KitRule.objects.filter(pk=proposal.rule.pk, **was).update(**proposal.columns):
        raise ChangedMeanwhile
    audit.record(
        by=by,
        objects=[proposal.rule.week],
        did="Took a proposed quantity",
        rule=proposal.rule,
        was=", ".join(f"{name} {value}" for name, value in was.items()),
    )
    proposal.rule.refresh_from_db()
    return proposal.rule


def _changed(rule: KitRule, share: float) -> dict[str, int]:
    """The rule's columns for this share of what it gave. Never none at all: that is staff's to say."""
    if rule.kind == KitRule.Kind.ONE_PER:
        return {"amount": max(round(rule.amount / share), 1) if share else rule.amount}
    if rule.kind == KitRule.Kind.PER_MEMBER:
        percent = round(rule.amount * (100 + rule.over_percent) * share)
        amount = max(percent // 100, 1)
        return {"amount": amount, "over_percent": max(percent - amount * 100, 0) // amount}
    return {"amount": max(ceil(rule.amount * share), 1)}


def _rules(year: int) -> list[KitRule]:
    rules = KitRule.objects.filter(week__year=year).select_related("item", "task", "week")
    return list(rules.order_by("item__name", "pk"))


def _twin(rule: KitRule) -> tuple[Any, ...]:
    """What is the same of a rule in both years."""
    return rule.item_id, rule.kind, rule.task.code if rule.task else "", rule.districts


def _uses(year: int) -> dict[int, Use]:
    """Of each item that enough locals told of: what was sent to those that did, and what became of it."""
    told = (
        ItemReport.objects.filter(report__registration__week__year=year)
        .values("item")
        .annotate(reports=Count("pk"), left=Sum("left_over"), lacked=Sum("short"))
        .filter(reports__gte=ENOUGH)
    )
    of_same = ItemReport.objects.filter(report__registration=OuterRef("box__registration"), item=OuterRef("item"))
    lines = BoxLine.objects.filter(Exists(of_same), box__registration__week__year=year, box__status__in=Box.UNDER_WAY)
    sent = dict(lines.values("item").annotate(sent=Sum("quantity")).values_list("item", "sent"))
    return {
        row["item"]: Use(row["reports"], sent[row["item"]], row["left"], row["lacked"])
        for row in told
        if sent.get(row["item"])
    }
