"""ZIP families from strangers: the directory is judged first, then unpacked with a running counter.

Limits of docs/decisions and of the design notes: at most 2,000 members, 500 MB, ratio 150, no absolute,
climbing or doubled names, no links, nothing encrypted. Headers lie, so the counter decides.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xzgis.core.errors import Invalid
from xzgis.core.words import Words

_CHUNK_BYTES = 1 << 20
_RATIO_COUNTS_FROM_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold: members, bytes unpacked, and bytes out per byte in."""

    members: int = 2000
    total_bytes: int = 500 << 20
    ratio: float = 150.0


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name as people wrote it, and its size unpacked."""

    name: str
    size_bytes: int


def members(
    path: Path, *, required: Iterable[str] = (), limits: ArchiveLimits | None = None
) -> tuple[Member, ...]:
    """The files of the ZIP archive at ``path`` after judging its directory.

    Refuses what is no ZIP, broken, encrypted, too large, with bad names, or lacks a ``required`` member.
    """
    allowed = limits or ArchiveLimits()
    with _opened(path) as archive:
        found = _judged(archive, path, allowed)
        names = {name for name, _ in found}
        for name in required:
            if name not in names:
                raise _refused(path, f"压缩包里缺少 {name}", f"the archive lacks {name}")
        return tuple(Member(name, info.file_size) for name, info in found)


def unpack(path: Path, folder: Path, *, limits: ArchiveLimits | None = None) -> tuple[Path, ...]:
    """Unpacks every file of the archive below ``folder`` and gives their paths, in directory order."""
    allowed = limits or ArchiveLimits()
    written: list[Path] = []
    total = 0
    with _opened(path) as archive:
        for name, info in _judged(archive, path, allowed):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                total = _copy(archive, info, target, total, path, allowed)
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                NotImplementedError,
                OSError,
                ValueError,
            ) as broken:
                if isinstance(broken, Invalid):
                    raise
                raise _refused(
                    path, f"成员 {name} 已损坏", f"member {name} is damaged ({broken})"
                ) from broken
            written.append(target)
    return tuple(written)


def refused_for_others(file: str, read: Words, others: Sequence[str]) -> Invalid:
    """The refusal of an archive with ``others`` beside what is ``read``: they may be lines and would be taken for read."""
    listed = "、".join(others[:5]) + (f"…（+{len(others) - 5}）" if len(others) > 5 else "")
    drawing = Words("（DWG 请先转为 DXF）", " (turn DWG into DXF first)")
    if not any(one.lower().endswith(".dwg") for one in others):
        drawing = Words("", "")
    return Invalid(
        Words(
            f"文件 {file} 无法读取：压缩包中除 {read.zh} 外还有 {listed}，不会读取；"
            f"请解压后逐个提交，不需要的请从压缩包中删去{drawing.zh}。",
            f"File {file} cannot be read: beside {read.en} it holds {listed}, which would not be read; "
            f"unpack it and hand in each by itself, or take out what is not wanted{drawing.en}.",
        )
    )


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as broken:
        raise _refused(path, "不是完整的 ZIP 压缩包", f"not a whole ZIP archive ({broken})") from broken


def _copy(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    target: Path,
    total: int,
    path: Path,
    allowed: ArchiveLimits,
) -> int:
    with archive.open(info) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK_BYTES):
            total += len(chunk)
            if total > allowed.total_bytes:
                raise _refused(path, "解压后超过大小上限", "it unpacks to more than the limit")
            sink.write(chunk)
    return total


def _judged(
    archive: zipfile.ZipFile, path: Path, allowed: ArchiveLimits
) -> list[tuple[str, zipfile.ZipInfo]]:
    infos = archive.infolist()
    if len(infos) > allowed.members:
        raise _refused(
            path,
            f"成员数 {len(infos)} 超过 {allowed.members}",
            f"{len(infos)} members, more than {allowed.members}",
        )
    declared = sum(info.file_size for info in infos)
    if declared > allowed.total_bytes:
        raise _refused(
            path,
            f"解压后 {declared >> 20} MB，超过 {allowed.total_bytes >> 20} MB",
            f"unpacks to {declared >> 20} MB, more than {allowed.total_bytes >> 20} MB",
        )
    found: list[tuple[str, zipfile.ZipInfo]] = []
    seen: set[str] = set()
    for info in infos:
        name = member_name(info)
        _judge_member(info, name, path, allowed)
        folded = name.rstrip("/").casefold()
        if folded in seen:
            raise _refused(path, f"成员 {name} 重复", f"member {name} comes twice")
        seen.add(folded)
        if not info.is_dir():
            found.append((name, info))
    return found


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; names without the UTF-8 flag are read as GB18030 where that is sound."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _judge_member(info: zipfile.ZipInfo, name: str, path: Path, allowed: ArchiveLimits) -> None:
    plain = PurePosixPath(name)
    if (
        plain.is_absolute()
        or ".." in plain.parts
        or "\\" in name
        or "\x00" in name
        or ":" in name
        or not name
    ):
        raise _refused(path, f"成员名 {name!r} 不安全", f"the member name {name!r} is unsafe")
    if info.flag_bits & 0x1:
        raise _refused(path, f"成员 {name} 已加密", f"member {name} is encrypted")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _refused(path, f"成员 {name} 是链接", f"member {name} is a link")
    too_dense = info.file_size > allowed.ratio * max(info.compress_size, 1)
    if too_dense and info.file_size > _RATIO_COUNTS_FROM_BYTES:
        raise _refused(
            path,
            f"成员 {name} 的压缩比过高（压缩炸弹？）",
            f"member {name} is packed too densely (an archive bomb?)",
        )


def _refused(path: Path, zh: str, en: str) -> Invalid:
    return Invalid(
        Words(
            f"文件 {path.name} 被拒收：{zh}。请重新打包后再交。",
            f"File {path.name} is refused: {en}. Pack it again and hand it in anew.",
        )
    )
