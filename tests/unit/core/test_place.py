"""Where the private cluster may live."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from xzgis.core.cluster import place
from xzgis.core.cluster.place import Owner, place_of
from xzgis.core.errors import Unavailable
from xzgis.core.settings import Settings

STRANGER = Owner("nobody", 65534, 65534)


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="xz-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.mark.parametrize(("mode", "reached"), [(0o755, True), (0o711, True), (0o700, False), (0o744, False)])
def test_stranger_reaches_a_folder_only_through_open_doors(folder, mode, reached):
    (folder / "closed").mkdir()
    (folder / "closed" / "below").mkdir(mode=0o755)
    (folder / "closed").chmod(mode)

    assert place._reaches(STRANGER, folder / "closed" / "below") is reached


def test_folders_are_closed_to_everybody_else(folder):
    found = place_of(Settings(var_dir=folder))

    assert [stat.S_IMODE(path.stat().st_mode) for path in (found.home, found.socket_dir)] == [0o700, 0o700]
    assert found.home.stat().st_uid == found.owner.uid


def test_folder_that_is_a_link_is_refused(folder):
    (folder / "elsewhere").mkdir()
    (folder / "db").symlink_to(folder / "elsewhere")

    with pytest.raises(Unavailable, match="不能用于数据库"):
        place_of(Settings(var_dir=folder))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_server_runs_as_the_owner_of_what_exists(folder):
    (folder / "db").mkdir(mode=0o700)
    os.chown(folder / "db", STRANGER.uid, STRANGER.gid)

    assert place_of(Settings(var_dir=folder)).owner.uid == STRANGER.uid


def test_data_of_a_version_that_is_not_installed_name_what_to_install(folder):
    found = place_of(Settings(var_dir=folder))
    found.data.mkdir()
    (found.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(Unavailable, match="postgresql-9-postgis-3"):
        place_of(Settings(var_dir=folder))
