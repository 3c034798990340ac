"""`prepare_local`: what is made on the first start of a local run, and left alone on the next."""

from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from csan.management.commands import prepare_local
from tests.members.factories import MailDomainFactory, PersonFactory

pytestmark = pytest.mark.django_db


def login(file: Path) -> User | None:
    email, password = file.read_text().splitlines()
    return authenticate(username=email, password=password)


def test_the_first_start_makes_a_login_that_only_its_owner_can_read(tmp_path):
    file = tmp_path / "staff.txt"
    prepare_local.make_staff_login(file)
    user = login(file)
    assert (user.email, user.is_staff, user.is_superuser) == ("staff@example.org", True, True)
    assert len(file.read_text().splitlines()[1]) == 16
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("staff.txt", 0o600)]


def test_the_second_start_leaves_the_login_alone(tmp_path):
    file = tmp_path / "staff.txt"
    prepare_local.make_staff_login(file)
    before = (file.read_text(), User.objects.get().password)
    prepare_local.make_staff_login(file)
    assert (file.read_text(), User.objects.get().password) == before


def test_a_password_that_staff_changed_stays_changed(tmp_path):
    file = tmp_path / "staff.txt"
    prepare_local.make_staff_login(file)
    user = User.objects.get()
    user.set_password("chosen by themselves")
    user.save(update_fields=["password"])
    prepare_local.make_staff_login(file)
    assert authenticate(username="staff@example.org", password="chosen by themselves") == user


def test_a_lost_file_is_made_again_with_a_new_password(tmp_path):
    file = tmp_path / "staff.txt"
    prepare_local.make_staff_login(file)
    file.unlink()
    prepare_local.make_staff_login(file)
    assert login(file) == User.objects.get()


def test_a_new_database_gets_the_login_that_the_file_names(tmp_path):
    file = tmp_path / "staff.txt"
    file.write_text("staff@example.org\nan-old-password\n")
    prepare_local.make_staff_login(file)
    assert login(file) == User.objects.get()
    assert file.read_text() == "staff@example.org\nan-old-password\n"


def test_the_list_of_mail_domains_is_no_content(monkeypatch):
    called = []
    monkeypatch.setattr(prepare_local, "call_command", lambda name, **_: called.append(name))
    MailDomainFactory()
    prepare_local.load_sample()
    PersonFactory()
    prepare_local.load_sample()
    assert called == ["load_sample"]


def test_static_files_are_collected_when_one_has_changed(tmp_path, settings):
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    prepare_local.collect_static_files()
    assert (settings.STATIC_ROOT / "page.css").read_text() == "a {}"
    (settings.STATIC_ROOT / "page.css").unlink()
    prepare_local.collect_static_files()
    assert not (settings.STATIC_ROOT / "page.css").exists()
    (source / "page.css").write_text("a { color: red }")
    prepare_local.collect_static_files()
    assert (settings.STATIC_ROOT / "page.css").read_text() == "a { color: red }"


def test_it_refuses_to_run_in_production(settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="local runs only"):
        call_command("prepare_local")
