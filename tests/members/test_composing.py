"""Writing and arranging an issue: no edit undoes another, each withdraws the approval, nothing bad gets in."""

from threading import Barrier, Thread

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members import newsletter
from members.models import Issue, IssueItem, Section
from members.newsletter import arranging, composing, readership
from members.newsletter.audiences import UnknownAudience
from members.newsletter.composing import AudienceIsFixed, EditedMeanwhile, NotEditable
from members.newsletter.contents import items_of
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    LocalFactory,
    PersonFactory,
    PostFactory,
    SectionFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)
from tests.members.sending import approved_issue, send_issue

pytestmark = pytest.mark.django_db
EVERYONE = {"audience": "everyone", "audience_of": ""}
WORDS = {"heading": "A word", "heading_es": "", "body": "<p>Hello</p>", "body_es": "", "link": "", **EVERYONE}


@pytest.fixture
def maria():
    return StaffFactory(first_name="Maria", last_name="Reyes")


def edit(item: IssueItem, by, version: int = 1, **values: str) -> None:
    said = {**{name: getattr(item, name) for name in WORDS}, **values}
    composing.edit_item(item=item, version=version, by=by, values=said, section=item.section, picture=item.picture)


def words_item(issue: Issue | None = None, **values: str) -> IssueItem:
    return IssueItemFactory(issue=issue or IssueFactory(), post=None, **{"heading": "A word", **values})


def order(issue: Issue) -> list[str]:
    return [str(item) for item in items_of(issue)]


def test_an_edit_is_written_with_who_and_when(maria):
    item = words_item()
    edit(item, maria, heading="Another word", body_es="<p>Hola</p>")
    item.refresh_from_db()
    assert (item.heading, item.body_es, item.version, item.edited_by, item.is_edited) == (
        "Another word", "<p>Hola</p>", 2, maria, True,
    )  # fmt: skip
    assert LogEntry.objects.get().change_message == "Edited “A word”"


def test_an_edit_of_what_somebody_else_edited_meanwhile_changes_nothing(maria):
    item = words_item()
    edit(item, maria, heading="Maria’s")
    with pytest.raises(EditedMeanwhile) as error:
        edit(item, StaffFactory(), heading="Mine")
    assert (error.value.row.heading, error.value.row.editor_name) == ("Maria’s", "Maria Reyes")
    item.refresh_from_db()
    assert (item.heading, item.version) == ("Maria’s", 2)


def test_two_items_edited_by_two_people_both_keep_their_words(maria):
    issue = IssueFactory()
    first, second = words_item(issue, heading="One"), words_item(issue, heading="Two")
    edit(first, maria, heading="One, by Maria")
    edit(second, StaffFactory(), heading="Two, by another")
    assert order(issue) == ["One, by Maria", "Two, by another"]


def test_subject_and_intro_and_a_heading_are_kept_from_being_undone_too(maria):
    section = SectionFactory()
    words = {"subject": "New", "subject_es": "Nuevo", "intro": "", "intro_es": ""}
    composing.write_issue(issue=section.issue, version=1, by=maria, words=words)
    with pytest.raises(EditedMeanwhile):
        composing.write_issue(issue=section.issue, version=1, by=maria, words={**words, "subject": "Old"})
    arranging.rename_section(section=section, version=1, by=maria, heading="Ours", heading_es="Lo nuestro")
    with pytest.raises(EditedMeanwhile):
        arranging.rename_section(section=section, version=1, by=maria, heading="Theirs", heading_es="")
    section.refresh_from_db()
    section.issue.refresh_from_db()
    assert (section.issue.subject, section.heading, section.heading_es) == ("New", "Ours", "Lo nuestro")


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_the_same_moment_one_is_refused():
    item, barrier, outcomes = words_item(), Barrier(2), []
    people = StaffFactory.create_batch(2)

    def write(number: int) -> None:
        barrier.wait()
        try:
            edit(item, people[number], heading=f"By {number}")
            outcomes.append(f"By {number}")
        except EditedMeanwhile:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    item.refresh_from_db()
    assert sorted(outcomes) == sorted([item.heading, "refused"])


