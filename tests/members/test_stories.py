"""A member's story at the staff's desk: edited, approved, published, told of; and its whole way in one go."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from members import newsletter, posting, submitting, tasks
from members.models import Appearance, Message, Picture, Post, Submission
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    PictureFactory,
    PostFactory,
    StaffFactory,
    SubmissionFactory,
    SubscriptionFactory,
)
from tests.members.sending import send_issue
from tests.members.stories import (
    WITH_PHOTO,
    again,
    approved,
    as_it_stands,
    asked,
    confirmed,
    edit,
    link_in,
    published,
    send,
    upload,
)

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/members/submission/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def page_of(story: Submission) -> str:
    return f"{LIST}{story.pk}/change/"


def typed(story: Submission, **changes) -> dict[str, str]:
    """What an editor's browser sends who changed only this."""
    edited = as_it_stands(story)
    fields = ("title", "summary", "body", "slug", "byline", "language", "note_to_author")
    return {**{name: getattr(edited, name) for name in fields}, "seen": again(story).final_digest, **changes}


def press(client, story, do, **changes):
    """Press a button of the story's page, and follow to what it says."""
    return client.post(page_of(story), {"do": do, **changes}, follow=True)


def sent(to: str) -> list[str]:
    """Which letters were written to an address, in their order."""
    return [
        key.rpartition("/")[2]
        for key in Message.objects.filter(to=to).order_by("pk").values_list("template", flat=True)
    ]


def issue_with(*posts: Post, readers: int, refused: int = 0):
    """An issue that has gone out to so many."""
    SubscriptionFactory.create_batch(readers + refused)
    issue = IssueFactory()
    for post in posts:
        IssueItemFactory(issue=issue, post=post)
    send_issue(issue=issue, by=StaffFactory())
    letters = Message.objects.filter(issue=issue)
    now = timezone.now()
    letters.update(status="accepted", settled_at=now)
    Message.objects.filter(pk__in=letters.values("pk")[:refused]).update(status="refused", reason="no such mailbox")
    newsletter.finish_issues()
    issue.refresh_from_db()
    return issue


def test_the_whole_way_from_the_form_to_the_readers(client, staff, mailbox):
    send(client, photo=upload(), **WITH_PHOTO)
    link = link_in(mailbox.send_and_read()[-1])
    client.post(f"{link}confirm/")
    story = Submission.objects.get()

    page = client.get(page_of(story)).content.decode()
    assert "Ruth Okafor, CWA Local 1101" in page
    changed = typed(story, body="I counted cars.", summary="A steward on forty-five days.", alt="Six members.")
    press(client, story, "send", with_photo="on", **{**changed, "note_to_author": "I cut a little."})
    letter = mailbox.send_and_read()[-1]
    assert (letter["Subject"], link_in(letter)) == ("Please approve: What the picket line taught me", link)
    assert "I cut a little." in letter.get_body(("plain",)).get_content()

    assert "I counted cars." in client.get(link).content.decode()
    client.post(f"{link}changes/", {"words": "It was the second day."})
    assert "It was the second day." in client.get(page_of(story)).content.decode()
    changed = typed(story, body="On the second day I counted cars.", alt="Six members.")
    press(client, story, "send", with_photo="on", **changed)
    seen = again(story).final_digest
    assert seen in client.get(link).content.decode()
    client.post(f"{link}approve/", {"seen": seen})

    assert "Published." in press(client, story, "publish").content.decode()
    post = Post.objects.select_related("picture").get()
    html = client.get(f"/news/{post.slug}/").content.decode()
    for words in ("On the second day I counted cars.", "Ruth Okafor, CWA Local 1101", 'alt="Six members."'):
        assert words in html
    issue = issue_with(post, readers=3, refused=1)
    tasks.tell_authors()
    letter = mailbox.send_and_read()[-1]
    assert (letter["To"], letter["Subject"]) == ("ruth@example.org", "Your story went to 3 people")
    html = " ".join(client.get(link).content.decode().split())
    assert f'In <a href="/newsletter/{issue.number}/">newsletter no. {issue.number}</a>, to 3 people' in html
    assert sent("ruth@example.org") == [
        "confirm_story",
        "story_received",
        "approve_story",
        "approve_story",
        "story_published",
        "story_went_out",
    ]
    acts = ["Edited", "Sent to the author", "Edited", "Sent to the author", "Published"]
    logged = LogEntry.objects.filter(object_id=story.pk, content_type__model="submission").order_by("pk")
    assert [(entry.user, entry.change_message) for entry in logged] == [(staff, act) for act in acts]


