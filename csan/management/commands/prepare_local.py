"""What a local run needs before its pages answer: migrations, static files, sample content, a staff login."""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from csan.stylesheet import site_css

OUR_APPS = ("members", "campaigns", "petitions")
BROUGHT_BY_MIGRATIONS = {
    "members.MailDomain",
    "campaigns.CarrierProfile",
}  # there from the first moment, also in a database without content
STAFF_EMAIL = "staff@example.org"


class Command(BaseCommand):
    """Each part looks first whether there is anything to do, so that a second start is quick."""

    help = "Prepares a local run; `make run` calls it."
    requires_system_checks: list[str] = []  # noqa: RUF012 - a list by Django's contract

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("This is for local runs only (LOCAL=true).")
        try:
            migrate()
            collect_static_files()
            load_sample()
            make_staff_login(settings.DATA_DIR / "staff.txt")
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip().splitlines()[0]}") from error
        except OSError as error:
            raise CommandError(f"{error.filename or settings.DATA_DIR} cannot be used: {error.strerror}.") from error


def migrate() -> None:
    """Apply the migrations that are missing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def collect_static_files() -> None:
    """Collect the static files if any of them, or the way they are stored, has changed."""
    stamp = Path(f"{settings.STATIC_ROOT}.stamp")
    current = static_files_digest()
    if not stamp.exists() or stamp.read_text() != current:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(current)


def static_files_digest() -> str:
    """A value that changes with any static file's name, size or time, and with the stylesheet made out of them."""
    lines = [str(settings.STORAGES["staticfiles"]), site_css()]
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            lines.append(f"{path} {status.st_size} {status.st_mtime_ns}")
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()


@transaction.atomic
def load_sample() -> None:
    """Load the sample content into an empty database: all of it, or nothing if this is interrupted."""
    ours = [model for name in OUR_APPS for model in apps.get_app_config(name).get_models()]
    models = [model for model in ours if model._meta.label not in BROUGHT_BY_MIGRATIONS]
    if "load_sample" in get_commands() and not any(model._base_manager.exists() for model in models):
        call_command("load_sample", verbosity=0)


def make_staff_login(file: Path) -> None:
    """Make sure that the login written in `file` works; a password that staff changed since is left alone."""
    email, password = STAFF_EMAIL, secrets.token_urlsafe(12)
    is_new = not file.exists()
    if not is_new:
        email, password = file.read_text().split()
    user, is_missing = User.objects.get_or_create(
        username=email, defaults={"email": email, "is_staff": True, "is_superuser": True}
    )
    if is_new or is_missing:
        user.set_password(password)
        user.is_active = user.is_staff = user.is_superuser = True
        user.save(update_fields=["password", "is_active", "is_staff", "is_superuser"])
    if is_new:
        write_private(file, f"{email}\n{password}\n")


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
        opened.write(text)
    new.replace(file)
