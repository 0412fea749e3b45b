"""The rules of the house (docs/architecture.md), held by machine."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from xzgis.core.settings import ROOT

LONGEST_FILE = 400
LONGEST_BODY = 50
LONGEST_SCRIPT = 250
WRITTEN_BY_HAND = {".css", ".html", ".sql", ".ts", ".sh", ""}
# Kept byte for byte as published, so that anybody can compare them with their origin.
AS_PUBLISHED = {
    "xzgis/conflicts/reports/leaflet/leaflet.css": "Leaflet 1.9.4, see SOURCE.md beside it",
    "xzgis/migrations/sql/procrastinate_3_10.sql": "the schema of Procrastinate 3.10, see its head",
}
OURS = ("xzgis", "api", "web", "tests")
PRODUCT = ("xzgis", "api", "web")
SKIPPED = {"node_modules", "dist", "__pycache__"}
FILES = {"__init__", "terms", "rules", "policy", "models", "queries", "actions", "events", "jobs"}
DATA_FOLDERS = {"sql", "templates", "wire"}
# Foundations have files of their own; a further name needs a decision record.
FOUNDATIONS = {"core", "spatial", "formats", "cli", "migrations", "samples"}
NAMED = {
    "audit": {"record"},
    "identity": {"permissions"},
    "catalogue": {"files", "style"},
    "conflicts": {"kernel", "reports"},
}
FORBIDDEN = {"service", "services", "manager", "utils", "util", "helpers", "helper", "common", "base", "misc"}
# The only places that end a transaction; tests of the database itself do as they must.
MAY_COMMIT = {"xzgis/core/db.py", "xzgis/migrations/__init__.py", "xzgis/migrations/env.py"}
EXEMPTION = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])(?P<why>.*)$")
INLINE = re.compile(
    r"<style\b|\sstyle=|\son[a-z]+=[\"']|<script\b(?![^>]*\b(?:src=|type=\"application/json\"))",
    re.IGNORECASE,
)
MACHINE = re.compile(
    r"(?<![\w.])/(?:home|root|work|Users|farm)/[\w.-]+|https?://[\w.-]*(?:pypi|npmjs)\.[\w./-]+"
)


def python_files(*roots: str) -> Iterator[Path]:
    for root in roots:
        for path in sorted((ROOT / root).rglob("*.py")):
            if not SKIPPED.intersection(path.parts):
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_file_is_too_long() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(*OURS)
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_other_file_written_by_hand_is_too_long() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8", errors="replace").splitlines())
        for path in tracked()
        if path.suffix in WRITTEN_BY_HAND and path.is_file()
    }

    assert len(lengths) > 100
    assert set(AS_PUBLISHED) <= set(lengths)
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert {name: lines for name, lines in long.items() if name not in AS_PUBLISHED} == {}


def test_what_comes_from_others_is_as_they_published_it() -> None:
    folder = ROOT / "xzgis" / "conflicts" / "reports" / "leaflet"
    told = dict(
        re.findall(r"`(leaflet\.\w+)` \| `([0-9a-f]{64})`", (folder / "SOURCE.md").read_text("utf-8"))
    )

    assert {name: sha256((folder / name).read_bytes()).hexdigest() for name in told} == told
    assert set(told) == {"leaflet.js", "leaflet.css"}


def test_no_function_is_too_long() -> None:
    long = {
        f"{name_of(path)}:{function.lineno} {function.name}": body_lines(function)
        for path in python_files(*PRODUCT)
        if "migrations/versions" not in name_of(path)  # a migration is a list of columns
        for function in functions(path)
        if body_lines(function) > LONGEST_BODY
    }

    assert long == {}


def test_modules_keep_to_the_file_names() -> None:
    strange = []
    for room in sorted(
        path for path in (ROOT / "xzgis").iterdir() if path.is_dir() and path.name not in SKIPPED
    ):
        if room.name in FOUNDATIONS:
            continue
        allowed = FILES | NAMED.get(room.name, set())
        for entry in room.iterdir():
            name = entry.stem if entry.is_file() else entry.name
            if entry.name in SKIPPED or (entry.is_dir() and name in DATA_FOLDERS):
                continue
            if name not in allowed or (entry.is_file() and entry.suffix != ".py"):
                strange.append(name_of(entry))

    assert strange == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in python_files(*OURS) if path.stem in FORBIDDEN] == []


def test_no_room_is_empty() -> None:
    empty = [
        name_of(init)
        for init in python_files(*PRODUCT)
        if init.name == "__init__.py"
        and not any(entry != init and entry.name not in SKIPPED for entry in init.parent.iterdir())
        and len(ast.parse(init.read_text(encoding="utf-8")).body) <= 1
    ]

    assert empty == []


def commits(tree: ast.AST) -> Iterator[int]:
    """Lines that end a transaction: ``x.commit()``, ``x.rollback()``, or ``autocommit`` set to true."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from [node.lineno] if node.func.attr in ("commit", "rollback") and not node.args else []
        if isinstance(node, ast.keyword) and node.value is not None:
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            if (node.arg, value) in (("autocommit", True), ("isolation_level", "AUTOCOMMIT")):
                yield node.value.lineno


