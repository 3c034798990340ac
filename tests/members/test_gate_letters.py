"""The gate on the letters made of an issue: whether they can be made, read, left, and are small enough."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.template import engines

from members.models import Issue, IssueItem
from members.newsletter import audiences
from tests.members.factories import IssueItemFactory, LocalFactory, PostFactory, SubscriptionFactory
from tests.members.gated import add_words, found_by_gate, issue_in_order, words

pytestmark = pytest.mark.django_db

TEMPLATES = Path(django_settings.ROOT) / "templates"


@pytest.fixture
def spoilt(settings, tmp_path):
    """Spoils one of the letters' templates, as a mistaken edit would: a part of it, or all where `before` is empty."""

    def spoil(name: str, before: str, after: str) -> None:
        target = tmp_path / "mail" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TEMPLATES / "mail" / name, target)
        text = target.read_text()
        assert before in text
        target.write_text(text.replace(before, after) if before else after)
        (configured,) = settings.TEMPLATES
        settings.TEMPLATES = [{**configured, "DIRS": [tmp_path, *configured["DIRS"]]}]

    yield spoil
    engines._templates = None


def test_a_letter_that_would_be_cut_off_blocks():
    issue = issue_in_order()
    add_words(issue, body=f"<p>{'Solidarity. ' * 8000}</p>")
    (finding,) = found_by_gate(issue, "too-large")
    assert finding.blocks
    assert finding.words.startswith("The English letter has 1")
    assert "Mail programs cut off what is larger than 95 KB" in finding.words


def test_a_letter_just_small_enough_passes():
    issue = issue_in_order()
    add_words(issue, body=f"<p>{'Solidarity. ' * 4500}</p>")
    assert found_by_gate(issue, "too-large") == []


def test_what_only_some_get_counts_too():
    issue = issue_in_order()
    SubscriptionFactory(person__local=LocalFactory(number="1101"))
    item = add_words(issue, body=f"<p>{'Solidarity. ' * 8000}</p>", audience="local", audience_of="1101")
    assert [each.code for each in found_by_gate(issue, "too-large")] == ["too-large"]
    IssueItem.objects.filter(pk=item.pk).update(audience_of="6327")
    assert found_by_gate(issue, "too-large") == []


def test_the_address_to_leave_at_is_missing_in_the_text(spoilt):
    issue = issue_in_order()
    spoilt("members/issue.txt", "{{ unsubscribe_url }}", "soon")
    where = (
        "The plain-text part of the {} letter has no link to unsubscribe. The template of the letter has to be mended."
    )
    assert words(found_by_gate(issue)) == [(True, where.format("English")), (True, where.format("Spanish"))]


def test_the_address_to_leave_at_is_missing_in_the_html(spoilt):
    issue = issue_in_order()
    spoilt("members/issue.mjml", "{{ unsubscribe_url }}", "#")
    where = "The HTML part of the {} letter has no link to unsubscribe. The template of the letter has to be mended."
    assert words(found_by_gate(issue)) == [(True, where.format("English")), (True, where.format("Spanish"))]


@pytest.mark.parametrize(("name", "part"), [("base.txt", "plain-text part"), ("base.mjml", "HTML part")])
def test_the_postal_address_is_missing(spoilt, name, part):
    issue = issue_in_order()
    spoilt(name, "{{ postal_address }}", "")
    assert words(found_by_gate(issue, "no-postal-address"))[0] == (
        True,
        f"The {part} of the English letter has no postal address. The template of the letter has to be mended.",
    )
    assert len(found_by_gate(issue)) == 2


def test_a_postal_address_with_signs_of_html_is_found(settings):
    settings.POSTAL_ADDRESS = "O'Neil & Sons Hall, <2nd> floor, Washington, DC 20001"
    assert found_by_gate(issue_in_order()) == []


def test_a_picture_without_a_description_blocks_wherever_it_comes_from(spoilt):
    issue = issue_in_order()
    spoilt("members/issue.mjml", "{% block content %}", '{% block content %}<mj-text><img src="/x.png"></mj-text>')
    expected = "In the English letter a picture has no description for those who cannot see it: /x.png"
    assert words(found_by_gate(issue))[0] == (True, expected)


