"""A member sends in a story: the form, the proof of the address, the author's page, and what is forgotten."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from csan.lib import pictures as making
from members import posting, submitting
from members.models import IssueItem, Message, Person, Picture, Post, Submission
from tests.members.factories import IssueFactory, IssueItemFactory, PersonFactory, StaffFactory, SubmissionFactory
from tests.members.stories import (
    FORM,
    TYPED,
    WITH_PHOTO,
    again,
    approved,
    asked,
    confirmed,
    edit,
    link_in,
    published,
    send,
    upload,
)
from tests.pictures import photo

pytestmark = pytest.mark.django_db(transaction=True)
NOW = "2026-03-01 12:01"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def kept() -> set[str]:
    return set(default_storage.listdir("")[1]) if default_storage.exists("") else set()


def status_of(story: Submission) -> str:
    return Submission.objects.values_list("status", flat=True).get(pk=story.pk)


class TestTheForm:
    def test_a_story_is_kept_with_what_its_author_agreed_to(self, client):
        answer = send(client, photo=upload(secret="40.7 N 74.0 W"), **WITH_PHOTO)
        assert (answer.status_code, answer["Location"]) == (303, "/news/submit/thank-you/")
        story = Submission.objects.select_related("picture").get()
        assert {name: getattr(story, name) for name in ("title", "body", "name", "local", "email")} == {
            name: TYPED[name] for name in ("title", "body", "name", "local", "email")
        }
        assert (story.status, story.language, story.source) == ("unconfirmed", "en", FORM)
        assert "once I have approved" in story.wording
        assert "agrees that it is published" in story.photo_wording
        assert (story.picture.alt, kept()) == ("Six members in red shirts.", set(story.picture.file_names))
        for name in kept():
            with default_storage.open(name) as file:
                assert b"40.7 N" not in file.read()
        assert Post.objects.count() == 0

    def test_a_story_without_a_photo_needs_no_words_about_one(self, client):
        send(client)
        assert Submission.objects.values_list("picture", "photo_wording").get() == (None, "")

    def test_the_same_story_sent_twice_is_kept_once_and_brings_one_letter(self, client, mailbox):
        with time_machine.travel(NOW, tick=False):
            answers = {send(client, photo=upload(), **WITH_PHOTO).status_code for _ in range(2)}
        assert answers == {303}
        assert (Submission.objects.count(), Picture.objects.count(), len(mailbox.send_and_read())) == (1, 1, 1)

    def test_sent_again_it_waits_for_its_button_as_long_as_the_new_letter_says(self, client):
        send(client)
        with time_machine.travel(timezone.now() + timedelta(days=20)):
            send(client)
        with time_machine.travel(timezone.now() + timedelta(days=35)):
            assert submitting.forget_old() == 0

    def test_another_text_from_the_same_address_is_another_story(self, client):
        send(client)
        send(client, title="And another thing")
        assert Submission.objects.count() == 2

    def test_a_program_that_fills_in_everything_gets_the_same_answer_and_nothing_is_kept(self, client):
        answer = send(client, website="https://spam.example", photo=upload(), **WITH_PHOTO)
        assert (answer.status_code, answer["Location"]) == (303, "/news/submit/thank-you/")
        assert (Submission.objects.count(), kept()) == (0, set())

    def test_a_refused_form_keeps_what_was_typed_and_asks_for_the_photo_again(self, client):
        answer = send(client, email="ruth@", photo=upload(), **WITH_PHOTO)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Error: Send us your story" in html.replace("\n", "")
        for words in (TYPED["title"], "I knew **every** horn.", "Six members in red shirts.", 'value="ruth@"'):
            assert words in html
        assert "Please choose the photo once more." in html
        assert (Submission.objects.count(), kept()) == (0, set())

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"photo": lambda: SimpleUploadedFile("a.jpg", b"GIF89a no photo")}, "cannot be read as a photo"),
            ({"photo": lambda: SimpleUploadedFile("a.jpg", b"")}, "This file is empty."),
            ({"photo": lambda: SimpleUploadedFile("a.svg", b"<svg onload='x()'/>")}, "cannot be read as a photo"),
            (
                {"photo": lambda: SimpleUploadedFile("a.jpg", photo().getvalue() + b"\0" * making.MOST_BYTES)},
                "larger than 15 MB",
            ),
            ({"photo": lambda: SimpleUploadedFile("a.png", bomb())}, "million pixels or more"),
            ({"photo_alt": ""}, "Say in one sentence what can be seen"),
            ({"photo_consent": ""}, "Tick the box about the photo"),
            ({"consent": ""}, "Tick the box that lets us edit"),
            ({"body": " \n "}, "Write or paste your story."),
            ({"body": "x" * 12_001}, "at most 12000 characters"),
            ({"title": "Visit www.spam.example"}, "leave web addresses out"),
            ({"local": ""}, "Enter your local"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_kept(self, client, changes, words):
        typed = {"photo": upload, **WITH_PHOTO, **changes}
        answer = send(client, **{name: value() if callable(value) else value for name, value in typed.items()})
        assert answer.status_code == 422
        assert words in answer.content.decode().replace("&#x27;", "'")
        assert (Submission.objects.count(), Picture.objects.count(), kept()) == (0, 0, set())

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
    def test_photos_are_taken_as_phones_write_them(self, client, kind):
        send(client, photo=upload(kind), **WITH_PHOTO)
        assert Submission.objects.get().picture is not None

    def test_in_spanish_all_of_it_is_spanish(self, client, mailbox):
        answer = client.post(f"/es{FORM}", {**TYPED, "photo": upload(), **WITH_PHOTO})
        assert answer["Location"] == "/es/news/submit/thank-you/"
        story = Submission.objects.select_related("picture").get()
        assert (story.language, story.source, story.picture.alt_es) == ("es", "/es/news/submit/", story.picture.alt)
        assert story.wording.startswith("Pueden editar mi historia")
        (letter,) = mailbox.send_and_read()
        assert letter["Subject"] == "Confirme su historia para CSAN"
        assert link_in(letter) == f"/es/news/yours/{story.key}/"
        refused = client.post(f"/es{FORM}", {**TYPED, "photo": SimpleUploadedFile("a.jpg", b"no"), **WITH_PHOTO})
        assert "no se puede leer como foto" in refused.content.decode()

    def test_too_many_attempts_are_told_to_wait_and_no_photo_is_worked_on(self, client, settings, monkeypatch):
        settings.BUDGETS = {**settings.BUDGETS, "submit": {"client": (1, 600), "email": (9, 600)}}
        send(client)
        made = []
        monkeypatch.setattr("members.story_forms.prepare", made.append)
        answer = send(client, title="Another", photo=upload(), **WITH_PHOTO)
        assert (answer.status_code, int(answer["Retry-After"]) > 0, made) == (429, True, [])
        assert "Please choose the photo once more." in answer.content.decode()
        assert Submission.objects.count() == 1

    def test_a_post_from_another_site_is_refused(self, client):
        answer = client.post(FORM, TYPED, headers={"Sec-Fetch-Site": "cross-site"})
        assert (answer.status_code, Submission.objects.count()) == (403, 0)

    def test_the_pages_need_no_database(self, client, django_assert_num_queries):
        for address in (FORM, "/news/submit/thank-you/"):
            with django_assert_num_queries(0):
                page = client.get(address)
            assert (page.status_code, page.cookies) == (200, {})


def bomb() -> bytes:
    """A small file of many pixels."""
    return photo("PNG", size=(7000, 6000)).getvalue()


class TestTheAddressIsProved:
    def test_before_the_button_nobody_at_the_desk_sees_it(self, client, mailbox):
        send(client)
        (letter,) = mailbox.send_and_read()
        link = link_in(letter)
        page = client.get(link)
        assert (page.status_code, page["Cache-Control"]) == (
            200,
            "max-age=0, no-cache, no-store, must-revalidate, private, no-transform",
        )
        assert '<meta name="robots" content="noindex">' in page.content.decode()
        assert list(Submission.objects.confirmed()) == []
        assert client.post(f"{link}confirm/").status_code == 303
        story = Submission.objects.select_related("post", "person").get()
        assert (story.status, story.person.email, story.post.status) == ("submitted", "ruth@example.org", "submitted")
        assert (story.post.byline, story.post.kind) == ("Ruth Okafor, CWA Local 1101", "story")
        assert story.person.email_verified_at is not None
        assert [letter["Subject"] for letter in mailbox.send_and_read()] == [
            "Please confirm your story for CSAN",
            "We have your story",
        ]

    def test_the_button_pressed_twice_does_nothing_twice(self):
        story = SubmissionFactory()
        assert [submitting.confirm(submission=story) for _ in range(2)] == [True, False]
        assert (Post.objects.count(), Message.objects.count()) == (1, 1)

    def test_somebody_we_know_is_found_and_not_overwritten(self):
        known = PersonFactory(email="ruthokafor@gmail.com", local_as_written="Local 9")
        story = confirmed(email="ruth.okafor@gmail.com")
        known.refresh_from_db()
        assert (story.person, known.local_as_written, Person.objects.count()) == (known, "Local 9", 1)

    @pytest.mark.parametrize(
        ("title", "slug"),
        [("Submit", "submit-2"), ("We won!", "we-won-2"), ("我们", "story"), ("Why? Why!", "why-why")],
    )
    def test_a_post_gets_an_address_that_is_free(self, title, slug):
        confirmed(title="We won")
        assert confirmed(title=title).post.slug == slug

    def test_scanners_that_follow_every_link_change_nothing(self, client):
        stories = [SubmissionFactory(), confirmed(), asked(), approved(), published()]
        before = list(Submission.objects.order_by("pk").values())
        for story in stories:
            for more in ("", "confirm/", "approve/", "changes/", "withdraw/"):
                for ask in (client.get, client.head):
                    assert ask(f"/news/yours/{story.key}/{more}").status_code in (200, 303)
        assert list(Submission.objects.order_by("pk").values()) == before

    def test_an_unknown_key_is_a_page_that_is_not_there(self, client):
        for more in ("", "confirm/", "approve/", "changes/", "withdraw/"):
            assert client.post(f"/news/yours/nobody/{more}").status_code in (404, 405)
            assert client.get(f"/news/yours/nobody/{more}").status_code == 404


class TestTheAuthor:
    def page(self, client, story, status=200):
        answer = client.get(f"/news/yours/{story.key}/")
        assert answer.status_code == status
        return answer.content.decode()

    def test_reads_the_final_text_and_what_has_changed_and_approves(self, client):
        story = confirmed(body="We counted cars all night.")
        edit(story, body="We counted **cars**.", summary="In short.", note_to_author="I cut a little.")
        posting.send_to_author(submission=story, by=StaffFactory())
        html = self.page(client, story)
        for words in ("We counted <strong>cars</strong>.", "In short.", "I cut a little.", "<del>", "<ins>"):
            assert words in html
        address = f"/news/yours/{story.key}/approve/"
        seen = again(story).final_digest
        assert f'value="{seen}"' in html
        answers = [client.post(address, {"seen": seen}) for _ in range(2)]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"/news/yours/{story.key}/")}
        assert (status_of(story), again(story).is_final) == ("approved", True)
        assert "I approve this text" not in self.page(client, story)

    def test_cannot_approve_a_text_that_was_changed_behind_the_page(self, client):
        story = asked()
        seen = story.final_digest
        Post.objects.update(body="Something else.")
        answer = client.post(f"/news/yours/{story.key}/approve/", {"seen": seen})
        assert (answer.status_code, status_of(story)) == (422, "sent")
        assert "The text has just been changed." in answer.content.decode()
        assert "Something else." in answer.content.decode()

    def test_cannot_approve_what_staff_are_still_working_on(self, client):
        story = asked()
        seen = story.final_digest
        edit(story, body="Something else.")
        answer = client.post(f"/news/yours/{story.key}/approve/", {"seen": seen})
        assert (answer.status_code, status_of(story)) == (422, "submitted")
        assert "This is not possible any more." in answer.content.decode()
        assert "Something else." not in answer.content.decode()

    def test_asks_for_changes_in_words_which_takes_an_approval_back(self, client):
        story = approved()
        address = f"/news/yours/{story.key}/changes/"
        assert client.post(address, {"words": " "}).status_code == 422
        assert status_of(story) == "approved"
        assert client.post(address, {"words": "My name is\nRuth A."}).status_code == 303
        story = again(story)
        assert (story.status, story.author_words, story.approved_digest) == ("changes", "My name is\nRuth A.", "")
        assert "My name is<br>Ruth A." in self.page(client, story)

    @pytest.mark.parametrize("make", [confirmed, asked, approved])
    def test_takes_the_story_back_before_it_is_published(self, client, make):
        story = make()
        item = IssueItemFactory(issue=IssueFactory(), post=story.post)
        page = client.get(f"/news/yours/{story.key}/withdraw/").content.decode()
        assert "Yes, take it back" in page
        answers = [client.post(f"/news/yours/{story.key}/withdraw/").status_code for _ in range(2)]
        assert (answers, status_of(story), Post.objects.count()) == ([303, 303], "withdrawn", 0)
        assert not IssueItem.objects.filter(pk=item.pk).exists()
        assert "You took this story back." in self.page(client, story)

    def test_cannot_take_back_what_is_published(self, client):
        story = published()
        answer = client.post(f"/news/yours/{story.key}/withdraw/")
        assert (answer.status_code, status_of(story)) == (422, "published")
        assert "not possible any more" in answer.content.decode()

    def test_sees_in_spanish_what_is_theirs(self, client):
        story = asked(language="es")
        assert "Por favor, lea el texto final" in client.get(f"/es/news/yours/{story.key}/").content.decode()

    @pytest.mark.parametrize("make", [SubmissionFactory, confirmed, asked, approved, published])
    def test_words_that_look_like_a_program_are_only_words(self, client, make):
        evil = '<script>alert(1)</script> <img src=x onerror="alert(2)"> [here](javascript:alert(3))'
        story = make(title="<script>alert(0)</script>", body=evil, name="<b>Ruth</b>")
        pages = [self.page(client, story)]
        if story.post and story.status == "published":
            pages.append(client.get(story.post.get_absolute_url()).content.decode())
        for html in pages:
            assert "<script>alert" not in html
            assert "<img src=x" not in html
            assert 'href="javascript' not in html
            assert "<b>Ruth" not in html

    @pytest.mark.parametrize(
        ("make", "queries"), [(SubmissionFactory, 1), (confirmed, 1), (asked, 1), (approved, 1), (published, 2)]
    )
    def test_the_page_asks_the_database_little(self, client, django_assert_num_queries, make, queries):
        story = make()
        with django_assert_num_queries(queries):
            self.page(client, story)


class TestForgetting:
    def test_what_nobody_confirmed_goes_after_30_days_with_its_photo(self, client):
        send(client, photo=upload(), **WITH_PHOTO)
        story = confirmed()
        with time_machine.travel(timezone.now() + timedelta(days=29)):
            assert submitting.forget_old() == 0
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            assert [submitting.forget_old() for _ in range(2)] == [1, 0]
        assert list(Submission.objects.all()) == [story]
        assert (Picture.objects.count(), kept()) == (0, set())

    def test_what_was_withdrawn_or_declined_goes_after_90_days(self):
        withdrawn, declined, alive = confirmed(), confirmed(), published()
        submitting.withdraw(submission=withdrawn)
        posting.decline(submission=declined, by=StaffFactory())
        with time_machine.travel(timezone.now() + timedelta(days=89)):
            assert submitting.forget_old() == 0
        with time_machine.travel(timezone.now() + timedelta(days=91)):
            assert submitting.forget_old() == 2
        assert list(Submission.objects.all()) == [alive]

    def test_who_is_erased_leaves_what_was_published_and_nothing_else(self, client):
        email = "ruth@example.org"
        stories = [make(email=email) for make in (SubmissionFactory, confirmed, asked, approved, published)]
        other = confirmed()
        assert submitting.forget_author(email="Ruth@example.org") == 5
        left = again(stories[-1])
        assert list(Submission.objects.order_by("pk")) == [left, other]
        assert (left.email, left.email_key, left.person, left.status) == ("", "", None, "published")
        assert client.get(f"/news/yours/{stories[-1].key}/").status_code == 404
        assert posting.tell_authors() == 0
