"""The composer's pages: what an editor sees and presses. All of it works without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from csan.lib import offers
from csan.lib.offers import Act
from members import newsletter
from members.models import Issue, IssueItem, Person, Picture, Section
from members.newsletter.contents import items_of
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    LocalFactory,
    PersonFactory,
    PictureFactory,
    PostFactory,
    SectionFactory,
    StaffFactory,
    SubmissionFactory,
    SubscriptionFactory,
)
from tests.members.permitted import permitted
from tests.members.sending import send_issue
from tests.pictures import photo as photo_file

pytestmark = pytest.mark.django_db
WORDS = {"subject": "Good jobs", "subject_es": "Buenos empleos", "intro": "<p>Hello</p>", "intro_es": "<p>Hola</p>"}


@pytest.fixture
def staff(client):
    user = StaffFactory(first_name="Sam", last_name="Ortiz")
    client.force_login(user)
    return user


def at(issue: Issue, path: str = "") -> str:
    return f"/admin/members/issue/{issue.pk}/compose/{path}"


def page(client, issue: Issue, path: str = "") -> str:
    answer = client.get(at(issue, path))
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(item: IssueItem, **values: object) -> dict[str, object]:
    """What the browser sends of an item's form."""
    names = ("heading", "heading_es", "body", "body_es", "link", "audience", "audience_of")
    kept = {name: getattr(item, name) for name in names}
    return {**kept, "section": item.section_id, "picture": "", "version": item.version, "do": "save", **values}


def save(client, item: IssueItem, **values: object):
    return client.post(at(item.issue, f"item/{item.pk}/"), form_of(item, **values))


def press(client, issue: Issue, do: str):
    return client.post(at(issue), {"do": do}, follow=True)


def order(issue: Issue) -> list[str]:
    return [str(item) for item in items_of(issue)]


def test_the_list_leads_to_the_composer_and_once_frozen_to_its_sending(client, staff):
    SubscriptionFactory()
    draft, frozen = IssueFactory(), send_issue(issue=IssueFactory())
    text = client.get("/admin/members/issue/").content.decode()
    assert at(draft) in text
    assert f"/admin/members/issue/{frozen.pk}/sending/" in text


def test_a_new_issue_is_written_next(client, staff):
    answer = client.post(
        "/admin/members/issue/add/", {"number": 7, "due_on": "2027-01-15", "subject": "Special", "subject_es": ""}
    )
    issue = Issue.objects.get()
    assert (answer.status_code, answer["Location"], issue.is_self_made) == (303, at(issue), False)


def test_two_issues_for_one_day_are_refused_in_words(client, staff):
    IssueFactory(due_on="2027-01-15")
    answer = client.post("/admin/members/issue/add/", {"number": 7, "due_on": "2027-01-15", "subject": "Special"})
    assert "Another issue is planned for that day." in answer.content.decode()
    assert Issue.objects.count() == 1


def test_an_issue_is_moved_to_another_day(client, staff):
    issue = IssueFactory(due_on="2027-01-15")
    client.post(f"/admin/members/issue/{issue.pk}/change/", {"number": issue.number, "due_on": "2027-01-22"})
    issue.refresh_from_db()
    assert str(issue.due_on) == "2027-01-22"


def test_the_page_shows_both_languages_and_where_one_is_missing(client, staff):
    issue = IssueFactory(subject="Good jobs", subject_es="Buenos empleos", intro="<p>Dear friends</p>")
    IssueItemFactory(issue=issue, post__title="Seven months", post__summary="At the table")
    IssueItemFactory(
        issue=issue, post=None, heading="Both", heading_es="Ambos", body="<p>Yes</p>", body_es="<p>Sí</p>"
    )
    IssueItemFactory(issue=issue, post__title="En español", post__language="es")
    text = page(client, issue)
    assert "Buenos empleos" in text
    chips = re.findall(r'<span class="compose-chip compose-chip-wrong"[^>]*>([^<]+)', text)
    assert chips == ["No Spanish intro", "No Spanish heading and no text", "No English heading"]


