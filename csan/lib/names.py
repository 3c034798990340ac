"""Asking the Domain Name System, with short time-outs; nobody answering is never taken for an answer."""

from collections.abc import Callable

import dns.exception
import dns.resolver
from django.conf import settings

from csan.lib.domains import MOST_LOOKUPS, Spf, spf_records

PATIENCE = 4.0  # seconds for one question
TRY = 2.0  # seconds for one attempt


class CouldNotAsk(Exception):
    """No name server answered, or none that could."""


class Names:
    """Questions to the name server, each asked once and remembered."""

    def __init__(self) -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVER)
        except dns.exception.DNSException as error:
            raise CouldNotAsk("this machine has no name server") from error
        if settings.DNS_SERVER:
            address, _, port = settings.DNS_SERVER.rpartition(":")
            self._resolver.nameservers, self._resolver.port = [address], int(port)
        self._resolver.lifetime, self._resolver.timeout = PATIENCE, TRY
        self._known: dict[tuple[str, str], list[str]] = {}

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each in one piece. Raises CouldNotAsk."""
        return self._ask(name, "TXT", lambda row: b"".join(row.strings).decode("utf-8", "replace"))

    def mail_hosts(self, name: str) -> list[str]:
        """Who takes mail for a domain; a single dot says that it takes none (RFC 7505). Raises CouldNotAsk."""
        return self._ask(name, "MX", lambda row: str(row.exchange).rstrip(".") or ".")

    def addresses(self, name: str) -> list[str]:
        """The IP addresses of a host. Raises CouldNotAsk."""
        return [*self._ask(name, "A", str), *self._ask(name, "AAAA", str)]

    def _ask(self, name: str, kind: str, read: Callable[..., str]) -> list[str]:
        if (name, kind) not in self._known:
            try:
                self._known[name, kind] = [read(row) for row in self._resolver.resolve(name, kind, search=False)]
            except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
                self._known[name, kind] = []
            except dns.exception.DNSException as error:
                raise CouldNotAsk(f"no name server answered for {name}") from error
            except OSError as error:
                raise CouldNotAsk("the network cannot be reached") from error
        return self._known[name, kind]


def count_lookups(names: Names, record: Spf, seen: frozenset[str] = frozenset()) -> int:
    """The look-ups that a receiver makes for an SPF record, with all that it includes. Raises CouldNotAsk.

    It stops to count soon after the limit: further, receivers do not look either.
    """
    count = record.lookups
    for domain in filter(None, (*record.includes, record.redirect)):
        if domain in seen or count > 2 * MOST_LOOKUPS:
            continue
        for inner in spf_records(names.texts(domain)):
            count += count_lookups(names, inner, seen | {domain})
    return count
