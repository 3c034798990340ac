"""What DNS says of our domains: SPF, DKIM, DMARC, and who takes the answers.

The rules are those for senders of many letters: SPF and DKIM pass, DMARC at least p=none and aligned (Google and Yahoo
since February 2024; Microsoft since May 2025, else 550 5.7.515), a Reply-To that somebody reads.
"""

from collections.abc import Iterator

from django.conf import settings

from csan.lib.domains import (
    LEAST_BITS,
    MOST_LOOKUPS,
    Dmarc,
    dmarc_records,
    is_aligned,
    organizational,
    parse_dkim,
    spf_records,
)
from csan.lib.names import CouldNotAsk, Names, count_lookups
from members.domain_doctor.findings import Finding, bad, domain_of, from_domain, good, unknown, warning

GOOD_BITS = 2048
# What each mail service asks its customers to include; by the name of its django-anymail backend.
SERVICE_SPF = {
    "amazon_ses": "amazonses.com",
    "brevo": "spf.brevo.com",
    "mailersend": "_spf.mailersend.net",
    "mailgun": "mailgun.org",
    "mailjet": "spf.mailjet.com",
    "mandrill": "spf.mandrillapp.com",
    "postmark": "spf.mtasv.net",
    "resend": "amazonses.com",
    "sendgrid": "sendgrid.net",
    "sparkpost": "sparkpostmail.com",
}


def spf(names: Names) -> Iterator[Finding]:
    """Exactly one record, which names our mail service, and costs a receiver at most ten look-ups."""
    title, domain = f"SPF of {from_domain()}", from_domain()
    try:
        found = spf_records(names.texts(domain))
    except CouldNotAsk as error:
        yield unknown(title, str(error))
        return
    wanted = service_spf()
    include = f" include:{wanted}" if wanted else " …"
    if not found:
        yield bad(title, "There is no SPF record.", f"Add a TXT record to {domain}: v=spf1{include} ~all")
        return
    if len(found) > 1:
        yield bad(title, f"There are {len(found)} SPF records; then none counts.", "Join them into one TXT record.")
        return
    (record,) = found
    if record.all == "+all":
        yield bad(title, "The record ends in +all: anybody may send in our name.", "End it in ~all.")
    elif wanted and wanted not in record.includes and not record.redirect:
        yield warning(
            title,
            f"There is one record, but it does not name our mail service ({wanted}).",
            f"Add include:{wanted} to it, unless its bounces go to a domain of its own; then DKIM must pass.",
        )
    else:
        yield good(title, "There is one record" + (f", and it names our mail service ({wanted})." if wanted else "."))
    yield _spf_cost(names, domain)


def _spf_cost(names: Names, domain: str) -> Finding:
    title = "Look-ups of SPF"
    try:
        (record,) = spf_records(names.texts(domain))
        count = count_lookups(names, record, frozenset({domain}))
    except CouldNotAsk as error:
        return unknown(title, str(error))
    if count > MOST_LOOKUPS:
        return bad(
            title,
            f"A receiver needs {count} look-ups and gives up after {MOST_LOOKUPS}, so SPF fails.",
            "Take services out of the record that send nothing in our name any more.",
        )
    return good(title, f"A receiver needs {count} look-ups of the {MOST_LOOKUPS} it allows.")


def service_spf() -> str:
    """What our mail service wants included; empty where we send by SMTP or do not know it."""
    backend = str(settings.EMAIL_BACKEND)
    return SERVICE_SPF.get(backend.split(".")[2], "") if backend.startswith("anymail.backends.") else ""


def dkim(names: Names) -> Iterator[Finding]:
    """Each selector has a key that is whole, not withdrawn, and long enough (RFC 8301)."""
    if not settings.MAIL_DKIM_SELECTORS:
        yield warning(
            "DKIM",
            "Nobody has told the program where our keys stand, so they could not be looked at.",
            "Set MAIL_DKIM_SELECTORS to the selectors that the mail service shows beside our domain, such as pm.",
        )
    for selector in settings.MAIL_DKIM_SELECTORS:
        place = f"{selector}._domainkey.{from_domain()}"
        try:
            yield _dkim_key(f"DKIM key “{selector}”", place, names.texts(place))
        except CouldNotAsk as error:
            yield unknown(f"DKIM key “{selector}”", str(error))


