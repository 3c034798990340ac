"""Budgets: how often one client, or one address, may do something in a window of time.

Counted in Redis under salted hashes, never under the address itself. Where Redis is down everybody is let
through and the fact is logged: a petition that cannot be signed is worse than a bot that gets in.
"""

import hmac
import time
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_network

from django.conf import settings
from django.http import HttpRequest

from csan.lib.redis import attempt, run_script

# One command for all budgets; the first of a window says when it ends.
COUNT = """
    local used = {}
    for at, key in ipairs(KEYS) do
        used[at] = redis.call('INCR', key)
        if used[at] == 1 then redis.call('EXPIRE', key, ARGV[at]) end
    end
    return used
"""


class BudgetSpent(Exception):
    """Too many attempts. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Budget:
    """`limit` times within `window` seconds for one `subject` in one `scope`."""

    scope: str
    subject: str
    limit: int
    window: int

    @property
    def key(self) -> str:
        digest = hmac.digest(settings.SECRET_KEY.encode(), f"{self.scope}:{self.subject}".encode(), sha256)
        return f"csan:budget:{self.scope}:{digest.hex()[:24]}:{int(time.time()) // self.window}"

    @property
    def remaining_seconds(self) -> int:
        return self.window - int(time.time()) % self.window


def spend(*budgets: Budget) -> None:
    """Take one from each budget, in one round trip. Raises BudgetSpent if any had none left."""
    if not settings.BUDGET_FACTOR:
        return

    keys, windows = [budget.key for budget in budgets], [str(budget.window) for budget in budgets]
    counts = attempt(lambda client: run_script(client, COUNT, keys, windows))
    for budget, used in zip(budgets, counts or (), strict=False):
        if used > budget.limit * settings.BUDGET_FACTOR:
            raise BudgetSpent(budget.remaining_seconds)


def client_network(request: HttpRequest) -> str:
    """What one subscriber of a provider has: an IPv4 address, or an IPv6 network of 64 bits (RFC 6177)."""
    address = client_ip(request)
    if ":" not in address:  # IPv4, or nothing that has networks
        return address
    try:
        return str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        return address


def client_ip(request: HttpRequest) -> str:
    """The visitor's address: the entry of X-Forwarded-For that the outermost proxy of *ours* wrote.

    Proxies append, so entries are counted from the right by `TRUSTED_PROXY_COUNT`; what stands further left is
    the visitor's own claim and is never believed.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXY_COUNT:
        return direct
    forwarded = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if entry.strip()]
    return forwarded[-settings.TRUSTED_PROXY_COUNT] if len(forwarded) >= settings.TRUSTED_PROXY_COUNT else direct
