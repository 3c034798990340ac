"""The words of the letters, read back as their readers get them."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from members import newsletter, outbox, subscriptions
from members.models import Issue, Subscription
from tests.members.factories import IssueFactory, IssueItemFactory, PostFactory, StaffFactory
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db

ADDRESS = "1 Test Plaza, Washington, DC 20001"


def parts(letter) -> tuple[str, str]:
    """The text and the HTML of a letter."""
    return letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()


def subscribe(email: str = "ana@example.org", **known: str) -> Subscription:
    return subscriptions.subscribe(email=email, wording="w", source="/", **known)


@pytest.fixture
def issue() -> Issue:
    made = IssueFactory(
        number=3,
        subject="Pay & dignity",
        intro='<p>Hello <strong>all</strong>, see <a href="https://example.org/a?b=1&amp;c=2">this</a>.</p>',
    )
    posts = [
        PostFactory(
            kind="action", title="Sooner rally", slug="sooner-rally", starts_at=datetime(2027, 3, 1, 17, tzinfo=UTC)
        ),
        PostFactory(
            kind="action", title="Later rally", starts_at=datetime(2027, 3, 2, 17, tzinfo=UTC), place="City Hall"
        ),
        PostFactory(kind="bargaining", title="Scheduling won", employer="Frontier"),
        PostFactory(kind="bargaining", title="At the table", employer="Verizon", summary="A <new> offer."),
        PostFactory(kind="story", title="On the line", byline="Sam O'Neil", summary="We walked back in together."),
    ]
    for position, each in enumerate(posts):
        IssueItemFactory(issue=made, post=each, position=position)
    return made


def test_the_confirm_letter_has_the_link_and_says_what_to_do_if_it_was_not_you(mailbox):
    subscription = subscribe(given_name="Ana")

    [letter] = mailbox.send_and_read()
    text, html = parts(letter)
    [link] = re.findall(r"http://testserver/subscribe/confirm/\S+/", text)

    assert letter["Subject"] == "Confirm: the CSAN newsletter"
    assert f'href="{link}"' in html
    assert subscriptions.confirm(token=link.split("/")[-2]) == subscription
    for words in (text, html):
        assert "Hello Ana," in words
        assert "Was it not you? Then do nothing." in words
        assert "You get this e-mail because this address was typed into the form on our site." in words
        assert ADDRESS in words


def test_names_are_written_as_people_write_them(mailbox):
    subscribe(given_name="D'Arcy & Zoë")

    [letter] = mailbox.send_and_read()
    text, html = parts(letter)

    assert "Hello D'Arcy & Zoë," in text
    assert "Hello D&#x27;Arcy &amp; Zoë," in html


def test_the_welcome_letter_has_the_private_page_and_the_way_out(mailbox):
    subscription = subscriptions.confirm(token=subscriptions.confirm_token(subscribe()))

    letter = mailbox.send_and_read()[-1]

    assert letter["Subject"] == "Welcome to the Customer Service Action Network"
    for words in parts(letter):
        assert f"http://testserver/preferences/{subscription.key}/" in words
        assert f"http://testserver/unsubscribe/{subscription.key}/" in words
        assert "http://testserver/newsletter/" in words
        assert ADDRESS in words


def test_a_subscriber_who_asks_again_is_told_so_by_letter_only(mailbox):
    subscription = subscriptions.confirm(token=subscriptions.confirm_token(subscribe()))
    subscribe()

    letter = mailbox.send_and_read()[-1]

    assert letter["Subject"] == "You already get the CSAN newsletter"
    for words in parts(letter):
        assert f"http://testserver/preferences/{subscription.key}/" in words


def test_an_issue_has_its_sections_and_items_in_their_order_and_updates_under_their_employer(issue):
    rendition = newsletter.render(issue, "en")
    order = [
        "Upcoming actions", "Sooner rally", "Later rally", "City Hall",
        "Bargaining updates", "Frontier", "Scheduling won", "Verizon", "At the table",
        "Members' stories", "On the line",
    ]  # fmt: skip

    for words in (rendition.text, rendition.html.replace("&#x27;", "'")):
        places = [words.index(each) for each in order]
        assert places == sorted(places)
        assert "Monday, March 1, 2027, noon EST" in words
        assert "By Sam O'Neil" in words
        assert "http://testserver/news/sooner-rally/" in words


def test_the_text_of_an_issue_is_plain_and_its_html_is_escaped(issue):
    rendition = newsletter.render(issue, "en")

    assert "Hello all, see this (https://example.org/a?b=1&c=2)." in rendition.text
    assert "Pay & dignity" in rendition.text
    assert "A <new> offer." in rendition.text
    assert "<strong>all</strong>" in rendition.html
    assert "<title>Pay &amp; dignity</title>" in rendition.html
    assert "A &lt;new&gt; offer." in rendition.html


def test_every_copy_of_an_issue_says_why_it_came_from_where_and_how_to_leave(issue, mailbox):
    subscription = subscriptions.confirm(token=subscriptions.confirm_token(subscribe()))
    send_issue(issue=issue, by=StaffFactory())

    letter = mailbox.send_and_read()[-1]

    assert letter["Subject"] == "Pay & dignity"
    for words in parts(letter):
        assert f"http://testserver/unsubscribe/{subscription.key}/" in words
        assert f"http://testserver/preferences/{subscription.key}/" in words
        assert "http://testserver/newsletter/3/" in words
        assert "You get this newsletter because you asked for it and confirmed your address." in words
        assert ADDRESS in words
        assert "CSANhole" not in words


@pytest.mark.parametrize("sent_on", ["2027-03-02", "2027-03-15", "2027-04-20"])
def test_an_issue_names_the_day_of_the_next_also_when_it_goes_out_early_or_late(issue, sent_on):
    with time_machine.travel(f"{sent_on}T17:00:00Z"):
        rendition = newsletter.render(issue, "en")

    for words in (rendition.text, rendition.html.replace("\n", " ")):
        assert "The next issue comes on May 15, 2027." in words


def test_the_words_of_a_mail_program_s_list_are_the_intro_s(issue):
    html = newsletter.render(issue, "en").html

    assert "Hello all, see this (https://example.org/a?b=1&amp;c=2)." in html.replace("\n", " ")


def test_an_issue_without_posts_has_no_empty_headings():
    bare = newsletter.render(IssueFactory(number=1, subject="Short", intro="Only words."), "en")

    for words in (bare.text, bare.html):
        assert "Only words." in words
        assert "Upcoming actions" not in words
        assert "Bargaining updates" not in words


def test_a_long_issue_stays_under_what_mail_programs_cut_and_its_lines_under_what_servers_take(issue):
    Issue.objects.filter(pk=issue.pk).update(intro=("A long paragraph about our work. " * 100 + "\n\n") * 4)
    for number in range(40):
        IssueItemFactory(
            issue=issue, post=PostFactory(kind="story", title=f"Story {number}", summary="Words. " * 40), position=9
        )

    rendition = newsletter.render(Issue.objects.get(pk=issue.pk), "en")

    assert len(rendition.html.encode()) < 80_000
    assert max(len(line.encode()) for line in rendition.html.splitlines()) <= 900


def test_each_letter_says_its_language_and_suits_dark_screens(issue):
    for language in ("en", "es"):
        html = newsletter.render(issue, language).html

        assert f'<html lang="{language}" dir="ltr"' in html
        assert re.search(r'<meta\s+name="color-scheme"\s+content="light dark"', html)


def test_the_template_of_a_letter_leaves_nothing_unfilled(issue, mailbox):
    subscriptions.confirm(token=subscriptions.confirm_token(subscribe()))
    outbox.send_waiting()

    for letter in mailbox.letters():
        for words in (letter["Subject"], *parts(letter)):
            assert "{{" not in words
            assert "{%" not in words
