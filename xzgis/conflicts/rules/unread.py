"""What could not be read of the files a work is checked against: it may lie anywhere, so nothing is clear beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xzgis.catalogue.terms import Catalogue, KindCode
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.networks.rules.checks.units import DOUBTED_UNIT
from xzgis.networks.rules.partial_codes import PARTLY_LOOKED, partly_told
from xzgis.networks.rules.unused_layers import AREAS_REMEDY, UNUSED_LAYER
from xzgis.networks.rules.unused_tables import UNREAD_LINES, UNUSED_TABLE
from xzgis.networks.terms import Delivery, IntakeFinding

SHOWN = 40
NOT_READ = "R37"
CHAMBERS_BESIDE = "R52"
TABLE_REMEDY = Words(
    "表中似有管点或管线：表头改用点号、X、Y 或起点点号、终点点号等名称；与管线无关的表请从文件中去掉",
    "It seems to hold points or lines: name its columns point number, X and Y, or start and end point; take a table"
    " out of the file that has nothing to do with lines",
    "--column HEAD=FIELD | --mapping FILE",
)


LAYER_REMEDY = Words(
    "图层中有线，但看不出管类：把图层改名为管类（如“给水”）后重试；与管线无关的图层（道路、建筑、底图）请从文件中去掉",
    "It holds lines and nothing tells their kind: name it by its kind, such as water; take a layer that has nothing to"
    " do with pipes (roads, buildings, a base map) out of the file",
    "--mapping FILE",
)
AREAS_LAYER_REMEDY = Words(
    "其中的面如为管线或管沟，请在来源处转为线（中心线）后重新导出；与管线无关的图层（水面、用地、厂站）请从文件中去掉",
    "If its areas are pipes or channels, turn them into lines (their centrelines) where they come from and export again; take"
    " a layer that has nothing to do with pipes (open water, land use, works) out of the file",
    "--mapping FILE",
)
REMEDY_OF = {UNUSED_TABLE: TABLE_REMEDY, UNUSED_LAYER: LAYER_REMEDY}


def errors_among(delivery: Delivery, findings: Sequence[IntakeFinding]) -> tuple[IntakeFinding, ...]:
    """The findings that would keep a delivery out of the register, and the tables and layers that were not understood
    though they may hold lines, and depths that may be in another unit: at the intake somebody is asked, here nobody would be.
    """
    unread = set(delivery.facts.get(UNREAD_LINES, ()))
    unused = [one for one in findings if one.code in REMEDY_OF and (one.file, one.sheet) in unread]
    return (
        *(one for one in findings if one.level == "error" or one.code == DOUBTED_UNIT),
        *(replace(one, remedy=_remedy_beside(one)) for one in unused if one.level != "error"),
    )


def _remedy_beside(one: IntakeFinding) -> Words:
    return AREAS_LAYER_REMEDY if one.remedy == AREAS_REMEDY else REMEDY_OF[one.code]


def left_aside(findings: Sequence[IntakeFinding]) -> tuple[IntakeFinding, ...]:
    """What a file holds that is no line to the reading and refuses nothing: hatches, construction lines, sheets of paper
    space, layers whose geometry nobody understood; points called a
    chamber where nothing is judged by it. Whoever trusts the answer must know of them.
    """
    return tuple(one for one in findings if one.code in (NOT_READ, CHAMBERS_BESIDE) and one.level != "error")


def files_without_lines(paths: Sequence[Path], deliveries: Sequence[Delivery]) -> tuple[Path, ...]:
    """Those of ``paths`` from which neither a line nor a point came; all of them where no line came at all."""
    if not any(len(delivery.lines) for delivery in deliveries):
        return tuple(paths)
    named = {
        str(name)
        for delivery in deliveries
        for rows in (delivery.lines, delivery.points)
        for name in rows["file"].unique()
    }
    return tuple(path for path in paths if not any(name.startswith(path.name) for name in named))


def no_lines(paths: Sequence[Path]) -> Invalid:
    """The refusal of files that hold no pipes: beside them everything would look clear."""
    names = [path.name for path in paths]
    return Invalid(
        Words(
            f"在 {'、'.join(names)} 中没有找到任何管线，不作检查。",
            f"No line of any kind was found in {', '.join(names)}; nothing was checked.",
        ),
        faults=tuple(
            Fault(
                (name,),
                Words("没有读出管线或管点", "neither a line nor a point was read from it"),
                Words(
                    "管线调查表须有起点点号、终点点号，管点调查表须有点号、X、Y，两表一并给出；或去掉此文件",
                    "A table of lines has start and end point, one of points has number, X and Y, and both are given"
                    " together; or leave the file out",
                    "--column HEAD=FIELD | --mapping FILE",
                ),
            )
            for name in names
        ),
    )


def not_read(errors: Sequence[IntakeFinding]) -> Invalid:
    """The refusal of files with rows that cannot be taken as they stand, each row with its remedy."""
    faults = [Fault(_where(one), one.words, one.remedy) for one in errors[:SHOWN]]
    if len(errors) > SHOWN:
        more = len(errors) - SHOWN
        faults.append(
            Fault(("…",), Words(f"另有 {more} 处", f"{more} more"),
                  Words("试读一遍可列出全部", "a trial reading lists all", command="import --dry-run --json"))
        )  # fmt: skip
    return Invalid(
        Words(
            f"对照文件有 {len(errors)} 处错误，所涉管线可能在任何地方，不作检查；改正后重试，"
            "或不计这些行，照其余内容检查，结论至多为“无法判定”。",
            f"The files to compare with have {len(errors)} errors and the lines concerned may lie anywhere, so nothing"
            " was checked. Mend them, or leave those rows out and check against the rest: the answer is then"
            " “cannot be judged” at best.",
            command="--leave-out-errors",
        ),
        faults=tuple(faults),
    )


def as_told(one: IntakeFinding) -> dict[str, Any]:
    """One row that was not read, as the answer carries it."""
    return {
        "code": one.code, "file": one.file, "sheet": one.sheet, "row": one.row, "field": one.field,
        "value": one.value, "words": {"zh": one.words.zh, "en": one.words.en},
    }  # fmt: skip


def aside_told(one: IntakeFinding) -> dict[str, Any]:
    """What was left aside, as the answer carries it; ``is_said_none``: a person called its layer none of ours.

    Of a layer the reading itself only warns or refuses (see ``_as_finding`` of the reading of features): a note of one
    is such a word. It is told all the same, and leaves no doubt.
    """
    is_said_none = one.level == "info" and one.sheet is not None
    return as_told(one) | ({"is_said_none": True} if is_said_none else {})


def parts_told(in_part: Mapping[str, Sequence[KindCode]], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """The kinds of which only a part was delivered, as the answer carries them."""
    for kind, codes in in_part.items():
        words = partly_told(catalogue.kinds[kind], codes)
        told = {"zh": words.zh, "en": words.en}
        yield {"code": PARTLY_LOOKED, "kind": kind, "codes": [one.code for one in codes], "words": told}


def _where(one: IntakeFinding) -> tuple[str | int, ...]:
    row = f"#{one.row}" if one.row else None
    return tuple(str(part) for part in (one.file, one.sheet, row, one.field) if part)
