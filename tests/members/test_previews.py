"""Previews: five ways of looking at a letter, for a group or as one person, and how it is read aloud."""

import re

import pytest

from members.newsletter import previewing, reading_aloud
from members.newsletter.reading_aloud import Utterance
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    LocalFactory,
    PictureFactory,
    StaffFactory,
    SubscriptionFactory,
)
from tests.members.permitted import permitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


@pytest.fixture
def issue():
    """One item for all, one for Local 1101, one for people at AT&T."""
    made = IssueFactory(subject="Good jobs", subject_es="Buenos empleos")
    LocalFactory(number="1101")
    IssueItemFactory(issue=made, post=None, heading="For all", heading_es="Para todos", body="<p>All</p>")
    IssueItemFactory(issue=made, post=None, heading="For 1101", audience="local", audience_of="1101")
    IssueItemFactory(issue=made, post=None, heading="For AT&T", audience="employer", audience_of="AT&T")
    return made


def page(client, issue, query: str = "") -> str:
    answer = client.get(f"/admin/members/issue/{issue.pk}/preview/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_all_five_are_on_one_page_in_the_language_that_was_chosen(client, staff, issue):
    text = page(client, issue, "?language=es")
    assert re.findall(r'<iframe[^>]* title="([^"]+)"', text) == ["Desktop, Spanish", "Phone, Spanish", "Dark, Spanish"]
    assert "Plain text, Spanish" in text
    assert "Read aloud, Spanish" in text
    assert "Buenos empleos" in text
    assert "CSANhole" not in text


def test_a_group_sees_its_own_items_and_the_archive_none_of_them(client, staff, issue):
    def headings(variant: str) -> list[str]:
        html = client.get(f"/admin/members/issue/{issue.pk}/rendition/en/?variant={variant}").content.decode()
        return [name for name in ("For all", "For 1101", "For AT&amp;T") if name in html]

    assert [headings(variant) for variant in ("", "0", "1", "2", "public")] == [
        ["For all", "For 1101", "For AT&amp;T"],
        ["For all"],
        ["For all", "For 1101"],
        ["For all", "For AT&amp;T"],
        ["For all"],
    ]
    choices = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)', page(client, issue))
    assert choices[2:] == [
        ("3", "Everything, also what only some see"),
        ("0", "What everyone sees"),
        ("1", "Only members of these locals: 1101"),
        ("2", "Only people who work for: AT&amp;T"),
        ("public", "The archive on the site"),
    ]


def test_as_a_person_it_is_their_language_and_their_items_with_a_key_that_opens_nothing(client, staff, issue):
    ana = SubscriptionFactory(
        person__email="ana.r@gmail.com", person__given_name="Ana", person__language="es", person__employer="at&t"
    )
    answer = client.post(f"/admin/members/issue/{issue.pk}/preview/", {"address": " Ana.R@gmail.com "})
    assert (answer.status_code, answer["Location"]) == (303, f"/admin/members/issue/{issue.pk}/preview/?as={ana.pk}")
    text = client.get(answer["Location"]).content.decode()
    assert "ana.r@gmail.com" in text
    assert "Desktop, Spanish" in text
    assert "For AT&amp;T" in text
    assert "For 1101" not in re.search(r"<pre.*?</pre>", text, re.DOTALL)[0]
    assert ana.key not in text
    frame = client.get(re.findall(r'<iframe[^>]* src="([^"]+)"', text)[0].replace("&amp;", "&")).content.decode()
    assert "/unsubscribe/preview/" in frame
    assert ana.key not in frame


def test_somebody_by_chance_is_somebody_who_is_subscribed(client, staff, issue):
    SubscriptionFactory(status="pending", confirmed_at=None)
    readers = {SubscriptionFactory().pk for _ in range(3)}
    SubscriptionFactory(status="pending", confirmed_at=None)
    assert {previewing.any_reader() for _ in range(40)} <= readers
    answer = client.post(f"/admin/members/issue/{issue.pk}/preview/", {"do": "anybody"}, follow=True)
    assert "would get it now" in answer.content.decode()


@pytest.mark.parametrize("fields", [{"address": "nobody@example.org"}, {"address": "no address"}, {"do": "anybody"}])
def test_who_is_not_subscribed_is_said_to_be_nobody(client, staff, issue, fields):
    SubscriptionFactory(person__email="left@example.org", status="pending", confirmed_at=None)
    answer = client.post(f"/admin/members/issue/{issue.pk}/preview/", fields, follow=True)
    assert "Nobody who is subscribed has this address." in answer.content.decode()


