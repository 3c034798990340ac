"""How mail services and mail servers say that a bounce is for good, and not a full mailbox or a server that is away.

Names as the services document them: docs.aws.amazon.com/ses (bounceType), documentation.mailgun.com (severity),
postmarkapp.com/developer (bounce types), developers.brevo.com (event), resend.com/docs (bounce.type),
dev.mailjet.com (hard_bounce), developers.sparkpost.com (bounce_class), mailchimp.com/developer (event, Mandrill).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from csan.lib.mail.verdicts import Outcome, Verdict

Told = Mapping[str, Any]


def _inner(told: Told, *names: str) -> Any:
    """What stands under a path of names; nothing where it is not there."""
    found: Any = told
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


DEAD_AT_POSTMARK = ("HardBounce", "BadEmailAddress")
DEAD_AT_SPARKPOST = ("10", "30", "90")  # invalid recipient, no recipient, unsubscribed

SAYS_FOR_GOOD: Mapping[str, Callable[[Told], bool]] = {
    "Amazon SES": lambda told: _inner(told, "bounce", "bounceType") == "Permanent",
    "Brevo": lambda told: told.get("event") in ("hard_bounce", "invalid_email"),
    "MailerSend": lambda told: told.get("type") == "activity.hard_bounced",
    "Mailgun": lambda told: _inner(told, "event-data", "severity") == "permanent" or told.get("event") == "bounced",
    "Mailjet": lambda told: bool(told.get("hard_bounce")),
    "Mandrill": lambda told: told.get("event") == "hard_bounce",
    "Postmark": lambda told: told.get("Type") in DEAD_AT_POSTMARK,
    "Resend": lambda told: _inner(told, "data", "bounce", "type") == "Permanent",
    "SparkPost": lambda told: str(told.get("bounce_class")) in DEAD_AT_SPARKPOST,
    "Unisender Go": lambda told: _inner(told, "event_data", "status") == "hard_bounced",
}


# RFC 3463, 3.2 and 3.3: no such mailbox, no such host, has moved away, takes no mail for good; RFC 7505: a domain
# that takes none. Not what is about us or this letter (5.7 policy, 5.6 content), nor a full mailbox (5.2.2), nor a
# bare 550, by which servers mean any of these.
DEAD_BY_SMTP = re.compile(r"5\d\d[ -]5\.(?:1\.(?:1|2|6|10)|2\.1)\b")


def refuses_for_good(outcome: Outcome) -> bool:
    """Whether a mail server refused a letter because this mailbox will never take mail."""
    return outcome.verdict is Verdict.REFUSED and DEAD_BY_SMTP.match(outcome.reason) is not None


def is_for_good(service: str, told: object, *, reject_reason: str = "") -> bool:
    """Whether the event says of a bounce that this mailbox will never take mail. `told` is the event as it came."""
    if reject_reason == "invalid":
        return True
    says = SAYS_FOR_GOOD.get(service)
    return says is not None and isinstance(told, Mapping) and says(told)
