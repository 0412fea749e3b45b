"""``xzgis check``: the conflicts of one work with the register, or with files."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xzgis.cli.deliveries.options import (
    CODE_HELP,
    COLUMN_HELP,
    ENCODING_HELP,
    MAPPING_HELP,
    asked_options,
)
from xzgis.cli.frame import actor, language, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xzgis.catalogue.terms import Catalogue
    from xzgis.conflicts.rules.answer import Checked
    from xzgis.works.rules.reading import WorkOptions
    from xzgis.works.terms import WorkDocument

EXIT_OF = {"clear": 0, "findings": 1, "cannot_judge": 2}
BY_SUFFIX = {
    ".json": "json",
    ".geojson": "geojson",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
}
WRONG_OPTION = Words("选项有误，未检查。", "An option is wrong; nothing was checked.")
NEAR_LINES = Words(
    "对照文件不含普查范围：只有文件中同类、实测且在用的管线附近算作已查，其余列为未普查；道路路面只取工程文件所写。",
    "Files say nothing of surveyed areas: only the ground near their measured lines in use counts, kind by kind; "
    "the surface is what the work says.",
)

TIE_INS = Words(
    "工程中声明的接头指登记库中的管线，与文件比较时不计：接头处的管线按其他管线判定。",
    "The joints declared in the work name lines of the register and count for nothing beside files: the line at a joint "
    "is judged as any other.",
)


def _figure(text: str) -> float:
    """A figure of an option, read as deliveries are: Python itself reads 0_6 as 6."""
    from xzgis.networks.rules.numbers import figure

    value = figure(text)
    if value is None:
        raise ValueError("Input should be a valid number")
    return value


_figure.__name__ = "float"


def add(app: typer.Typer) -> None:
    """Bring ``check``."""
    app.command("check", help=f"检查一项新建工程 · {check.__doc__}")(check)


def check(
    work: Path = typer.Argument(
        ..., help="工程：工程文件 JSON、GeoJSON、GPKG、DXF、CSV（X 北、Y 东、高程）· the work"
    ),
    more: list[Path] | None = typer.Argument(None, hidden=True),
    against: list[Path] | None = typer.Option(
        None, help="与这些文件比较，不用数据库 · compare with files, no database"
    ),
    kind: str | None = typer.Option(None, help="种类 · kind, such as gas"),
    diameter_mm: float | None = typer.Option(None, parser=_figure, help="管径 · nominal diameter, mm"),
    width_mm: float | None = typer.Option(None, parser=_figure, help="断面宽 · width, mm"),
    height_mm: float | None = typer.Option(None, parser=_figure, help="断面高 · height, mm"),
    is_outer: bool | None = typer.Option(None, "--outer", help="尺寸为外廓 · the sizes are outer ones"),
    pressure_class: str | None = typer.Option(None, help="压力级制 · such as medium_A"),
    voltage_kv: float | None = typer.Option(None, parser=_figure, help="电压 · voltage, kV"),
    burial: str | None = typer.Option(None, help="埋设方式 · such as direct_buried"),
    material: str | None = typer.Option(None, help="材质 · such as pe"),
    method: str | None = typer.Option(
        None, help="施工方法 · open_cut, jacking, directional_drilling, overhead"
    ),
    cover_m: float | None = typer.Option(None, parser=_figure, help="覆土 · constant cover, m"),
    surface: str | None = typer.Option(
        None,
        help="工程上方的地面类型，不写取自道路登记 · surface above the work, such as carriageway, farmland",
    ),
    sigma_plan_m: float | None = typer.Option(
        None, parser=_figure, help="放样平面中误差 · plan accuracy of setting out, m (one sigma)"
    ),
    sigma_level_m: float | None = typer.Option(
        None, parser=_figure, help="放样高程中误差 · level accuracy of setting out, m (one sigma)"
    ),
    level_of: str | None = typer.Option(
        None, help="文件中的高程是外顶、外底还是管内底 · crown, bottom or invert"
    ),
    crs: str | None = typer.Option(None, help="工程的坐标系 · CRS of the work, EPSG:n"),
    against_crs: str | None = typer.Option(None, help="对照文件的坐标系 · CRS of the files, EPSG:n"),
    mapping: str | None = typer.Option(None, "--mapping", help=f"对照文件的{MAPPING_HELP}"),
    column: list[str] = typer.Option([], "--column", help=f"对照文件的{COLUMN_HELP}"),
    code: list[str] = typer.Option([], "--code", help=f"对照文件的{CODE_HELP}"),
    encoding: str | None = typer.Option(None, "--encoding", help=f"对照文件的{ENCODING_HELP}"),
    layers: Path | None = typer.Option(
        None,
        "--layers",
        help="与 --against 合用：规则表目录，见 rules export · tables to judge by, beside --against",
    ),
    leave_out_errors: bool = typer.Option(
        False,
        "--leave-out-errors",
        help="对照文件有错行也检查，结论不会是满足 · go on without rows in error, never clear",
    ),
    format_: str | None = typer.Option(None, "--format", help="table, json, geojson, csv, xlsx, html"),
    out: Path | None = typer.Option(None, help="写入文件 · write to this file"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document"),
    all_: bool = typer.Option(False, "--all", help="也列出满足的 · list the clear pairs too"),
    reason: str = typer.Option(
        "",
        "--reason",
        help="为何写成文件；含涉密管线时必填 · why the file is taken, needed where lines are secret",
    ),
) -> int:
    """Check one work; exit 0 clear, 1 findings, 2 something cannot be judged, 3 error."""
    from xzgis.catalogue.queries import catalogue as definitions
    from xzgis.conflicts.reports.document import verdict
    from xzgis.conflicts.reports.formats import format_named, rendered
    from xzgis.core.settings import settings
    from xzgis.works.queries.file import read_work

    name = "json" if as_json else format_ or _format_of(out)
    format_named(name)
    files = [*(against or []), *_further(more, against)]
    _check_place(out, [work, *files, *([Path(mapping)] if mapping else [])])
    options = _options(locals())
    _check_crs("--crs", crs)
    _check_crs("--against-crs", against_crs)
    reading = _reading(locals(), files)
    if not files:  # only now: a wrong option starts no database, and brings none up to date
        open_database()  # the tables in force are those of the register; beside files alone, those shipped
    catalogue = definitions() if layers is None else _tables_of(layers, files)
    limits = (settings().child_cpu_s, settings().child_memory_mb)
    with _blaming(options):
        read = read_work(work, catalogue, options, limits=limits)
        for words in read.notes:
            say(words)
        if files:
            say(NEAR_LINES)
            if any(run.tie_ins for run in read.document.runs):
                say(TIE_INS)
            checked = _with_files(
                read.document, files, catalogue,
                {"reading": reading, "limits": limits, "with_clear": all_, "leave_out_errors": leave_out_errors},
            )  # fmt: skip
        else:
            checked = _with_register(read.document, catalogue, all_)
    title = read.document.name or work.stem
    if out is not None and not files:
        asked = {"title": title, "file_format": name, "reason": reason, "language": language()}
        _leave(checked, asked, catalogue, out)
    else:
        _put(rendered(checked, name, catalogue=catalogue, title=title, language=language()), out)
    return EXIT_OF[verdict(checked.result)]


@contextmanager
def _blaming(options: "WorkOptions") -> "Iterator[None]":
    """Blame an option where the value it put over the file is what is refused, and never the file."""
    from dataclasses import asdict

    from xzgis.core.errors import Fault, Invalid

    said = {name for name, value in asdict(options).items() if value is not None}
    try:
        yield
    except Invalid as refusal:
        named = {str(fault.loc[-1]): fault for fault in refusal.faults if fault.loc and fault.loc[-1] in said}
        if not named or any(not fault.loc or fault.loc[-1] not in said for fault in refusal.faults):
            raise
        faults = (
            Fault((f"--{name.replace('_', '-')}",), fault.words, fault.remedy)
            for name, fault in named.items()
        )
        raise Invalid(WRONG_OPTION, faults=tuple(faults)) from refusal


def _format_of(out: Path | None) -> str:
    """The format by the suffix of the file; the table for people without one."""
    from xzgis.core.errors import Fault, Invalid

    suffix = "" if out is None else out.suffix.lower()
    if suffix in ("", ".txt"):
        return "table"
    if suffix not in BY_SUFFIX:
        known = ", ".join((*BY_SUFFIX, ".txt"))
        words = Words(f"不知道后缀 {suffix} 是什么格式", f"{suffix} stands for no format")
        remedy = Words(
            f"后缀用 {known} 之一，或以 --format 指明格式",
            f"use one of {known}, or say the format with --format",
        )
        raise Invalid(WRONG_OPTION, faults=(Fault(("--out",), words, remedy),))
    return BY_SUFFIX[suffix]


def _check_place(out: Path | None, read: "Sequence[Path]") -> None:
    """Before the check, which may take long: what cannot be written to is refused, and what is ``read`` itself."""
    from xzgis.core.errors import Fault, Invalid

    if out is None:
        return
    if out.is_dir():
        words = Words(f"{out} 是文件夹", f"{out} is a folder")
    elif not out.parent.is_dir():
        words = Words(f"文件夹 {out.parent} 不存在", f"there is no folder {out.parent}")
    elif out.exists() and any(one.exists() and out.samefile(one) for one in read):
        words = Words(
            f"{out} 是本次检查要读的文件，会被结果覆盖",
            f"{out} is read by this check, and the answer would replace it",
        )
    else:
        return
    remedy = Words("写明已有文件夹中另一个文件名", "name another file in a folder that exists")
    raise Invalid(WRONG_OPTION, faults=(Fault(("--out",), words, remedy),))


def _check_crs(option: str, name: str | None) -> None:
    from xzgis.core.errors import Fault, Invalid
    from xzgis.spatial.named_systems import known_crs

    try:
        if name is not None:
            known_crs(name)
    except Invalid as unknown:
        raise Invalid(WRONG_OPTION, faults=(Fault((option,), unknown.words),)) from unknown


def _tables_of(layers: Path, files: list[Path]) -> "Catalogue":
    """The tables of a folder that ``rules export`` wrote; a check against the register has its own."""
    from xzgis.catalogue.actions.exporting import tables_of_folder
    from xzgis.core.errors import Invalid

    if not files:
        raise Invalid(Words("--layers 只与 --against 合用；对登记库的检查用其现行的表。",
                            "--layers goes with --against; beside the register its own tables in force judge."))  # fmt: skip
    return tables_of_folder(layers)


def _further(more: list[Path] | None, against: list[Path] | None) -> list[Path]:
    """Names after the work: more files of ``--against``, else a mistake."""
    if more and not against:
        from xzgis.core.errors import Invalid

        raise Invalid(
            Words(
                f"一次只检查一项工程，多写了 {more[0]}；对照文件写在 --against 之后。",
                f"One work at a time: {more[0]} is one more; files to compare with go after --against.",
            )
        )
    return more or []


def _reading(said: "dict[str, Any]", files: list[Path]) -> dict[str, Any]:
    """How the files of ``--against`` are understood, by the same options as those of an import."""
    from xzgis.core.errors import Invalid

    given = {f"--{name}": said[name] for name in ("mapping", "column", "code", "encoding") if said[name]}
    if given and not files:
        named = "、".join(given), ", ".join(given)
        raise Invalid(
            Words(
                f"{named[0]} 说的是 --against 的对照文件，请一并给出这些文件。",
                f"{named[1]} speak of the files of --against: name these files too.",
            )
        )
    options = {"crs": said["against_crs"], "encoding": said["encoding"]}
    return asked_options(options, mapping=said["mapping"], columns=said["column"], codes=said["code"])


def _options(said: "dict[str, object]") -> "WorkOptions":
    from dataclasses import fields

    from xzgis.core.errors import Invalid
    from xzgis.networks.terms import Method
    from xzgis.works.rules.reading import WorkOptions

    methods = [each.value for each in Method]
    if said["method"] is not None and said["method"] not in methods:
        raise Invalid(Words(f"没有施工方法“{said['method']}”，可用：{', '.join(methods)}。",
                            f"There is no method “{said['method']}”; use one of {', '.join(methods)}."))  # fmt: skip
    if said["level_of"] not in (None, "crown", "bottom", "invert"):
        raise Invalid(
            Words("--level-of 只能是 crown、bottom 或 invert。", "--level-of is crown, bottom or invert.")
        )
    known = {field.name: said[field.name] for field in fields(WorkOptions) if field.name in said}
    return WorkOptions(**known)  # type: ignore[arg-type]  # typer checked each


def _with_files(
    document: "WorkDocument", files: list[Path], catalogue: "Catalogue", options: dict[str, Any]
) -> "Checked":
    from xzgis.conflicts.actions.check_files import FileOptions, check_against_files

    return check_against_files(document, files, catalogue=catalogue, options=FileOptions(**options))


def _with_register(document: "WorkDocument", catalogue: "Catalogue", with_clear: bool) -> "Checked":
    from xzgis.conflicts.actions.check import check_work, sources_of
    from xzgis.core.db import transaction
    from xzgis.core.settings import settings

    with transaction(actor(), statement_timeout_s=0) as session:
        return check_work(
            session, document, catalogue=catalogue, sources=sources_of(settings()), with_clear=with_clear
        )


def _leave(checked: "Checked", asked: dict[str, Any], catalogue: "Catalogue", out: Path) -> None:
    """Write what holds a part of the register: an export, kept before the file comes to its place."""
    from datetime import UTC, datetime

    from xzgis.conflicts.actions.downloads import ReportAsked, drawn_report, leave_report
    from xzgis.exports.actions.leaving import exporting
    from xzgis.formats.written import laid_aside

    now = datetime.now(UTC)
    drawn = drawn_report(checked, ReportAsked(**asked, file_name=out.name), catalogue=catalogue)
    with laid_aside(out) as aside, exporting(actor(), now=now, statement_timeout_s=0) as session:
        left = leave_report(session, actor=actor(), drawn=drawn, catalogue=catalogue, now=now)
        aside.write_bytes(left.content)
    say(Words(f"已写入 {out}。", f"Written to {out}."))
    say(left.begun.mark.words)
    if left.begun.warning:
        say(left.begun.warning)


def _put(content: bytes, out: Path | None) -> None:
    if out is None:
        typer.get_binary_stream("stdout").write(content)
        return
    out.write_bytes(content)
    say(Words(f"已写入 {out}。", f"Written to {out}."))
