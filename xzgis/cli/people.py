"""``xzgis people``: accounts, posts, delegations and tokens, from the server's own console."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from xzgis.identity.models import Person
    from xzgis.identity.terms import NewPerson, PostFacts, Role

ACCOUNT = typer.Argument(..., help="账号 · account")
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")
FROM = typer.Option(None, "--from", help="开始时间，缺省为现在 · begins, default now (2026-05-04T08:00)")


def add(app: typer.Typer) -> None:
    """Bring ``people …``."""
    group = typer.Typer(
        no_args_is_help=True, help="人员、岗位、代理、令牌 · people, posts, delegations, tokens"
    )
    group.command("first", help="建立三员账号（仅当还没有任何人员）· the three administrators, once")(first)
    group.command("list", help="列出人员 · list people")(list_people)
    group.command("add", help="建立账号，输出一次性密码 · make an account; prints a one-time password")(
        add_one
    )
    group.command(
        "reveal", help="查看被遮盖的邮箱或电话，写入记录 · e-mail or telephone in clear, kept in the trail"
    )(reveal)
    group.command("leave", help="离职：立即收回一切 · end everything that lets a person in")(leave)
    group.command("posts", help="某人的岗位与代理 · posts of a person, and what is lent")(posts)
    group.command("grant", help="授予岗位 · grant a post")(grant)
    group.command("end", help="收回岗位 · end a post")(end)
    group.command("delegate", help="代理：把岗位借给他人 · lend a post")(delegate)
    group.command("return", help="提前结束代理 · take a lent post back")(take_back)
    group.command("reset-password", help="重置密码，输出一次性密码 · a new one-time password")(reset_password)
    group.command("reset-factor", help="清除遗失的动态口令 · take a lost second factor away")(reset_factor)
    group.command("sign-out", help="结束某人的全部会话 · end every session of a person")(sign_out)
    tokens = typer.Typer(no_args_is_help=True, help="访问令牌 · access tokens")
    tokens.command("list", help="某人的令牌 · tokens of a person")(list_tokens)
    tokens.command("revoke", help="撤销令牌 · shut a machine out")(revoke_token)
    group.add_typer(tokens, name="token")
    app.add_typer(group, name="people")


@contextmanager
def opened() -> Iterator[tuple["Session", dict[str, Any]]]:
    """A transaction of the console, and what every action is told: who and when."""
    open_database()
    from xzgis.core.db import transaction

    who = actor()
    with transaction(who) as session:
        yield session, {"actor": who, "now": datetime.now().astimezone()}


def first() -> None:
    """Make the three administrators of a new installation; each one-time password is shown this once."""
    from xzgis.identity import actions

    with opened() as (session, given):
        made = actions.first_administrators(session, **given)
    if not made:
        say(Words("已有人员，未做任何更改。", "There are people already; nothing was done."))
    for person in made:
        _tell_password(person)


def list_people(
    search: str = typer.Option("", "--search", help="账号或姓名 · in account or name"),
    unit: str | None = typer.Option(None, "--unit", help="单位代码 · code of a unit"),
    role: str | None = typer.Option(None, "--role", help="角色 · role"),
    leavers: bool = typer.Option(False, "--leavers", help="包括已离职 · with those who left"),
    as_json: bool = AS_JSON,
) -> None:
    """List people by account."""
    from xzgis.core.paging import MOST
    from xzgis.identity.queries import PeopleAsked, people
    from xzgis.identity.queries.organisation import unit_by_code

    rows: list[dict[str, Any]] = []
    with opened() as (session, given):
        unit_id = None if unit is None else unit_by_code(session, unit).id
        asked = PeopleAsked(search, unit_id, None if role is None else _role(role), leavers)
        after: str | None = None
        while True:
            page = people(session, **given, asked_for=asked, after=after, limit=MOST)
            rows += [
                {"account": one.account, "name": one.name, "left_at": one.left_at,
                 "must_change": one.must_change, "second_factor": one.has_second_factor}
                for one in page.items
            ]  # fmt: skip
            after = page.after
            if after is None:
                break
    _show(rows, as_json=as_json)


def add_one(
    account: str = ACCOUNT,
    name: str = typer.Argument(..., help="姓名 · name"),
    email: str | None = typer.Option(None, "--email", help="电子邮箱 · e-mail"),
    phone: str | None = typer.Option(None, "--phone", help="电话 · telephone"),
) -> None:
    """Make an account; the one-time password on standard output is shown this once."""
    from xzgis.identity import actions

    with opened() as (session, given):
        made = actions.add_person(session, **given, account=account, name=name, email=email, phone=phone)
    _tell_password(made)


def reveal(
    account: str = ACCOUNT,
    field: str = typer.Option("phone", "--field", help="email | phone"),
    reason: str = typer.Option(..., "--reason", help="理由，写入记录 · why, kept in the trail"),
) -> None:
    """Print one fact that lists show masked; who looked and why stands in the trail."""
    from xzgis.identity import actions

    with opened() as (session, given):
        value = actions.reveal_fact(session, **given, account=account, field=field, reason=reason)
    typer.echo(value or "")


def leave(account: str = ACCOUNT) -> None:
    """End posts, delegations, sessions, tokens and secrets of a person at once; his records stay."""
    from xzgis.identity import actions

    with opened() as (session, given):
        actions.leave_person(session, **given, account=account)
    say(Words(f"{account} 已离职，一切权限已收回。", f"{account} has left and loses everything now."))


def posts(account: str = ACCOUNT, as_json: bool = AS_JSON) -> None:
    """Every post a person holds, held or will hold, and what is lent from or to him."""
    from xzgis.identity.queries import delegations_of
    from xzgis.identity.queries.directory import posts_ever

    with opened() as (session, given):
        person = _person(session, account, given)
        held = [_post_row(post) for post in posts_ever(session, person.id)]
        lent = [
            {"delegation": one.id, "post": one.post_id, "from": one.from_account, "to": one.to_account,
             "from_at": one.from_at, "until_at": one.until_at, "reason": one.reason}
            for one in delegations_of(session, person.id, now=given["now"])
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"posts": held, "delegations": lent}, ensure_ascii=False, default=str))
        return
    _show(held, as_json=False)
    _show(lent, as_json=False)


def grant(
    account: str = ACCOUNT,
    role: str = typer.Option(..., "--role", help="角色 · role"),
    unit: str = typer.Option(..., "--unit", help="单位代码 · code of the unit"),
    area: str = typer.Option(..., "--area", help="区划代码 · code of the area"),
    kinds: str | None = typer.Option(
        None, "--kinds", help="管线种类，逗号分隔，缺省为全部 · kinds, by comma"
    ),
    begins: str | None = FROM,
    until: str | None = typer.Option(None, "--until", help="结束时间，缺省为不限 · ends, default never"),
) -> None:
    """Give a person a post; his open sessions are over."""
    from xzgis.identity import actions
    from xzgis.identity.terms import PostAsked

    asked = PostAsked(
        unit=unit, role=_role(role), area=area, kinds=_kinds(kinds), valid_from=_time(begins), valid_to=_time(until)
    )  # fmt: skip
    with opened() as (session, given):
        post = actions.grant_post(session, **given, account=account, asked=asked)
    words = post.role.words
    say(
        Words(
            f"{account} 已任{words.zh}（岗位 {post.id}）。", f"{account} is {words.en} now (post {post.id})."
        )
    )


def end(post: int = typer.Argument(..., help="岗位编号，见 posts · number of the post")) -> None:
    """End a post now, and what was lent of it."""
    from xzgis.identity import actions

    with opened() as (session, given):
        actions.end_post(session, **given, post_id=post)
    say(Words(f"岗位 {post} 已收回。", f"The post {post} is over."))


def delegate(
    post: int = typer.Argument(..., help="岗位编号 · number of the post"),
    account: str = typer.Argument(..., help="代理人账号 · who acts"),
    until: str = typer.Option(..., "--until", help="结束时间 · ends"),
    reason: str = typer.Option(..., "--reason", help="事由 · why"),
    begins: str | None = FROM,
) -> None:
    """Lend a post; every record made with it names both."""
    from xzgis.identity import actions
    from xzgis.identity.terms import DelegationAsked

    ends = _time(until)
    assert ends is not None
    asked = DelegationAsked(post, account, ends, reason, from_at=_time(begins))
    with opened() as (session, given):
        number = actions.delegate(session, **given, asked=asked)
    say(Words(f"代理 {number} 已生效登记。", f"Delegation {number} is registered."))


def take_back(delegation: int = typer.Argument(..., help="代理编号，见 posts · its number")) -> None:
    """End a delegation before its time."""
    from xzgis.identity import actions

    with opened() as (session, given):
        actions.end_delegation(session, **given, delegation_id=delegation)
    say(Words(f"代理 {delegation} 已结束。", f"Delegation {delegation} is over."))


def reset_password(account: str = ACCOUNT) -> None:
    """A new one-time password on standard output; every session of the person ends."""
    from xzgis.identity import actions

    with opened() as (session, given):
        made = actions.reset_password(session, **given, account=account)
    _tell_password(made)


def reset_factor(account: str = ACCOUNT) -> None:
    """Take a lost second factor away; every session of the person ends."""
    from xzgis.identity import actions

    with opened() as (session, given):
        actions.reset_second_factor(session, **given, account=account)
    say(Words(f"{account} 的动态口令已清除。", f"The second factor of {account} is gone."))


def sign_out(account: str = ACCOUNT) -> None:
    """End every session of a person."""
    from xzgis.identity import actions

    with opened() as (session, given):
        ended = actions.sign_out_person(session, **given, account=account)
    say(Words(f"已结束 {ended} 个会话。", f"{ended} sessions ended."))


def list_tokens(account: str = ACCOUNT, as_json: bool = AS_JSON) -> None:
    """Tokens of a person, without what would let anybody in."""
    from xzgis.identity.queries import tokens_of

    with opened() as (session, given):
        person = _person(session, account, given)
        rows = [
            {"token": one.id, "name": one.name, "permissions": " ".join(sorted(one.permissions)),
             "expires_at": one.expires_at, "revoked_at": one.revoked_at, "used_at": one.used_at}
            for one in tokens_of(session, person.id)
        ]  # fmt: skip
    _show(rows, as_json=as_json)


def revoke_token(token: int = typer.Argument(..., help="令牌编号 · its number")) -> None:
    """Shut a machine out at once."""
    from xzgis.identity import actions

    with opened() as (session, given):
        actions.revoke_token(session, **given, token_id=token)
    say(Words(f"令牌 {token} 已撤销。", f"The token {token} is revoked."))


def _tell_password(person: "NewPerson") -> None:
    """The password alone on standard output, the sentence beside it for the person."""
    say(
        Words(
            f"{person.account}（{person.name}）的一次性密码，只显示这一次：",
            f"One-time password of {person.account} ({person.name}), shown this once:",
        )
    )
    typer.echo(person.password)


def _person(session: "Session", account: str, given: dict[str, Any]) -> "Person":
    from xzgis.identity.queries.directory import person

    return person(session, **given, account=account)


def _post_row(post: "PostFacts") -> dict[str, Any]:
    return {
        "post": post.id, "role": post.role.value, "unit": post.unit_zh, "area": post.area_code,
        "kinds": None if post.kinds is None else sorted(post.kinds), "valid_from": post.valid_from,
        "valid_to": post.valid_to,
    }  # fmt: skip


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Rows as one JSON document, or as lines with a tab between the fields."""
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, default=str))
        return
    for row in rows:
        typer.echo("\t".join("—" if value is None else str(value) for value in row.values()))


