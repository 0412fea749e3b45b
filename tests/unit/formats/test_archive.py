"""Archives that lie, climb or burst are refused before anything is used."""

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from xzgis.core.errors import Invalid
from xzgis.formats import archive

Maker = Callable[[zipfile.ZipFile], None]


def written(path: Path, make: Maker) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        make(box)
    return path


def a_link(box: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    box.writestr(info, "/etc/passwd")


BAD: dict[str, Maker] = {
    "climbs": lambda box: box.writestr("../a.csv", "x"),
    "absolute": lambda box: box.writestr("/a.csv", "x"),
    "drive": lambda box: box.writestr("C:/a.csv", "x"),
    "bomb": lambda box: box.writestr("a.csv", b"0" * (20 << 20)),
    "link": a_link,
    "doubled": lambda box: [box.writestr(name, "x") for name in ("a.csv", "A.csv")] and None,
    "too many": lambda box: [box.writestr(f"{number}.csv", "") for number in range(2001)] and None,
}


@pytest.mark.parametrize("fault", sorted(BAD))
def test_a_bad_directory_is_refused(tmp_path: Path, fault: str) -> None:
    path = written(tmp_path / "box.zip", BAD[fault])

    with pytest.raises(Invalid):
        archive.members(path)


def test_names_in_gbk_are_read_as_people_wrote_them(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as box:
        box.writestr("XXXX.csv", "x")
    path = tmp_path / "box.zip"
    path.write_bytes(raw.getvalue().replace(b"XXXX", "管线".encode("gbk")))

    assert [member.name for member in archive.members(path)] == ["管线.csv"]


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "box.zip", lambda box: box.writestr("a.csv", bytes(range(256)) * 40))
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(bytes(data))

    with pytest.raises(Invalid):
        archive.unpack(path, tmp_path / "out")


def test_unpack_gives_the_files(tmp_path: Path) -> None:
    path = written(tmp_path / "box.zip", lambda box: box.writestr("dir/a.csv", "x,y"))

    (only,) = archive.unpack(path, tmp_path / "out")

    assert only.read_text() == "x,y"
    assert [member.name for member in archive.members(path, required=["dir/a.csv"])] == ["dir/a.csv"]
