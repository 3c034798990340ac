"""What an item says that takes an offer as it is, and what has changed of the offer since."""

from csan.lib import rich
from csan.lib.offers import Offer
from members.models import IssueItem

PARTS = {
    "other words": ("heading", "body"),
    "other words in Spanish": ("heading_es", "body_es"),
    "another link": ("link",),
}


def words_of(offer: Offer) -> dict[str, str]:
    """By field of the item."""
    return {
        "heading": offer.heading["en"],
        "heading_es": offer.heading.get("es", ""),
        "body": rich.of_plain(offer.words["en"]),
        "body_es": rich.of_plain(offer.words.get("es", "")),
        "link": offer.url,
    }


def changes_of(item: IssueItem, offer: Offer) -> list[str]:
    """What the offer has now that the draft did not take. What staff wrote in its place is theirs: nothing then."""
    if item.is_edited or not item.is_suggested:
        return []
    now = words_of(offer)
    return [
        what for what, names in PARTS.items() if any(_read(getattr(item, name)) != _read(now[name]) for name in names)
    ]


def _read(words: str) -> str:
    """As a reader sees them, whatever the HTML around them."""
    return " ".join(rich.to_plain(words).split())
