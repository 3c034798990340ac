"""Members' stories at each point of their way, on a running site. Nobody in them exists.

Run inside the program, which has the sample content: `from tests.e2e.stories import make; make()`.
"""

import json

from django.contrib.auth.models import User
from django.utils import timezone

from csan.lib.pictures import prepare
from members import posting, submitting
from members.models import Appearance, Issue, Submission
from tests.pictures import photo

TEXT = """On the first day I counted cars. On the tenth I knew every driver's horn.

What I took back in:

- the people next to me would stand there for my job
- a **thermos** beats a speech
- nobody was late, not once

By the forty-fifth day I had stopped counting."""
EDITED = """On the first day I counted cars. On the tenth I knew every horn.

What I took back in:

- the people next to me would stand there for **my** job
- a thermos beats a speech

By the forty-fifth day I had stopped counting. That is a union."""
NOTE = "We took one line out, and made the end a little longer.\nIs your name right like this?"


def make() -> None:
    """One story in each state; prints the keys of their authors' pages."""
    by = User.objects.order_by("pk").first()
    assert by
    unconfirmed, submitted, asked, withdrawn, published = (
        _sent(state) for state in ("unconfirmed", "submitted", "asked", "withdrawn", "published")
    )
    for story in (submitted, asked, withdrawn, published):
        submitting.confirm(submission=story)
    submitting.withdraw(submission=withdrawn)
    for story in (asked, published):
        _prepare(story, by)
    published.refresh_from_db()
    submitting.approve(submission=published, seen=published.final_digest)
    posting.publish_story(submission=published, by=by)
    issue = Issue.objects.get(number=90)
    Appearance.objects.create(submission=published, issue=issue, readers=3204)
    Submission.objects.filter(pk=published.pk).update(published_at=timezone.now())
    stories = {"unconfirmed": unconfirmed, "submitted": submitted, "asked": asked, "withdrawn": withdrawn}
    print(json.dumps({name: story.key for name, story in {**stories, "published": published}.items()}))


def _sent(state: str) -> Submission:
    email = f"story-{state}@example.org"
    submitting.submit(
        name="Ruth Okafor",
        local="CWA Local 1101",
        email=email,
        title=f"What the picket line taught me, {state}",
        body=TEXT,
        wording="You may edit my story, and publish it with my name, once I have approved the final text.",
        source="/news/submit/",
        photo=prepare(photo(size=(1200, 800))),
        photo_alt="Six members in red shirts hold a banner that says Good Jobs Here.",
        photo_wording="Everybody who can be seen in the photo agrees that it is published.",
    )
    return Submission.objects.get(email=email)


def _prepare(story: Submission, by: User) -> None:
    story.refresh_from_db()
    post, picture = story.post, story.picture
    assert post
    assert picture
    edited = posting.Edited(
        title=post.title,
        summary="A steward on forty-five days outside.",
        body=EDITED,
        slug=post.slug,
        byline=post.byline,
        language="en",
        note_to_author=NOTE,
        with_photo=True,
        alt=picture.alt,
        alt_es="Seis miembros con camisas rojas sostienen una pancarta.",
    )
    posting.edit(submission=story, edited=edited, seen=story.final_digest, by=by)
    posting.send_to_author(submission=story, by=by)