def test_the_page_warns_of_what_would_be_wrong_by_then(client, staff):
    issue = IssueFactory(due_on=timezone.localdate() + timedelta(days=5))
    for post in (
        PostFactory(kind="action", starts_at=timezone.now() + timedelta(days=2)),
        PostFactory(embargo_until=timezone.now() + timedelta(days=30)),
        PostFactory(status="submitted", published_at=None),
    ):
        newsletter.add_post(issue=issue, post=post)
    IssueItemFactory(issue=issue, post=None, heading="x", picture=PictureFactory())
    text = page(client, issue)
    for warning in (
        "Over before readers get it",
        "Under embargo until",
        "Not published yet",
        "no Spanish description",
    ):
        assert text.count(warning) == 1, warning


def test_each_item_says_when_it_was_last_used(client, staff):
    SubscriptionFactory()
    post, once = PostFactory(title="Again"), IssueFactory(number=14)
    newsletter.add_post(issue=once, post=post)
    send_issue(issue=once)
    Issue.objects.filter(pk=once.pk).update(frozen_at="2026-03-12T16:00Z")
    issue = IssueFactory(number=15)
    newsletter.add_post(issue=issue, post=post)
    newsletter.add_post(issue=issue, post=PostFactory(title="First time"))
    text = page(client, issue)
    assert text.count("Last used in no. 14, March 12") == 1
    assert text.count("Never used before") == 1
    assert "last used in no. 14, March 12" in page(client, issue, "add/")


def test_the_draft_is_made_anew_at_the_press_of_a_button(client, staff, monkeypatch):
    monkeypatch.setattr(offers, "_offers", [])
    issue = IssueFactory()
    PostFactory(title="New story")
    assert "1 post would come in: “New story”" in page(client, issue)
    text = press(client, issue, "anew").content.decode()
    assert "Made anew: 1 added, 0 taken away." in text
    assert order(issue) == ["New story"]


def test_items_are_moved_pinned_left_out_and_taken_back_by_buttons(client, staff):
    issue = IssueFactory()
    first, second = (
        IssueItemFactory(issue=issue, post=None, heading=name, position=at) for at, name in enumerate("ab")
    )
    press(client, issue, f"item-down:{first.pk}")
    assert order(issue) == ["b", "a"]
    press(client, issue, f"item-pin:{first.pk}")
    assert IssueItem.objects.get(is_pinned=True) == first
    press(client, issue, f"item-unpin:{first.pk}")
    assert (
        "“b” is left out. You can take it back below."
        in press(client, issue, f"item-drop:{second.pk}").content.decode()
    )
    assert order(issue) == ["a"]
    press(client, issue, f"item-restore:{second.pk}")
    assert order(issue) == ["b", "a"]
    answer = client.post(at(issue), {"do": f"item-up:{first.pk}"})
    assert (answer.status_code, answer["Location"]) == (303, at(issue) + f"#item-{first.pk}")


def test_sections_are_added_renamed_moved_left_out_and_taken_back(client, staff):
    issue = IssueFactory()
    IssueItemFactory(issue=issue, post=None, heading="a")
    client.post(at(issue, "section/"), {"kind": "words", "heading": "More", "heading_es": "Más"})
    section = Section.objects.get(heading="More")
    client.post(at(issue, f"section/{section.pk}/"), {"heading": "Even more", "heading_es": "Aún más", "version": 1})
    press(client, issue, f"section-up:{section.pk}")
    assert [*issue.sections.order_by("position").values_list("heading", flat=True)] == ["Even more", ""]
    assert "“Even more” is left out" in press(client, issue, f"section-drop:{section.pk}").content.decode()
    assert Section.objects.get(pk=section.pk).is_dropped
    press(client, issue, f"section-restore:{section.pk}")
    assert not Section.objects.get(pk=section.pk).is_dropped


