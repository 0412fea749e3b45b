"""``xzgis rights``: what posts may see of the register, and which records are secret."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

POST = typer.Argument(..., min=1, help="岗位编号 · number of a post (xzgis people posts)")
MANY = "多个用逗号分隔，缺省为不限 · by commas, default any"


def add(app: typer.Typer) -> None:
    """Bring ``rights …``."""
    group = typer.Typer(no_args_is_help=True, help="数据权限与密级 · data rights and secrecy")
    group.command("list", help="某岗位的数据权限 · what a post may see")(list_rights)
    group.command("give", help="授予数据权限 · give a post a data right")(give)
    group.command("take", help="收回数据权限 · take one away")(take)
    group.command("grade", help="为管线定密或解密 · grade records as secret, or not")(grade)
    app.add_typer(group, name="rights")


@contextmanager
def _opened() -> Iterator[tuple["Session", dict[str, Any]]]:
    """A transaction of the console, and what every action is told: who and when."""
    open_database()
    from xzgis.core.db import transaction

    who = actor()
    with transaction(who, statement_timeout_s=0) as session:
        yield session, {"actor": who, "now": datetime.now().astimezone()}


def list_rights(post: int = POST) -> None:
    """The rights of a post as one JSON document; ``id`` null for those of its role."""
    from xzgis.identity.queries import rights_of

    with _opened() as (session, _):
        rows = [asdict(one) for one in rights_of(session, post)]
    typer.echo(json.dumps(rows, ensure_ascii=False, default=sorted))


def give(
    post: int = POST,
    precision: str = typer.Option(
        ..., "--precision", help="exact 精确、corridor 走向、hidden 不可见 · how well"
    ),
    kinds: str | None = typer.Option(None, "--kinds", help=MANY),
    area: str | None = typer.Option(None, "--area", help="区划代码，缺省为全市 · code of an area"),
    owners: str | None = typer.Option(None, "--owners", help=MANY),
    states: str | None = typer.Option(None, "--states", help=MANY),
    secrecy: int = typer.Option(0, "--secrecy", help="最高密级 0–3 · highest grade"),
    attributes: str | None = typer.Option(
        None, "--attributes", help=f"depth, size, owner, pressure, other；{MANY}"
    ),
) -> None:
    """Give a post one more data right; its number on standard output."""
    from xzgis.catalogue.queries import catalogue
    from xzgis.identity import actions
    from xzgis.identity.terms import RightAsked

    asked = RightAsked(
        precision=precision, kinds=_named(kinds), area=area, owners=_named(owners), life_states=_named(states),
        secrecy=secrecy, attributes=_named(attributes),
    )  # fmt: skip
    with _opened() as (session, given):
        number = actions.give_right(session, **given, post_id=post, asked=asked, kinds=catalogue().kinds)
    say(Words("已授予数据权限：", "The data right is given:"))
    typer.echo(number)


def take(post: int = POST, right: int = typer.Argument(..., min=1, help="权限编号 · its number")) -> None:
    """Take a data right of a post away; never the last one."""
    from xzgis.identity import actions

    with _opened() as (session, given):
        actions.take_right(session, **given, post_id=post, right_id=right)
    say(Words("已收回。", "Taken away."))


def grade(
    to: int = typer.Argument(..., help="密级：0 无、1 秘密、2 机密、3 绝密 · grade, 0 for none"),
    reason: str = typer.Option(..., "--reason", help="定密依据 · why"),
    batch: int | None = typer.Option(
        None, "--batch", help="整个批次，含覆盖范围 · a whole batch with its coverage"
    ),
    owner: str | None = typer.Option(None, "--owner", help="某权属单位的管线 · lines of an owner"),
    records: str | None = typer.Option(None, "--records", help="编号，逗号分隔 · numbers by commas"),
) -> None:
    """Give records a grade of secrecy, in all their versions; how many on standard output."""
    from xzgis.core.errors import Invalid
    from xzgis.networks.actions.secrecy import Graded, grade_records

    try:
        numbers = tuple(int(number) for number in _named(records) or ())
    except ValueError:
        raise Invalid(Words("编号应为整数，用逗号分隔。", "Records are whole numbers by commas.")) from None
    with _opened() as (session, given):
        count = grade_records(session, **given, which=Graded(batch, owner, numbers), grade=to, reason=reason)
    typer.echo(count)


def _named(typed: str | None) -> frozenset[str] | None:
    """What was named between commas; None where nothing was."""
    if typed is None:
        return None
    return frozenset(name.strip() for name in typed.replace("，", ",").split(",") if name.strip())
