"""``xzgis units``: departments, companies and areas."""

import json
from typing import Any

import typer

from xzgis.cli.frame import say
from xzgis.core.words import Words

AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")


def add(app: typer.Typer) -> None:
    """Bring ``units …``."""
    group = typer.Typer(no_args_is_help=True, help="单位与区划 · units and areas")
    group.command("list", help="列出单位 · list units")(list_units)
    group.command("areas", help="列出区划 · list areas")(list_areas)
    group.command("add", help="新增单位 · add a unit")(add_unit)
    group.command("add-area", help="新增区划 · add an area")(add_area)
    group.command("close", help="关闭单位 · close a unit")(close)
    app.add_typer(group, name="units")


def list_units(
    closed: bool = typer.Option(False, "--closed", help="包括已关闭 · with closed ones"),
    as_json: bool = AS_JSON,
) -> None:
    """Units by code, with how many people hold a post in each."""
    from xzgis.cli.people import opened
    from xzgis.identity.queries import units_tree

    with opened() as (session, given):
        rows = [
            {"code": unit.code, "kind": unit.kind.value, "people": unit.people, "closed": unit.closed,
             "name_zh": unit.name_zh, "name_en": unit.name_en}
            for unit in units_tree(session, now=given["now"], closed=closed)
        ]  # fmt: skip
    _show(rows, as_json=as_json)


def list_areas(as_json: bool = AS_JSON) -> None:
    """Areas in the order of the tree."""
    from xzgis.cli.people import opened
    from xzgis.identity.queries import areas_tree

    with opened() as (session, _):
        rows = [
            {"code": area.code, "tier": area.tier.value, "name_zh": area.name_zh, "name_en": area.name_en}
            for area in areas_tree(session)
        ]
    _show(rows, as_json=as_json)


def add_unit(
    code: str = typer.Argument(..., help="代码 · code"),
    name_zh: str = typer.Argument(..., help="中文名称 · name in Chinese"),
    name_en: str = typer.Argument(..., help="英文名称 · name in English"),
    kind: str = typer.Option(..., "--kind", help="department|owner|survey|applicant"),
    area: str = typer.Option(..., "--area", help="区划代码 · code of the area"),
    parent: str | None = typer.Option(None, "--parent", help="上级单位代码 · code of the unit above"),
) -> None:
    """Add a department or a company."""
    from xzgis.cli.people import opened
    from xzgis.core.errors import Invalid
    from xzgis.identity import actions
    from xzgis.identity.terms import UnitAsked, UnitKind

    if kind not in set(UnitKind):
        raise Invalid(Words(f"没有类别 {kind}。", f"No kind {kind}; there are: {', '.join(UnitKind)}."))
    asked = UnitAsked(code, name_zh, name_en, UnitKind(kind), area, parent)
    with opened() as (session, given):
        actions.add_unit(session, **given, asked=asked)
    say(Words(f"单位 {code} 已建立。", f"The unit {code} is there."))


def add_area(
    code: str = typer.Argument(..., help="代码，以上级代码开头 · code, begins with its parent's"),
    name_zh: str = typer.Argument(..., help="中文名称 · name in Chinese"),
    name_en: str = typer.Argument(..., help="英文名称 · name in English"),
    tier: str = typer.Option(..., "--tier", help="city|district|township"),
) -> None:
    """Add a city, district or township."""
    from xzgis.cli.people import opened
    from xzgis.core.errors import Invalid
    from xzgis.identity import actions
    from xzgis.identity.terms import AreaAsked, Tier

    if tier not in set(Tier):
        raise Invalid(Words(f"没有级别 {tier}。", f"No tier {tier}; there are: {', '.join(Tier)}."))
    with opened() as (session, given):
        actions.add_area(session, **given, asked=AreaAsked(code, name_zh, name_en, Tier(tier)))
    say(Words(f"区划 {code} 已建立。", f"The area {code} is there."))


def close(code: str = typer.Argument(..., help="代码 · code")) -> None:
    """Close a unit in which nobody holds a post."""
    from xzgis.cli.people import opened
    from xzgis.identity import actions

    with opened() as (session, given):
        actions.close_unit(session, **given, code=code)
    say(Words(f"单位 {code} 已关闭。", f"The unit {code} is closed."))


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("\t".join(str(value) for value in row.values()))
