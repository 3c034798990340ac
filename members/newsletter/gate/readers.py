"""Who gets an issue: that there is somebody, and that staff have seen just this as they will."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse

from members.models import Rendition, Subscription, Suppression
from members.newsletter.contents import languages
from members.newsletter.gate.looking import Finding, Look, fix_sending, language_name
from members.newsletter.rendering import digest_of


def languages_read() -> list[str]:
    """Those in which somebody would get an issue; nobody who is suppressed would."""
    suppressed = Suppression.objects.filter(email_key=OuterRef("person__email_key"))
    readers = Subscription.objects.active().exclude(Exists(suppressed))
    return [language for language in languages() if readers.filter(person__language=language).exists()]


def readers_and_tests(look: Look) -> Iterator[Finding]:
    """Blocks an issue that nobody would get, and one of which no test was sent since its last change."""
    issue = look.issue
    read = languages_read()
    if not read:
        words = "Nobody is subscribed who can be written to, so there is nobody to send it to."
        yield Finding("nobody", True, words, reverse("admin:members_subscription_changelist"))
        return
    digest = digest_of(issue)
    tests = Rendition.objects.filter(issue=issue, is_test=True).order_by("language", "-created_at", "-pk")
    newest = dict(tests.distinct("language").values_list("language", "digest"))
    for language in read:
        name = language_name(language)
        if language not in newest:
            words = f"No test of the {name} letter was sent. Send one to yourself and read it as a reader will."
            yield Finding("untested", True, words, fix_sending(issue, "test"))
        elif newest[language] != digest:
            words = f"The issue has changed since the last test of the {name} letter. Send a new one to yourself."
            yield Finding("untested", True, words, fix_sending(issue, "test"))


RULES = (readers_and_tests,)
