"""The gate on where an issue leads: whole addresses, safe ones, looked at by a worker, and not dead."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Issue, LinkCheck
from members.newsletter import link_checks
from members.newsletter.gate.links import is_whole
from tests.members.factories import IssueItemFactory, PostFactory, StaffFactory
from tests.members.gated import FUND, INTRO, add_words, found, found_by_gate, issue_in_order, words

pytestmark = pytest.mark.django_db


def leading_to(url: str, **values: object) -> Issue:
    """An issue in order, with one more link, in an item."""
    issue = issue_in_order(**values)
    add_words(issue, link=url)
    return issue


def test_a_dead_link_blocks_and_says_why_and_where():
    issue = leading_to("https://example.org/gone")
    found("https://example.org/gone", "dead", detail="leads to a page that is not there (404)")
    (finding,) = found_by_gate(issue)
    expected = "“Call in” has a dead link: https://example.org/gone leads to a page that is not there (404)."
    assert (finding.blocks, finding.words) == (True, expected)
    assert finding.fix_url.endswith(f"#item-{issue.items.get(heading='Call in').pk}")


def test_a_dead_link_in_the_intro_is_mended_in_the_intro():
    issue = issue_in_order()
    found(FUND, "dead", detail="is at an address where nothing answers")
    (finding,) = found_by_gate(issue)
    assert finding.words == f"The intro has a dead link: {FUND} is at an address where nothing answers."
    assert finding.fix_url == reverse("admin:members_issue_compose_words", args=[issue.pk])


def test_a_link_that_nobody_asked_after_blocks():
    issue = leading_to("https://example.org/new")
    (finding,) = found_by_gate(issue)
    assert (finding.blocks, finding.words) == (True, "1 of 2 links is still being looked at.")
    assert finding.fix_url == reverse("admin:members_issue_sending", args=[issue.pk]) + "#links"


def test_links_that_no_worker_has_looked_at_block():
    issue = leading_to("https://example.org/new")
    LinkCheck.objects.all().delete()
    link_checks.ask(issue)
    assert words(found_by_gate(issue)) == [(True, "2 of 2 links are still being looked at.")]


def test_what_could_not_be_checked_blocks_until_somebody_answers_for_it():
    issue = leading_to("https://example.org/shy")
    check = found("https://example.org/shy", "unknown", detail="does not let programs look (403)")
    (finding,) = found_by_gate(issue)
    assert (finding.blocks, finding.words) == (
        True,
        "We could not check a link in “Call in”: https://example.org/shy does not let programs look (403). Open it "
        "yourself; if it is right, accept it beside the checks.",
    )
    assert finding.fix_url.endswith(f"/sending/#link-{check.pk}")
    link_checks.accept(issue=issue, check=check, by=StaffFactory())
    assert found_by_gate(issue) == []


@pytest.mark.parametrize(
    ("state", "expected"), [("fine", []), ("dead", ["link-waiting"]), ("unknown", ["link-waiting"])]
)
def test_while_a_link_is_looked_at_anew_only_what_was_fine_stays_so(state, expected):
    issue = issue_in_order()
    found(FUND, state, checked_at=timezone.now() - timedelta(hours=1))
    LinkCheck.objects.update(asked_at=timezone.now())
    assert [each.code for each in found_by_gate(issue)] == expected


@pytest.mark.parametrize(("age", "expected"), [(timedelta(days=2), []), (timedelta(days=4), ["link-waiting"])])
def test_what_was_fine_long_ago_tells_nothing(age, expected):
    issue = issue_in_order()
    found(FUND, "fine", checked_at=timezone.now() - age, asked_at=timezone.now() - age)
    assert [each.code for each in found_by_gate(issue)] == expected


def test_what_is_not_https_blocks():
    issue = leading_to("http://example.org/")
    found("http://example.org/")
    expected = (
        "“Call in” links to http://example.org/, which is not safe on the way. Write https:// if the site has it."
    )
    assert words(found_by_gate(issue)) == [(True, expected)]


def test_our_own_pages_are_as_safe_as_our_own_site(settings):
    issue = leading_to("http://testserver/news/")
    found("http://testserver/news/")
    assert found_by_gate(issue) == []
    settings.BASE_URL = "https://csan.example.org"
    assert [each.code for each in found_by_gate(issue)] == ["link-not-https"]


def test_our_own_pages_are_looked_at_like_any_other_but_for_posts_of_the_issue():
    issue = leading_to("http://testserver/week-of-action/2027/")
    found("http://testserver/week-of-action/2027/", "dead", detail="leads to a page that is not there (404)")
    IssueItemFactory(issue=issue, post=PostFactory())
    assert [each.code for each in found_by_gate(issue)] == ["link-dead"]


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("https://example.org", True),
        ("http://example.org/a?b", True),
        ("mailto:fund@example.org?subject=Strike", True),
        ("tel:+12025550123", True),
        ("/news/", False),
        ("www.example.org", False),
        ("#below", False),
        ("https://", False),
        ("https:///news/", False),
        ("mailto:fund", False),
        ("mailto:", False),
        ("tel:", False),
        ("", False),
        ("http://[bad", False),
    ],
)
def test_which_addresses_are_whole(address, whole):
    assert is_whole(address) is whole


def test_an_address_that_is_not_whole_blocks():
    issue = issue_in_order(intro=INTRO.replace(FUND, "www.fund.example.org"))
    expected = "The intro has a link to “www.fund.example.org”, which leads nowhere from a letter. Write all of it."
    assert words(found_by_gate(issue)) == [(True, expected)]


def test_a_link_too_long_to_be_remembered_blocks():
    url = f"https://example.org/{'a' * 890}"
    issue = issue_in_order(intro=INTRO.replace(FUND, url))
    said = words(found_by_gate(issue, "link-too-long"))
    assert [each[0] for each in said] == [True]
    assert said[0][1].startswith(
        "A link has 910 characters; no more than 900 can be looked at: https://example.org/aa"
    )


@pytest.mark.parametrize(("host", "said"), [("bit.ly", True), ("www.tinyurl.com", True), ("habit.ly", False)])
def test_a_shortened_link_is_a_warning(host, said):
    url = f"https://{host}/x1"
    issue = leading_to(url)
    found(url)
    named = host.removeprefix("www.")
    expected = f"“Call in” links by way of {named}, which hides where it leads and is what spam does: {url}"
    assert words(found_by_gate(issue)) == ([(False, expected)] if said else [])


def test_a_page_of_ours_that_is_dead_is_found_in_the_item_that_leads_there():
    issue = leading_to("/week-of-action/2027/")
    for prefix in ("", "/es"):
        found(
            f"http://testserver{prefix}/week-of-action/2027/", "dead", detail="leads to a page that is not there (404)"
        )
    item = issue.items.get(heading="Call in")
    assert {each.fix_url.partition("#")[2] for each in found_by_gate(issue)} == {f"item-{item.pk}"}
    assert [each.words[:24] for each in found_by_gate(issue)] == ["“Call in” has a dead link"[:24]] * 2
