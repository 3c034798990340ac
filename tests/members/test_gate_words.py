"""The gate on what an issue says: its subject, both languages, how much there is, what its links are called."""

import pytest

from members.models import Issue
from tests.members.factories import IssueItemFactory, PostFactory, SectionFactory
from tests.members.gated import INTRO, add_words, found_by_gate, issue_in_order, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("x" * 78, [(False, "The English subject has 78 characters; most screens show no more than 60.")]),
        ("x" * 79, [(True, "The English subject has 79 characters; more than 78 are cut off everywhere.")]),
        ("x" * 61, [(False, "The English subject has 61 characters; most screens show no more than 60.")]),
        ("x" * 60, []),
        ("x" * 10, []),
        ("Good jobs", [(False, "The English subject is “Good jobs”, which says little.")]),
        ("Buy it now!!", [(False, "The English subject shouts, as spam does: “Buy it now!!”.")]),
        ("SAVE OUR JOBS now", [(False, "The English subject shouts, as spam does: “SAVE OUR JOBS now”.")]),
        ("CWA and AT&T: a deal at last!", []),
    ],
)
def test_the_subject(subject, expected):
    found = found_by_gate(issue_in_order(subject=subject))
    assert words(found) == expected


def test_the_spanish_subject_is_measured_too():
    found = found_by_gate(issue_in_order(subject_es="y" * 79))
    assert words(found) == [(True, "The Spanish subject has 79 characters; more than 78 are cut off everywhere.")]


def test_no_subject_at_all_blocks():
    issue = issue_in_order(subject=" ", subject_es="")
    assert words(found_by_gate(issue, "subject-empty")) == [(True, "The issue has no subject.")]


def test_what_is_written_in_one_language_only_blocks_and_says_where():
    issue = issue_in_order(subject_es="", intro="<p></p>")
    add_words(issue, heading="Call in", heading_es="", body="", body_es="<p>Hágalo.</p>")
    section = SectionFactory(issue=issue, kind="words", heading="What you can do", heading_es="")
    item = add_words(issue, heading="Sign", section=section)
    found = found_by_gate(issue, "language-missing")
    assert words(found) == [
        (True, "The subject is missing in Spanish."),
        (True, "The intro is missing in English."),
        (True, "The section heading “What you can do” is missing in Spanish."),
        (True, "The heading of “Call in” is missing in Spanish."),
        (True, "The text of “Call in” is missing in English."),
    ]
    assert found[-1].fix_url.endswith(f"#item-{issue.items.get(heading='Call in').pk}")
    assert item.pk


def test_a_post_has_the_language_of_its_author_and_its_words_may_be_replaced_in_both():
    issue = issue_in_order()
    IssueItemFactory(issue=issue, post=PostFactory(title="Mi historia", language="es"))
    IssueItemFactory(issue=issue, post=PostFactory(title="Long"), heading="Short", heading_es="Corto")
    assert found_by_gate(issue) == []
    IssueItemFactory(issue=issue, post=PostFactory(title="Longer"), heading="Shorter")
    assert words(found_by_gate(issue)) == [(True, "The heading of “Shorter” is missing in Spanish.")]


def test_a_section_that_shows_nothing_needs_no_heading_in_both():
    issue = issue_in_order()
    SectionFactory(issue=issue, heading="Empty", heading_es="")
    assert found_by_gate(issue) == []


def test_next_to_no_words_is_a_warning():
    found = found_by_gate(issue_in_order(intro="<p>Dear friends.</p>"))
    assert words(found) == [(False, "In English the issue has only 11 words. Is something missing?")]


def test_too_many_words_are_a_warning():
    issue = issue_in_order()
    add_words(issue, body=f"<p>{'word ' * 4990}</p>")
    said = words(found_by_gate(issue, "words-many"))
    assert len(said) == 1
    assert said[0][0] is False
    assert said[0][1].startswith("In English the issue has 5,0")


@pytest.mark.parametrize(
    ("link", "says_nothing"),
    [
        ("click here", True),
        ("Click here!", True),
        ("<strong>here</strong>", True),
        ("Haga clic aquí", True),
        ("leer más", True),
        ("Read on: the fund", False),
        ("Here is what to do", False),
    ],
)
def test_a_link_that_says_nothing_is_a_warning(link, says_nothing):
    issue = issue_in_order(intro=INTRO.replace("Give to the fund for strikers", link))
    found = words(found_by_gate(issue))
    assert [each[0] for each in found] == ([False] if says_nothing else [])
    if says_nothing:
        assert found[0][1].startswith("The intro has a link that says only “")


def test_what_is_hidden_in_an_item_is_named_with_it():
    issue = issue_in_order()
    item = add_words(issue, body='<p>Vote <a href="https://fund.example.org/give">here</a>.</p>')
    (finding,) = found_by_gate(issue)
    assert finding.words == "“Call in” has a link that says only “here”. Let its words say where it leads."
    assert finding.fix_url.endswith(f"#item-{item.pk}")


def test_a_pasted_picture_is_a_warning_since_it_is_left_out():
    issue = issue_in_order()
    pasted = f'{INTRO}<img src="data:image/png;base64,AAAA">'
    Issue.objects.filter(pk=issue.pk).update(intro=pasted)
    expected = "The intro has a picture pasted into its words; it is left out. Upload it as a picture."
    assert words(found_by_gate(issue)) == [(False, expected)]
