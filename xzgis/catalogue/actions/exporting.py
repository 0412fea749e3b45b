"""The tables in force as a folder like ``layers/``: for checks where no register is, and for looking at beside the files."""

import csv
import io
import json
import shutil
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from pydantic import BaseModel

from xzgis.catalogue.files import Edition, read_edition, shipped
from xzgis.catalogue.rules.bearing import bearing_of
from xzgis.catalogue.rules.definitions import Read
from xzgis.catalogue.rules.tables import key_of, tables_of
from xzgis.catalogue.rules.typed import cells_of
from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.changes import Applied, Bearing
from xzgis.catalogue.terms.limits import LimitValue
from xzgis.core.errors import Invalid
from xzgis.core.settings import settings
from xzgis.core.words import Words

#: Beside the tables, read by people: of which edition the folder is.
NOTE = "edition.json"
#: How things are drawn: bears on no check.
_LOOKS = ("symbols", "maps")


def write_edition(edition: Edition, folder: Path) -> str:
    """Write the tables of ``edition`` into a new folder, read them back, and give the version under which they judge.

    Files in which nothing is changed are copied as they are; in the others rows that are as shipped keep their words.

    Raises
    ------
    Invalid
        The folder is there and not empty, or what was written does not say the same as the edition.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        words = Words(
            f"{folder} 已存在且不为空；请换一个新目录。",
            f"{folder} is there and not empty: name a new folder.",
        )
        raise Invalid(words)
    shutil.copytree(
        settings().layers_dir, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("schema")
    )
    for part, reads in edition.parts.items():
        if reads == shipped().parts.get(part):
            continue
        for file in sorted({read.file for read in reads}):
            mine = [read for read in reads if read.file == file]
            text = _limits(mine) if file.endswith(".toml") else _table(folder / file, mine, part)
            (folder / file).write_text(text, encoding="utf-8", newline="")
    written = read_edition(folder).catalogue
    if written.model_copy(update={"version": "", "changes": ()}) != edition.catalogue.model_copy(
        update={"version": "", "changes": ()}
    ):
        raise Invalid(
            Words(
                "写出的表读回后与现行表不同，请勿使用并报告。",
                "What was written reads otherwise; do not use it, report it.",
            )
        )
    note = {"version": written.version, "edition_in_force": edition.catalogue.version,
            "shipped": shipped().catalogue.version,
            "changes": [{"number": one.number, "table": one.table, "row": one.key, "bearing": one.bearing.value}
                        for one in edition.catalogue.changes]}  # fmt: skip
    (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return written.version


def tables_of_folder(folder: Path) -> Catalogue:
    """The catalogue of a folder like ``layers/``; every row other than shipped is told as a change, by whatever way it came.

    What has no rows to tell apart (intake, codes of kinds, city, grid, exports) is told by its file, its bearing unclear.

    Raises
    ------
    Invalid
        A file is not sound.
    """
    given = read_edition(folder)
    tables = tables_of({**shipped().parts, **given.parts})
    changes = _other_files(given, {*_LOOKS, *(table.part for table in tables)})
    for table in tables:
        here = {key_of(table, read.value): read.value for read in given.parts.get(table.part, ())}
        there = {key_of(table, read.value): read.value for read in shipped().parts.get(table.part, ())}
        for key in sorted(here.keys() | there.keys()):
            row, before = here.get(key), there.get(key)
            if row is None:
                changes.append(Applied(0, table.token, key, Bearing.LOOSER, is_disabled=True))
            elif row != before:
                off = not getattr(row, "enabled", True)
                changes.append(Applied(0, table.token, key, bearing_of(table, before, row), off))
    return given.catalogue.model_copy(update={"changes": tuple(changes)})


def _other_files(given: Edition, told: AbstractSet[str]) -> list[Applied]:
    """One change for each file of the parts beside ``told`` that says something else, is missing or is new."""
    here, there = _by_file(given, told), _by_file(shipped(), told)
    return [
        Applied(0, part, file, Bearing.UNCLEAR, is_disabled=(part, file) not in here)
        for part, file in sorted(here.keys() | there.keys())
        if here.get((part, file)) != there.get((part, file))
    ]


def _by_file(edition: Edition, told: AbstractSet[str]) -> dict[tuple[str, str], list[BaseModel]]:
    found: dict[tuple[str, str], list[BaseModel]] = {}
    for part, reads in edition.parts.items():
        for read in reads if part not in told else ():
            found.setdefault((part, read.file), []).append(read.value)
    return found


def _table(file: Path, reads: Sequence[Read], part: str) -> str:
    """A CSV file with the rows of ``reads``; a column that only a changed row needs is added."""
    head, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
    rows = [row for row in rows if row]
    before = [read.value for read in shipped().parts[part] if read.file == reads[0].file]
    cells = [
        None if at < len(before) and read.value == before[at] else cells_of(read.value)
        for at, read in enumerate(reads)
    ]
    defaults = {name: info.default for name, info in type(reads[0].value).model_fields.items()}
    added = [
        name for name in defaults if name not in head
        and any(told is not None and getattr(read.value, name) != defaults[name]
                for told, read in zip(cells, reads, strict=True))
    ]  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*head, *added])
    for at, told in enumerate(cells):
        kept = (
            [*rows[at], *("" for _ in added)]
            if told is None
            else [told.get(name, "") for name in (*head, *added)]
        )
        writer.writerow(kept)
    return out.getvalue()


def _limits(reads: Sequence[Read]) -> str:
    """``limits.toml`` with the values of ``reads``."""
    told = []
    for read in reads:
        limit: LimitValue = read.value
        said = limit.model_dump(exclude={"token"}, exclude_defaults=True)
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items()]
        told.append("\n".join((f"[values.{limit.token}]", *lines, "")))
    return "\n".join(told)
