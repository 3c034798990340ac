"""Stories that members send in: what they wrote, what they agreed to, and how far each has come."""

import json
from hashlib import sha256
from typing import ClassVar

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from csan.lib.addresses import new_key
from csan.lib.languages import Said
from members.models.issues import Issue
from members.models.people import LANGUAGE_CHOICES, Person
from members.models.pictures import Picture
from members.models.posts import Post


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def confirmed(self) -> "SubmissionQuerySet":
        """Those whose author has proved their address: the only ones that staff see."""
        return self.exclude(status=Submission.Status.UNCONFIRMED)

    def unpublished(self) -> "SubmissionQuerySet":
        """Those whose post, if there is one, is still for their author to approve."""
        return self.exclude(status=Submission.Status.PUBLISHED)

    def waiting_first(self) -> "SubmissionQuerySet":
        """What staff must do something about, then what the author must, then what is done; the oldest first."""
        places = [When(status=status, then=Value(place)) for place, status in enumerate(Submission.STAFF_ORDER)]
        return self.annotate(place=Case(*places, default=Value(len(places)))).order_by("place", "confirmed_at", "pk")


class Submission(models.Model):
    """A story on its way from a member to a post. `key` opens the author's private page.

    unconfirmed → submitted (with staff) → sent (to the author) → approved → published; the author may ask for changes
    or withdraw, staff may decline. `title` and `body` stay as they were sent; what staff make of them is the post.
    `approved_digest` stands for the very words that the author approved: other words cannot be published.
    """

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "not confirmed"
        SUBMITTED = "submitted", "with staff"
        SENT = "sent", "with the author"
        CHANGES = "changes", "changes asked for"
        APPROVED = "approved", "approved by the author"
        PUBLISHED = "published", "published"
        WITHDRAWN = "withdrawn", "withdrawn by the author"
        DECLINED = "declined", "declined"

    IN_HAND = (Status.SUBMITTED, Status.SENT, Status.CHANGES, Status.APPROVED)  # staff and author work on it
    STAFF_ORDER = (Status.SUBMITTED, Status.CHANGES, Status.APPROVED, Status.SENT, Status.PUBLISHED)

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False, help_text="Of what was sent; the same is kept once.")
    name = models.CharField(max_length=70, help_text="As it is to be printed.")
    local = models.CharField(max_length=60)
    email = models.EmailField("e-mail", max_length=254)
    email_key = models.CharField(max_length=32, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="submissions"
    )
    title = models.CharField(max_length=140)
    body = models.TextField()
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES, default="en", help_text="Of the page.")
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="submissions"
    )
    wording = models.TextField(help_text="What the author agreed to, as it stood on the page.")
    photo_wording = models.TextField(blank=True, help_text="The same about the photo.")
    source = models.CharField(max_length=200, help_text="The page they agreed on.")
    suspicion = models.PositiveSmallIntegerField(default=0, help_text="Above 0: filled in faster than a person types.")
    status = models.CharField(max_length=12, choices=Status, default=Status.UNCONFIRMED, editable=False)
    post = models.OneToOneField(
        Post, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="submission"
    )
    note_to_author = models.TextField(blank=True, help_text="Staff's words beside the text.")
    author_words = models.TextField(blank=True, help_text="What the author last asked to be changed.")
    times_asked = models.PositiveSmallIntegerField(default=0, help_text="How often the author was asked to approve.")
    approved_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "member post"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(status__in=["unconfirmed", "submitted", "sent", "changes", "approved"]),
                name="members_submission_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "unconfirmed", "submitted", "sent", "changes", "approved", "published", "withdrawn",
                        "declined",
                    ]
                ),
                name="members_submission_status",
            ),
            models.CheckConstraint(
                condition=Q(status="unconfirmed", confirmed_at__isnull=True)
                | (~Q(status="unconfirmed") & Q(confirmed_at__isnull=False)),
                name="members_submission_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["unconfirmed", "withdrawn", "declined"], post__isnull=True)
                | (~Q(status__in=["unconfirmed", "withdrawn", "declined"]) & Q(post__isnull=False)),
                name="members_submission_post",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "changes", "approved", "published"])
                | Q(asked_at__isnull=False, times_asked__gt=0),
                name="members_submission_asked",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status__in=["approved", "published"], approved_at__isnull=False) & ~Q(approved_digest="")
                )
                | (
                    ~Q(status__in=["approved", "published"])
                    & Q(approved_at__isnull=True, approved_digest="")
                ),
                name="members_submission_approved",
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_at__isnull=False)
                | (~Q(status="published") & Q(published_at__isnull=True)),
                name="members_submission_published",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="members_submission_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(status="declined", declined_at__isnull=False)
                | (~Q(status="declined") & Q(declined_at__isnull=True)),
                name="members_submission_declined",
            ),
            models.CheckConstraint(
                condition=~Q(status="changes") | ~Q(author_words=""), name="members_submission_words"
            ),
            models.CheckConstraint(condition=~Q(wording=""), name="members_submission_wording"),
            models.CheckConstraint(
                condition=Q(picture__isnull=True, photo_wording="")
                | (Q(picture__isnull=False) & ~Q(photo_wording="")),
                name="members_submission_photo",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="members_submission_email_lower"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="members_submission_language"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:yours", args=[self.key])

    @property
    def final_digest(self) -> str:
        """Stands for all that readers will see of the post: other words or another photo give another."""
        post, picture = self.post, self.post.picture if self.post else None
        assert post
        shown = [post.title, post.summary, post.body, post.byline, post.language]
        shown += [picture.name, picture.alt, picture.alt_es] if picture else []
        return sha256(json.dumps(shown).encode()).hexdigest()

    @property
    def is_final(self) -> bool:
        """Whether the author has approved the post just as it stands."""
        return self.status == self.Status.APPROVED and self.approved_digest == self.final_digest

    @property
    def byline(self) -> str:
        """Who wrote it, as it is printed."""
        return f"{self.name}, {self.local}"

    @property
    def said(self) -> Said:
        """The sentence they agreed to, in the language of the page on which it stood."""
        return Said(self.wording, "es" if self.source.startswith("/es/") else "en")

    @property
    def said_of_photo(self) -> Said:
        """The same about the photo."""
        return Said(self.photo_wording, self.said.language)


class Appearance(models.Model):
    """A member's post went out in an issue, to so many people; the author has been told, once."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="appearances")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    readers = models.PositiveIntegerField(help_text="Letters that the mail service accepted.")
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "issue"], name="members_appearance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} in {self.issue}"
