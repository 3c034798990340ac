"""What we know of the domain of an address; the list is edited by staff."""

from csan.lib.remembering import remembered
from members.models import MailDomain

KEPT = 60  # seconds that a change by staff may take to be seen by every web process


def is_employers(email: str) -> bool:
    """Whether an employer may read what comes to this address."""
    return _kind_of(email) == MailDomain.Kind.EMPLOYER


def is_disposable(email: str) -> bool:
    """Whether the mailbox is one of those that are thrown away after use."""
    return _kind_of(email) == MailDomain.Kind.DISPOSABLE


def _kind_of(email: str) -> str:
    """The kind of the address's domain, or of the nearest one above it; "" where we know of none."""
    known = _known()
    parts = email.rpartition("@")[2].split(".")
    domains = (".".join(parts[at:]) for at in range(len(parts)))
    return next((known[domain] for domain in domains if domain in known), "")


@remembered(KEPT)
def _known() -> dict[str, str]:
    return dict(MailDomain.objects.values_list("domain", "kind"))
