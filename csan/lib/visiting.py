"""Looking whether an address answers, as a polite visitor who goes nowhere that the public cannot go.

A name is resolved first, its addresses are looked at, and the connection goes to one of just these; so no name and no
redirect leads into a network of ours (server-side request forgery). Of an answer only the status is read, no body.
"""

import http.client
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import dns.exception
import dns.resolver
from django.conf import settings

MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
SAFE = "!#$%&'()*+,/:;=?@[]~"  # what a path and a query may hold as it is
HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+(?:%\w+)?", re.ASCII)  # a name, or an IPv6 address
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
DNS_TIMEOUT = 5  # seconds
NOT_FOR_PROGRAMS = {401, 403, 405, 406, 429, 451, 999}


class Found(StrEnum):
    """What there is behind an address: something, nothing, or nobody can tell."""

    FINE = "fine"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Visit:
    """What was found; `why` goes on after “it”, as in “it” “does not answer”. Empty for what is fine."""

    found: Found
    why: str = ""


@dataclass(frozen=True)
class Answer:
    """The status of an answer, and where it sends its visitor."""

    status: int
    location: str


@dataclass(frozen=True)
class Place:
    """Where a connection goes, and what is asked for there."""

    parts: SplitResult
    host: str
    port: int

    @property
    def target(self) -> str:
        """Path and query, with nothing in them that HTTP has no place for."""
        query = f"?{self.parts.query}" if self.parts.query else ""
        return quote(f"{self.parts.path or '/'}{query}", safe=SAFE)

    @property
    def is_ours(self) -> bool:
        """Whether it is this very site, which may stand in a private network, on a port of its own."""
        return f"{self.host}:{self.port}" in {_named(settings.BASE_URL), *settings.LINK_CHECK_ALSO}


class NoWayThere(Exception):
    """The address is none, or leads where no visitor of ours goes."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit.why)
        self.visit = visit


def visit(address: str) -> Visit:
    """Look at a web address and all that it leads on to, within LINK_CHECK_TIMEOUT seconds. Never raises for it."""
    until = time.monotonic() + settings.LINK_CHECK_TIMEOUT
    try:
        return _follow(address, until)
    except NoWayThere as error:
        return error.visit
    except ssl.SSLCertVerificationError:
        return Visit(Found.DEAD, "has a certificate that is not valid, so browsers warn of it")
    except TimeoutError:
        return Visit(Found.UNKNOWN, f"did not answer within {settings.LINK_CHECK_TIMEOUT:g} seconds")
    except ConnectionRefusedError:
        return Visit(Found.DEAD, "is at an address where nothing answers")
    except UnicodeError:
        return Visit(Found.DEAD, "is no web address")
    except (OSError, http.client.HTTPException):
        return Visit(Found.UNKNOWN, "could not be reached over the network")


def _follow(address: str, until: float) -> Visit:
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(place_of(address), until)
        if not (300 <= answer.status < 400 and answer.location):
            return said(answer.status)
        address = urljoin(address, answer.location)
    return Visit(Found.UNKNOWN, f"sends its visitors on more than {MOST_REDIRECTS} times")


def said(status: int) -> Visit:
    """What a status of HTTP means for a link."""
    if 200 <= status < 300:
        return Visit(Found.FINE)
    if status in (404, 410):
        return Visit(Found.DEAD, f"leads to a page that is not there ({status})")
    if 500 <= status < 600:
        return Visit(Found.DEAD, f"leads to a page that has a fault ({status})")
    if status in NOT_FOR_PROGRAMS:
        return Visit(Found.UNKNOWN, f"does not let programs look ({status})")
    return Visit(Found.UNKNOWN, f"gave an answer that says little ({status})")


def place_of(address: str) -> Place:
    """Where an address leads. Raises NoWayThere."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:  # also the encoding's
        host, port = "", 0
    if not HOST.fullmatch(host) or not port:
        raise NoWayThere(Visit(Found.DEAD, "is no web address"))
    place = Place(parts, host, port)
    if port not in PORTS.values() and not place.is_ours:
        raise NoWayThere(Visit(Found.UNKNOWN, f"is on port {port}, where we do not look"))
    return place


