"""The domain doctor: each finding from real records, a real server and a real certificate; silence is never good."""

import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members import domain_doctor, newsletter
from members.domain_doctor import Level, letters, records, site
from members.models import DomainCheck
from tests import nameserver
from tests.csan.test_domains import RECEIVED, rsa
from tests.members.factories import IssueFactory, StaffFactory
from tests.processes import ROOT, environment

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = {
    ("csan.example.org", "TXT"): ['"v=spf1 include:spf.mtasv.net ~all"'],
    ("spf.mtasv.net", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    ("pm._domainkey.csan.example.org", "TXT"): [nameserver.text(f"v=DKIM1; k=rsa; p={rsa(2048)}")],
    ("_dmarc.csan.example.org", "TXT"): ['"v=DMARC1; p=none; rua=mailto:dmarc@csan.example.org"'],
    ("csan.example.org", "MX"): ["10 mx.csan.example.org."],
}


@pytest.fixture(autouse=True)
def our_domain(settings):
    settings.DEFAULT_FROM_EMAIL = "CSAN <action@csan.example.org>"
    settings.MAIL_DOMAIN = "csan.example.org"
    settings.CONTACT_EMAIL = "action@csan.example.org"
    settings.MAIL_DKIM_SELECTORS = ["pm"]
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"


def found(step, settings, **changes):
    """What a step says, with some records changed: None takes one away."""
    names = {"spf": "csan.example.org", "dkim": "pm._domainkey.csan.example.org", "dmarc": "_dmarc.csan.example.org"}
    zone = dict(GOOD)
    for name, texts in changes.items():
        kind = "MX" if name == "mx" else "TXT"
        zone[names.get(name, "csan.example.org"), kind] = texts or []
    with nameserver.running(zone) as settings.DNS_SERVER:
        return [(each.level, each.what) for each in step(records.Names())]


def levels(step, settings, **changes):
    return [level for level, _ in found(step, settings, **changes)]


def test_a_domain_in_order_is_good_in_everything(settings):
    for step in (records.spf, records.dkim, records.dmarc, records.mail_hosts):
        assert set(levels(step, settings)) == {Level.GOOD}


@pytest.mark.parametrize(
    ("texts", "level", "words"),
    [
        (None, Level.BAD, "There is no SPF record."),
        (['"v=spf1 -all"', '"v=spf1 ~all"'], Level.BAD, "There are 2 SPF records; then none counts."),
        (['"v=spf1 include:spf.mtasv.net +all"'], Level.BAD, "anybody may send in our name"),
        (['"v=spf1 a -all"'], Level.WARNING, "does not name our mail service (spf.mtasv.net)"),
        (["SERVFAIL"], Level.UNKNOWN, "Could not check"),
    ],
)
def test_spf_is_judged(settings, texts, level, words):
    first, what = found(records.spf, settings, spf=texts)[0]
    assert first == level
    assert words in what


def test_more_than_ten_lookups_are_wrong(settings):
    many = " ".join(f"a:h{number}.example.org" for number in range(10))
    assert levels(records.spf, settings, spf=[f'"v=spf1 include:spf.mtasv.net {many} ~all"']) == [
        Level.GOOD, Level.BAD,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (None, Level.BAD),
        ("v=DKIM1; p=", Level.BAD),
        ("v=DKIM1; p=AAAA", Level.BAD),
        (f"v=DKIM1; p={rsa(512)}", Level.BAD),
        (f"v=DKIM1; p={rsa(1024)}", Level.WARNING),
        (f"v=DKIM1; t=y; p={rsa(2048)}", Level.WARNING),
    ],
)
def test_dkim_keys_are_judged(settings, text, level):
    assert levels(records.dkim, settings, dkim=[nameserver.text(text)] if text else None) == [level]


def test_without_selectors_dkim_is_not_called_good(settings):
    settings.MAIL_DKIM_SELECTORS = []
    assert levels(records.dkim, settings) == [Level.WARNING]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (None, [Level.BAD]),
        (['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"'], [Level.BAD]),
        (['"v=DMARC1; p=maybe"'], [Level.BAD, Level.GOOD, Level.WARNING]),
        (['"v=DMARC1; p=reject"'], [Level.GOOD, Level.GOOD, Level.WARNING]),
    ],
)
def test_dmarc_is_judged(settings, texts, expected):
    assert levels(records.dmarc, settings, dmarc=texts) == expected


