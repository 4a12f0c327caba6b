"""The walls of the house: names, sizes, paths, sentences and what the documents promise."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from installer.fonts import FONTS
from tests import translations
from tests.ending import python, run

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "people",
    "companies",
    "carriers",
    "projects",
    "five_ones",
    "forum",
    "per_mu",
    "capital",
    "contests",
    "overview",
}
BELOW = {
    "db": {"core", "sheets", "reports", "migrations", "demo"},
    "desktop": {"kit", "shell", "sheets", "help"},
    "tests/db": {"core", "sheets", "reports", "migrations", "demo"},
    "tests/desktop": {"kit", "shell", "sheets", "help"},
}
CODE = ("db", "desktop", "tests", "installer")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")
LONGEST_MODULE = 500
LONGEST_FUNCTION = 60
LONGEST_LINE = 140  # the formatter aims at 120; a sentence or a comment is not cut for it


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is in the repository or about to be; in a copy without its history, every file of the floors."""
    if not (ROOT / ".git").exists():
        return tuple(
            sorted(path for floor in (*CODE, "resources") for path in (ROOT / floor).rglob("*.*") if path.is_file())
        )
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = run(*listed, cwd=ROOT).stdout.split("\0")
    return tuple(sorted(ROOT / name for name in names if name and (ROOT / name).is_file()))


def modules() -> list[Path]:
    """Every Python file of the house."""
    return [path for path in kept_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in CODE]


def name_of(path: Path) -> str:
    """How a file is called in a message."""
    return path.relative_to(ROOT).as_posix()


def packages(floor: str) -> set[str]:
    """The packages directly on a floor."""
    return {path.parent.name for path in (ROOT / floor).glob("*/__init__.py")}


@pytest.mark.parametrize("floor", BELOW)
def test_that_a_floor_holds_only_rooms_and_what_lies_below_them(floor: str) -> None:
    assert packages(floor) - ROOMS - BELOW[floor] == set()


def test_that_a_room_on_the_screen_or_in_the_tests_is_a_room_of_db() -> None:
    factories = {path.stem for path in (ROOT / "tests" / "factories").glob("*.py")} & ROOMS
    above = (packages("desktop") | packages("tests/db") | packages("tests/desktop") | factories) & ROOMS
    assert above - packages("db") == set()


def test_that_every_room_that_has_rules_or_rows_has_tests() -> None:
    furnished = {
        room
        for room in packages("db") & ROOMS
        if any(path.name != "__init__.py" for path in (ROOT / "db" / room).glob("*.py"))
    }
    assert furnished - packages("tests/db") == set()


def test_that_every_folder_of_tests_is_a_package_so_that_none_shadows_the_program() -> None:
    folders = {path.parent for path in modules() if path.relative_to(ROOT).parts[0] == "tests"}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_that_no_module_has_more_than_500_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_that_no_line_has_more_than_140_characters() -> None:
    long = [
        f"{name_of(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_that_no_function_has_more_than_60_lines() -> None:
    long = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{name_of(path)}: {node.name}"] = length
    assert long == {}


def test_that_no_file_names_a_path_of_one_machine_or_a_registry() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/\w+)/|[A-Z]:\\Users\\|\bfile:/{2,}")
    registry = re.compile(r"https?://[^\s)>\"']*(?:pypi|pythonhosted|npmjs|deb\.debian)\.", re.IGNORECASE)
    named = []
    for path in kept_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        named += [
            f"{name_of(path)}:{number}"
            for number, line in enumerate(lines, 1)
            if machine.search(line) or registry.search(line)
        ]
    assert named == []


def test_that_the_lock_pins_by_checksum_and_names_no_place() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.split(r"\n(?=\S)", lock.strip())
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert re.findall(r"\S+://\S+|--(?:extra-)?index\S*|--find-links\S*", lock) == []


@pytest.mark.parametrize("machine", ["aarch64", "!= 'aarch64'"])
def test_that_the_lock_holds_qt_for_both_processors(machine: str) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert any("pyside6-essentials" in line and machine in line for line in lock.splitlines())


def test_that_every_sentence_has_its_chinese_and_none_is_stale() -> None:
    assert translations.complaints() == []


def test_that_the_fonts_are_named_where_a_person_looks_for_them() -> None:
    told = (ROOT / "resources" / "fonts" / "README.md").read_text(encoding="utf-8")
    assert [font.name for font in FONTS if font.name not in told] == []


def test_that_no_test_can_stand_still() -> None:
    """Loops that end when something is done, and other programs, have a limit: `tests/ending.py` has both."""
    limitless = re.compile(r"^ *while |subprocess\.run\b")
    bounded = {"tests/ending.py", "tests/postgres.py", "tests/test_house.py"}
    endless = [
        f"{name_of(path)}:{number}"
        for path in modules()
        if name_of(path).startswith("tests/") and not name_of(path).startswith("tests/bench/")
        if name_of(path) not in bounded
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if limitless.search(line)
    ]
    assert endless == []


def test_that_the_make_targets_of_the_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    told = {name for document in DOCUMENTS for name in re.findall(r"\bmake ([a-z-]+)\b", _code_of(document))}
    assert told - targets == set()


def test_that_the_commands_of_the_readme_exist() -> None:
    told = set(re.findall(r"\bzhaoshang ([a-z]+)\b", _code_of("README.md")))
    assert told
    answers = {
        command: python("-m", "desktop", command, "--help", cwd=ROOT, check=False).returncode
        for command in sorted(told)
    }
    assert {command: code for command, code in answers.items() if code} == {}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_that_every_path_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    inline = re.findall(r"`((?:db|desktop|tests|resources|installer|\.ci)/[\w./-]*)`", text)
    links = [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if "://" not in link]
    assert sorted({name for name in inline + links if not (ROOT / name).exists()}) == []


def test_that_a_command_loads_no_window_and_no_database_before_it_needs_them() -> None:
    loaded = (
        "import sys, desktop.__main__; print([m for m in ('PySide6', 'sqlalchemy', 'openpyxl') if m in sys.modules])"
    )
    done = python("-c", loaded, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def _code_of(document: str) -> str:
    """The code of a document: its fenced blocks and what stands in backticks."""
    text = (ROOT / document).read_text(encoding="utf-8")
    fenced = re.findall(r"```.*?\n(.*?)```", text, re.DOTALL)
    return "\n".join([*fenced, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])
