"""Reading SPF, DKIM, DMARC and what a receiver wrote; asking a name server, and what its silence means."""

import base64
import socket

import pytest

from csan.lib.domains import (
    dmarc_records,
    is_aligned,
    organizational,
    parse_dkim,
    parse_spf,
    read_headers,
    spf_records,
)
from csan.lib.names import CouldNotAsk, Names, count_lookups
from tests import nameserver


def element(tag, body):
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


def rsa(bits, bare=False):
    """A public key of so many bits as DNS has it."""
    modulus = element(0x02, b"\0" + (1 << (bits - 1) | 1).to_bytes(bits // 8, "big"))
    key = element(0x30, modulus + element(0x02, b"\x01\x00\x01"))
    algorithm = element(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    whole = key if bare else element(0x30, algorithm + element(0x03, b"\0" + key))
    return base64.b64encode(whole).decode()


def test_an_spf_record_is_read_in_its_parts():
    record = parse_spf("v=spf1 ip4:192.0.2.0/24 a mx/24 Include:spf.mtasv.net ?exists:%{i}.example.org ~all")
    assert (record.includes, record.all, record.lookups) == (("spf.mtasv.net",), "~all", 4)
    other = parse_spf("v=spf1 redirect=_spf.example.org exp=why.example.org")
    assert (other.redirect, other.all, other.lookups) == ("_spf.example.org", "", 1)


@pytest.mark.parametrize(("text", "end"), [("v=spf1 all", "+all"), ("v=spf1 +all", "+all"), ("v=spf1 -all", "-all")])
def test_the_end_of_a_record_says_what_of_all_others(text, end):
    assert parse_spf(text).all == end


def test_other_texts_are_no_spf_record():
    assert spf_records(["google-site-verification=x", "v=spf10 all", "V=SPF1 -all"]) == [parse_spf("v=spf1 -all")]


@pytest.mark.parametrize("bits", [512, 1024, 2048, 4096])
@pytest.mark.parametrize("bare", [True, False])
def test_the_length_of_a_key_is_read_from_the_key_itself(bits, bare):
    key = parse_dkim(f"v=DKIM1; k=rsa; p={rsa(bits, bare)}")
    assert (key.bits, key.kind, key.is_revoked, key.is_testing) == (bits, "rsa", False, False)


@pytest.mark.parametrize(
    ("text", "bits", "revoked"),
    [
        ("v=DKIM1; p=", 0, True),
        ("v=DKIM1; p=not base64!", 0, False),
        (f"p={rsa(2048)[:200]}", 0, False),
        ("v=DKIM1; p=AAAA", 0, False),
        (f"k=ed25519; p={base64.b64encode(b'x' * 32).decode()}", 256, False),
        (f"k=ed25519; p={base64.b64encode(b'x' * 31).decode()}", 0, False),
    ],
)
def test_keys_that_are_withdrawn_or_broken_are_told_apart(text, bits, revoked):
    key = parse_dkim(text)
    assert (key.bits, key.is_revoked) == (bits, revoked)


def test_what_is_no_key_record_is_none():
    assert parse_dkim("v=spf1 -all") is None
    assert parse_dkim("v=DKIM2; p=abc") is None
    assert parse_dkim("v=DKIM1; t=y:s; p=").is_testing


def test_a_dmarc_record_is_read_in_its_parts():
    (record,) = dmarc_records(["v=DMARC1; p=Reject; rua=mailto:a@x.org, mailto:b@x.org; adkim=s", "v=DMARC1x; p=none"])
    assert (record.policy, record.subdomain_policy, record.strict_dkim, record.strict_spf) == (
        "reject", "reject", True, False,
    )  # fmt: skip
    assert record.reports_to == ("mailto:a@x.org", "mailto:b@x.org")


@pytest.mark.parametrize(
    ("one", "other", "strict", "same"),
    [
        ("example.org", "example.org", True, True),
        ("mail.example.org", "example.org", False, True),
        ("mail.example.org", "example.org", True, False),
        ("example.org", "example.net", False, False),
        ("a.co.uk", "b.co.uk", False, False),
        ("", "example.org", False, False),
    ],
)
def test_domains_are_aligned_by_who_registered_them(one, other, strict, same):
    assert is_aligned(one, other, strict=strict) is same


def test_the_registered_domain():
    assert [organizational(name) for name in ("news.union.example.org", "x.union.org.mx")] == [
        "example.org", "union.org.mx",
    ]  # fmt: skip


RECEIVED = """\
Delivered-To: maria@gmail.example
Authentication-Results: mx.google.example;
       dkim=pass header.i=@csan.example.org header.s=pm header.b=AbC;
       dkim=fail (bad; dmarc=pass) header.i=@pm.example;
       spf=softfail (google: domain of x) smtp.mailfrom=bounce@pm.example;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=csan.example.org
Authentication-Results: forged.example; spf=pass; dkim=pass
DKIM-Signature: v=1; a=rsa-sha256; d=csan.example.org; s=pm;
 h=From:To:Subject:List-Unsubscribe:
  List-Unsubscribe-Post; bh=x; b=y
DKIM-Signature: v=1; d=pm.example; h=from:list-id; b=z
From: Customer Service Action Network <action@csan.example.org>
List-Unsubscribe: <https://csan.example.org/unsubscribe/x/>

Body: not a header
"""


def test_a_received_letter_is_read_as_its_receiver_judged_it():
    letter = read_headers(RECEIVED)
    assert letter.results == {"dkim": "pass", "spf": "softfail", "dmarc": "pass"}
    assert (letter.from_domain, letter.signers) == ("csan.example.org", ("csan.example.org", "pm.example"))
    assert letter.signed == {"from", "to", "subject", "list-unsubscribe", "list-unsubscribe-post"}
    assert letter.headers["list-unsubscribe"] == "<https://csan.example.org/unsubscribe/x/>"
    assert "body" not in letter.headers


@pytest.mark.parametrize("text", ["", "hello", ":::", "\0\0", "From\n\nx", "Authentication-Results:"])
def test_what_is_no_header_says_nothing(text):
    letter = read_headers(text)
    assert (letter.results, letter.from_domain) == ({}, "")


def test_a_name_server_is_asked_once_and_long_texts_are_put_together(settings):
    long = f"v=DKIM1; p={rsa(2048)}"
    records = {
        ("k._domainkey.example.org", "TXT"): [nameserver.text(long)],
        ("example.org", "MX"): ["10 mx.example.org.", "20 mx2.example.org."],
        ("none.example.org", "MX"): ["0 ."],
        ("mx.example.org", "A"): ["192.0.2.1"],
    }
    with nameserver.running(records) as settings.DNS_SERVER:
        names = Names()
        assert names.texts("k._domainkey.example.org") == [long]
        records.clear()
        assert names.texts("k._domainkey.example.org") == [long]
    with nameserver.running({**records, ("none.example.org", "MX"): ["0 ."]}) as settings.DNS_SERVER:
        assert Names().mail_hosts("none.example.org") == ["."]
        assert Names().texts("nothing.example.org") == []


def test_a_server_that_fails_or_is_silent_is_no_answer(settings, monkeypatch):
    with nameserver.running({("example.org", "TXT"): ["SERVFAIL"]}) as settings.DNS_SERVER, pytest.raises(CouldNotAsk):
        Names().texts("example.org")
    monkeypatch.setattr("csan.lib.names.PATIENCE", 0.3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        settings.DNS_SERVER = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(CouldNotAsk):
            Names().texts("example.org")


def test_lookups_are_counted_through_everything_that_is_included(settings):
    records = {
        ("a.example.org", "TXT"): ['"v=spf1 a mx include:b.example.org -all"'],
        ("b.example.org", "TXT"): ['"v=spf1 include:c.example.org redirect=d.example.org"'],
        ("c.example.org", "TXT"): ['"v=spf1 ip4:192.0.2.1 exists:x.example.org -all"'],
        ("d.example.org", "TXT"): ['"v=spf1 include:a.example.org ~all"'],
    }
    with nameserver.running(records) as settings.DNS_SERVER:
        names = Names()
        (record,) = spf_records(names.texts("a.example.org"))
        assert count_lookups(names, record, frozenset({"a.example.org"})) == 7