def test_the_record_of_the_organization_holds_for_its_subdomains(settings):
    zone = {("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=reject; sp=none; rua=mailto:x@example.org"']}
    with nameserver.running(zone) as settings.DNS_SERVER:
        first = next(records.dmarc(records.Names()))
    assert (first.level, first.what) == (Level.GOOD, "There is one record at _dmarc.example.org; it says p=none.")


def test_a_foreign_domain_of_letters_is_not_aligned(settings):
    settings.MAIL_DOMAIN = "elsewhere.example.net"
    assert Level.BAD in levels(records.dmarc, settings)


def test_answers_must_reach_somebody(settings):
    assert levels(records.mail_hosts, settings, mx=["0 ."]) == [Level.BAD]
    settings.CONTACT_EMAIL = "desk@union.example.org"
    assert levels(records.mail_hosts, settings, mx=None) == [Level.WARNING, Level.BAD]


class Answers(BaseHTTPRequestHandler):
    """Answers every POST as the test wants it."""

    status, words, location = 404, "", ""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(type(self).status)
        if type(self).location:
            self.send_header("Location", type(self).location)
        self.end_headers()
        self.wfile.write(type(self).words.encode())

    def log_message(self, *args):
        pass


@contextmanager
def web(status=404, words="Page not found – CSAN", location=""):
    handler = type("Handler", (Answers,), {"status": status, "words": words, "location": location})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ({}, Level.GOOD),
        ({"words": "nginx"}, Level.BAD),
        ({"status": 403}, Level.BAD),
        ({"status": 200}, Level.BAD),
        ({"status": 503}, Level.WARNING),
        ({"status": 301, "location": "http://elsewhere.example.org/"}, Level.BAD),
    ],
)
def test_the_way_out_must_answer_a_mail_program_itself(settings, answer, level):
    with web(**answer) as settings.BASE_URL:
        (finding,) = site.leaving()
    assert finding.level == level


def test_our_own_program_answers_the_probe_as_the_doctor_wants_it(client, settings):
    page = client.post(f"/unsubscribe/{site.PROBE}/", site.ONE_CLICK)
    assert page.status_code == 404
    assert settings.SITE_SHORT_NAME in page.content.decode()


def test_a_site_that_cannot_be_reached_is_not_called_good(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.BASE_URL = f"https://127.0.0.1:{closed.getsockname()[1]}"
        assert [finding.level for finding in (*site.address(), *site.leaving())] == [
            Level.GOOD, Level.UNKNOWN, Level.UNKNOWN,
        ]  # fmt: skip


def test_links_without_https_are_wrong(settings):
    settings.BASE_URL = "http://csan.example.org"
    assert [finding.level for finding in site.address()] == [Level.BAD]


@contextmanager
def secure(folder, days):
    """A TLS server with a fresh certificate of its own for localhost, good for so many days."""
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
        "-days", str(days), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
    ]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            try:
                line, _ = listener.accept()
                with line, context.wrap_socket(line, server_side=True) as talk:
                    talk.recv(1)
            except OSError:
                pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(("days", "level"), [(60, Level.GOOD), (5, Level.BAD)])
def test_a_certificate_must_last_two_weeks(tmp_path, settings, monkeypatch, days, level):
    with secure(tmp_path, days) as settings.BASE_URL:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert [finding.level for finding in site.address()] == [Level.GOOD, level]


def test_a_certificate_that_nobody_believes_is_wrong(tmp_path, settings):
    with secure(tmp_path, 60) as settings.BASE_URL:
        assert [finding.level for finding in site.address()] == [Level.GOOD, Level.BAD]


def test_the_newest_test_letter_is_looked_at(settings):
    assert [finding.level for finding in letters.newest_test()] == [Level.UNKNOWN]
    newsletter.send_test(issue=IssueFactory(), by=StaffFactory())
    assert [finding.what for finding in letters.newest_test()] == ["List-Unsubscribe has no HTTPS address."]
    settings.BASE_URL = "https://csan.example.org"
    assert [finding.level for finding in letters.newest_test()] == [Level.GOOD]