@pytest.mark.parametrize("do", ["", "item-up", "item-up:x", "item-up:999999", "section-up:999999", "nonsense"])
def test_a_button_that_there_is_not_does_nothing(client, staff, do):
    issue = IssueFactory()
    assert client.post(at(issue), {"do": do}).status_code in (303, 404)


def test_an_item_of_another_issue_is_not_reached_through_this_one(client, staff):
    issue, other = IssueFactory(), IssueItemFactory()
    assert client.get(at(issue, f"item/{other.pk}/")).status_code == 404
    assert client.get(at(issue, f"section/{other.section_id}/")).status_code == 404
    assert press(client, issue, f"item-drop:{other.pk}").status_code == 404
    assert not IssueItem.objects.get().is_dropped


def test_subject_and_intro_are_saved_sanitised(client, staff):
    issue = IssueFactory()
    bad = {**WORDS, "intro": '<p onclick="x()">Hello <b>all</b><script>x()</script></p>', "version": 1}
    answer = client.post(at(issue, "words/"), bad)
    issue.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, at(issue) + "#opening")
    assert (issue.subject_es, issue.intro, issue.edited_by) == ("Buenos empleos", "<p>Hello all</p>", staff)


def test_words_of_another_who_was_faster_are_shown_and_nothing_typed_is_lost(client, staff):
    maria = StaffFactory(first_name="Maria", last_name="Reyes")
    issue = IssueFactory()
    newsletter.composing.write_issue(issue=issue, version=1, by=maria, words={**WORDS, "subject": "Maria’s subject"})
    answer = client.post(at(issue, "words/"), {**WORDS, "subject": "My subject", "version": 1})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Maria Reyes changed this meanwhile" in text
    assert "Maria’s subject" in text
    assert 'value="My subject"' in text
    issue.refresh_from_db()
    assert issue.subject == "Maria’s subject"
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    client.post(at(issue, "words/"), {**WORDS, "subject": "My subject", "version": version})
    issue.refresh_from_db()
    assert issue.subject == "My subject"


def test_an_item_that_another_edited_meanwhile_is_shown_beside_what_was_typed(client, staff):
    item = IssueItemFactory(post=None, heading="Before")
    other = StaffFactory(username="maria@example.org")
    newsletter.composing.edit_item(
        item=item, version=1, by=other, section=item.section,
        values={"heading": "By Maria", "heading_es": "", "body": "", "body_es": "", "link": "", "audience": "everyone",
                "audience_of": ""},
    )  # fmt: skip
    answer = save(client, item, heading="By me", body="<p>My text</p>")
    text = answer.content.decode()
    assert (answer.status_code, "maria@example.org changed this meanwhile" in text) == (409, True)
    for words in ("By Maria", 'value="By me"', "My text", "Save mine in its place"):
        assert words in text
    item.refresh_from_db()
    assert item.heading == "By Maria"


def test_of_a_post_heading_and_text_are_replaced_for_this_issue_only(client, staff):
    item = IssueItemFactory(post__title="A long title", post__summary="A long summary")
    assert "A long summary" in page(client, item.issue, f"item/{item.pk}/")
    save(client, item, heading="Short", body="<p>Shorter</p>", heading_es="Corto")
    item.refresh_from_db()
    entry = newsletter.gather(item.issue, language="en", variant="0").entries[0]
    assert (entry.title, entry.body, item.post.title) == ("Short", "<p>Shorter</p>", "A long title")


