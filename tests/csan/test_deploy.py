"""What production needs, read as its tools read it: nothing there names what does not exist."""

import ast
import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
EXAMPLE = (DEPLOY / ".env.example").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")


def settings_read() -> set[str]:
    """Every variable that the settings and the web server's configuration read."""
    found = set()
    for name in ("csan/settings.py", "csan/gunicorn.py", "csan/healthcheck.py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function = ast.unparse(node.func)
                if re.fullmatch(r"required|env\.\w+|os\.environ\.get", function):
                    found.add(node.args[0].value)
    return found


def example() -> dict[str, str]:
    """The example as a shell reads it, with the names in it put in."""
    values: dict[str, str] = {}
    for line in EXAMPLE.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            plain = "".join(shlex.split(value))
            values[name] = re.sub(r"\$\{(\w+)\}", lambda match: values[match[1]], plain)
    return values


def python_modules(command: list[str]) -> list[str]:
    return [command[place + 1] for place, word in enumerate(command) if word == "-m"]


def test_the_example_has_every_setting_and_no_other():
    for_containers = {"SITE_DOMAIN", "POSTGRES_PASSWORD"}
    assert set(example()) == settings_read() | for_containers


def test_every_setting_in_the_example_has_a_comment():
    blocks = re.split(r"\n(?=#)", EXAMPLE)
    lonely = [block for block in blocks if re.match(r"[A-Z]", block)]
    assert lonely == []
    assert re.findall(r"\n\n[A-Z_]+=", EXAMPLE) == []


def test_the_example_holds_no_key():
    assert (example()["SECRET_KEY"], example()["HASH_KEY"]) == ("", "")


def test_the_example_passes_every_check_of_a_deployment_once_its_keys_are_filled_in():
    keys = {"SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF", "HASH_KEY": "0123456789"}
    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **example(), **keys},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_settings_that_nothing_starts_without_stand_in_the_examples_first_part():
    source = (ROOT / "csan" / "settings.py").read_text()
    needed = set(re.findall(r'required\(\s*"(\w+)"', source))
    first_part = EXAMPLE.split("# ── Names")[0]
    assert {name for name in needed if f"\n{name}=" not in first_part} == set()


def test_every_service_tells_whether_it_is_well_or_runs_once():
    lacking = [
        name for name, service in SERVICES.items() if "healthcheck" not in service and service["restart"] != "no"
    ]
    assert lacking == []


def test_every_service_comes_back_after_a_failure_but_the_one_that_runs_once():
    restarts = {name: service["restart"] for name, service in SERVICES.items()}
    assert restarts.pop("migrate") == "no"
    assert set(restarts.values()) == {"unless-stopped"}


def test_the_services_are_those_of_the_design():
    names = {"proxy", "web", "worker-mail", "worker", "beat", "migrate", "postgres", "redis"}
    assert set(SERVICES) == names


def test_what_a_service_waits_for_exists_and_can_be_waited_for():
    for service in SERVICES.values():
        for name, wait in service.get("depends_on", {}).items():
            expected = "service_completed_successfully" if name == "migrate" else "service_healthy"
            assert wait == {"condition": expected}


def test_every_volume_in_use_is_declared_and_no_other():
    used = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert {name for name in used if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_files_of_ours_that_a_service_mounts_exist():
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", []) if mount.startswith(".")]
    assert [mount for mount in mounts if not (DEPLOY / mount.partition(":")[0]).exists()] == []


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_secrets_go_only_to_our_own_program():
    assert {name for name, service in SERVICES.items() if "env_file" in service} == {
        "web", "worker-mail", "worker", "beat", "migrate",
    }  # fmt: skip


def test_letters_and_everything_else_are_both_worked_on():
    queues = {
        service["command"][service["command"].index("--queues") + 1]
        for service in SERVICES.values()
        if "worker" in service.get("command", [])
    }
    assert queues == {"mail", "default"}


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service.get("image") == "csan"])
def test_commands_name_modules_that_exist(name):
    service = SERVICES[name]
    commands = [service.get("command", []), service.get("healthcheck", {}).get("test", [])]
    shell = " ".join(commands[1][1:]).split() if commands[1][:1] == ["CMD-SHELL"] else commands[1]
    modules = python_modules(commands[0]) + python_modules(shell)
    assert [module for module in modules if find_spec(module) is None] == []


def test_the_image_is_built_from_files_that_exist():
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    sources = [source for line in lines for source in line.split()[:-1]]
    assert len(sources) >= 9
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_image_holds_every_app():
    copied = set(re.findall(r"^COPY (\w+) \w+$", DOCKERFILE, re.MULTILINE))
    assert {path.parent.name for path in ROOT.glob("*/apps.py")} <= copied


def test_the_build_sends_what_the_image_is_built_from_and_nothing_secret():
    wanted = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    sources = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    assert wanted[0] == "*"
    assert {f"!{source}" for line in sources for source in line.split()[:-1]} == {
        line for line in wanted if line.startswith("!")
    }


def test_the_image_installs_pinned_packages_only_and_runs_as_nobody_special():
    installs = re.findall(r"pip install ([^&\n]+)", DOCKERFILE)
    assert len(installs) == 2
    assert [line for line in installs if "--require-hashes" not in line] == []
    last = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert "\nUSER csan\n" in last
    assert last.index("USER csan") < last.index("CMD")
    assert "HEALTHCHECK" in last


def test_the_line_that_picks_babel_out_of_the_requirements_finds_it_with_its_hashes():
    expression = re.search(r"sed -n '([^']+)' requirements-local\.txt", DOCKERFILE)
    assert expression is not None
    picked = subprocess.run(
        ["sed", "-n", expression[1], "requirements-local.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert re.fullmatch(r"babel==[\d.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n", picked)


def test_collecting_static_files_in_the_image_has_every_setting_it_needs():
    line = next(line for line in DOCKERFILE.splitlines() if "collectstatic" in line)
    given = set(re.findall(r"([A-Z_]+)=", line))
    needed = set(re.findall(r'required\(\s*"(\w+)"', (ROOT / "csan" / "settings.py").read_text()))
    assert needed <= given


def test_the_proxy_replaces_what_visitors_claim_about_their_address():
    caddyfile = (DEPLOY / "Caddyfile").read_text()
    assert "header_up X-Forwarded-For {client_ip}" in caddyfile
    assert "reverse_proxy web:8000" in caddyfile
    assert example()["TRUSTED_PROXY_COUNT"] == "1"
    assert caddyfile.count("{") == caddyfile.count("}")


def test_the_build_servers_script_is_sound_and_can_be_run():
    script = ROOT / ".ci" / "run"
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()
    commands = script.read_text().splitlines()
    assert "make lint" in commands
    assert commands[-1] == "make test"  # the summary of the tests is what a build server shows last
