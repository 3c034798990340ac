"""Searching the archive: in what each public issue says now, in the language of the page.

PostgreSQL finds and ranks by the stems of words, which stand ready beside each rendition. Only of the issues that are
shown are the words then cut to the places where the search matches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, QuerySet

from csan.lib import rich
from csan.lib.languages import Said
from members.models import PUBLIC, Issue, Rendition
from members.newsletter.contents import Contents

PER_PAGE = 10
MOST_LETTERS = 100  # of a search
CONFIGS = {"en": "english", "es": "spanish"}  # both come with PostgreSQL
BEGIN, END = "\ue000", "\ue001"  # stand around a match; of Unicode's private use, so nobody's text has them
# PostgreSQL would take what stands between the two signs for a tag, and leave it out.
HIDE, SHOW = str.maketrans("<>", "\x02\x03"), str.maketrans("\x02\x03", "<>")
OPTIONS = f'StartSel="{BEGIN}", StopSel="{END}", MaxFragments=2, MinWords=8, MaxWords=24, FragmentDelimiter=" … "'
HEADLINES = """
    SELECT ts_headline(config, words, websearch_to_tsquery(config, %(query)s), %(options)s)
    FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS said (words, place), CAST(%(config)s AS regconfig) AS config
    ORDER BY place
"""


class NoSuchPage(Exception):
    """The search has not so many pages."""


@dataclass(frozen=True)
class Piece:
    """Some words of a snippet, and whether they are what was searched for."""

    words: str
    is_match: bool


@dataclass(frozen=True)
class Found:
    """An issue, and the places in it where the words stand."""

    issue: Issue
    subject: Said
    snippet: list[Piece]


@dataclass(frozen=True)
class SearchPage:
    """Some of the issues that were found; the addresses are query strings, empty where there is no such page."""

    asked: str
    found: list[Found]
    count: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))

    @property
    def url(self) -> str:
        return self._url(self.number)

    @property
    def previous_url(self) -> str:
        return self._url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._url(self.number + 1) if self.number < self.pages else ""

    def _url(self, number: int) -> str:
        return "?" + urlencode({"q": self.asked} | ({"page": number} if number > 1 else {}))


def cleaned(query: str) -> str:
    """What was searched for, as it can be searched and shown; empty where nothing of it can."""
    shown = "".join(c if c.isprintable() else " " for c in query[: MOST_LETTERS * 4])
    return " ".join(shown.split())[:MOST_LETTERS].strip()


def search_issues(query: str, language: str, page: int = 1) -> SearchPage:
    """The public issues that say it, best match first, then the newest. Raises NoSuchPage.

    `query` is cleaned; `"in a row"`, `or` and `-without` work as elsewhere.
    """
    matching = renditions_that_say(query, language)
    result = SearchPage(query, [], matching.count(), page)
    if not 1 <= page <= result.pages:
        raise NoSuchPage
    shown = list(matching[(page - 1) * PER_PAGE : page * PER_PAGE])
    return replace(result, found=snippets(shown, query, language) if shown else [])


def renditions_that_say(query: str, language: str) -> QuerySet[Rendition]:
    """What the archive shows of the issues that match: the newest revision of each."""
    wanted = SearchQuery(query, config=CONFIGS[language], search_type="websearch")
    shown = Rendition.objects.filter(
        issue__in=Issue.objects.public(),
        revision=F("issue__revision"),
        language=language,
        variant=PUBLIC,
        is_test=False,
        stems=wanted,
    )
    ranked = shown.annotate(rank=SearchRank(F("stems"), wanted)).order_by("-rank", "-issue__number")
    return ranked.select_related("issue").only("contents", "issue__number", "issue__frozen_at")


def snippets(renditions: list[Rendition], query: str, language: str) -> list[Found]:
    """The places where the words stand; where they stand only in the subject, how the issue begins."""
    contents = [Contents.of_data(each.contents) for each in renditions]
    values: dict[str, Any] = {
        "config": CONFIGS[language],
        "query": query,
        "options": OPTIONS,
        "texts": [" ".join(filter(None, words_of(each))).translate(HIDE) for each in contents],
    }
    with connection.cursor() as cursor:
        cursor.execute(HEADLINES, values)
        headlines = [row[0].translate(SHOW) for row in cursor.fetchall()]
    rows = zip(renditions, contents, headlines, strict=True)
    return [Found(each.issue, says.headline, list(_pieces(headline))) for each, says, headline in rows]


def words_of(contents: Contents) -> Iterator[str]:
    """What an issue says, as it reads, without the subject."""
    yield rich.words_of(contents.intro)
    for part in contents.parts:
        yield part.heading and f"{part.heading}."
        for entry in part.entries:
            yield from (f"{words}." for words in (entry.title, entry.employer, entry.place, entry.byline) if words)
            yield rich.words_of(entry.body)


def _pieces(headline: str) -> Iterable[Piece]:
    """The words before, within and after each match."""
    for piece in headline.split(BEGIN):
        matched, end, after = piece.rpartition(END)
        if end:
            yield Piece(matched, is_match=True)
        if after:
            yield Piece(after, is_match=False)