EDITS = {
    "its subject": lambda issue, item, by: composing.write_issue(
        issue=issue, version=1, by=by, words={"subject": "x", "subject_es": "", "intro": "", "intro_es": ""}
    ),
    "an item": lambda issue, item, by: edit(item, by, heading="Changed"),
    "a new item": lambda issue, item, by: composing.add_words(section=item.section, by=by, values=WORDS),
    "a post": lambda issue, item, by: newsletter.add_post(issue=issue, post=PostFactory(), by=by),
    "a place": lambda issue, item, by: arranging.move_item(item=item, up=False, by=by),
    "an item left out": lambda issue, item, by: arranging.drop(item=item, by=by),
    "a section left out": lambda issue, item, by: arranging.drop_section(section=item.section, by=by),
    "a section": lambda issue, item, by: arranging.add_section(issue=issue, kind="words", by=by),
    "a draft made anew": lambda issue, item, by: newsletter.fill_draft(issue=issue, by=by),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_withdraws_the_approval(name):
    SubscriptionFactory()
    issue = approved_issue()
    item = words_item(issue)
    words_item(issue, heading="Another")
    EDITS[name](issue, item, StaffFactory())
    issue.refresh_from_db()
    assert (issue.status, newsletter.approval_of(issue)) == ("draft", None)


def test_a_pin_is_for_editors_and_leaves_the_approval():
    SubscriptionFactory()
    issue = approved_issue()
    item = words_item(issue)
    arranging.pin(item=item, pinned=True, by=StaffFactory())
    issue.refresh_from_db()
    item.refresh_from_db()
    assert (issue.status, item.is_pinned) == ("approved", True)


def test_items_go_up_and_down_and_over_the_edge_of_their_section(maria):
    issue = IssueFactory()
    first = SectionFactory(issue=issue, heading="First")
    second = SectionFactory(issue=issue, heading="Second", position=1)
    for at, name in enumerate("abc"):
        IssueItemFactory(issue=issue, post=None, heading=name, section=first, position=at)
    IssueItemFactory(issue=issue, post=None, heading="z", section=second)
    for name, up, expected in (
        ("a", True, "abcz"),
        ("c", True, "acbz"),
        ("a", False, "cabz"),
        ("b", False, "cabz"),
        ("z", False, "cabz"),
        ("b", True, "cabz"),
    ):
        arranging.move_item(item=issue.items.select_related("section").get(heading=name), up=up, by=maria)
        assert "".join(order(issue)) == expected, (name, up)
    assert issue.items.get(heading="b").section == first


def test_sections_change_places_and_one_left_out_comes_back_with_all_it_had(maria):
    issue = IssueFactory()
    first = words_item(issue, heading="one").section
    second = SectionFactory(issue=issue, position=1)
    IssueItemFactory(issue=issue, post=None, heading="two", section=second)
    arranging.move_section(section=second, up=True, by=maria)
    assert order(issue) == ["two", "one"]
    arranging.drop_section(section=second, by=maria)
    assert order(issue) == ["one"]
    assert [part.kind for part in newsletter.gather(issue, language="en", variant="0").parts] == ["words"]
    arranging.restore_section(section=second, by=maria)
    assert order(issue) == ["two", "one"]
    assert [*issue.sections.order_by("position").values_list("pk", flat=True)] == [second.pk, first.pk]


def test_an_item_left_out_is_seen_by_nobody_and_comes_back(maria):
    issue = IssueFactory()
    item = words_item(issue)
    arranging.drop(item=item, by=maria)
    assert order(issue) == []
    arranging.restore(item=item, by=maria)
    assert order(issue) == ["A word"]


def test_a_post_that_was_left_out_comes_back_when_it_is_added(maria):
    item = IssueItemFactory()
    arranging.drop(item=item, by=maria)
    arranging.drop_section(section=item.section, by=maria)
    assert newsletter.add_post(issue=item.issue, post=item.post, by=maria).pk == item.pk
    assert len(order(item.issue)) == 1


def test_a_cancelled_issue_is_not_edited(maria):
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory())
    item = words_item(issue)
    newsletter.cancel(issue=issue, by=maria)
    with pytest.raises(NotEditable):
        edit(item, maria, heading="Late")


def test_in_a_frozen_issue_nothing_new_is_for_some_and_what_was_can_be_opened_to_all(maria):
    LocalFactory(number="1101")
    SubscriptionFactory()
    issue = IssueFactory()
    some = words_item(issue, audience="local", audience_of="1101")
    everyone = words_item(issue, heading="For all")
    send_issue(issue=issue)
    with pytest.raises(AudienceIsFixed):
        edit(everyone, maria, audience="local", audience_of="1101")
    with pytest.raises(AudienceIsFixed):
        composing.add_words(
            section=everyone.section, by=maria, values={**WORDS, "audience": "local", "audience_of": "1101"}
        )
    edit(some, maria, **EVERYONE)
    some.refresh_from_db()
    assert (some.audience, IssueItem.objects.count()) == ("everyone", 2)


def test_what_was_left_out_before_freezing_and_is_for_some_does_not_come_back_after_it(maria):
    LocalFactory(number="1101")
    SubscriptionFactory()
    issue = IssueFactory()
    item = IssueItemFactory(issue=issue, audience="local", audience_of="1101", is_dropped=True)
    send_issue(issue=issue)
    for bring_back in (
        lambda: arranging.restore(item=item, by=maria),
        lambda: newsletter.add_post(issue=issue, post=item.post, by=maria),
    ):
        with pytest.raises(AudienceIsFixed):
            bring_back()
    assert order(issue) == []


