"""The repository itself: what must hold for every file in it."""

import ast
import re
import subprocess
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("csan", "members", "campaigns", "petitions")
REQUIREMENTS = ("requirements.txt", "requirements-local.txt", "requirements-dev.txt")
MADE_UP = {
    ".git",
    ".venv",
    ".data",
    "__pycache__",
    "htmlcov",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}  # by tools, never committed
# Modules that only a local run loads; they may use its packages.
LOCAL = {"csan/embedded.py", "csan/local.py", "csan/local_place.py"}
LONGEST_MODULE = 400  # lines

# Written so that they do not find themselves.
INDEX_HOSTS = re.compile("|".join(["py" + r"pi\.(?:org|python)", "pythonho" + "sted", "registry" + r"\.npmjs"]))
MACHINE_PATHS = re.compile(
    r"(?<![\w.{}>-])/(?:" + "|".join(["ro" + "ot", "ho" + "me", "wo" + "rk", "Us" + "ers"]) + r")/\w"
)


def pins(name: str) -> dict[str, str]:
    """What a file of requirements pins: each package by its usual name, without extras, and its version."""
    found = re.findall(r"^([\w.\-]+)(?:\[[\w.,\-]+\])?==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def files() -> list[Path]:
    """Every file that is, or will be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not MADE_UP & set(path.parts)]


def texts() -> dict[str, str]:
    found = {}
    for path in files():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text()
        except UnicodeDecodeError:
            continue
    return found


def modules() -> list[Path]:
    """Our own code, without migrations and tests."""
    return [path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_file_names_a_package_index():
    assert [name for name, text in texts().items() if INDEX_HOSTS.search(text)] == []


def test_no_file_names_a_path_of_somebodys_machine():
    assert [name for name, text in texts().items() if MACHINE_PATHS.search(text)] == []


def test_the_patterns_find_what_they_should():
    assert INDEX_HOSTS.search("https://" + "py" + "pi.org/simple")
    assert MACHINE_PATHS.search("cd /ho" + "me/someone/csan")
    assert not MACHINE_PATHS.search("https://csan.example.org/home" + "/page")


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_hashed(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    blocks = re.split(r"\n(?=\S)", "\n".join(lines))
    assert len(blocks) > 20
    pinned = re.compile(r"[\w.\-\[\],]+==[\w.]+(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+")
    assert [block for block in blocks if not pinned.fullmatch(block)] == []


def test_each_set_of_requirements_holds_the_smaller_one():
    smallest, local, largest = (pins(name).items() for name in REQUIREMENTS)
    assert smallest < local < largest


def test_what_is_asked_for_with_extras_is_pinned_with_them():
    """Else pip takes the newest release for the extra, finds no hash of it, and installs nothing."""
    text = (ROOT / "requirements-dev.txt").read_text()
    wanted = [Requirement(line) for name in pins("requirements-dev.txt") for line in distribution(name).requires or []]
    with_extras = {each.name: each.extras for each in wanted if each.extras and each.marker is None}
    assert with_extras
    assert [name for name, extras in with_extras.items() if f"{name}[{','.join(sorted(extras))}]==" not in text] == []


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0"])
def test_the_pins_are_complete_on_every_python_we_run_on(python):
    """Pins are made with one Python; packages may ask for more on another."""
    names = set(pins("requirements-dev.txt"))
    environment = {"python_full_version": python, "python_version": python.rpartition(".")[0], "extra": ""}
    wanted = [Requirement(line) for name in names for line in distribution(name).requires or []]
    needed = {each.name for each in wanted if each.marker is None or each.marker.evaluate(environment)}
    assert {name for name in needed if canonicalize_name(name) not in names} == set()


def imported(path: Path) -> set[str]:
    """The packages that a module imports when it is loaded."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - set(PACKAGES)


def test_code_imports_only_what_its_requirements_install():
    distributions = packages_distributions()
    missing = []
    for path in modules():
        is_local = str(path.relative_to(ROOT)) in LOCAL
        allowed = pins("requirements-local.txt" if is_local else "requirements.txt").keys()
        for package in imported(path):
            names = {canonicalize_name(name) for name in distributions[package]}
            if not names & allowed:
                missing.append(f"{path.relative_to(ROOT)}: {package}")
    assert missing == []


def test_no_module_is_too_long_to_read():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_every_letter_has_a_subject_a_text_and_an_mjml_part():
    folder = ROOT / "templates" / "mail"
    names = {str(path.relative_to(folder)).removesuffix(".subject.txt") for path in folder.rglob("*.subject.txt")}
    assert len(names) >= 6
    lacking = [f"{name}{end}" for name in names for end in (".txt", ".mjml") if not (folder / f"{name}{end}").exists()]
    assert lacking == []


def test_no_mail_template_is_left_over():
    folder = ROOT / "templates" / "mail"
    code = "\n".join(path.read_text() for path in [*modules(), *folder.rglob("*.*")])
    lost = []
    for path in folder.rglob("*.*"):
        name = str(path.relative_to(folder))
        letter = re.sub(r"(\.subject)?\.(txt|mjml)$", "", name)
        is_letter = (folder / f"{letter}.subject.txt").exists()
        word = f'"{letter.rpartition("/")[2]}"' if is_letter else f"mail/{name}"
        if word not in code and f'"{letter}"' not in code:
            lost.append(name)
    assert lost == []


def test_what_is_made_on_the_machine_stays_out_of_the_repository():
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {".venv/", ".data/", "locale/*/LC_MESSAGES/*.mo"} <= set(ignored)
