"""The only reader of ``layers/``: files in, a sound :class:`Catalogue` out, or every fault at once.

A fault names file, line, column, reason and remedy. One bad row refuses the whole: a rule that silently
goes missing is worse than a product that does not start.
"""

import csv
import hashlib
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from xzgis.catalogue import terms
from xzgis.catalogue.rules.bounds import limits_of
from xzgis.catalogue.rules.definitions import Finding, Read
from xzgis.catalogue.rules.overlay import lay
from xzgis.catalogue.rules.soundness import faults_between
from xzgis.catalogue.rules.toml_lines import toml_line
from xzgis.catalogue.rules.typed import NO_SUCH, data_of, typed
from xzgis.catalogue.terms.changes import Applied, Change
from xzgis.catalogue.terms.leaving import ExportRules
from xzgis.catalogue.terms.limits import LimitValue
from xzgis.catalogue.terms.obstacles import ChamberSize
from xzgis.catalogue.terms.zones import ZoneRule
from xzgis.core.errors import Fault, Invalid
from xzgis.core.settings import settings
from xzgis.core.words import Words

NOT_UTF8 = (Words("不是 UTF-8", "not UTF-8"), Words("另存为 UTF-8。", "Save as UTF-8."))
CSV_FILES: Mapping[str, type[BaseModel]] = {
    "conditions.csv": terms.Condition,
    "rule_kinds.csv": terms.RuleKind,
    "outer_sizes.csv": terms.OuterSize,
    "chambers.csv": ChamberSize,
    "zones.csv": ZoneRule,
    "accuracy.csv": terms.AccuracyClass,
    "clearances/horizontal.csv": terms.ClearanceRule,
    "clearances/vertical.csv": terms.ClearanceRule,
    "clearances/cover.csv": terms.CoverRule,
    "clearances/order.csv": terms.OrderRule,
    "clearances/give_way.csv": terms.GiveWayRule,
}
TOML_FOLDERS: Mapping[str, type[BaseModel]] = {
    "symbols": terms.Symbol,
    "maps": terms.MapView,
    "intake": terms.IntakeMapping,
}
TOML_FILES: Mapping[str, type[BaseModel]] = {
    "grid.toml": terms.Grid,
    "city.toml": terms.CityExtent,
    "exports.toml": ExportRules,
}


@dataclass
class _Reading:
    """One pass over the files: bytes read for the digest, faults found so far."""

    root: Path
    digest: Any = field(default_factory=hashlib.sha256)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, file: str, line: int, column: str, reason: Words, remedy: Words) -> None:
        """Note one fault at ``file:line``, in ``column``."""
        place = Words(
            f"{file} 第 {line} 行“{column}”：{reason.zh}", f"{file} line {line}, {column}: {reason.en}"
        )
        self.faults.append(Fault(loc=(file, line, column), words=place, remedy=remedy))

    def text(self, file: str) -> str:
        """Text of one file, '' when it is missing or not UTF-8 (noted as a fault)."""
        try:
            content = (self.root / file).read_bytes()
            self.digest.update(file.encode() + b"\0" + content + b"\0")
            return content.decode("utf-8")
        except FileNotFoundError:
            missing = Words("文件不存在", "the file is missing")
            self.fault(file, 1, "", missing, Words("补上该文件。", "Add the file."))
        except UnicodeDecodeError:
            self.fault(file, 1, "", *NOT_UTF8)
        return ""

    def model(
        self,
        kind: type[BaseModel],
        data: Mapping[str, Any],
        file: str,
        line: Callable[[tuple[Any, ...]], int],
    ) -> BaseModel | None:
        """The typed value of ``data``, or None with its faults noted."""
        value, slips = typed(kind, data)
        for slip in slips:
            self.fault(
                file, line(slip.loc), ".".join(str(part) for part in slip.loc), slip.reason, slip.remedy
            )
        return value


