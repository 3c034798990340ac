"""The settings, read in a process of their own from an environment that says only what the test says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

COMPLETE = {
    "SECRET_KEY": "a-secret-of-fifty-characters-0123456789-abcdefghijklmnop",
    "HASH_KEY": "another-secret-of-fifty-characters-0123456789-abcdefghi",
    "ALLOWED_HOSTS": "csan.example.org,www.csan.example.org",
    "BASE_URL": "https://csan.example.org/",
    "TRUSTED_PROXY_COUNT": "1",
    "POSTAL_ADDRESS": "1 Test Plaza, Washington, DC 20001",
    "DATABASE_URL": "postgres://csan:secret@database:5432/csan",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


def manage(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def read(folder: Path, *names: str, **environment: str) -> list:
    """The values of the named settings."""
    code = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"
    run = manage(folder, "shell", "--no-imports", "--command", code, **environment)
    assert run.stderr == ""
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", COMPLETE)
def test_a_missing_setting_stops_the_start_and_is_named(tmp_path, name):
    run = manage(tmp_path, "check", **{**COMPLETE, name: ""})
    assert run.returncode == 1
    assert f"{name} is not set. " in run.stderr.splitlines()[-1]
    assert "deploy/.env.example" in run.stderr.splitlines()[-1]


def test_nothing_set_at_all_is_told_in_the_same_way(tmp_path):
    run = manage(tmp_path, "check")
    assert run.returncode == 1
    assert "SECRET_KEY is not set. " in run.stderr.splitlines()[-1]


def test_the_complete_settings_pass_every_check_of_a_deployment(tmp_path):
    run = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **COMPLETE)
    assert (run.returncode, run.stderr) == (0, "")


def test_behind_https_cookies_are_secure_and_links_begin_without_a_double_slash(tmp_path):
    names = ("BASE_URL", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "DEBUG", "LOCAL")
    assert read(tmp_path, *names, **COMPLETE) == ["https://csan.example.org", True, True, True, False, False]


def test_without_a_proxy_no_visitor_can_claim_that_the_connection_is_safe(tmp_path):
    environment = {**COMPLETE, "TRUSTED_PROXY_COUNT": "0"}
    assert read(tmp_path, "SECURE_PROXY_SSL_HEADER", **environment) == [None]


def test_commands_beside_a_local_run_read_its_settings_and_the_environment_wins(tmp_path):
    lines = [f"{name}='{value}'" for name, value in COMPLETE.items()]
    (tmp_path / "local.env").write_text("\n".join(lines))
    names = ("REDIS_URL", "BASE_URL")
    assert read(tmp_path, *names, BASE_URL="http://127.0.0.1:8001") == [
        "redis://redis:6379/0",
        "http://127.0.0.1:8001",
    ]


def test_letters_go_into_files(tmp_path):
    environment = {**COMPLETE, "EMAIL_URL": "filemail:///srv/mail"}
    names = ("EMAIL_BACKEND", "EMAIL_FILE_PATH")
    assert read(tmp_path, *names, **environment) == ["csan.lib.mail.files.EmailBackend", "/srv/mail"]


def test_letters_go_to_a_mail_server(tmp_path):
    names = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_USE_TLS")
    backend = "django.core.mail.backends.smtp.EmailBackend"
    assert read(tmp_path, *names, **COMPLETE) == [backend, "mail.example.org", 587, "user", True]


def test_letters_go_through_a_mail_service(tmp_path):
    environment = {**COMPLETE, "EMAIL_URL": "anymail://postmark?SERVER_TOKEN=token"}
    environment["ANYMAIL_WEBHOOK_SECRET"] = "user:password"
    backend, anymail = read(tmp_path, "EMAIL_BACKEND", "ANYMAIL", **environment)
    assert backend == "anymail.backends.postmark.EmailBackend"
    assert (anymail["POSTMARK_SERVER_TOKEN"], anymail["WEBHOOK_SECRET"]) == ("token", "user:password")
