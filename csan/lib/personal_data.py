"""What each app keeps about the owner of a mailbox, for those who ask to take it along.

An app offers its part in its AppConfig.ready; who asks knows no app. The key is `csan.lib.addresses.email_key`.
"""

from collections.abc import Callable
from typing import Any

Offer = Callable[[str], Any]  # what goes into the file, as JSON can write it; empty where nothing is kept

_offers: dict[str, Offer] = {}


def register(name: str, offer: Offer) -> None:
    """Offer a part under a name that readers understand, such as "signatures"."""
    _offers[name] = offer


def kept_under(email_key: str) -> dict[str, Any]:
    """Everything that is offered about a mailbox, part by part."""
    return {name: offer(email_key) for name, offer in sorted(_offers.items())}
