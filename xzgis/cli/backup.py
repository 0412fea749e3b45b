"""``xzgis backup``, ``restore`` and ``drill``: a copy of everything, the way back to it, and its practice."""

import json
from datetime import datetime
from pathlib import Path

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.errors import Invalid
from xzgis.core.words import Words

INTO = typer.Argument(
    None,
    help="备份目录，默认 XZGIS_BACKUP_DIR · folder in which the copy's folder is made; none: XZGIS_BACKUP_DIR",
)
DRILLED = typer.Argument(
    None, help="备份目录，默认 XZGIS_BACKUP_DIR · folder of backups; none: XZGIS_BACKUP_DIR"
)
FROM = typer.Argument(..., help="备份目录，或其中一份备份 · folder of backups, or one of them")
TO = typer.Option(
    None,
    "--to",
    help="恢复到此时刻（如 2026-11-22T17:30:00+08:00）· up to this moment; needs XZGIS_WAL_ARCHIVE",
)
REPLACE = typer.Option(
    False, "--replace", help="代替已有数据，原有数据移到一旁 · take the place of data that are there"
)
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")


def add(app: typer.Typer) -> None:
    """Bring ``backup``, ``restore`` and ``drill``."""
    app.command("backup", help="备份数据库、文件、密钥与封签 · copy everything this installation holds")(
        backup
    )
    app.command("restore", help="从备份恢复，最后自检 · put a copy back, then see whether it is sound")(
        restore
    )
    app.command("drill", help="恢复演练：量时间，查丢失 · practise a restore: how long, what is lost")(drill)


def backup(into: Path | None = INTO, as_json: bool = AS_JSON) -> None:
    """Copy everything while people go on working."""
    from xzgis.core.settings import settings
    from xzgis.keeping.actions.backup import back_up
    from xzgis.keeping.queries.copies import read_manifest
    from xzgis.keeping.rules.places import backup_folder

    engine = open_database(may_clash=True)
    try:
        folder = back_up(settings(), into or backup_folder(settings()), actor=actor())
    finally:
        engine.dispose()
    manifest = read_manifest(folder)
    if as_json:
        told = {"folder": str(folder), "bytes": manifest.size_bytes, "files": len(manifest.files)}
        typer.echo(json.dumps(told, ensure_ascii=False))
    say(Words(f"已备份到 {folder}：{len(manifest.files)} 个文件，{manifest.size_bytes / 1e6:.1f} MB。"
              "其中含密钥，请妥善保管并另存异地。",
              f"Backed up to {folder}: {len(manifest.files)} files, {manifest.size_bytes / 1e6:.1f} MB. It holds "
              "keys: keep it safe, and a copy elsewhere."))  # fmt: skip


def drill(folder: Path | None = DRILLED, as_json: bool = AS_JSON) -> int:
    """Restore the newest copy beside the running system: exit 0 when nothing acknowledged is lost, else 1."""
    from dataclasses import asdict
    from datetime import UTC

    from xzgis.core.settings import settings
    from xzgis.keeping.actions.drill import drill as practise
    from xzgis.keeping.rules.places import backup_folder

    engine = open_database(may_clash=True)
    try:
        done = practise(settings(), folder or backup_folder(settings()), actor=actor(), now=datetime.now(UTC))
    finally:
        engine.dispose()
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
    say(Words(f"从 {done.object_id} 恢复用了 {done.restore_s} 秒；已确认的 {done.acknowledged} 条审计记录"
              f"恢复后缺 {done.lost} 条。",
              f"Restoring {done.object_id} took {done.restore_s} s; of {done.acknowledged} acknowledged rows of the "
              f"trail {done.lost} were not restored."))  # fmt: skip
    return 1 if done.lost else 0


def restore(
    folder: Path = FROM, to: str | None = TO, replace: bool = REPLACE, as_json: bool = AS_JSON
) -> int:
    """Put a copy back and see whether all is sound: exit 0, else 1."""
    from xzgis.cli.doctor import doctor
    from xzgis.cli.keeping.restore import restore as put_back
    from xzgis.core.settings import settings

    done = put_back(settings(), folder, to=moment_of(to), replace=replace, actor=actor())
    say(Words(f"已恢复 {done.copy}。", f"{done.copy} is restored."))
    if done.aside is not None:
        say(Words(f"原有数据在 {done.aside} 与数据库目录的 data.before-restore-*；确认无误后自行删除。",
                  f"What was there lies in {done.aside} and in data.before-restore-* of the database's folder; "
                  "delete it yourself once all is well."))  # fmt: skip
    if done.lost_seals:
        say(Words(f"原封签文件比恢复后的数据库多 {done.lost_seals} 个封签：其后的记录已丢失。请保存该文件作为凭据。",
                  f"The file of seals that was there has {done.lost_seals} seals more than the database restored: "
                  "what they sealed is lost. Keep that file as evidence."))  # fmt: skip
    return doctor(as_json=as_json)


def moment_of(text: str | None) -> datetime | None:
    """A moment as it is typed; without an offset it is in the city's time.

    Raises
    ------
    Invalid
        No moment.
    """
    from zoneinfo import ZoneInfo

    from xzgis.core.settings import settings

    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            Words(
                f"“{text[:80]}”不是时刻；请写成 2026-11-22T17:30:00+08:00。",
                f"{text[:80]!r} is no moment; write 2026-11-22T17:30:00+08:00.",
            )
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(settings().time_zone))
