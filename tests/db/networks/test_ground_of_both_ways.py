"""The ground looked at is that of what went in, in one step or in two, and never that of rows left out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from geoalchemy2.shape import to_shape
from shapely import affinity
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from tests.db.networks.test_batches import bring, tables, upload
from tests.factories import an_actor
from xzgis.core import settings as settings_module
from xzgis.core.db import transaction
from xzgis.networks import jobs
from xzgis.networks.models import Coverage

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def ground(number: int) -> BaseGeometry:
    with transaction(an_actor()) as session:
        areas = session.scalars(select(Coverage.area).where(Coverage.batch_id == number)).all()
    union: BaseGeometry = shapely.union_all([to_shape(area) for area in areas])
    return union


@pytest.mark.parametrize("last", [pytest.param("3", id="whole"), pytest.param("9", id="with a row left out")])
@pytest.mark.usefixtures("own_engine")
def test_the_ground_is_that_of_what_went_in(last: str) -> None:
    apart, together = (
        make(tables(last=last, start_m=at)) for make, at in ((bring, 517_100.0), (upload, 517_900.0))
    )
    jobs.accept_batch(apart, leave_out_errors=True)
    jobs.take_in(together, leave_out_errors=True)

    second = affinity.translate(ground(together), -800.0)
    first = ground(apart)
    assert first.area > 1000
    assert second.symmetric_difference(first).area < 1e-3
