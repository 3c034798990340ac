"""One factory a model of the members app; no surprises."""

import factory
from django.contrib.auth.models import User
from django.utils import timezone

from csan.lib.addresses import email_key
from members.models import (
    Issue,
    IssueItem,
    Local,
    MailDomain,
    Message,
    Person,
    Picture,
    Post,
    Section,
    Submission,
    Subscription,
    Suppression,
)
from members.newsletter.composing import SECTION_OF, section_of_kind


class StaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"staff{n}@example.org")
    email = factory.SelfAttribute("username")
    is_staff = True
    is_superuser = True


class LocalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Local

    number = factory.Sequence(lambda n: str(1100 + n))


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    email_key = factory.LazyAttribute(lambda person: email_key(person.email))
    given_name = "Ada"
    email_verified_at = factory.LazyFunction(timezone.now)


class SubscriptionFactory(factory.django.DjangoModelFactory):
    """An active subscriber, unless told otherwise."""

    class Meta:
        model = Subscription

    person = factory.SubFactory(PersonFactory)
    status = Subscription.Status.ACTIVE
    wording = "Send me the newsletter."
    source = "/subscribe/"
    asked_at = factory.LazyFunction(timezone.now)
    confirmed_at = factory.LazyFunction(timezone.now)


class SuppressionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Suppression

    email_key = factory.Sequence(lambda n: email_key(f"person{n}@example.org"))
    reason = Suppression.Reason.BOUNCED


class MailDomainFactory(factory.django.DjangoModelFactory):
    """An employer's, unless told otherwise; one of those that the list begins with is taken as it is."""

    class Meta:
        model = MailDomain
        django_get_or_create = ("domain",)

    domain = factory.Sequence(lambda n: f"employer{n}.example.com")
    kind = MailDomain.Kind.EMPLOYER


class PictureFactory(factory.django.DjangoModelFactory):
    """A row without files; `members.pictures.add` makes a whole one."""

    class Meta:
        model = Picture

    name = factory.Sequence(lambda n: f"{n:024x}")
    width = 1600
    height = 1200
    widths = factory.LazyFunction(lambda: [480, 960, 1600])
    jpeg_width = 1200
    alt = "Six members in red shirts hold a banner."


class PostFactory(factory.django.DjangoModelFactory):
    """A published story, unless told otherwise."""

    class Meta:
        model = Post

    kind = Post.Kind.STORY
    title = "Forty-five days on the line"
    slug = factory.Sequence(lambda n: f"post-{n}")
    body = "What we learned on the **picket line**."
    status = Post.Status.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)


class IssueFactory(factory.django.DjangoModelFactory):
    """A draft."""

    class Meta:
        model = Issue

    number = factory.Sequence(lambda n: n + 1)
    subject = "Good jobs, and other news"
    intro = "<p>Dear friends, this is <strong>the news</strong>.</p>"


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    issue = factory.SubFactory(IssueFactory)
    kind = Section.Kind.WORDS


class IssueItemFactory(factory.django.DjangoModelFactory):
    """A post in the section of its kind; without a post, words in one of words."""

    class Meta:
        model = IssueItem

    issue = factory.SubFactory(IssueFactory)
    post = factory.SubFactory(PostFactory)
    section = factory.LazyAttribute(
        lambda item: section_of_kind(item.issue, SECTION_OF[item.post.kind] if item.post else Section.Kind.WORDS)
    )


class MessageFactory(factory.django.DjangoModelFactory):
    """A letter somebody waits for."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"letter:{n}")
    template = "members/welcome"
    to = factory.Sequence(lambda n: f"reader{n}@example.org")
    email_key = factory.LazyAttribute(lambda message: email_key(message.to))
    context = factory.LazyFunction(
        lambda: {"name": "Ada", "preferences_url": "#", "unsubscribe_url": "#", "archive_url": "#"}
    )


class SubmissionFactory(factory.django.DjangoModelFactory):
    """A story that nobody has confirmed yet; `submitting` and `posting` move it on."""

    class Meta:
        model = Submission

    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
    name = "Ruth Okafor"
    local = "CWA Local 1101"
    email = factory.Sequence(lambda n: f"author{n}@example.org")
    email_key = factory.LazyAttribute(lambda submission: email_key(submission.email))
    title = "What the picket line taught me"
    body = "On the first day I counted cars. On the tenth I knew every horn."
    wording = "You may edit my story, and publish it."
    source = "/news/submit/"