class TestApproval:
    def test_any_edit_takes_it_back_and_the_author_is_asked_anew(self):
        for change in ({"title": "T"}, {"summary": "S"}, {"body": "B"}, {"byline": "R."}, {"language": "es"}):
            story = approved()
            edit(story, **change)
            story = again(story)
            assert (story.status, story.approved_at, story.approved_digest) == ("submitted", None, "")
            with pytest.raises(posting.NotApproved):
                posting.publish_story(submission=story, by=StaffFactory())
            assert posting.send_to_author(submission=story, by=StaffFactory()) is True
            assert again(story).times_asked == 2

    def test_what_readers_never_see_of_it_takes_nothing_back(self):
        story = approved()
        edit(story, slug="another-address", note_to_author="Thank you.", embargo_until=timezone.now())
        assert again(story).is_final

    @pytest.mark.parametrize("change", [{"alt": "Others."}, {"alt_es": "Otros."}])
    def test_the_words_of_the_photo_are_part_of_it(self, change):
        story = approved(picture=PictureFactory(), photo_wording="All agree.")
        Picture.objects.update(**change)
        assert posting.publish(posts=[story.post], by=StaffFactory()) == 0
        assert posting.send_to_author(submission=story, by=StaffFactory()) is True
        assert again(story).status == "sent"

    def test_without_it_no_way_leads_onto_the_site(self, client, staff):
        for story in (confirmed(), asked()):
            client.post("/admin/members/post/", {"action": "publish", "_selected_action": [story.post.pk]})
            press(client, story, "publish")
            answer = client.post(f"/admin/members/post/{story.post.pk}/change/", {"title": "Past the author"})
            assert answer["Location"] == page_of(story)
            post = Post.objects.get(pk=story.post.pk)
            assert (post.status, post.title) == ("submitted", story.title)

    def test_other_posts_are_published_as_ever_beside_one_that_waits(self, client, staff):
        waits, ready, plain = confirmed(), approved(), PostFactory(status="submitted", published_at=None)
        chosen = [waits.post.pk, ready.post.pk, plain.pk]
        page = client.post("/admin/members/post/", {"action": "publish", "_selected_action": chosen}, follow=True)
        assert "2 posts published." in page.content.decode()
        assert "1 not: they are members&#x27; stories" in page.content.decode()
        assert set(Post.objects.public()) == {ready.post, plain}
        assert (again(waits).status, again(ready).status) == ("submitted", "published")

    def test_publishing_twice_is_publishing_once(self):
        story = published()
        moment = story.published_at
        posting.publish_story(submission=story, by=StaffFactory())
        assert again(story).published_at == moment
        assert sent(story.email) == ["story_received", "approve_story", "story_published"]

    def test_asking_twice_for_the_same_text_is_asking_once(self):
        story = asked()
        assert posting.send_to_author(submission=story, by=StaffFactory()) is False
        assert sent(story.email) == ["story_received", "approve_story"]