def test_only_one_place_commits() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in python_files(*PRODUCT)
        # The cluster makes databases and roles, which no transaction can hold.
        if name_of(path) not in MAY_COMMIT and "core/cluster/" not in name_of(path)
        for line in commits(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert found == []


def tables() -> dict[str, str]:
    """Class of a table → the room that owns it."""
    found = {}
    for path in (ROOT / "xzgis").glob("*/models*"):
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and any(
                    isinstance(part, ast.Assign) and getattr(part.targets[0], "id", "") == "__tablename__"
                    for part in node.body
                ):
                    found[node.name] = file.relative_to(ROOT / "xzgis").parts[0]
    return found


def writes(tree: ast.AST, owners: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Where a table is written: ``insert(T)``, ``update(T)``, ``delete(T)``, or a new ``T(…)``."""
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("xzgis.")
        and "models" in (node.module or "")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in imported and imported[node.func.id] in owners:
            yield node.lineno, imported[node.func.id]
        first = node.args[0] if node.args else None
        table = imported.get(first.id) if isinstance(first, ast.Name) else None
        if node.func.id in ("insert", "update", "delete") and table in owners:
            yield node.lineno, str(table)


def test_only_the_owner_writes_to_its_tables() -> None:
    owners = tables()
    foreign = [
        f"{name_of(path)}:{line} {table} of {owners[table]}"
        for path in python_files(*PRODUCT)
        for line, table in writes(ast.parse(path.read_text(encoding="utf-8")), owners)
        if path.relative_to(ROOT).parts[:2] != ("xzgis", owners[table])
    ]

    assert len(owners) >= 9
    assert foreign == []


def test_import_contracts_are_kept() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_machine_or_a_registry() -> None:
    wanted = {
        ".py",
        ".toml",
        ".md",
        ".sql",
        ".html",
        ".ts",
        ".css",
        ".json",
        ".lock",
        ".csv",
        ".sh",
        ".yml",
        "",
    }
    found = []
    for path in tracked():
        if path.suffix not in wanted or not path.is_file() or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if hit := MACHINE.search(line):
                found.append(f"{name_of(path)}:{number} {hit.group()}")

    assert found == []


def test_every_setting_is_used_by_its_name() -> None:
    """A setting that nobody reads promises what does not happen."""
    from xzgis.core.settings import Settings

    text = "\n".join(path.read_text(encoding="utf-8") for path in python_files(*PRODUCT))

    assert [name for name in Settings.model_fields if not re.search(rf"\.{name}\b|\"{name}\"", text)] == []


def test_every_exemption_says_why() -> None:
    silent = [
        f"{name_of(path)}:{number}"
        for path in python_files(*OURS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := EXEMPTION.search(line)) and len(found["why"].strip(" -#()")) < len("of a kind")
    ]

    assert silent == []


def test_pages_carry_no_script_or_style_of_their_own() -> None:
    """The content policy of the pages would not run them; a drawing that leaves as a file brings its style along."""
    templates = sorted((ROOT / "web" / "templates").rglob("*.html"))
    found = [
        f"{name_of(path)}:{number} {hit.group().strip()}"
        for path in templates
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (hit := INLINE.search(line))
    ]

    assert len(templates) > 10
    assert found == []


def test_no_script_of_the_pages_is_too_long() -> None:
    scripts = sorted((ROOT / "web" / "src").rglob("*.ts"))
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in scripts}

    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_SCRIPT} == {}


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]

    assert len(numbers) == len(set(numbers)) > 0
    assert all(number.isdigit() for number in numbers)


def test_links_between_documents_lead_somewhere() -> None:
    dead = [
        f"{name_of(path)} {target}"
        for path in tracked()
        if path.suffix == ".md" and path.is_file()
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]

    assert dead == []