def _dkim_key(title: str, place: str, texts: list[str]) -> Finding:
    keys = [key for text in texts if (key := parse_dkim(text))]
    if not keys:
        return bad(title, f"There is no key at {place}.", "Copy the TXT or CNAME record from the mail service's page.")
    key = keys[0]
    if key.is_revoked:
        return bad(title, "The key is withdrawn (its p= is empty).", "Make a new one at the mail service.")
    if not key.bits:
        return bad(title, "The key cannot be read; a part of it may be missing.", "Copy the record anew, all of it.")
    if key.kind == "rsa" and key.bits < LEAST_BITS:
        return bad(title, f"The key has {key.bits} bits; receivers ask for {LEAST_BITS}.", "Make a longer one.")
    if key.is_testing:
        return warning(title, "The key says that it is a test (t=y).", "Take t=y out of the record.")
    if key.kind == "rsa" and key.bits < GOOD_BITS:
        return warning(title, f"The key has {key.bits} bits, which is enough today.", f"Better: {GOOD_BITS} bits.")
    return good(title, f"The key is whole ({key.kind}, {key.bits} bits).")


def dmarc(names: Names) -> Iterator[Finding]:
    """A record that holds for our From domain, aligned with whoever signs, with somebody who reads the reports."""
    domain, title = from_domain(), f"DMARC of {from_domain()}"
    try:
        place, records = _dmarc_of(names, domain)
    except CouldNotAsk as error:
        yield unknown(title, str(error))
        return
    if not records:
        fix = f"Add a TXT record to _dmarc.{organizational(domain)}: v=DMARC1; p=none; rua=mailto:dmarc@{domain}"
        yield bad(title, "There is no DMARC record; large receivers refuse our letters.", fix)
        return
    if len(records) > 1:
        yield bad(title, f"There are {len(records)} DMARC records; then none counts.", "Leave one of them.")
        return
    (record,) = records
    wish = record.policy if place == domain else record.subdomain_policy
    if wish not in ("none", "quarantine", "reject"):
        yield bad(title, f"Its p= says “{wish}”, which is no policy.", "Write p=none, p=quarantine or p=reject.")
    else:
        yield good(title, f"There is one record at _dmarc.{place}; it says p={wish}.")
    yield _alignment(domain, record)
    if record.reports_to:
        yield good("DMARC reports", f"They go to {', '.join(record.reports_to)}.")
    else:
        yield warning(
            "DMARC reports",
            "Nobody gets the reports that tell who sends in our name.",
            "Add rua=mailto: and an address that somebody reads to the record.",
        )


def _dmarc_of(names: Names, domain: str) -> tuple[str, list[Dmarc]]:
    """The records that hold for a domain: its own, else its organization's (RFC 7489, 6.6.3)."""
    places = dict.fromkeys([domain, organizational(domain)])
    for place in places:
        if found := dmarc_records(names.texts(f"_dmarc.{place}")):
            return place, found
    return domain, []


def _alignment(domain: str, record: Dmarc) -> Finding:
    title, ours = "Alignment", settings.MAIL_DOMAIN
    if is_aligned(domain, ours, strict=record.strict_dkim):
        return good(title, f"From ({domain}) and the domain of our letters ({ours}) count as one sender.")
    return bad(
        title,
        f"From ({domain}) and the domain of our letters ({ours}) count as two senders.",
        "Give FROM_EMAIL and MAIL_DOMAIN the same domain, and let the mail service sign with it.",
    )


def mail_hosts(names: Names) -> Iterator[Finding]:
    """Whoever answers a letter reaches somebody: From, and Reply-To where it is another domain."""
    domains = {from_domain(): "From"}
    if settings.CONTACT_EMAIL:
        domains[domain_of(settings.CONTACT_EMAIL)] = "Reply-To"
    for domain, where in domains.items():
        title = f"Answers to {where} ({domain})"
        try:
            hosts = names.mail_hosts(domain)
        except CouldNotAsk as error:
            yield unknown(title, str(error))
            continue
        if hosts and hosts != ["."]:
            yield good(title, f"Mail is taken by {', '.join(sorted(hosts))}.")
        elif where == "From" and len(domains) > 1:
            yield warning(title, "No server takes mail.", "Add an MX record, since bounces and some answers go there.")
        else:
            yield bad(title, "No server takes mail, so answers are lost.", f"Add an MX record to {domain}.")
