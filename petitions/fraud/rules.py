"""What speaks against a signature, and how much. Nothing here refuses anybody.

The points are in this one table; from where on a number is remarkable is for staff to say (`FraudLimits`). A rule that
`spares_halls` asks only whether many came together, which is what a union hall or a call floor is for.
"""

from dataclasses import dataclass

from csan.lib.typos import COMMON, REAL
from petitions.models import FraudLimits

MOST = 100
# Mailboxes anybody can have: many signatures from there mean nothing by themselves.
FREE = frozenset({
    *COMMON, *REAL, "aol.com", "att.net", "cox.net", "fastmail.com", "gmx.com", "gmx.net", "googlemail.com",
    "hotmail.es", "live.com", "mac.com", "me.com", "msn.com", "outlook.es", "pm.me", "proton.me", "tutanota.com",
    "yahoo.es", "yahoo.com.mx", "zoho.com",
})  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A rule's points, and its sentence for staff: `{n}` is how many, `{limit}` from where on it is remarkable."""

    name: str
    points: int
    words: str
    spares_halls: bool = False


RULES = {
    rule.name: rule
    for rule in (
        Rule("address", 40, "{n} signatures from this network address within an hour, more than {limit}", True),
        Rule("network", 20, "{n} signatures from this network within an hour, more than {limit}", True),
        Rule("disposable", 30, "The mail domain gives out mailboxes that are thrown away after use"),
        Rule("domain", 20, "{n} signatures from this mail domain within an hour, more than {limit}", True),
        Rule("speed", 10, "The form came back after {n} s; people need {limit} s or more to type", True),
        Rule("pattern", 40, "{n} mailboxes of this name with other digits within an hour, more than {limit}"),
        Rule("family", 20, "{n} signatures of this last name in this ZIP code in an hour, more than {limit}", True),
        Rule("no-name", 30, "The name is hardly a person's: digits, keyboard rows or the same letter again and again"),
    )
}  # fmt: skip


def limits() -> FraudLimits:
    """The limits as staff have set them, or the defaults."""
    return FraudLimits.objects.first() or FraudLimits()


def limit_of(name: str, limits: FraudLimits) -> int:
    """From where on a rule speaks; 0 for a rule that counts nothing."""
    found = {
        "address": limits.address_limit,
        "network": limits.network_limit,
        "domain": limits.domain_limit,
        "speed": limits.haste_seconds,
        "pattern": limits.pattern_limit,
        "family": limits.name_limit,
    }
    return int(found.get(name, 0))


def score_of(reasons: list[dict[str, object]]) -> int:
    """The points of some reasons together."""
    return min(MOST, sum(RULES[str(reason["rule"])].points for reason in reasons))
