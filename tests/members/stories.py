"""A member's story at each point of its way, for the tests."""

import re
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from members import posting, submitting
from members.models import Submission
from members.posting import Edited
from tests.members.factories import StaffFactory, SubmissionFactory
from tests.pictures import photo

FORM = "/news/submit/"
TYPED = {
    "title": "What the picket line taught me",
    "body": "On the first day I counted cars.\n\nOn the tenth I knew **every** horn.",
    "name": "Ruth Okafor",
    "local": "CWA Local 1101",
    "email": "ruth@example.org",
    "consent": "on",
}
WITH_PHOTO = {"photo_alt": "Six members in red shirts.", "photo_consent": "on"}


def upload(kind: str = "JPEG", **more: Any) -> SimpleUploadedFile:
    """A photo as a phone sends it."""
    return SimpleUploadedFile(f"IMG_0042.{kind.lower()}", photo(kind, size=(600, 400), **more).getvalue())


def send(client: Client, **changes: Any) -> Any:
    """Fill in the public form and send it."""
    return client.post(FORM, {**TYPED, **changes})


def link_in(letter: EmailMessage) -> str:
    """The path of the private page that a letter links to."""
    found = re.search(r"http://testserver(/\S*/yours/\S+)", letter.get_body(("plain",)).get_content())
    assert found
    return found[1]


def confirmed(**values: Any) -> Submission:
    """A story that staff have."""
    story = SubmissionFactory(**values)
    submitting.confirm(submission=story)
    return again(story)


def asked(**values: Any) -> Submission:
    """A story whose author has the final text."""
    story = confirmed(**values)
    posting.send_to_author(submission=story, by=StaffFactory())
    return again(story)


def approved(**values: Any) -> Submission:
    """A story that may be published."""
    story = asked(**values)
    submitting.approve(submission=story, seen=story.final_digest)
    return again(story)


def published(**values: Any) -> Submission:
    """A story that anybody can read."""
    story = approved(**values)
    posting.publish_story(submission=story, by=StaffFactory())
    return again(story)


def again(story: Submission) -> Submission:
    """The row as it is now, with all that hangs on it."""
    return Submission.objects.select_related("post__picture", "picture").get(pk=story.pk)


def as_it_stands(story: Submission) -> Edited:
    """What an editor would save who changed nothing."""
    post = again(story).post
    return Edited(
        title=post.title,
        summary=post.summary,
        body=post.body,
        slug=post.slug,
        byline=post.byline,
        language=post.language,
        note_to_author=story.note_to_author,
    )


def edit(story: Submission, **changes: Any) -> Submission:
    """Staff change something."""
    edited = replace(as_it_stands(story), **changes)
    return posting.edit(submission=story, edited=edited, seen=again(story).final_digest, by=StaffFactory())
