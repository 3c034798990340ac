"""Looking whether a link works: what a visitor finds at servers that behave, and at those that do not."""

import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import quote

import dns.message
import dns.name
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from csan.lib import visiting
from csan.lib.visiting import Found, NoWayThere, Visit, visit
from tests.webserver import WebServer, web_server


@pytest.fixture
def server(settings) -> Iterator[WebServer]:
    """A server that may be visited though it stands on this machine; visits take two seconds at most."""
    with web_server() as running:
        settings.LINK_CHECK_ALSO = [running.place]
        settings.LINK_CHECK_TIMEOUT = 2
        yield running


def test_a_page_that_answers_is_fine_and_is_asked_for_its_head_only(server, settings):
    assert visit(server.url("/")) == Visit(Found.FINE)
    assert server.asked == [("HEAD", "/", f"CSAN-link-check (+{settings.BASE_URL}/)")]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (204, Visit(Found.FINE)),
        (404, Visit(Found.DEAD, "leads to a page that is not there (404)")),
        (410, Visit(Found.DEAD, "leads to a page that is not there (410)")),
        (500, Visit(Found.DEAD, "leads to a page that has a fault (500)")),
        (503, Visit(Found.DEAD, "leads to a page that has a fault (503)")),
        (401, Visit(Found.UNKNOWN, "does not let programs look (401)")),
        (403, Visit(Found.UNKNOWN, "does not let programs look (403)")),
        (429, Visit(Found.UNKNOWN, "does not let programs look (429)")),
        (418, Visit(Found.UNKNOWN, "gave an answer that says little (418)")),
        (304, Visit(Found.UNKNOWN, "gave an answer that says little (304)")),
    ],
)
def test_the_status_decides(server, status, expected):
    assert visit(server.url(f"/status/{status}")) == expected


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501])
def test_a_server_that_refuses_head_is_asked_again(server, status):
    assert visit(server.url(f"/head/{status}")) == Visit(Found.FINE)
    assert [method for method, _, _ in server.asked] == ["HEAD", "GET"]


def test_a_server_that_says_nothing_to_head_is_asked_again_in_time(server):
    assert visit(server.url("/silenthead")) == Visit(Found.FINE)


def test_a_redirect_is_followed(server):
    assert visit(server.url(f"/to/{quote(server.url('/status/404'), safe='')}")).found is Found.DEAD
    assert visit(server.url("/to/%2Ffine")) == Visit(Found.FINE)


def test_five_redirects_are_followed_and_no_more(server):
    assert visit(server.url("/round")) == Visit(Found.UNKNOWN, "sends its visitors on more than 5 times")
    assert len(server.asked) == 6


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_server_that_does_not_come_to_an_end_is_left_in_time(server, path):
    begun = time.monotonic()
    assert visit(server.url(path)) == Visit(Found.UNKNOWN, "did not answer within 2 seconds")
    assert time.monotonic() - begun < 2.6


def test_no_body_is_read_however_long(server):
    begun = time.monotonic()
    assert visit(server.url("/endless")) == Visit(Found.FINE)
    assert time.monotonic() - begun < 1


def test_a_server_that_hangs_up_tells_nothing(server):
    assert visit(server.url("/reset")) == Visit(Found.UNKNOWN, "could not be reached over the network")


