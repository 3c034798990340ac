"""Network addresses as hashes, and the kind of a browser: enough to compare, too little to find anybody."""

import hmac
import re
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings

from csan.lib.remembering import remembered
from petitions.models import AllowedNetwork

HASH_LENGTH = 16  # hexadecimal characters: 64 bits tell all addresses apart that a petition ever sees
BITS = {4: 24, 6: 64}  # what is mostly one household's, office's or provider's exchange
KEPT = 30  # seconds that a change by staff may take to be seen by every web process
IS_HASH = re.compile(rf"[0-9a-f]{{{HASH_LENGTH}}}")
# The first that matches; browsers name their ancestors, so the youngest come first.
AGENTS = (
    ("program", re.compile(r"curl|wget|python|java/|go-http|okhttp|axios|node|libwww|headless|bot\b|spider", re.I)),
    ("edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("opera", re.compile(r"\bOPR/|\bOpera")),
    ("samsung", re.compile(r"SamsungBrowser/")),
    ("firefox", re.compile(r"Firefox/|FxiOS/")),
    ("in an app", re.compile(r"FBAN|FBAV|Instagram|; wv\)")),
    ("chrome", re.compile(r"Chrome/|CriOS/")),
    ("safari", re.compile(r"Safari/|AppleWebKit/")),
)  # fmt: skip


def plain_address(text: str) -> str | None:
    """An address as PostgreSQL takes it; None for what a broken proxy sent. IPv4 within IPv6 is IPv4."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    within = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(within or found)


def network_of(address: str) -> str:
    """The network that an address lies in, as its first address and its bits."""
    if ":" not in address:  # nearly all; the general way parses it twice
        return f"{address.rpartition('.')[0]}.0/{BITS[4]}"
    return str(ip_network(f"{address}/{BITS[ip_address(address).version]}", strict=False))


def address_hash(address: str | None) -> str:
    """What stands for an address after it has been erased; empty for none."""
    return _hash(f"address:{address}") if address else ""


def network_hash(address: str | None) -> str:
    """What stands for the network of an address."""
    return _hash(f"network:{network_of(address)}") if address else ""


def hash_of_network(network: str) -> str:
    """The hash of a network that staff wrote as 198.51.100.0/24. Raises ValueError where it is none of our size."""
    found = ip_network(network, strict=False)
    if found.prefixlen != BITS[found.version]:
        raise ValueError(network)
    return _hash(f"network:{found}")


def is_allowed(address: str) -> bool:
    """Whether the address is in a network that staff allow for a local; known for some seconds in this process."""
    networks = _allowed()
    plain = plain_address(address) if networks else None
    return plain is not None and any(ip_address(plain) in network for network in networks)


@remembered(KEPT)
def _allowed() -> list[IPv4Network | IPv6Network]:
    return [ip_network(each) for each in AllowedNetwork.objects.values_list("network", flat=True)]


def _hash(text: str) -> str:
    return hmac.digest(settings.HASH_KEY.encode(), text.encode(), sha256).hex()[:HASH_LENGTH]


def agent_of(user_agent: str) -> str:
    """The family of a browser; empty where it names itself by nothing we know."""
    return next((name for name, pattern in AGENTS if pattern.search(user_agent)), "")