class TestTheDesk:
    def test_what_waits_for_staff_stands_first_and_what_is_unconfirmed_nowhere(self, client, staff):
        made = [published(title="Six"), asked(title="Four"), approved(title="Three"), confirmed(title="One")]
        changes = asked(title="Two")
        submitting.ask_for_changes(submission=changes, words="Please.")
        hidden = SubmissionFactory(title="Nobody confirmed this")
        html = client.get(LIST).content.decode()
        places = [html.index(f">{story.title}<") for story in (made[3], changes, made[2], made[1], made[0])]
        assert places == sorted(places)
        assert hidden.title not in html
        assert client.get(page_of(hidden)).status_code in (302, 404)

    def test_the_original_stands_beside_what_was_made_of_it(self, client, staff):
        story = confirmed(body="We counted cars <all> night.")
        edit(story, body="We counted cars.")
        html = client.get(page_of(story)).content.decode()
        assert "We counted cars &lt;all&gt; night." in html
        assert "&lt;all&gt; night.<span" in html

    def test_a_text_that_a_colleague_has_changed_meanwhile_is_not_overwritten(self, client, staff):
        story = confirmed()
        mine = typed(story, body="Mine.")
        edit(story, body="Theirs.")
        answer = press(client, story, "save", **mine)
        assert answer.status_code == 422
        assert "Nothing was saved; below is what you typed." in answer.content.decode()
        assert "Mine." in answer.content.decode()
        assert again(story).post.body == "Theirs."

    @pytest.mark.parametrize("slug", ["taken", "submit"])
    def test_an_address_that_is_taken_is_refused_in_words(self, client, staff, slug):
        PostFactory(slug="taken")
        story = confirmed()
        answer = press(client, story, "save", **typed(story, slug=slug, title="Kept as typed"))
        assert (answer.status_code, again(story).title) == (422, story.title)
        assert "Another page has this address." in answer.content.decode()
        assert "Kept as typed" in answer.content.decode()

    def test_a_photo_can_be_left_out_and_its_words_mended(self, client, staff):
        story = confirmed(picture=PictureFactory(), photo_wording="All agree.")
        press(client, story, "save", **typed(story, alt="Six people.", alt_es="Seis personas."))
        story = again(story)
        assert (story.post.picture, story.picture.alt, story.status) == (None, story.picture.alt, "submitted")
        press(client, story, "save", with_photo="on", **typed(story, alt="Six people.", alt_es="Seis personas."))
        story = again(story)
        assert (story.post.picture, story.picture.alt_es) == (story.picture, "Seis personas.")

    def test_a_photo_on_its_way_is_offered_nowhere_else(self, client, staff):
        picture = PictureFactory(alt="Six members in red shirts.")
        story = approved(picture=picture, photo_wording="All agree.")
        assert list(Picture.objects.settled()) == []
        assert picture.alt not in client.get("/admin/members/picture/").content.decode()
        posting.publish_story(submission=story, by=StaffFactory())
        assert list(Picture.objects.settled()) == [picture]

    def test_a_no_comes_with_a_reason_or_without_a_letter(self, client, staff, mailbox):
        friendly, spam = confirmed(), confirmed()
        assert press(client, friendly, "decline", reason=" ").status_code == 422
        for _ in range(2):
            press(client, friendly, "decline", reason="We had one like it.\nIn spring.")
            press(client, spam, "decline-silently")
        assert (again(friendly).status, again(spam).status, Post.objects.count()) == ("declined", "declined", 0)
        assert (sent(friendly.email), sent(spam.email)) == (["story_received", "story_declined"], ["story_received"])
        letter = mailbox.send_and_read()[-1].get_body(("plain",)).get_content()
        assert "We had one like it." in letter
        assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
            "Declined",
            "Declined without a letter",
        ]

    def test_what_has_ended_says_so_and_stays(self, client, staff):
        story = confirmed()
        before = typed(story)
        submitting.withdraw(submission=story)
        for do, fields in (("save", before), ("send", before), ("publish", {}), ("decline", {"reason": "No."})):
            assert "the story has moved on" in press(client, story, do, **fields).content.decode()
        assert again(story).status == "withdrawn"

    def test_only_who_may_can_look_change_and_publish(self, client):
        story = approved()
        user = StaffFactory(is_superuser=False)
        client.force_login(user)
        assert client.get(page_of(story)).status_code == 403
        user.user_permissions.add(Permission.objects.get(codename="view_submission"))
        assert client.get(page_of(story)).status_code == 200
        for do in ("save", "send", "decline-silently", "publish"):
            assert press(client, story, do, **typed(story, body="Mine.")).status_code == 403
        user.user_permissions.add(Permission.objects.get(codename="change_submission"))
        html = client.get(page_of(story)).content.decode()
        assert 'value="send"' in html
        assert 'value="publish"' not in html
        assert press(client, story, "publish").status_code == 403
        user.user_permissions.add(Permission.objects.get(codename="change_post"))
        press(client, story, "publish")
        assert again(story).status == "published"
        assert client.get(f"{LIST}add/").status_code == 403
        assert client.post(f"{LIST}{story.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_the_list_asks_the_database_the_same_for_one_row_and_for_three(
        self, client, staff, django_assert_num_queries, django_assert_max_num_queries
    ):
        confirmed()
        client.get(LIST)
        with django_assert_max_num_queries(8) as first:
            client.get(LIST)
        asked(), published()
        with django_assert_num_queries(len(first)):
            assert client.get(LIST).status_code == 200


class TestTelling:
    def test_an_author_hears_once_for_each_issue(self):
        story = published()
        first = issue_with(story.post, readers=2)
        assert [posting.tell_authors() for _ in range(2)] == [1, 0]
        second = issue_with(story.post, readers=0)
        posting.tell_authors()
        assert list(Appearance.objects.order_by("pk").values_list("issue", "readers")) == [
            (first.pk, 2),
            (second.pk, 2),
        ]
        assert sent(story.email)[-2:] == ["story_went_out", "story_went_out"]

    def test_nobody_hears_of_an_issue_that_was_stopped_is_under_way_or_long_over(self):
        story = published()
        issue = issue_with(story.post, readers=1)
        type(issue).objects.update(status="sending", finished_at=None)
        assert posting.tell_authors() == 0
        type(issue).objects.update(status="cancelled", finished_at=timezone.now())
        assert posting.tell_authors() == 0
        type(issue).objects.update(status="sent", finished_at=timezone.now() - timedelta(days=15))
        assert posting.tell_authors() == 0

    def test_a_post_under_embargo_is_told_of_when_it_can_be_read(self, client):
        story = approved()
        tomorrow = timezone.now() + timedelta(days=1)
        edit(story, embargo_until=tomorrow)
        posting.publish_story(submission=story, by=StaffFactory())
        posting.tell_authors()
        assert "story_published" not in sent(story.email)
        with time_machine.travel(tomorrow + timedelta(minutes=5)):
            for _ in range(2):
                posting.tell_authors()
        assert sent(story.email).count("story_published") == 1

    def test_telling_costs_the_same_however_many_posts_nobody_sent_in(self, django_assert_num_queries):
        for _ in range(3):
            issue_with(PostFactory(), readers=1)
        with django_assert_num_queries(4):  # the transaction's two; what has appeared, which issues
            posting.tell_authors()