def test_too_many_items_for_some_are_refused_and_nothing_is_written(maria):
    issue = IssueFactory()
    SubscriptionFactory()
    for number in range(7):
        LocalFactory(number=f"9{number}")
    for number in range(6):
        words_item(issue, audience="local", audience_of=f"9{number}")
    last = words_item(issue, heading="The seventh")
    with pytest.raises(newsletter.TooManyVariants), transaction.atomic():
        edit(last, maria, audience="local", audience_of="96")
    last.refresh_from_db()
    assert (last.audience, last.version) == ("everyone", 1)
    assert readership.too_many(issue, last).startswith("An issue carries at most 6 items for some readers.")


@pytest.mark.parametrize(
    "bad",
    [
        '<script>alert(1)</script><p onclick="alert(1)">Hello</p>',
        '<p><a href="javascript:alert(1)">Hello</a></p>',
        '<p style="position:fixed">Hello</p><iframe src="https://evil.example"></iframe>',
        '<p><img src=x onerror="alert(1)">Hello</p>',
        '<p>Hello</p><svg onload="alert(1)"></svg>',
    ],
)
def test_what_could_harm_a_reader_does_not_survive(bad):
    item = words_item()
    item.body = bad
    item.full_clean(exclude=["section"])
    item.save()
    html = newsletter.render(item.issue, "en").html
    assert "Hello" in item.body
    for harm in ("<script>alert", "onclick", "javascript:", "<iframe", "onerror", "onload", "position:fixed"):
        assert harm not in item.body
        assert harm not in html


def test_what_got_into_the_database_some_other_way_is_sanitised_once_more():
    item = words_item(body='<p onclick="alert(1)">Hello</p>')
    assert "onclick" not in newsletter.render(item.issue, "en").html


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example/", "ftp://example.org", "petitions/", "/a b"])
def test_a_link_leads_to_a_page_of_ours_or_a_web_address(link):
    with pytest.raises(ValidationError, match="Write a whole address"):
        IssueItem(link=link).clean_fields(exclude=["issue", "section", "heading", "body"])
    for good in ("https://example.org/x?y=1", "/petitions/save/", "/"):
        IssueItem(link=good).clean_fields(exclude=["issue", "section", "heading", "body"])


def test_an_item_says_something():
    with pytest.raises(IntegrityError, match="members_issueitem_says_something"), transaction.atomic():
        IssueItemFactory(post=None)


@pytest.mark.parametrize(
    ("audience", "names", "says"),
    [
        ("local", "1101, 9999", "There is no local 9999. Write its number only, such as 1101."),
        ("local", "CWA 1101", "There is no local CWA 1101."),
        ("district", "12", "No local of ours lies in a district 12."),
        ("employer", "Verizn", "Nobody has told us that they work for Verizn. Did you mean Verizon?"),
        ("state", "Texas", "Texas is no state. Write the two letters of the post, such as TX."),
        ("undone", "petition:none", "There is nothing called petition:none that people could do."),
    ],
)
def test_an_audience_that_nobody_knows_is_told_in_words(audience, names, says):
    LocalFactory(number="1101", district="1")
    PersonFactory(employer="Verizon")
    with pytest.raises(UnknownAudience) as error:
        readership.check_names(IssueItem(audience=audience, audience_of=names))
    assert str(error.value).startswith(says)


def test_audiences_that_exist_are_known_in_any_case():
    LocalFactory(number="1101", district="2-13")
    PersonFactory(employer="AT&T")
    for audience, names in (("local", "1101"), ("district", "2-13"), ("employer", "at&t"), ("state", "tx, OK")):
        readership.check_names(IssueItem(audience=audience, audience_of=names))


def test_the_matrix_says_who_sees_what_and_how_many():
    local = LocalFactory(number="1101")
    SubscriptionFactory.create_batch(3)
    SubscriptionFactory(person__local=local)
    SubscriptionFactory(person__local=local, person__language="es", person__employer="AT&T")
    gone = SubscriptionFactory(person__local=local)
    SuppressionFactory(email_key=gone.person.email_key)
    issue = IssueFactory()
    words_item(issue, heading="For 1101", audience="local", audience_of="1101")
    words_item(issue, heading="For AT&T", audience="employer", audience_of="AT&T")
    found = readership.matrix(issue)
    assert [(block.item.heading, block.said, block.readers) for block in found.blocks] == [
        ("For 1101", "members of these locals: 1101", 2),
        ("For AT&T", "people who work for: AT&T", 1),
    ]
    assert [(group.language, group.sees, group.readers) for group in found.groups] == [
        ("en", [False, False], 3), ("en", [True, False], 1), ("es", [True, True], 1),
    ]  # fmt: skip
    assert (found.readers, found.is_too_much) == (5, False)
    assert readership.reach(IssueItem(audience="local", audience_of="1101")) == 2


def test_a_section_needs_no_heading_to_be_named():
    assert [str(Section(kind=kind)) for kind in ("words", "actions")] == ["Words", "Upcoming actions"]
