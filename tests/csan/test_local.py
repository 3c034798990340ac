"""`make run`: what it makes up, and the one sentence for each thing that can be foreseen to go wrong."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from csan import local_place
from csan.embedded import CannotStart, Servers
from csan.local_place import Place, check_port, check_room, environment, read_place, take_folder, write_environment

ROOT = Path(__file__).resolve().parent.parent.parent


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m csan.local` in an environment that says only this."""
    return subprocess.run(
        [sys.executable, "-m", "csan.local"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def is_one_sentence(run: subprocess.CompletedProcess[str]) -> bool:
    return run.returncode == 1 and run.stdout == "" and run.stderr.count("\n") == 1 and "Traceback" not in run.stderr


def test_a_taken_port_is_named_and_another_is_proposed(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = start(tmp_path, PORT=str(port))
    assert is_one_sentence(run)
    assert run.stderr == (
        f"Cannot start. Port {port} is taken by another program; set another one: make run PORT={port + 1}\n"
    )
    assert not (tmp_path / "postgres").exists()


def test_a_file_where_the_data_should_lie_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    run = start(tmp_path / "file")
    assert is_one_sentence(run)
    assert run.stderr == (
        f"Cannot start. DATA_DIR, {tmp_path / 'file'}, cannot be written (File exists); "
        "set DATA_DIR to a folder that can.\n"
    )


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody can write to")
def test_a_place_that_nobody_can_write_to_is_told():
    run = start(Path("/proc/csan"))
    assert is_one_sentence(run)
    assert run.stderr.startswith("Cannot start. DATA_DIR, /proc/csan, cannot be written (")


def test_a_second_run_on_the_same_data_is_told(tmp_path):
    with take_folder(tmp_path):
        run = start(tmp_path)
    assert is_one_sentence(run)
    assert run.stderr == (
        f"Cannot start. Another `make run` is at work in {tmp_path}; "
        "stop that one, or set DATA_DIR to another folder.\n"
    )


def test_the_lock_ends_with_the_run(tmp_path):
    take_folder(tmp_path).close()
    take_folder(tmp_path).close()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_told(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CannotStart, match=rf"^PORT is '{port}'; set it to a number between 1 and 65535\.$"):
        read_place()


def test_a_host_that_is_none_is_told():
    with pytest.raises(CannotStart, match=r"^HOST is 'no such host', which is no address of this machine"):
        check_port(Place("no such host", 8000, Path()))


def test_a_host_of_another_machine_is_told():
    with pytest.raises(CannotStart, match=r"^Port 8000 of 192\.0\.2\.1 cannot be used \(.+\); set PORT or HOST\.$"):
        check_port(Place("192.0.2.1", 8000, Path()))  # an address for documentation, RFC 5737


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setattr(local_place, "ROOM", 2**60)
    with pytest.raises(CannotStart, match=r"^The disk is full: DATA_DIR, .*, has \d+ MB left and needs \d+; free "):
        check_room(tmp_path)


def test_a_disk_with_room_is_used(tmp_path):
    check_room(tmp_path)


def test_a_setting_that_cannot_be_used_is_told(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = start(tmp_path, PORT=str(port), DATABASE_URL="postgres://127.0.0.1:1/csan")
    assert run.returncode == 1
    assert re.match(r"Cannot start\. The database cannot be used: .*Connection refused\n", run.stderr)
    assert "Traceback" not in run.stdout + run.stderr


def test_without_words_it_listens_on_this_machine(monkeypatch):
    for name in ("HOST", "PORT", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    place = read_place()
    assert place == Place("127.0.0.1", 8000, ROOT / ".data")
    assert place.address == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("10.0.0.5", "http://10.0.0.5:80"),
    ],
)
def test_the_address_is_one_that_a_browser_here_can_open(host, address):
    assert Place(host, 80, Path()).address == address


@pytest.fixture
def nothing_said(monkeypatch):
    """An environment that says nothing about the program."""
    for name in environment(Place("127.0.0.1", 8000, Path("/nowhere")), Servers()):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("nothing_said")
def test_a_local_run_makes_up_its_settings(tmp_path):
    settings = environment(Place("127.0.0.1", 8001, tmp_path), Servers({"REDIS_URL": "redis://here"}))
    assert settings | {"SECRET_KEY": "", "HASH_KEY": ""} == {
        "LOCAL": "true",
        "SECRET_KEY": "",
        "HASH_KEY": "",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "BASE_URL": "http://127.0.0.1:8001",
        "TRUSTED_PROXY_COUNT": "0",
        "POSTAL_ADDRESS": "1 Example Street, Washington, DC 20001",
        "EMAIL_URL": f"filemail://{tmp_path}/mail",
        "DATABASE_URL": "",
        "REDIS_URL": "redis://here",
    }
    assert len(settings["SECRET_KEY"]) >= 50
    assert settings["SECRET_KEY"] != settings["HASH_KEY"]


@pytest.mark.usefixtures("nothing_said")
def test_the_keys_are_made_once_and_kept(tmp_path):
    place = Place("127.0.0.1", 8000, tmp_path)
    first = environment(place, Servers())
    write_environment(tmp_path, first)
    assert environment(place, Servers()) == first


@pytest.mark.usefixtures("nothing_said")
def test_what_the_environment_says_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("BASE_URL", "https://tunnel.example.org")
    monkeypatch.setenv("EMAIL_URL", "")
    settings = environment(Place("127.0.0.1", 8000, tmp_path), Servers())
    assert settings["BASE_URL"] == "https://tunnel.example.org"
    assert settings["EMAIL_URL"] == f"filemail://{tmp_path}/mail"


@pytest.mark.usefixtures("nothing_said")
def test_a_run_that_others_can_reach_answers_to_any_name(tmp_path):
    assert environment(Place("0.0.0.0", 8000, tmp_path), Servers())["ALLOWED_HOSTS"] == "*"


@pytest.mark.usefixtures("nothing_said")
def test_the_settings_are_nobody_elses_to_read(tmp_path):
    write_environment(tmp_path, environment(Place("127.0.0.1", 8000, tmp_path), Servers()))
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("local.env", 0o600)]
