"""GeoPackage: one SQLite file with layers of features."""

import sqlite3
from pathlib import Path

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile
from xzgis.formats.gdal import read_with

SQLITE_MAGIC = b"SQLite format 3\x00"


def read(path: Path, *, file: str, work: Path) -> FeatureFile:
    """The feature layers of a GeoPackage. Refuses a SQLite file without the GeoPackage tables, or a damaged one."""
    with path.open("rb") as stream:
        is_sqlite = stream.read(16) == SQLITE_MAGIC
    if not is_sqlite:
        raise _refused(file, "不是 GeoPackage", "it is not a GeoPackage")
    if not has_contents(path):
        raise _refused(
            file,
            "没有 gpkg_contents 表，不是 GeoPackage，或已损坏",
            "it has no gpkg_contents table: not a GeoPackage, or damaged",
        )
    return read_with("GPKG", path, file=file, work=work)


def has_contents(path: Path) -> bool:
    """Whether the SQLite file holds the table of contents of a GeoPackage."""
    try:
        # immutable: SQLite must not write a journal beside a stranger's file.
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            asked = "select count(*) from sqlite_master where name = 'gpkg_contents'"
            return bool(connection.execute(asked).fetchone()[0])
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _refused(file: str, zh: str, en: str) -> Invalid:
    return Invalid(
        Words(
            f"文件 {file} 无法读取：{zh}。请重新导出 GeoPackage。",
            f"File {file} cannot be read: {en}. Export the GeoPackage again.",
        )
    )