def test_a_picture_written_into_the_letter_is_a_warning(spoilt):
    issue = issue_in_order()
    picture = '{% block content %}<mj-text><img alt="A dot" src="data:image/png;base64,AA=="></mj-text>'
    spoilt("members/issue.mjml", "{% block content %}", picture)
    expected = "The English letter carries data in an address, which most mail programs do not show."
    assert words(found_by_gate(issue))[0] == (False, expected)


def test_an_empty_text_part_blocks(spoilt):
    issue = issue_in_order()
    spoilt("members/issue.txt", "", "")
    findings = found_by_gate(issue, "text-empty")
    assert words(findings)[0] == (True, "The plain-text part of the English letter is empty.")


def test_an_issue_that_says_nothing_blocks():
    issue = issue_in_order(intro="<p> </p>", intro_es="")
    issue.items.all().delete()
    assert words(found_by_gate(issue, "text-empty")) == [
        (True, "The English letter says nothing but its subject. Some readers would get no more."),
        (True, "The Spanish letter says nothing but its subject. Some readers would get no more."),
    ]


def test_a_letter_in_which_only_some_find_anything_blocks():
    issue = issue_in_order(intro="", intro_es="")
    issue.items.all().delete()
    SubscriptionFactory(person__local=LocalFactory(number="1101"))
    add_words(issue, audience="local", audience_of="1101")
    assert len(found_by_gate(issue, "text-empty")) == 2


@pytest.mark.parametrize(
    ("setting", "colour", "screen"),
    [("THEME_COLOURS", "ink-soft=#aaaaaa", "light"), ("THEME_COLOURS_DARK", "link=#332244", "dark")],
)
def test_colours_of_the_site_that_are_hard_to_read_block(settings, setting, colour, screen):
    issue = issue_in_order()
    setattr(settings, setting, colour)
    findings = found_by_gate(issue, "contrast")
    assert findings
    assert {(each.blocks, f"on a {screen} screen and need 4.5:1" in each.words) for each in findings} == {(True, True)}
    assert all(setting in each.words for each in findings)


def test_colours_written_into_a_letter_that_are_hard_to_read_block(spoilt):
    issue = issue_in_order()
    pale = '{% block content %}<mj-text color="#eeeeee"><p>Hard to see</p></mj-text>'
    spoilt("members/issue.mjml", "{% block content %}", pale)
    said = [each for each in words(found_by_gate(issue, "contrast")) if "light" in each[1]]
    assert said[0][0] is True
    assert said[0][1].startswith("“Hard to see” is #eeeeee on #")


def test_markup_that_is_broken_blocks(spoilt):
    issue = issue_in_order()
    spoilt("members/issue.mjml", "{% block content %}", "{% block content %}<mj-txt>mistyped</mj-txt>")
    findings = found_by_gate(issue)
    assert findings[0].code == "unsendable"
    assert findings[0].blocks
    assert findings[0].words.startswith("It cannot be made into a letter: ")


def test_a_line_too_long_for_mail_blocks():
    long = f"https://example.org/{'a' * 1000}"
    issue = issue_in_order(intro=f'<p><a href="{long}">Our page with a very long address</a></p>')
    findings = found_by_gate(issue, "unsendable")
    assert [each.blocks for each in findings] == [True]


def test_too_many_different_letters_block():
    issue = issue_in_order()
    for at in range(audiences.MOST_FOR_SOME + 1):
        add_words(issue, heading=f"For {at}", audience="local", audience_of=str(1100 + at))
        SubscriptionFactory(person__local=LocalFactory(number=str(1100 + at)))
    (finding,) = found_by_gate(issue, "too-many-variants")
    assert finding.blocks
    assert finding.words.startswith("The items for some readers make too many different letters. No more than 6 such")


def test_other_findings_are_told_beside_letters_that_cannot_be_made():
    issue = issue_in_order(subject_es="")
    IssueItemFactory(issue=issue, post=PostFactory(title="Not yet", status="submitted", published_at=None))
    add_words(issue, audience="state", audience_of="Texas")
    codes = {each.code for each in found_by_gate(Issue.objects.get(pk=issue.pk))}
    assert {"language-missing", "post-not-published", "audience-unknown"} <= codes
