"""What the records of a sending domain say: SPF, DKIM, DMARC, and how a receiver judged a letter.

Pure reading of texts; who asks the network is `csan.lib.names`. Rules: RFC 7208 (SPF), RFC 6376 and 8301 (DKIM),
RFC 7489 (DMARC), RFC 8601 (Authentication-Results), RFC 8058 (leaving in one click). That a sender of many letters
must have all of them: Google and Yahoo since February 2024, Microsoft since May 2025.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email import message_from_string, policy

COSTLY = ("include", "a", "mx", "ptr", "exists")  # RFC 7208, 4.6.4: each is a look-up, and so is redirect
MOST_LOOKUPS = 10
LEAST_BITS = 1024  # RFC 8301, 3.2; 2048 is better
# Ends under which anybody may register a name of their own, as far as a union's domains may lie under them.
SHARED_ENDS = {"co.uk", "org.uk", "com.au", "org.au", "com.mx", "org.mx", "com.br", "org.br", "com.pr", "org.pr"}


@dataclass(frozen=True)
class Spf:
    """An SPF record: its mechanisms in order, the domains that it includes, where it goes on, how it ends."""

    mechanisms: tuple[str, ...]
    includes: tuple[str, ...]
    redirect: str
    all: str

    @property
    def lookups(self) -> int:
        """How many look-ups it costs itself, without those of what it includes."""
        costly = [each for each in self.mechanisms if re.split(r"[:/]", each.lstrip("+-~?"))[0] in COSTLY]
        return len(costly) + bool(self.redirect)


def spf_records(texts: Iterable[str]) -> list[Spf]:
    """The SPF records among a domain's texts; there should be exactly one."""
    return [parse_spf(text) for text in texts if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE)]


def parse_spf(text: str) -> Spf:
    """A record that begins with v=spf1."""
    terms = text.lower().split()[1:]
    redirect = next((term.removeprefix("redirect=") for term in terms if term.startswith("redirect=")), "")
    mechanisms = tuple(term for term in terms if "=" not in term.split(":")[0])
    includes = tuple(term.lstrip("+-~?").removeprefix("include:") for term in mechanisms if "include:" in term)
    last = next((term for term in mechanisms if term.lstrip("+-~?") == "all"), "")
    return Spf(mechanisms, includes, redirect, f"+{last}" if last == "all" else last)


