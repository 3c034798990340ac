"""Links by way of us: totals for each link, for nobody in particular, and no way to anywhere else."""

import re
import threading
from itertools import count

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from members import newsletter
from members.models import Issue, IssueLink, Rendition
from members.newsletter import links
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    PictureFactory,
    PostFactory,
    StaffFactory,
    SubscriptionFactory,
)
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
FUND = "https://fund.example.org/give?to=strikers&amount=5#how"
addresses = count(1)


def link(url: str = FUND, issue: Issue | None = None, code: str = "aBc-1_23", **totals: int) -> IssueLink:
    return IssueLink.objects.create(issue=issue or IssueFactory(), url=url, code=code, **totals)


def follow(client, code: str, *, agent: str = PHONE, address: str = "", method: str = "get"):
    """As somebody else each time, unless told where from."""
    remote = address or f"203.0.113.{next(addresses) % 250}"
    return getattr(client, method)(f"/to/{code}/", headers={"User-Agent": agent}, REMOTE_ADDR=remote)


def counts(row: IssueLink) -> tuple[int, int]:
    row.refresh_from_db()
    return row.people, row.bots


def test_a_link_leads_on_and_counts_one_person(client):
    row = link()
    response = follow(client, row.code)
    assert (response.status_code, response["Location"]) == (302, FUND)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert counts(row) == (1, 0)


def test_what_is_no_code_leads_nowhere(client):
    link()
    for code in ("another", "https://evil.example", "%2F%2Fevil.example", "a%00b", "é", "x" * 300):
        response = follow(client, code)
        assert response.status_code == 404
        assert "Location" not in response
    assert IssueLink.objects.filter(people=0, bots=0).count() == 1


def test_a_post_is_refused_and_counts_nothing(client):
    row = link()
    assert follow(client, row.code, method="post").status_code == 405
    assert counts(row) == (0, 0)


def test_programs_count_apart_and_reach_the_same_page(client):
    row = link()
    for response in (
        follow(client, row.code, method="head"),
        follow(client, row.code, agent=""),
        follow(client, row.code, agent="Barracuda Sentinel (EE)"),
    ):
        assert (response.status_code, response["Location"]) == (302, FUND)
    assert counts(row) == (0, 3)


def test_a_filter_that_opens_every_link_counts_as_a_program_from_its_first_on(client):
    issue = IssueFactory()
    rows = [link(f"https://example.org/{at}", issue, f"code{at}") for at in range(5)]
    for row in rows:
        assert follow(client, row.code, address="198.51.100.9").status_code == 302
    assert [counts(row) for row in rows] == [(0, 1)] * 5


def test_what_was_never_counted_is_not_taken_back():
    row = link(people=0, bots=4)
    newsletter.take_back([row.code, "unknown"])
    assert counts(row) == (0, 4)


def test_following_is_one_question_to_the_database(client, django_assert_num_queries):
    row = link()
    with django_assert_num_queries(1):
        follow(client, row.code)


