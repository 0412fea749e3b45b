"""``xzgis docs``: the pages of docs/generated, written from what the program itself says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from xzgis.cli.frame import say
from xzgis.core.words import Words

NOTE = "<!-- Written by `xzgis docs`; do not edit. -->\n"
CHECK = typer.Option(False, "--check", help="只检查是否同步 · only say whether they are in step (exit 1)")


def add(app: typer.Typer) -> None:
    """Bring ``docs``."""
    app.command("docs", help="生成 docs/generated · write the generated pages")(docs)


def docs(check: bool = CHECK) -> int:
    """Write the generated pages, or say which are out of step."""
    from xzgis.core.settings import ROOT

    folder = ROOT / "docs" / "generated"
    stale = out_of_step(folder)
    if check:
        for name in stale:
            say(Words(f"docs/generated/{name} 与程序不同步。", f"docs/generated/{name} is out of step."))
        return 1 if stale else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    _write_schemas(ROOT / "layers" / "schema")
    say(Words(f"已写入 {len(PAGES)} 页。", f"Wrote {len(PAGES)} pages."))
    return 0


def _write_schemas(folder: Path) -> None:
    """JSON Schemas of the definitions; tests/unit/catalogue holds them in step."""
    from xzgis.catalogue.files import schemas

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def out_of_step(folder: Path) -> list[str]:
    """Names of the generated pages in ``folder`` that are not what the program says now."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    return {name: NOTE + "\n".join(lines()) + "\n" for name, lines in PAGES.items()}


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


def _table(*heads: str) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)


def _settings() -> Iterator[str]:
    from xzgis.core.settings import ROOT, Settings

    yield "# 设置 · Settings\n"
    yield "Environment variables with the prefix `XZGIS_`.\n"
    yield from _table("name", "default", "bounds", "what it says")
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, Path) and default.is_relative_to(ROOT):
            default = default.relative_to(ROOT).as_posix()
        bounds = ", ".join(
            f"{sign} {getattr(bound, short)}"
            for bound in field.metadata
            for short, sign in (("gt", ">"), ("ge", "≥"), ("le", "≤"))
            if hasattr(bound, short)
        )
        yield f"| `XZGIS_{name.upper()}` | {_cell(default)} | {bounds} | {_cell(field.description or '')} |"


def _tables() -> Iterator[str]:
    from sqlalchemy import CheckConstraint
    from sqlalchemy.dialects import postgresql

    from xzgis.core.db import Base
    from xzgis.migrations import load_models

    load_models()
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library gives no types
    yield "# 数据表 · Tables"
    for mapper in sorted(Base.registry.mappers, key=lambda one: str(one.local_table)):
        table: Any = mapper.local_table
        yield f"\n## {table.name}\n\n{_first(mapper.class_.__doc__)}\n"
        yield from _table("column", "type", "may be empty", "refers to")
        for column in table.columns:
            refers = ", ".join(sorted(key.target_fullname for key in column.foreign_keys))
            yield f"| {column.name} | {_cell(column.type.compile(dialect))} | {'yes' if column.nullable else ''} | {refers} |"
        checks = [one for one in table.constraints if isinstance(one, CheckConstraint) and one.name]
        for one in sorted(checks, key=lambda one: str(one.name)):
            yield f"\n- `{one.name}`: `{_cell(one.sqltext)}`"


def _first(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())


def _commands() -> Iterator[str]:
    from xzgis.cli.frame import application

    yield "# 命令 · Commands\n"
    yield from _table("command", "does")
    yield from _group(typer.main.get_command(application()), "xzgis")


def _group(command: Any, path: str) -> Iterator[str]:
    for name, below in sorted(getattr(command, "commands", {}).items()):
        if hasattr(below, "commands"):
            yield from _group(below, f"{path} {name}")
            continue
        options = " ".join(_option(one) for one in below.params if "--help" not in one.opts)
        yield f"| `{_cell(f'{path} {name} {options}')}` | {_cell(below.help or '')} |"


def _option(option: Any) -> str:
    name = max(option.opts, key=len)
    if not name.startswith("-"):
        name = str(option.metavar or name).upper() + ("…" if option.nargs == -1 else "")
    return name if option.required else f"[{name}]"


def _jobs() -> Iterator[str]:
    from xzgis.core.jobs import QUEUE, load_jobs

    load_jobs()
    yield "# 后台任务 · Jobs\n"
    yield from _table("job", "queue", "does")
    for name, task in sorted(QUEUE.tasks.items()):
        if task.func.__module__.startswith("xzgis."):
            yield f"| `{name}` | {task.queue} | {_cell(_first(task.func.__doc__))} |"


def _permissions() -> Iterator[str]:
    from xzgis.identity.permissions import ROLES, Permission
    from xzgis.identity.terms import Role

    yield "# 角色与权限 · Roles and permissions\n"
    yield from _table("permission", "allows", "roles")
    for permission in Permission:
        roles = "、".join(role.words.zh for role in Role if permission in ROLES[role])
        words = permission.words
        yield f"| `{permission}` | {_cell(f'{words.zh} · {words.en}')} | {roles} |"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "settings.md": _settings,
    "tables.md": _tables,
    "commands.md": _commands,
    "jobs.md": _jobs,
    "permissions.md": _permissions,
}