@pytest.mark.parametrize("query", ["?language=fr", "?variant=9", "?variant=x", "?as=999999", "?as=x"])
def test_what_there_is_none_of_is_not_found(client, staff, issue, query):
    assert client.get(f"/admin/members/issue/{issue.pk}/preview/{query}").status_code == 404


def test_only_who_may_see_subscriptions_looks_as_a_person(client, issue):
    reader = SubscriptionFactory()
    client.force_login(permitted("view_issue"))
    assert "by their e-mail address" not in page(client, issue)
    address = f"/admin/members/issue/{issue.pk}/preview/"
    assert client.get(f"{address}?as={reader.pk}").status_code == 403
    assert client.post(address, {"address": reader.person.email}).status_code == 403
    client.force_login(permitted("view_issue", "view_subscription"))
    assert reader.person.email in client.get(f"{address}?as={reader.pk}").content.decode()


def test_without_the_right_to_see_issues_there_is_no_preview(client, issue):
    client.force_login(permitted("view_subscription"))
    for path in ("preview/", "rendition/en/"):
        assert client.get(f"/admin/members/issue/{issue.pk}/{path}").status_code == 403


def test_a_scheme_is_forced_whatever_the_screen_of_who_looks(client, staff, issue):
    address = f"/admin/members/issue/{issue.pk}/rendition/en/"
    light = client.get(address).content.decode()
    dark = client.get(f"{address}?scheme=dark").content.decode()
    assert "prefers-color-scheme" not in light + dark
    assert ("@media not all" in light, "@media all" in dark) == (True, True)
    assert 'name="color-scheme" content="light"' in light
    assert 'name="color-scheme" content="dark"' in dark


def test_a_frame_is_shown_on_our_own_pages_only(client, staff, issue):
    answer = client.get(f"/admin/members/issue/{issue.pk}/rendition/en/")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert client.post(f"/admin/members/issue/{issue.pk}/rendition/en/").status_code == 405


def test_a_letter_is_read_in_its_order_with_its_roles():
    html = """<html lang="en"><head><title>no</title><style>no</style></head><body>
      <div style="display:none">preheader</div><table role="presentation"><tr><td aria-hidden="true">Nov 20</td>
      <td><h1>Good jobs</h1><p>Dear <b>friends</b>,<br>hello.</p></td></tr></table>
      <h2 lang="es">Negociaciones</h2><h3><a href="/x">Siete meses</a></h3>
      <img src="a.jpg" alt="Six members."><img src="line.png" alt=""><img src="b.jpg">
      <p>Read <a href="/y" aria-label="Read on: Siete meses">on</a> now</p><a href="/z"></a>
      <ul><li>one</li><li>two <a href="/q">q</a></li></ul></body></html>"""
    assert reading_aloud.read(html) == [
        Utterance("heading", "Good jobs", "en", 1),
        Utterance("words", "Dear friends, hello.", "en"),
        Utterance("heading", "Negociaciones", "es", 2),
        Utterance("heading", "Siete meses", "en", 3, is_link=True),
        Utterance("picture", "Six members.", "en"),
        Utterance("picture", "", "en"),
        Utterance("words", "Read", "en"),
        Utterance("link", "Read on: Siete meses", "en", is_link=True),
        Utterance("words", "now", "en"),
        Utterance("link", "", "en", is_link=True),
        Utterance("list item", "one", "en"),
        Utterance("list item", "two", "en"),
        Utterance("link", "q", "en", is_link=True),
    ]
    assert [each.words for each in reading_aloud.read(html) if each.is_wrong] == ["", ""]


def test_a_real_letter_is_read_with_its_headings_photos_and_what_is_in_another_language(issue):
    IssueItemFactory(issue=issue, post__title="Seven months", post__kind="bargaining", picture=PictureFactory())
    said = reading_aloud.read(previewing.preview(issue, "es").html)
    assert [(each.level, each.words) for each in said if each.role == "heading"] == [
        (1, "Buenos empleos"),
        (3, "Para todos"),
        (3, "For 1101"),
        (3, "For AT&T"),
        (2, "Negociaciones"),
        (3, "Seven months"),
    ]
    assert [each.words for each in said if each.role == "picture"] == ["Six members in red shirts hold a banner."]
    assert [each.language for each in said if each.words == "Seven months"] == ["en"]
    assert "Darme de baja" in [each.words for each in said if each.role == "link"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_asks_the_database_the_same_for_one_item_and_for_three(
    client, staff, django_assert_num_queries, count
):
    made = IssueFactory()
    for number in range(count):
        IssueItemFactory(issue=made, post=None, heading=f"Item {number}", audience="employer", audience_of="AT&T")
    page(client, made)
    with django_assert_num_queries(7):
        page(client, made)