def test_where_nobody_listens_a_link_is_dead(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    settings.LINK_CHECK_ALSO = [place]
    assert visit(f"http://{place}/") == Visit(Found.DEAD, "is at an address where nothing answers")


def test_a_certificate_that_browsers_warn_of_is_a_dead_link(settings):
    with web_server(secure=True) as server:
        settings.LINK_CHECK_ALSO = [server.place]
        found = visit(server.url("/", scheme="https"))
    assert found == Visit(Found.DEAD, "has a certificate that is not valid, so browsers warn of it")
    assert server.asked == []


def test_nothing_on_a_private_network_is_asked(server, settings):
    settings.LINK_CHECK_ALSO = []
    private = Visit(Found.DEAD, "leads into a private network, which readers cannot reach")
    with web_server() as inner:
        for host in ("127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1"):
            assert visit(f"http://{host}/") == private
        assert visit(inner.url("/")).why.endswith("where we do not look")
    assert inner.asked == []


def test_a_redirect_into_a_private_network_is_not_followed(server):
    with web_server() as inner:
        assert visit(server.url(f"/to/{quote(inner.url('/'), safe='')}")).why.endswith("where we do not look")
    for address in ("http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "//localhost/"):
        assert visit(server.url(f"/to/{quote(address, safe='')}")).why.startswith("leads into a private network")
    assert inner.asked == []
    assert {path.split("/")[1] for _, path, _ in server.asked} == {"to"}


@pytest.mark.parametrize("address", ["ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL"])
def test_a_redirect_to_something_else_than_the_web_is_not_followed(server, address):
    assert visit(server.url(f"/to/{quote(address, safe='')}")).found is not Found.FINE
    assert len(server.asked) == 1


def test_our_own_site_may_stand_where_it_likes(settings):
    with web_server() as server:
        settings.BASE_URL = server.url("")
        assert visit(server.url("/status/200")) == Visit(Found.FINE)


@pytest.mark.parametrize(
    "address", ["http://", "https://exa mple.org/", "http://[::1", "http://a..b/", "https://x:99999/"]
)
def test_what_is_no_address_is_dead(address):
    assert visit(address).found is Found.DEAD


def test_strange_letters_in_a_path_do_no_harm(server):
    assert visit(server.url("/fine/ñandú and%20more?q=“a b”#part")) == Visit(Found.FINE)
    assert server.asked[0][1] == "/fine/%C3%B1and%C3%BA%20and%20more?q=%E2%80%9Ca%20b%E2%80%9D"
    assert visit(server.url("/fine/\r\nX-Evil: 1")).found is not Found.DEAD
    assert all("X-Evil" not in agent for _, _, agent in server.asked)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("64:ff9b::808:808", True),  # 8.8.8.8, from a network that has IPv6 only
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert visiting.is_public(address) is public


class NameService(threading.Thread):
    """A name server of this machine's own, which knows the root of all names, if it is not cut off, and no other."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.is_cut_off = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    def run(self) -> None:
        while True:
            try:
                data, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if not data:
                return
            question = dns.message.from_wire(data)
            answer = dns.message.make_response(question)
            if question.question[0].name == dns.name.root and not self.is_cut_off:
                answer.answer.append(dns.rrset.from_text(".", 60, "IN", "NS", "a.root-servers.net."))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self.socket.sendto(answer.to_wire(), client)


@pytest.fixture
def name_service(monkeypatch) -> Iterator[NameService]:
    service = NameService()
    service.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], service.socket.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    yield service
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", ("127.0.0.1", resolver.port))
    service.join(5)
    service.socket.close()


def test_a_name_that_does_not_exist_is_dead(name_service):
    expected = Visit(Found.DEAD, "leads to no-such-union.invalid, and there is no such site")
    assert visit("https://no-such-union.invalid/") == expected


def test_a_name_service_that_is_cut_off_and_denies_every_name_tells_nothing(name_service):
    name_service.is_cut_off = True
    assert visit("https://no-such-union.invalid/") == Visit(Found.UNKNOWN, "could not be reached over the network")


def test_where_the_name_service_cannot_be_reached_nothing_is_known(name_service, monkeypatch):
    monkeypatch.setattr(visiting, "DNS_TIMEOUT", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        dns.resolver.default_resolver.port = silent.getsockname()[1]
        assert visit("https://no-such-union.invalid/").found is Found.UNKNOWN
        dns.resolver.default_resolver.port = name_service.socket.getsockname()[1]


def test_a_name_that_is_ours_must_still_be_a_name():
    with pytest.raises(NoWayThere, match="is no web address"):
        visiting.place_of("http:///path")