def _named(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port or PORTS.get(parts.scheme, 0)}"


def _ask(place: Place, until: float) -> Answer:
    """HEAD, which costs the other side least; where that does not go well, GET."""
    half = time.monotonic() + (until - time.monotonic()) / 2
    with suppress(TimeoutError, ConnectionError, http.client.HTTPException):
        answer = _request("HEAD", place, half)
        if answer.status < 400:
            return answer
    return _request("GET", place, until)


def _request(method: str, place: Place, until: float) -> Answer:
    headers = {
        "Host": place.parts.netloc.rpartition("@")[2].encode("idna").decode(),
        "User-Agent": f"{settings.SITE_SHORT_NAME}-link-check (+{settings.BASE_URL}/)",
        "Accept": "*/*",
        "Connection": "close",
    }
    with _connected(place, until) as connected:
        connection = http.client.HTTPConnection(place.host, place.port)
        connection.auto_open = 0  # it has its connection, and must make no other
        connection.sock = connected
        connection.request(method, place.target, headers=headers)
        response = connection.getresponse()
        if time.monotonic() >= until:
            raise TimeoutError  # hung up amid the head of the answer, which then looks like its end
        return Answer(response.status, response.headers.get("Location") or "")


@contextmanager
def _connected(place: Place, until: float) -> Iterator[socket.socket]:
    """A connection that is over at `until`, however slowly the other side speaks. Raises TimeoutError for that."""
    plain = _open(place, until)
    handle = plain.dup()  # the connection by another name, since TLS takes the first one over
    end = Timer(max(until - time.monotonic(), 0), _hang_up, [handle])
    end.daemon = True
    end.start()
    try:
        connected = _secured(plain, place.host) if place.parts.scheme == "https" else plain
        with connected:
            yield connected
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= until:
            raise TimeoutError from error
        raise
    finally:
        end.cancel()
        handle.close()
        plain.close()


def _hang_up(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def _secured(plain: socket.socket, host: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _open(place: Place, until: float) -> socket.socket:
    """A connection to the first of the place's addresses that takes it. Raises OSError, NoWayThere."""
    failed: OSError = TimeoutError()
    for address in addresses_of(place):
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((address, place.port), timeout=left)
        except OSError as error:
            failed = error
    raise failed


def addresses_of(place: Place) -> list[str]:
    """What its name resolves to. Raises NoWayThere where there is no such name, or one address is not public."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if is_no_name(place.host):
            raise NoWayThere(Visit(Found.DEAD, f"leads to {place.host}, and there is no such site")) from error
        raise
    except UnicodeError as error:
        raise NoWayThere(Visit(Found.DEAD, "is no web address")) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not place.is_ours and not all(map(is_public, addresses)):
        raise NoWayThere(Visit(Found.DEAD, "leads into a private network, which readers cannot reach"))
    return addresses


def is_no_name(host: str) -> bool:
    """Whether the internet's name service says so. One that is cut off from it may be silent, or deny every name."""
    return _answer_of(host, "A") is dns.resolver.NXDOMAIN and _answer_of(".", "NS") is None


def _answer_of(name: str, kind: str) -> type[Exception] | None:
    """None where there is an answer, else how the name service refused one."""
    try:
        dns.resolver.resolve(name, kind, lifetime=DNS_TIMEOUT)
    except (dns.exception.DNSException, OSError) as error:
        return type(error)
    return None


def is_public(address: str) -> bool:
    """Whether anybody on the internet reaches the same machine under it. Of IPv4 within IPv6, IPv4 decides."""
    found = ip_address(address.partition("%")[0])
    within = _within(found) if isinstance(found, IPv6Address) else None
    return is_public(str(within)) if within else found.is_global and not found.is_multicast


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