def _csv_rows(reading: _Reading, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row; a row of the wrong length is a fault."""
    rows = csv.reader(io.StringIO(reading.text(file)), strict=True)
    header = next(rows, [])
    line = rows.line_num + 1
    try:
        for row in rows:
            if len(row) == len(header):
                yield line, dict(zip(header, row, strict=True))
            elif row:
                found = Words(
                    f"有 {len(row)} 格，应有 {len(header)} 格", f"{len(row)} cells instead of {len(header)}"
                )
                reading.fault(file, line, "", found, Words("检查逗号与引号。", "Check commas and quotes."))
            line = rows.line_num + 1
    except csv.Error as error:
        told = Words(f"无法读取：{error}", f"cannot be read: {error}")
        reading.fault(file, line, "", told, Words("检查引号。", "Check the quotes."))


def _row_line(line: int, _loc: tuple[Any, ...]) -> int:
    return line


def _read_csv(reading: _Reading, file: str, kind: type[BaseModel]) -> list[Read]:
    """Every row of a table as ``kind``; an empty cell takes the default."""
    found = []
    for line, row in _csv_rows(reading, file):
        data = data_of(kind, row)
        value = reading.model(kind, data, file, partial(_row_line, line))
        if value is not None:
            found.append(Read(file, line, value))
    return found


def _toml(reading: _Reading, file: str) -> tuple[dict[str, Any], str]:
    """A TOML file as a dict and its text; a syntax error is a fault with its line."""
    text = reading.text(file)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        told = Words(f"不是有效的 TOML：{error}", str(error))
        line = int(place.group(1)) if place else 1
        reading.fault(file, line, "", told, Words("改正写法。", "Correct the syntax."))
    return {}, text


def _read_toml(reading: _Reading, file: str, kind: type[BaseModel]) -> list[Read]:
    """One definition file as ``kind``: a list of one, empty when it is faulty."""
    data, text = _toml(reading, file)
    value = reading.model(kind, data, file, lambda loc: toml_line(text, loc)) if data else None
    return [] if value is None else [Read(file, 1, value)]


def _read_limits(reading: _Reading, file: str) -> list[Read]:
    """Every limit of the one file that holds them, each where it stands."""
    data, text = _toml(reading, file)
    for name in sorted(set(data) - {"values"}):
        reading.fault(file, toml_line(text, (name,)), name, *NO_SUCH)
    found = []
    for name, entry in data.get("values", {}).items():
        place = partial(_under, text, ("values", name))
        given = {**entry, "token": name} if isinstance(entry, dict) else {"token": name}
        value = reading.model(LimitValue, given, file, place)
        if value is not None:
            found.append(Read(file, place(()), value))
    return found


def _under(text: str, head: tuple[Any, ...], loc: tuple[Any, ...]) -> int:
    return toml_line(text, (*head, *(loc or ("value",))))


def _read_kind(reading: _Reading, file: str) -> tuple[list[Read], list[Read]]:
    """A kind and the codes under which it is delivered."""
    data, text = _toml(reading, file)
    codes = data.pop("codes", [])
    kind = reading.model(terms.NetworkKind, data, file, lambda loc: toml_line(text, loc)) if data else None
    found = []
    for number, entry in enumerate(codes):
        place = partial(_code_line, text, number)
        code = reading.model(terms.KindCode, {**entry, "kind": data.get("token", "")}, file, place)
        if code is not None:
            found.append(Read(file, place(()), code))
    return ([] if kind is None else [Read(file, 1, kind)]), found


def _code_line(text: str, number: int, loc: tuple[Any, ...]) -> int:
    return toml_line(text, ("codes", number, *loc))


def _folder(root: Path, folder: str, suffix: str) -> list[str]:
    return sorted(f"{folder}/{path.name}" for path in (root / folder).glob(f"*{suffix}"))


def _read_all(reading: _Reading) -> dict[str, list[Read]]:
    """Every definition, by the part of the catalogue it belongs to."""
    parts: dict[str, list[Read]] = {"kinds": [], "kind_codes": []}
    for file in _folder(reading.root, "kinds", ".toml"):
        kinds, codes = _read_kind(reading, file)
        parts["kinds"] += kinds
        parts["kind_codes"] += codes
    for file, kind in CSV_FILES.items():
        parts[Path(file).stem] = _read_csv(reading, file, kind)
    for file in _folder(reading.root, "codes", ".csv"):
        parts[f"codes/{Path(file).stem}"] = _read_csv(reading, file, terms.CodeValue)
    parts["checks"] = [
        read
        for file in _folder(reading.root, "checks", ".csv")
        for read in _read_csv(reading, file, terms.CheckRule)
    ]
    for folder, kind in TOML_FOLDERS.items():
        parts[folder] = [
            read
            for file in _folder(reading.root, folder, ".toml")
            for read in _read_toml(reading, file, kind)
        ]
    for file, kind in TOML_FILES.items():
        parts[Path(file).stem] = _read_toml(reading, file, kind)
    parts["limits"] = _read_limits(reading, "limits.toml")
    return parts


def _values(reads: Sequence[Read]) -> tuple[Any, ...]:
    return tuple(read.value for read in reads)


def _in_use(reads: Sequence[Read]) -> tuple[Any, ...]:
    """Rules that are asked: a disabled one is looked at on screens and judges nothing."""
    return tuple(read.value for read in reads if read.value.enabled)


def _catalogue(
    parts: Mapping[str, Sequence[Read]], version: str, changes: tuple[Applied, ...] = ()
) -> terms.Catalogue:
    """The parts put together; kinds stand in the order of lists and legends."""
    kinds = sorted(_values(parts["kinds"]), key=lambda kind: (kind.order, kind.token))
    return terms.Catalogue(
        version=version,
        changes=changes,
        kinds={kind.token: kind for kind in kinds},
        kind_codes=_values(parts["kind_codes"]),
        conditions={value.token: value for value in _values(parts["conditions"])},
        horizontal=_in_use(parts["horizontal"]),
        vertical=_in_use(parts["vertical"]),
        cover=_in_use(parts["cover"]),
        order=_in_use(parts["order"]),
        give_way=tuple(sorted(_values(parts["give_way"]), key=lambda rule: rule.rank)),
        outer_sizes=_values(parts["outer_sizes"]),
        chambers=_values(parts["chambers"]),
        zones=_in_use(parts["zones"]),
        accuracy={value.token: value for value in _values(parts["accuracy"])},
        codes={
            name.removeprefix("codes/"): _values(reads)
            for name, reads in parts.items()
            if name.startswith("codes/")
        },
        symbols={value.kind: value for value in _values(parts["symbols"])},
        maps={value.token: value for value in _values(parts["maps"])},
        grid=parts["grid"][0].value,
        city=parts["city"][0].value,
        intakes={value.token: value for value in _values(parts["intake"])},
        limits=limits_of(_values(parts["limits"])),
        exports=parts["exports"][0].value,
        checks={value.code: value for value in _values(parts["checks"])},
        rule_kinds={value.token: value for value in _values(parts["rule_kinds"])},
    )


@dataclass(frozen=True)
class Edition:
    """The tables of a moment: the shipped rows with a city's changes laid over them, and what they come to.

    ``parts`` hold the disabled rules too. ``version`` of the catalogue is the digest of the files where nothing is
    changed, else one of what is changed.
    """

    parts: Mapping[str, Sequence[Read]]
    catalogue: terms.Catalogue


def read_edition(layers_dir: Path) -> Edition:
    """Everything the definitions under ``layers_dir`` say, nothing changed.

    Raises
    ------
    Invalid
        One or more definitions are wrong; ``faults`` holds all of them, each with file, line and column.
    """
    reading = _Reading(layers_dir)
    parts = _read_all(reading)
    # A row that could not be read would be missed everywhere: agreement is asked of sound rows only.
    _refuse_unsound(reading, () if reading.faults else faults_between(parts))
    return Edition(parts, _catalogue(parts, reading.digest.hexdigest()[:16]))


def load(layers_dir: Path) -> terms.Catalogue:
    """The catalogue of :func:`read_edition`."""
    return read_edition(layers_dir).catalogue


def _refuse_unsound(reading: _Reading, findings: Iterable[Finding]) -> None:
    for finding in findings:
        reading.fault(finding.file, finding.line, finding.column, finding.reason, finding.remedy)
    if reading.faults:
        count = len(reading.faults)
        raise Invalid(
            Words(
                f"layers/ 中有 {count} 处错误，首处：{reading.faults[0].words.zh}",
                f"Faults in layers/: {count}, the first: {reading.faults[0].words.en}",
            ),
            faults=tuple(reading.faults),
        )


@lru_cache(maxsize=1)
def shipped() -> Edition:
    """What came with this installation, read once per process."""
    return read_edition(settings().layers_dir)


def edition_of(changes: tuple[Change, ...]) -> Edition:
    """The shipped rows with ``changes`` laid over them, in their order; the same object for the same changes.

    Raises
    ------
    Invalid
        A changed row does not fit any more: each with file, line and column, as a row of a file.
    """
    found, findings = as_laid(changes)
    _refuse_unsound(_Reading(settings().layers_dir), findings)
    return found


@lru_cache(maxsize=16)
def as_laid(changes: tuple[Change, ...]) -> tuple[Edition, tuple[Finding, ...]]:
    """:func:`edition_of` and what is wrong with it: for looking at and mending, never for judging by."""
    ground = shipped()
    if not changes:
        return ground, ()
    parts, slips, applied = lay(ground.parts, changes)
    findings = slips or faults_between(parts)
    if not applied:
        return ground, findings
    told = json.dumps([[one.table, one.key, cells] for one, cells in applied], ensure_ascii=False)
    version = hashlib.sha256(f"{ground.catalogue.version} {told}".encode()).hexdigest()[:16]
    return Edition(parts, _catalogue(parts, version, tuple(one for one, _ in applied))), findings


def refused(findings: Iterable[Finding]) -> Invalid | None:
    """The refusal of what is wrong, as of the files; None: nothing is."""
    try:
        _refuse_unsound(_Reading(settings().layers_dir), findings)
    except Invalid as refusal:
        return refusal
    return None


def catalogue() -> terms.Catalogue:
    """What was shipped, without a city's changes; what is in force is asked of ``catalogue.queries``."""
    return shipped().catalogue


def process_files() -> dict[str, bytes]:
    """The process definitions that were shipped, by file; ``workflow`` reads what they say."""
    root = settings().layers_dir
    return {file: (root / file).read_bytes() for file in _folder(root, "workflow", ".bpmn")}


def schemas() -> dict[str, str]:
    """JSON Schema of every kind of file, by file name; ``layers/schema`` holds exactly these."""
    kinds: dict[str, type[BaseModel]] = {
        "kind": terms.NetworkKind,
        "kind_code": terms.KindCode,
        "code": terms.CodeValue,
        "check": terms.CheckRule,
        "symbol": terms.Symbol,
        "map": terms.MapView,
        "intake": terms.IntakeMapping,
        "limits": LimitValue,
        **{Path(file).stem: kind for file, kind in {**CSV_FILES, **TOML_FILES}.items()},
    }
    return {
        f"{name}.json": json.dumps(kind.model_json_schema(), ensure_ascii=False, indent=1, sort_keys=True)
        + "\n"
        for name, kind in kinds.items()
    }
