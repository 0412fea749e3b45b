"""A small street that the journeys look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from sqlalchemy import Engine, select

# pytest-playwright brings fixtures of the same names and, being a plugin, wins over tests.browser: here ours win.
from tests.browser import anyone, base_url, browser_context_args, browser_type_launch_args
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_line, a_node, a_run, an_actor
from web.assets import DIST
from xzgis.audit.record import Event, record
from xzgis.core.db import stored, transaction
from xzgis.networks.models import Road
from xzgis.works.actions import remove_work
from xzgis.works.models import Work

__all__ = ["anyone", "base_url", "browser_context_args", "browser_type_launch_args"]


@dataclass(frozen=True)
class StreetSurveyed(Event):
    """The street of the journeys came into the register."""

    name: ClassVar[str] = "networks.street.surveyed"
    about: ClassVar[str] = "batch"


@dataclass(frozen=True)
class Street:
    """Where the street lies: east and north of its western end; it runs 100 m to the east."""

    east_m: float
    north_m: float


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    """The pages need their scripts and styles."""
    if not (DIST / ".vite" / "manifest.json").exists():
        pytest.fail("web/dist is missing: run `npm ci && npm run build` in web/")


@pytest.fixture(scope="session")
def street(live_engine: Engine) -> Street:
    """Water, a sewer 3 m to its north, a power cable of unknown depth, and a gas main across them.

    Water is DN200 with its crown at 30.00 m under ground at 31.00 m; the gas main crosses at 50 m.
    """
    assert live_engine is not None
    with transaction(an_actor()) as session:
        batch = a_batch(name="测试街普查")
        session.add(batch)
        session.flush()
        facts = {"batch_id": batch.id, "surveyed_on": NOW.date()}
        session.add_all([
            a_node("water", point_no="JX1", batch_id=batch.id),
            a_node("water", point_no="JX2", x_m=100.0, batch_id=batch.id),
            a_run("water", label="JX1–JX2", **facts),
            a_run("drainage_foul", y_m=3.0, label="WX1–WX2", nominal_width_mm=400.0, outer_width_mm=480.0,
                  outer_height_mm=480.0, crown_m=[28.0, 27.9], bottom_m=[27.52, 27.42], **facts),
            a_run("power", y_m=-3.0, label="DX1–DX2", crown_m=None, bottom_m=None, voltage_kv=10.0, **facts),
            a_run("gas", axis=a_line(points=[(50.0, -20.0), (50.0, 20.0)]), label="RX1–RX2", owner="燃气公司",
                  pressure_class="medium_A", crown_m=[29.2, 29.2], bottom_m=[29.0, 29.0], **facts),
            a_coverage("water", batch_id=batch.id),
            Road(part="centreline", name="测试街", shape=stored(a_line()), batch_id=batch.id),
        ])  # fmt: skip
        record(session, actor=an_actor(), event=StreetSurveyed(object_id=str(batch.id)), now=NOW)
    return Street(east_m=EAST_M, north_m=NORTH_M)


@pytest.fixture(autouse=True)
def no_works_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Works that a journey saved go with it: they lie on the street and would be met by the clicks of the next."""
    yield
    if "street" not in request.fixturenames:
        return
    with transaction(an_actor()) as session:
        for work_id in session.scalars(select(Work.id)).all():
            remove_work(session, actor=an_actor(), work_id=work_id, now=datetime.now(UTC))