def test_many_at_once_are_all_counted(settings):
    row = link()
    failed: list[Exception] = []

    def go(by_a_program: bool) -> None:
        try:
            for _ in range(50):
                assert newsletter.follow(row.code, by_a_program=by_a_program) == FUND
                newsletter.take_back([row.code])
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(at % 2 == 0,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(counts(row)) == 400


def test_a_link_is_registered_once_for_an_issue():
    row = link()
    with pytest.raises(IntegrityError, match="members_issuelink_once"):
        IssueLink.objects.create(issue=row.issue, url=FUND, code="other")


def test_registering_twice_keeps_the_codes():
    issue = IssueFactory()
    first = links.register(issue, [FUND, "https://example.org/"])
    assert links.register(issue, ["https://example.org/new", FUND])[FUND] == first[FUND]
    assert IssueLink.objects.filter(issue=issue).count() == 3
    assert links.register(IssueFactory(), [FUND])[FUND] != first[FUND]


def test_registering_costs_the_same_for_one_link_and_for_many(django_assert_num_queries):
    issue = IssueFactory()
    for urls in ([FUND], [f"https://example.org/{at}" for at in range(30)]):
        with django_assert_num_queries(4):  # two, and the marks of a transaction
            links.register(issue, urls)


def sent_issue(**values: object) -> Issue:
    issue = IssueFactory(
        intro=f'<p>Give <a href="{FUND.replace("&", "&amp;")}">to the fund</a>, or '
        '<a href="mailto:fund@example.org">write</a>.</p>',
        **values,
    )
    IssueItemFactory(issue=issue, post=PostFactory(title="Forty-five days", slug="forty-five-days"))
    IssueItemFactory(issue=issue, post=None, heading="A photo", body="<p>Us.</p>", picture=PictureFactory())
    return send_issue(issue=issue, by=StaffFactory())


def test_a_letters_links_go_by_way_of_us_and_its_text_has_the_plain_ones(mailbox, client):
    SubscriptionFactory()
    issue = sent_issue()
    (letter,) = mailbox.send_and_read()
    html, text = (letter.get_body((kind,)).get_content() for kind in ("html", "plain"))
    rows = {row.url: row.code for row in issue.links.all()}
    posts = {"http://testserver/news/forty-five-days/", "http://testserver/es/news/forty-five-days/"}
    assert set(rows) == {FUND, *posts}
    for url, code in rows.items():
        assert follow(client, code)["Location"] == url
        if "/es/" in url:
            continue
        assert f'href="http://testserver/to/{code}/"' in html
        assert f'href="{url}"' not in html
        assert url in text
    assert "/to/" not in text
    assert 'href="mailto:fund@example.org"' in html


def test_a_letter_has_nothing_of_one_person_but_their_two_private_links(mailbox):
    """No pixel, no link that tells who followed it: but for the key, everybody's letter is the same."""
    people = {each.person.email: each for each in SubscriptionFactory.create_batch(2)}
    sent_issue()
    bare = []
    for letter in mailbox.send_and_read():
        person = people[letter["To"]]
        html, text = (letter.get_body((kind,)).get_content() for kind in ("html", "plain"))
        own = set(re.findall(rf"[^\s\"<>]*{person.key}[^\s\"<>]*", html + text))
        assert own == {
            f"http://testserver/unsubscribe/{person.key}/",
            f"http://testserver/preferences/{person.key}/",
        }
        bare.append((html.replace(person.key, "KEY"), text.replace(person.key, "KEY")))
        pictures = re.findall(r"<img\b[^>]*>", html)
        assert len(pictures) == 1
        assert 'alt="Six members in red shirts hold a banner."' in pictures[0]
        assert re.findall(r"url\(|<(?:link|script|iframe)\b|background=", html) == []
    assert len(bare) == 2
    assert bare[0] == bare[1]


def test_own_pages_and_the_issue_in_a_browser_are_never_counted(mailbox):
    SubscriptionFactory()
    SubscriptionFactory(person__language="es")
    issue = sent_issue(intro_es="<p>Hola.</p>")
    for letter in mailbox.send_and_read():
        html = letter.get_body(("html",)).get_content()
        assert re.search(rf'href="http://testserver(/es)?/newsletter/{issue.number}/"', html)
        assert re.search(r'href="http://testserver(/es)?/unsubscribe/', html)
        assert re.search(r'href="http://testserver(/es)?/preferences/', html)
    assert [row.url for row in issue.links.all() if re.search("unsubscribe|preferences|newsletter", row.url)] == []


@pytest.mark.parametrize(
    ("url", "personal"),
    [
        ("http://testserver/unsubscribe/somebody/", True),
        ("http://testserver/es/preferences/somebody/", True),
        ("http://testserver/news/unsubscribe/", False),
        ("https://example.org/unsubscribe/x/", False),
        ("http://testserver/es/preferences/CSANholekeyEND/", True),
    ],
)
def test_what_is_one_persons(url, personal):
    assert links.is_personal(url) is personal


def test_spanish_letters_are_counted_under_their_own_addresses():
    SubscriptionFactory(person__language="es")
    issue = sent_issue(intro_es="<p>Hola.</p>")
    assert "http://testserver/es/news/forty-five-days/" in {row.url for row in issue.links.all()}
    html = Rendition.objects.get(issue=issue, language="es", variant="0").html
    assert "http://testserver/es/to/" not in html
    assert "http://testserver/to/" in html


def test_the_archives_page_and_tests_have_plain_links():
    SubscriptionFactory()
    issue = IssueFactory(intro=f'<p><a href="{FUND.replace("&", "&amp;")}">Give</a></p>')
    newsletter.send_test(issue=issue, by=StaffFactory())
    send_issue(issue=issue)
    plain = Rendition.objects.exclude(html__contains="/to/")
    assert {(each.is_test, each.variant) for each in plain} == {(True, "0"), (False, "public")}


def test_a_letter_is_measured_as_long_as_it_will_be():
    SubscriptionFactory()
    issue = sent_issue()
    plain = newsletter.render(issue, "en", "0").html
    frozen = Rendition.objects.get(issue=issue, language="en", variant="0")
    assert len(links.as_long_as_counted(issue, plain)) == len(frozen.html)


def test_totals_begin_with_what_most_people_followed():
    issue = IssueFactory()
    link("https://example.org/a", issue, "a", people=2, bots=9)
    link("https://example.org/b", issue, "b", people=7, bots=1)
    link("https://example.org/c", issue, "c", people=2, bots=10)
    assert links.totals(issue) == [
        links.LinkTotal("https://example.org/b", 7, 1),
        links.LinkTotal("https://example.org/c", 2, 10),
        links.LinkTotal("https://example.org/a", 2, 9),
    ]


def test_staff_see_the_totals_and_nobodys_name(admin_client):
    SubscriptionFactory(person__email="ada@example.org")
    issue = sent_issue()
    issue.links.filter(url=FUND).update(people=1234, bots=56)
    page = admin_client.get(f"/admin/members/issue/{issue.pk}/sending/").content.decode()
    table = page[page.index('id="followed"') :]
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table[: table.index("</table>")])
    assert cells[:6] == ["Link", "People", "Programs", FUND.replace("&", "&amp;"), "1,234", "56"]
    assert "ada@example.org" not in page


def test_a_code_of_a_cancelled_issue_still_leads_on(client):
    row = link()
    Issue.objects.filter(pk=row.issue_id).update(
        status=Issue.Status.CANCELLED, frozen_at=timezone.now(), finished_at=timezone.now()
    )
    assert follow(client, row.code)["Location"] == FUND
