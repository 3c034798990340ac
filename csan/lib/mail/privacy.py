"""The one place through which every letter passes on its way out: nobody may see another reader's address."""

from collections.abc import Sequence
from email import message_from_bytes, policy

from django.core.mail import EmailMultiAlternatives


class Exposed(AssertionError):
    """A letter would have shown somebody an address that is not theirs; it must not leave."""


def assert_private(words: bytes | EmailMultiAlternatives, recipients: Sequence[str], *, is_batch: bool) -> None:
    """Raises Exposed unless the letter names exactly one reader, or is a batch that the service takes apart.

    `is_batch` says that the service is known to do so and that a batch was meant. What makes it one for django-anymail
    is a merge attribute of the message: where that is lost, all addresses would stand in everybody's letter.
    """
    if isinstance(words, bytes):
        _assert_one_reader(words, recipients)
        return
    if words.cc or words.bcc or list(words.to) != list(recipients):
        raise Exposed("a letter must go to those it was written for, and to nobody beside them")
    if len(recipients) == 1 and "," not in recipients[0]:
        return
    merged = getattr(words, "merge_data", None), getattr(words, "merge_metadata", None)
    if not is_batch or any(not isinstance(each, dict) or set(each) != set(recipients) for each in merged):
        raise Exposed("a letter to several readers would show each of them the others")


def _assert_one_reader(words: bytes, recipients: Sequence[str]) -> None:
    head = words[: words.find(b"\r\n\r\n") + 2]
    beside = any(b"\r\n%s:" % name in head for name in (b"Cc", b"Bcc"))
    if len(recipients) == 1 and not beside and head.count(b"\r\nTo:") == 1:
        if b"\r\nTo: %s\r\n" % recipients[0].encode() in head:  # nearly always, and quickly seen
            return
        named = message_from_bytes(head, policy=policy.default)["To"]  # a long address stands on a line of its own
        if [each.addr_spec for each in named.addresses] == list(recipients):
            return
    raise Exposed("a letter must name its one reader, and nobody beside")
