"""Tables of Microsoft Access databases (MDB of Jet 3 and Jet 4, ACCDB) as rows of text.

Read with mdbtools (Debian package ``mdbtools``), which knows the code page of Jet 3 files. The pure-Python
access-parser was tried: it reads Jet 4, but fails on Jet 3 tables with Chinese column names.
"""

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from xzgis.core.errors import Invalid, Unavailable
from xzgis.core.words import Words

Rows = Iterator[tuple[int, list[str | None]]]
_JET3_CODE_PAGE = "CP936"
_TROUBLE = re.compile(r"error|beyond EOF|unable|couldn't|fail|invalid|corrupt", re.IGNORECASE)


def read_access(path: Path) -> Iterator[tuple[str, Rows]]:
    """User tables as ``(name, rows)``; row 1 is the header, data rows count from 2 in storage order.

    Text of Jet 3 files is taken as GBK (code page 936), the code page Chinese crews write; Jet 4 holds Unicode.
    """
    if shutil.which("mdb-export") is None:
        raise Unavailable(
            Words(
                "本机没有 mdbtools，无法读取 MDB/ACCDB。请安装 Debian 软件包 mdbtools，或把表导出为 XLSX/CSV。",
                "mdbtools is missing here, so MDB/ACCDB cannot be read. Install the Debian package mdbtools, "
                "or export the tables as XLSX or CSV.",
            )
        )
    with path.open("rb") as file:
        page_bytes = 2048 if file.read(0x15)[-1:] == b"\x00" else 4096
    if path.stat().st_size % page_bytes:
        raise _refused(path, "文件不完整 / the file is cut off")
    listed = _run(path, ["mdb-tables", "-1", str(path)]).splitlines()
    names = [name for name in listed if name.strip() and not name.startswith("MSys")]
    if not names:
        raise _refused(path, "没有数据表 / it holds no tables")
    for name in names:
        yield name, _rows(path, name)


def _rows(path: Path, table: str) -> Rows:
    arguments = ["mdb-export", "-D", "%Y-%m-%d", "-T", "%Y-%m-%d %H:%M:%S", "-b", "strip", str(path), table]
    text = _run(path, arguments)
    number = 0
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
        yield number, [cell.strip() or None for cell in cells]
    told = _run(path, ["mdb-count", str(path), table]).strip()
    if told.isdigit() and int(told) > number - 1:
        raise _refused(
            path,
            f"表 {table} 应有 {told} 行，只读出 {number - 1} 行 / {number - 1} of {told} rows are readable",
        )


def _run(path: Path, arguments: list[str]) -> str:
    environment = {
        **os.environ,
        "MDB_JET3_CHARSET": _JET3_CODE_PAGE,
        "MDBICONV": "UTF-8",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(arguments, capture_output=True, env=environment, check=False)  # noqa: S603 (fixed tool, path as one argument)
    complaint = done.stderr.decode("utf-8", errors="replace").strip()
    # mdbtools reports pages it cannot read and goes on with the rest: rows would be missing in silence.
    if done.returncode != 0 or _TROUBLE.search(complaint):
        raise _refused(path, complaint.splitlines()[0] if complaint else f"code {done.returncode}")
    try:
        return done.stdout.decode("utf-8")
    except UnicodeDecodeError as mixed:
        raise _refused(path, "文字编码不是 GBK / text is not GBK") from mixed


def _refused(path: Path, why: str) -> Invalid:
    return Invalid(
        Words(
            f"Access 数据库 {path.name} 无法读取（{why[:160]}）：可能已损坏、有密码或编码特殊。请导出为 XLSX 或 CSV 后重交。",
            f"The Access database {path.name} cannot be read ({why[:160]}): damaged, protected, or in an unusual "
            "code page. Export its tables as XLSX or CSV.",
        )
    )