def test_words_of_ones_own_are_added_to_a_section(client, staff):
    section = SectionFactory()
    issue = section.issue
    blank = IssueItem(issue=issue, section=section)
    answer = client.post(
        at(issue, f"section/{section.pk}/write/"), form_of(blank, heading="From us", link="/petitions/")
    )
    item = issue.items.get()
    assert (answer.status_code, answer["Location"]) == (303, at(issue) + f"#item-{item.pk}")
    assert (item.heading, item.link, item.section, item.edited_by, item.is_suggested) == (
        "From us", "/petitions/", section, staff, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"heading": "", "body": ""}, "Write a heading or a text in English."),
        ({"link": "javascript:alert(1)"}, "Write a whole address that begins with https://"),
        ({"audience": "local", "audience_of": ""}, "Say which ones see it, or choose everyone."),
        ({"audience": "local", "audience_of": "99"}, "There is no local 99."),
        ({"audience": "employer", "audience_of": "Verizn"}, "Did you mean Verizon?"),
        ({"audience": "state", "audience_of": "Texas"}, "Texas is no state."),
        ({"heading": "x" * 141}, "at most 140 characters"),
        ({"section": "0"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(client, staff, values, says):
    PersonFactory(employer="Verizon")
    item = IssueItemFactory(post=None, heading="Before", body="<p>Text</p>")
    answer = save(client, item, **{"heading_es": "Lo escrito", **values})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert "Not saved yet." in text
    assert 'value="Lo escrito"' in text
    item.refresh_from_db()
    assert (item.heading, item.version) == ("Before", 1)


def test_an_item_is_shown_to_some_who_are_counted_before_anything_is_saved(client, staff):
    local = LocalFactory(number="1101")
    SubscriptionFactory.create_batch(2, person__local=local)
    SubscriptionFactory()
    item = IssueItemFactory(post=None, heading="For 1101")
    text = save(client, item, audience="local", audience_of="1101", do="count").content.decode()
    assert "<strong>2</strong> people would see it now. Nothing is saved yet." in text
    item.refresh_from_db()
    assert (item.audience, item.version) == ("everyone", 1)
    assert save(client, item, audience="local", audience_of="1101").status_code == 303
    assert "Only members of these locals: 1101" in page(client, item.issue)


def test_what_has_been_done_is_named_by_what_it_is(client, staff, monkeypatch):
    monkeypatch.setattr(offers, "_acts", [lambda: [Act("petition:x", "sign “Save jobs”", Person.objects.all)]])
    item = IssueItemFactory(post=None, heading="Sign", audience="undone", audience_of="petition:x")
    assert "Only people who have not yet: sign “Save jobs”" in page(client, item.issue)
    assert '<option value="petition:x">sign “Save jobs”</option>' in page(client, item.issue, f"item/{item.pk}/")


def test_one_item_for_some_too_many_is_refused_in_words(client, staff):
    issue = IssueFactory()
    for number in range(7):
        LocalFactory(number=f"9{number}")
    for number in range(6):
        IssueItemFactory(issue=issue, post=None, heading="x", audience="local", audience_of=f"9{number}")
    item = IssueItemFactory(issue=issue, post=None, heading="The seventh")
    answer = save(client, item, audience="local", audience_of="96")
    assert (answer.status_code, "at most 6 items for some readers" in answer.content.decode()) == (422, True)


def test_the_matrix_is_a_page_of_its_own(client, staff):
    SubscriptionFactory(person__local=LocalFactory(number="1101"))
    SubscriptionFactory.create_batch(2)
    issue = IssueFactory()
    IssueItemFactory(issue=issue, post=None, heading="For 1101", audience="local", audience_of="1101")
    text = page(client, issue, "readers/")
    assert "3 people get this issue as things stand, in 2 different letters." in re.sub(r"\s+", " ", text)
    assert f"/admin/members/issue/{issue.pk}/preview/?language=en&amp;variant=1" in text
    assert client.post(at(issue, "readers/")).status_code == 405


def test_an_audience_that_has_gone_is_told_on_the_matrix(client, staff):
    item = IssueItemFactory(post=None, heading="x", audience="undone", audience_of="petition:gone")
    assert "There is no such act as petition:gone." in page(client, item.issue, "readers/")
    assert page(client, item.issue)
    assert page(client, item.issue, f"item/{item.pk}/")


def test_a_photo_is_chosen_or_uploaded_and_always_described(client, staff):
    known, item = PictureFactory(), IssueItemFactory(post=None, heading="x")
    save(client, item, picture=known.pk)
    item.refresh_from_db()
    assert item.picture == known
    photo = SimpleUploadedFile("photo.jpg", photo_file().read(), "image/jpeg")
    answer = save(client, item, picture=known.pk, photo=photo, alt="")
    assert (answer.status_code, "Say what the photo shows" in answer.content.decode()) == (422, True)
    photo.seek(0)
    assert (
        save(client, item, picture=known.pk, photo=photo, alt="A banner.", alt_es="Una pancarta.").status_code == 303
    )
    item.refresh_from_db()
    assert (item.picture.alt, item.picture.alt_es, item.picture.width) == ("A banner.", "Una pancarta.", 640)


def test_photos_are_searched_by_what_they_show_and_nothing_typed_is_lost(client, staff, settings):
    flag, item = PictureFactory(alt="Two flags.", alt_es="Dos banderas."), IssueItemFactory(post=None, heading="x")
    PictureFactory.create_batch(98, alt="A banner.", credit="Ana Ruiz")
    unseen = PictureFactory(alt="A banner of a story that nobody has seen.")
    SubmissionFactory(picture=unseen, photo_wording="Yes.")

    def look(**values):
        answer = save(client, item, **{"do": "photos", "heading": "", "link": "no link", **values})
        text = answer.content.decode()
        shown = [int(pk) for pk in re.findall(r'name="picture" value="(\d+)"', text)]
        return answer.status_code, shown, text

    status, shown, text = look(photos_asked=" FLAGS ")
    assert (status, shown) == (200, [flag.pk])
    assert ("no link" in text, "Not saved yet" in text, "1 photo." in text) == (True, False, True)
    assert look(photos_asked="banderas")[1] == [flag.pk]
    pages = [look(photos_asked="ruiz", photos_page=page, do="photos-next") for page in ("", "2", "3", "x")]
    assert [len(shown) for _, shown, _ in pages] == [48, 2, 2, 48]
    assert len({pk for _, shown, _ in pages for pk in shown}) == 50
    assert ["page 3 of 3" in text for *_, text in pages] == [False, True, True, False]
    assert len(look(photos_asked="ruiz", photos_page="2", do="photos-previous")[1]) == 48
    assert look(photos_asked="flags", picture=str(unseen.pk))[1] == [flag.pk]  # not one to choose
    assert look(photos_asked="nothing")[1:][0] == []
    other = Picture.objects.order_by("pk")[50].pk
    assert look(photos_asked="flags", picture=str(other))[1] == [other, flag.pk]  # what is chosen stays in sight
    item.refresh_from_db()
    assert (item.heading, item.picture) == ("x", None)


def test_a_photo_from_long_ago_can_be_chosen(client, staff):
    old, item = PictureFactory(), IssueItemFactory(post=None, heading="x")
    PictureFactory.create_batch(60)
    assert save(client, item, picture=old.pk).status_code == 303
    item.refresh_from_db()
    assert item.picture == old


def test_what_is_no_photo_is_refused(client, staff):
    item = IssueItemFactory(post=None, heading="x")
    photo = SimpleUploadedFile("photo.jpg", b"no photo", "image/jpeg")
    answer = save(client, item, photo=photo, alt="A banner.")
    assert (answer.status_code, "cannot be read as a photo" in answer.content.decode()) == (422, True)
    assert Picture.objects.count() == 0


def test_a_post_is_found_by_its_words_and_added(client, staff):
    issue = IssueFactory()
    PostFactory(title="Contract at Frontier", kind="bargaining", employer="Frontier")
    PostFactory(title="Something else")
    PostFactory(title="Frontier waits", status="submitted", published_at=None)
    text = page(client, issue, "add/?q=frontier+contract&kind=bargaining")
    assert ("Contract at Frontier" in text, "Something else" in text, "Frontier waits" in text) == (True, False, False)
    key = re.search(r'name="post" value="(\d+)"', text)[1]
    assert (
        "“Contract at Frontier” is in." in client.post(at(issue, "add/"), {"post": key}, follow=True).content.decode()
    )
    assert order(issue) == ["Contract at Frontier"]
    assert "In this issue" in page(client, issue, "add/?q=contract")
    assert client.get(at(issue, "add/?kind=nonsense")).status_code == 404


def test_a_post_under_embargo_is_shown_with_a_warning(client, staff):
    PostFactory(title="Secret", embargo_until=timezone.now() + timedelta(days=3))
    assert "Under embargo until" in page(client, IssueFactory(), "add/")


def test_a_post_that_is_not_published_cannot_be_added(client, staff):
    post = PostFactory(status="approved", published_at=None)
    assert client.post(at(IssueFactory(), "add/"), {"post": post.pk}).status_code == 404
    assert client.post(at(IssueFactory(), "add/"), {}).status_code == 404


def test_a_frozen_issue_says_that_nothing_reaches_readers_yet(client, staff):
    SubscriptionFactory()
    LocalFactory(number="1101")
    item = IssueItemFactory(post=None, heading="As frozen")
    send_issue(issue=item.issue)
    text = page(client, item.issue)
    assert "Nothing here reaches readers until you publish the correction." in text
    assert f"/admin/members/issue/{item.issue.pk}/sending/" in text
    assert "Make the draft anew" not in text
    assert "is frozen" in press(client, item.issue, "anew").content.decode()
    answer = save(client, item, audience="local", audience_of="1101")
    assert (answer.status_code, "is fixed since the issue was frozen" in answer.content.decode()) == (422, True)
    assert save(client, item, heading="Corrected").status_code == 303
    assert newsletter.is_changed(Issue.objects.get(pk=item.issue.pk))


def test_a_cancelled_issue_says_that_it_is_over(client, staff):
    SubscriptionFactory()
    item = IssueItemFactory(post=None, heading="x")
    send_issue(issue=item.issue)
    newsletter.cancel(issue=item.issue, by=staff)
    assert "This issue was cancelled" in press(client, item.issue, f"item-drop:{item.pk}").content.decode()
    answer = save(client, item, heading="Late")
    assert (answer.status_code, "This issue was cancelled" in answer.content.decode()) == (422, True)
    answer = client.post(at(item.issue, "add/"), {"post": PostFactory().pk}, follow=True)
    assert "This issue was cancelled" in answer.content.decode()


PAGES = (
    "",
    "words/",
    "add/",
    "readers/",
    "section/",
    "section/{section}/",
    "section/{section}/write/",
    "item/{item}/",
)


@pytest.mark.parametrize("path", PAGES)
def test_only_who_may_change_issues_composes(client, path):
    item = IssueItemFactory()
    address = at(item.issue, path.format(section=item.section_id, item=item.pk))
    assert client.get(address)["Location"].startswith("/admin/login/")
    client.force_login(permitted("view_issue"))
    assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    client.force_login(permitted("view_issue", "change_issue"))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_looking_changes_nothing(client, staff, path):
    item = IssueItemFactory()
    before = (IssueItem.objects.values().get(), Issue.objects.values().get(), Section.objects.values().get())
    page(client, item.issue, path.format(section=item.section_id, item=item.pk))
    assert (IssueItem.objects.values().get(), Issue.objects.values().get(), Section.objects.values().get()) == before


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("", 11), ("add/", 6), ("readers/", 5)])
def test_a_page_asks_the_database_the_same_for_one_item_and_for_three(
    client, staff, django_assert_num_queries, path, queries, count
):
    issue = IssueFactory()
    PersonFactory(employer="AT&T")
    for number in range(count):
        IssueItemFactory(
            issue=issue,
            post__title=f"Post {number}",
            picture=PictureFactory(),
            audience="employer",
            audience_of="AT&T",
        )
        PostFactory()
    page(client, issue, path)
    with django_assert_num_queries(queries):
        page(client, issue, path)
