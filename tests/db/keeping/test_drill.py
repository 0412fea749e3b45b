"""A drill takes no more of the disk than there is."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy.orm import Session

from xzgis.core.errors import Unavailable
from xzgis.core.settings import Settings
from xzgis.keeping.actions.drill import check_room


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_drill_that_could_fill_the_disk_is_refused(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Settings(var_dir=tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 << 30, 0, 100 << 30))
    check_room(session, chosen)

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 << 30, 99 << 30, 900 << 20))

    with pytest.raises(Unavailable, match="现有 900 MB；请先腾出空间"):
        check_room(session, chosen)