def parse_tags(text: str) -> dict[str, str]:
    """`name=value; name=value`, as DKIM and DMARC write them; names in small letters."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


@dataclass(frozen=True)
class Dmarc:
    """A DMARC record: what to do with letters that fail, who gets reports, how exactly domains must match."""

    policy: str
    subdomain_policy: str
    reports_to: tuple[str, ...]
    strict_dkim: bool
    strict_spf: bool


def dmarc_records(texts: Iterable[str]) -> list[Dmarc]:
    """The DMARC records among the texts of `_dmarc.` and a domain; there should be exactly one."""
    return [parse_dmarc(text) for text in texts if re.match(r"v=DMARC1\s*(;|$)", text)]


def parse_dmarc(text: str) -> Dmarc:
    """A record that begins with v=DMARC1."""
    tags = parse_tags(text)
    wish = tags.get("p", "").lower()
    return Dmarc(
        policy=wish,
        subdomain_policy=tags.get("sp", wish).lower(),
        reports_to=tuple(each.strip() for each in tags.get("rua", "").split(",") if each.strip()),
        strict_dkim=tags.get("adkim", "r").lower() == "s",
        strict_spf=tags.get("aspf", "r").lower() == "s",
    )


@dataclass(frozen=True)
class DkimKey:
    """A public key as its record has it. `bits` is 0 where the key cannot be read."""

    kind: str
    bits: int
    is_revoked: bool
    is_testing: bool


def parse_dkim(text: str) -> DkimKey | None:
    """The key in a text of `selector._domainkey.domain`; None where the text is no key record."""
    tags = parse_tags(text)
    if "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        return None
    kind = tags.get("k", "rsa").lower()
    key = re.sub(r"\s", "", tags["p"])
    return DkimKey(
        kind=kind,
        bits=_bits(kind, key),
        is_revoked=not key,
        is_testing="y" in tags.get("t", "").lower().split(":"),
    )


def _bits(kind: str, key: str) -> int:
    try:
        der = base64.b64decode(key, validate=True)
    except binascii.Error:
        return 0
    if kind == "ed25519":
        return 256 if len(der) == 32 else 0
    try:
        return _rsa_bits(der)
    except IndexError:
        return 0


def _rsa_bits(der: bytes) -> int:
    """The length of the modulus in a SubjectPublicKeyInfo (RFC 5280, 4.1) or a bare RSAPublicKey (RFC 8017, A.1.1)."""
    tag, body, _ = _element(der)
    first, inside, rest = _element(body)
    if tag == 0x30 and first == 0x30:  # an algorithm, then the key as a string of bits
        _, bits, _ = _element(rest)
        _, body, _ = _element(bits[1:])
        first, inside, _ = _element(body)
    return int.from_bytes(inside, "big").bit_length() if first == 0x02 else 0


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """The first element of a DER text: its tag, what is in it, what comes behind it. Raises IndexError."""
    tag, length, start = der[0], der[1], 2
    if length & 0x80:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(der[2:start], "big")
    if len(der) < start + length:
        raise IndexError
    return tag, der[start : start + length], der[start + length :]


def organizational(domain: str) -> str:
    """The domain that was registered, as well as that can be told without the list of all public ends."""
    labels = domain.lower().rstrip(".").split(".")
    return ".".join(labels[-3:] if ".".join(labels[-2:]) in SHARED_ENDS else labels[-2:])


def is_aligned(one: str, other: str, *, strict: bool = False) -> bool:
    """Whether two domains count as one sender's (RFC 7489, 3.1)."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    return one == other or (not strict and bool(one) and organizational(one) == organizational(other))


@dataclass(frozen=True)
class Judgement:
    """What the headers of a received letter say.

    `results` has pass, fail, … for spf, dkim and dmarc as the receiver saw them, `signed` the headers that each
    aligned signature covers, `headers` the letter's own.
    """

    headers: Mapping[str, str]
    results: Mapping[str, str] = field(default_factory=dict)
    signers: tuple[str, ...] = ()
    signed: frozenset[str] = frozenset()
    from_domain: str = ""


def read_headers(text: str) -> Judgement:
    """The headers of a letter, as a mail program shows them (“Show original”, “View source”).

    Only the topmost Authentication-Results counts: it is the receiver's own, those below came with the letter.
    """
    parsed = message_from_string(text.lstrip(), policy=policy.compat32)
    headers = {name.lower(): " ".join(str(value).split()) for name, value in reversed(parsed.items())}
    judged = str((parsed.get_all("Authentication-Results") or [""])[0])
    domain = re.search(r"@([\w.-]+)", headers.get("from", ""))
    from_domain = domain[1].lower() if domain else ""
    signers, signed = [], set()
    for signature in parsed.get_all("DKIM-Signature") or []:
        tags = parse_tags(re.sub(r"\s+", "", str(signature)))
        signers.append(tags.get("d", "").lower())
        if is_aligned(tags.get("d", ""), from_domain):
            signed |= set(tags.get("h", "").lower().split(":"))
    return Judgement(headers, _verdicts(judged), tuple(signers), frozenset(signed), from_domain)


def _verdicts(text: str) -> dict[str, str]:
    """`dkim=pass` and the like; of several signatures the best one counts."""
    found: dict[str, str] = {}
    plain = re.sub(r"\([^()]*\)", " ", text)
    for method, verdict in re.findall(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", plain, re.IGNORECASE):
        if found.get(method.lower()) != "pass":
            found[method.lower()] = verdict.lower()
    return found
