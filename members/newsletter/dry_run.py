"""The letters that an issue would be if it were frozen now: rendered, looked at, and not saved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from csan.lib.mail import BrokenSkeleton, Skeleton
from csan.lib.urls import absolute
from members.models import Issue, IssueItem, Rendition
from members.newsletter import audiences, links
from members.newsletter.audiences import TooManyVariants, UnknownAudience
from members.newsletter.contents import items_of, languages
from members.newsletter.rendering import Unsendable, render
from members.outbox.renditions import HOLES, generic_letter


@dataclass
class DryRun:
    """What came of it: the letters with their links as they are, and what stood in the way of others."""

    issue: Issue
    items: list[IssueItem]
    letters: list[Rendition] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)  # UnknownAudience, TooManyVariants, Unsendable
    variants: set[str] | None = None  # that somebody would get, where that can be told

    def is_seen_by_nobody(self, item: IssueItem) -> bool:
        """Whether an item is for some, and there are none."""
        if self.variants is None or not item.is_for_some:
            return False
        bits = audiences.bits_of(self.issue, self.items)
        return not any(audiences.is_seen(item, bits, variant) for variant in self.variants)

    @property
    def urls(self) -> list[str]:
        """Where the letters lead, in the order in which readers meet it, and that only a visit can tell about.

        What our own rows tell is not among it: posts in the issue, and its own page, which is there once it goes out.
        """
        known = {absolute(entry["url"]) for letter in self.letters for entry in _entries(letter) if entry["kind"]}
        found = chain.from_iterable(links.urls_in(self.issue, letter.html) for letter in self.letters)
        return [url for url in dict.fromkeys(found) if url not in known]


def dry_run(issue: Issue) -> DryRun:
    """Render the issue for everybody who would get it, and in every language for readers to come."""
    run = DryRun(issue, items_of(issue))
    try:
        wanted = _pairs(run.items)
        run.variants = {variant for _, variant in wanted}
    except (UnknownAudience, TooManyVariants) as error:
        run.faults.append(error)
        wanted = _largest(issue, run.items)
    for language, variant in wanted:
        try:
            letter = render(issue, language, variant)
            _try_to_build(letter)
            run.letters.append(letter)
        except Unsendable as error:
            run.faults.append(error)
    return run


def _pairs(items: Sequence[IssueItem]) -> list[tuple[str, str]]:
    """Language and variant of each letter, as freezing takes them. Raises UnknownAudience, TooManyVariants."""
    plain = [(language, audiences.PLAIN) for language in languages()]
    if not audiences.for_some(items):
        return plain  # without asking about every reader
    return list(dict.fromkeys([*plain, *audiences.needed(items)]))


def _largest(issue: Issue, items: Sequence[IssueItem]) -> list[tuple[str, str]]:
    """Where it cannot be told who gets what: the plain letters, and those with everything."""
    variants = dict.fromkeys([audiences.PLAIN, audiences.everything(issue, items)])
    return [(language, variant) for language in languages() for variant in variants]


def _try_to_build(letter: Rendition) -> None:
    """Make the bytes that everybody's copy would be cut from. Raises Unsendable."""
    try:
        Skeleton.of(generic_letter(letter), holes=HOLES)
    except BrokenSkeleton as error:
        raise Unsendable(str(error)) from error


def _entries(letter: Rendition) -> list[dict[str, str]]:
    return [entry for part in letter.contents["parts"] for entry in part["entries"]]