def test_a_letter_as_it_arrived():
    judged = {finding.title: finding.level for finding in letters.received(RECEIVED)}
    assert judged == {
        "SPF, as received": Level.BAD,
        "DKIM, as received": Level.GOOD,
        "DMARC, as received": Level.GOOD,
        "What the signature covers": Level.GOOD,
        "Leaving, as it arrived": Level.BAD,
    }


def test_a_signature_that_leaves_the_way_out_uncovered_is_wrong():
    text = RECEIVED.replace("List-Unsubscribe:\n  List-Unsubscribe-Post;", "List-Id;")
    judged = {finding.title: finding.what for finding in letters.received(text)}
    assert "does not cover list-unsubscribe and list-unsubscribe-post" in judged["What the signature covers"]
    unsigned = RECEIVED.replace("DKIM-Signature", "X-Signature")
    assert "The letter is not signed." in [finding.what for finding in letters.received(unsigned)]


def test_without_headers_nothing_is_called_good():
    assert [finding.level for finding in letters.received("Dear friends,\n\nhello")] == [Level.UNKNOWN]
    without = letters.received("From: action@csan.example.org\n\n")
    assert Level.GOOD not in [finding.level for finding in without]


def test_a_round_is_asked_for_once_and_done_by_a_worker(settings):
    staff = StaffFactory()
    first = domain_doctor.ask(by=staff)
    assert domain_doctor.ask(by=staff) == first
    with nameserver.running(GOOD) as settings.DNS_SERVER, web() as settings.BASE_URL:
        assert domain_doctor.examine_waiting() is True
        assert domain_doctor.examine_waiting() is False
    done = domain_doctor.last(DomainCheck.Kind.NETWORK)
    assert (done, done.status, done.steps_done) == (first, "done", 7)
    assert {finding["level"] for finding in done.findings} == {"good", "bad", "unknown"}  # no HTTPS, no test letter


def test_a_round_without_any_network_says_only_that_it_could_not_look(settings):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        settings.DNS_SERVER = f"127.0.0.1:{silent.getsockname()[1]}"
        settings.BASE_URL = "https://127.0.0.1:9"
        domain_doctor.ask(by=StaffFactory())
        process = subprocess.run(
            [
                sys.executable,
                "-c",
                "import django; django.setup(); from csan.lib import names; names.PATIENCE = 0.3; "
                "from members import domain_doctor; domain_doctor.examine_waiting()",
            ],
            cwd=ROOT,
            env=environment(
                DNS_SERVER=settings.DNS_SERVER, BASE_URL=settings.BASE_URL, MAIL_DKIM_SELECTORS="pm", CONTACT_EMAIL=""
            ),
            check=False,
        )
    assert process.returncode == 0
    findings = {finding["title"]: finding["level"] for finding in DomainCheck.objects.get().findings}
    assert findings.pop("Links in letters") == "good"  # their words, which need no network
    assert set(findings.values()) == {"unknown"}


def test_a_round_whose_worker_died_is_begun_again_and_the_slow_one_is_fenced_off():
    check = domain_doctor.ask(by=StaffFactory())
    DomainCheck.objects.update(status="running", started_at=timezone.now() - timedelta(minutes=6))
    assert domain_doctor.recover() is True
    check.refresh_from_db()
    assert (check.status, check.started_at) == ("queued", None)


def test_old_rounds_are_deleted():
    domain_doctor.judge(text=RECEIVED, by=StaffFactory())
    assert domain_doctor.forget() == 0
    DomainCheck.objects.update(asked_at=timezone.now() - timedelta(days=181))
    assert domain_doctor.forget() == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"kind": "else"}, "members_domaincheck_kind"),
        ({"status": "lost", "started_at": timezone.now()}, "members_domaincheck_status"),
        ({"status": "running"}, "members_domaincheck_started"),
        ({"status": "done", "started_at": timezone.now()}, "members_domaincheck_checked"),
    ],
)
def test_the_database_keeps_a_round_whole(changes, name):
    check = DomainCheck.objects.create()
    with pytest.raises(IntegrityError, match=name):
        DomainCheck.objects.filter(pk=check.pk).update(**changes)


def test_one_round_is_at_work_at_a_time():
    DomainCheck.objects.create()
    with pytest.raises(IntegrityError, match="members_domaincheck_one_at_work"), transaction.atomic():
        DomainCheck.objects.create()
