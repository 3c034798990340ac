"""What stands on our letters: on the newest test as we make it, and on one as it arrived.

RFC 8058 asks for List-Unsubscribe with an HTTPS address, List-Unsubscribe-Post, and a DKIM signature over both;
RFC 2919 names the list by List-Id.
"""

import re
from collections.abc import Iterator

from csan.lib.domains import Judgement, is_aligned, read_headers
from members.domain_doctor.findings import Finding, bad, from_domain, good, unknown, warning
from members.models import Rendition
from members.outbox.renditions import generic_letter

LEAVING = ("list-unsubscribe", "list-unsubscribe-post")
NAMES = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC"}
FIXES = {
    "spf": "See what this page says of SPF; the mail service must be named there.",
    "dkim": "Let the mail service sign with our domain, and see what this page says of its keys.",
    "dmarc": "SPF or DKIM must pass for the very domain that stands in From.",
}


def newest_test() -> Iterator[Finding]:
    """The headers of the test letter that was made last."""
    title = "Headers of the last test letter"
    rendition = Rendition.objects.filter(is_test=True).order_by("-pk").first()
    if rendition is None:
        yield unknown(title, "no test of an issue was sent yet")
        return
    headers = {name.lower(): value for name, value in generic_letter(rendition).headers.items()}
    yield _leaving(title, headers)


def _leaving(title: str, headers: dict[str, str]) -> Finding:
    links = re.findall(r"<(https?)://", headers.get("list-unsubscribe", ""))
    if links != ["https"]:
        what = "List-Unsubscribe has no HTTPS address." if links else "List-Unsubscribe is missing."
        return bad(title, what, "Set BASE_URL to an address with https://, or see what took the header away.")
    if headers.get("list-unsubscribe-post", "").replace(" ", "") != "List-Unsubscribe=One-Click":
        return bad(title, "List-Unsubscribe-Post is missing or changed.", "See what took the header away.")
    if "list-id" not in headers:
        return bad(title, "List-Id is missing.", "See what took the header away.")
    return good(title, "List-Unsubscribe, List-Unsubscribe-Post and List-Id are there.")


def received(text: str) -> list[Finding]:
    """What a receiver made of a letter of ours, by the headers that staff pasted."""
    letter = read_headers(text)
    if not letter.headers or "from" not in letter.headers:
        return [
            unknown("Headers of the received letter", "no headers were found in what was pasted; From: must be there")
        ]
    return [*_verdicts(letter), *_signatures(letter), _leaving("Leaving, as it arrived", dict(letter.headers))]


def _verdicts(letter: Judgement) -> Iterator[Finding]:
    if not is_aligned(letter.from_domain, from_domain(), strict=True):
        yield warning(
            "From",
            f"The letter is from {letter.from_domain or 'nobody'}, our letters from {from_domain()}.",
            "Paste the headers of a letter of ours.",
        )
    if not letter.results:
        yield unknown("How the receiver judged", "there is no Authentication-Results header")
        return
    for method, name in NAMES.items():
        verdict = letter.results.get(method, "")
        if verdict == "pass":
            yield good(f"{name}, as received", "It passed.")
        elif verdict in ("temperror", ""):
            yield unknown(f"{name}, as received", "the receiver could not tell, or did not say")
        else:
            yield bad(f"{name}, as received", f"The receiver says “{verdict}”.", FIXES[method])


def _signatures(letter: Judgement) -> Iterator[Finding]:
    title = "What the signature covers"
    if not letter.signers:
        yield bad(title, "The letter is not signed.", FIXES["dkim"])
    elif not letter.signed:
        yield bad(title, f"It is signed by {', '.join(letter.signers)}, not by our domain.", FIXES["dkim"])
    elif missing := [name for name in LEAVING if name not in letter.signed]:
        yield bad(
            title,
            f"It does not cover {' and '.join(missing)}, so Gmail shows no button to leave.",
            "Ask the mail service to sign these headers, too (RFC 8058, 4).",
        )
    else:
        yield good(title, "It covers the headers for leaving.")
