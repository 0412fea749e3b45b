"""``xzgis sample``: the invented city, as files and in the register."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import typer

from xzgis.cli.frame import actor as acting
from xzgis.cli.frame import open_database, say
from xzgis.core.words import Words

LEAST_SEGMENTS = 1300
"""Fewer are not made: the injected violations need their streets."""
MOST_SEGMENTS = 20_000_000


def add(app: typer.Typer) -> None:
    """Bring ``sample build|load``."""
    group = typer.Typer(no_args_is_help=True, help="虚构样例城区 · the invented city")
    group.command("build", help="生成任意规模的样例文件 · write a district of any size")(build)
    group.command("load", help="把随附的小样例载入登记库 · take the shipped one into the register")(load)
    app.add_typer(group, name="sample")


def build(
    out: Path = typer.Option(..., "--out", help="输出目录 · folder to write"),
    segments: int = typer.Option(
        4000,
        "--segments",
        min=1,
        max=MOST_SEGMENTS,
        help="约多少管段，最小的样例约 1300 · about so many runs; the smallest district has about 1300",
    ),
    seed: int = typer.Option(1, "--seed", min=0, help="随机种子 · same seed, same bytes"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document"),
) -> None:
    """Write an invented district; ``expected.json`` beside it lists the injected violations."""
    from xzgis.catalogue.files import catalogue
    from xzgis.samples.actions.build import build_sample

    started = time.monotonic()
    built = build_sample(catalogue(), out, segments=segments, seed=seed)
    counts = built.manifest["counts"]
    if as_json:
        typer.echo(json.dumps(built.manifest, ensure_ascii=False))
    if segments < LEAST_SEGMENTS:
        say(
            Words(
                f"最小的样例有 4×4 条街：要求 {segments} 管段，生成 {counts['runs']}。",
                f"The smallest district has 4 by 4 streets: {segments} runs were asked, {counts['runs']} written.",
            )
        )
    took_s = time.monotonic() - started
    say(
        Words(
            f"已生成虚构样例：{counts['runs']} 管段、{counts['nodes']} 管点，用时 {took_s:.1f} 秒，在 {out}。",
            f"Invented district written: {counts['runs']} runs, {counts['nodes']} nodes in {took_s:.1f} s, in {out}.",
        )
    )


def load(
    folder: Path | None = typer.Option(
        None, "--from", help="样例目录，缺省为随附样例 · folder, default the shipped one"
    ),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document"),
) -> None:
    """Take a sample into the register, marked as invented everywhere; twice is once."""
    open_database()
    from xzgis.core.db import transaction
    from xzgis.core.settings import settings
    from xzgis.samples.actions.load import load_sample

    place = folder or settings().data_dir / "sample"
    actor = acting()
    with transaction(actor, statement_timeout_s=0) as session:
        loaded = load_sample(session, place, actor=actor, now=datetime.now(UTC), store=settings())
    if as_json:
        typer.echo(
            json.dumps({"batch": loaded.batch, "runs": loaded.runs, "nodes": loaded.nodes, "invented": True})
        )
    if loaded.batch is None:
        say(
            Words(
                "样例已在登记库中，未重复载入。", "The sample is in the register already; nothing was done."
            )
        )
        return
    say(
        Words(
            f"已载入虚构样例：{loaded.runs} 管段、{loaded.nodes} 管点，批次 {loaded.batch}。xzgis undo {loaded.batch} 可撤出。",
            f"Invented sample loaded: {loaded.runs} runs, {loaded.nodes} nodes as batch {loaded.batch}; "
            f"xzgis undo {loaded.batch} takes it out.",
        )
    )
