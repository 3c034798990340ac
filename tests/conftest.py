"""Fixtures that every folder of tests uses."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.cache import caches
from django.utils import translation

from csan.lib import bell, redis, remembering
from csan.lib.rows import forget_numbers
from members import outbox
from tests.emptying import django_db_setup as django_db_setup


@pytest.fixture(autouse=True)
def empty_redis(monkeypatch) -> Iterator[None]:
    """Each test begins with an empty Redis and empty caches, so that nothing of another test is left."""
    monkeypatch.setattr(bell, "REST", 0.0)  # no ring comes later, from a thread
    forget_numbers()
    redis.forget_failures()
    redis.client().flushdb()
    yield
    for cache in caches.all():
        cache.clear()
    remembering.forget_all()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page asked for in Spanish leaves its language behind in the thread; each test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Passwords of tests are nobody's secret, so hashing one need not take half a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Pages in tests name static files as they are: nothing was collected."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


class Mailbox:
    """The letters that were sent, read back from their files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def letters(self) -> list[EmailMessage]:
        """Oldest first."""
        paths = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]

    def send_and_read(self) -> list[EmailMessage]:
        """Do a sender's work, then read everything that was ever sent in this test."""
        outbox.send_waiting()
        return self.letters()


@pytest.fixture
def mailbox(tmp_path, settings) -> Mailbox:
    """File mail into a folder of this test's own."""
    settings.EMAIL_BACKEND = "csan.lib.mail.files.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return Mailbox(tmp_path / "mail")