def _role(typed: str) -> "Role":
    from xzgis.core.errors import Invalid
    from xzgis.identity.terms import Role

    for role in Role:
        if typed.lower().replace("-", "_") == role.value or typed == role.words.zh:
            return role
    known = "、".join(f"{role.value}（{role.words.zh}）" for role in Role)
    raise Invalid(
        Words(f"没有角色 {typed}；有：{known}。", f"No role {typed}; there are: {', '.join(Role)}.")
    )


def _kinds(typed: str | None) -> frozenset[str] | None:
    """Kinds by comma; each must be one of the catalogue's."""
    from xzgis.catalogue.queries import catalogue
    from xzgis.core.errors import Invalid

    if typed is None:
        return None
    asked = frozenset(kind.strip() for kind in typed.split(",") if kind.strip())
    unknown = sorted(asked - set(catalogue().kinds))
    if unknown:
        known = ", ".join(sorted(catalogue().kinds))
        raise Invalid(
            Words(f"没有种类 {unknown[0]}；有：{known}。", f"No kind {unknown[0]}; there are: {known}.")
        )
    return asked


def _time(typed: str | None) -> datetime | None:
    """A time as people write it; without a zone it is the machine's."""
    from xzgis.core.errors import Invalid

    if typed is None:
        return None
    try:
        return datetime.fromisoformat(typed).astimezone()
    except (ValueError, OverflowError):
        shown = typed[:40]
        raise Invalid(
            Words(
                f"时间 {shown} 无效；例：2026-05-04 或 2026-05-04T08:00。",
                f"Not a time: {shown}; for example 2026-05-04 or 2026-05-04T08:00.",
            )
        ) from None
