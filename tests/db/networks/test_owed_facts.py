"""Facts of a batch that is undone go from the records of others that kept them (decision 0079)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import bring
from tests.db.networks.test_known_facts_stay import only, sheet
from tests.factories import an_actor
from xzgis.audit.models import TrailEntry
from xzgis.core import settings as settings_module
from xzgis.networks import jobs
from xzgis.networks.actions.undo import Undone, undo_batch
from xzgis.networks.models import Node, Run
from xzgis.networks.queries.batches import undo_effect

pytestmark = pytest.mark.usefixtures("read_here")

GAS = ",材质,压力,权属单位"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def gas(session: Session, told: str = "") -> int:
    """One gas line into the register, with marks or without any."""
    batch = bring(
        sheet("RQ", point="", line=f"1.2,1.2,200{told}", heads=("", GAS if told else "")), again=True
    )
    jobs.accept_batch(batch)
    session.expire_all()
    return batch


def sewer(session: Session, thing: str = "") -> int:
    """One sewer into the register, with what stands at its points or without."""
    heads = (",附属物,井深" if thing else "", "")
    batch = bring(sheet("WS", point=thing, line="2.5,2.5,400", heads=heads), again=True)
    jobs.accept_batch(batch)
    session.expire_all()
    return batch


def undo(session: Session, batch_id: int) -> Undone:
    return undo_batch(session, actor=an_actor(), batch_id=batch_id, now=datetime.now(UTC))


def line(session: Session) -> tuple[Any, ...]:
    return only(session, Run, "pressure_class", "owner", "batch_id", "attributes")


def test_a_kept_fact_goes_with_its_batch_and_the_history_keeps_it(session: Session) -> None:
    first = gas(session, ",钢,中压A,甲")
    second = gas(session)
    assert line(session)[:2] == ("medium_A", "甲")
    before = datetime.now(UTC)

    assert undo_effect(session, batch_id=first).stripped == 1
    done = undo(session, first)

    assert (done.runs_stripped, done.nodes_stripped, done.runs_removed) == (1, 0, 0)
    assert line(session) == ("None", "None", str(second), "None")
    assert only(session, Run, "material") == ("None",)
    (entry,) = session.scalars(select(TrailEntry).where(TrailEntry.event == "networks.batch.undone"))
    assert entry.details["runs_stripped"] == 1
    then = session.scalars(
        select(Run).where(Run.known_from <= before, (Run.known_to.is_(None)) | (Run.known_to > before))
    ).one()
    assert (then.pressure_class, then.batch_id) == ("medium_A", second)

    # The new version is of the batch that delivered the record, and goes with it.
    assert undo(session, second).runs_removed == 1
    assert session.scalars(select(Run).where(Run.known_to.is_(None))).all() == []


def test_a_fact_handed_on_from_batch_to_batch_goes_too(session: Session) -> None:
    first = gas(session, ",钢,中压A,甲")
    gas(session)
    third = gas(session)

    undo(session, first)

    assert line(session) == ("None", "None", str(third), "None")


def test_a_batch_that_stands_and_says_the_same_keeps_the_fact(session: Session) -> None:
    eldest = gas(session, ",钢,中压A,甲")
    first = gas(session, ",钢,中压A,甲")
    second = gas(session)
    assert only(session, Run, "attributes")[0].count(f"批次 {first}") == 3

    undo(session, first)

    told = line(session)
    assert told[:3] == ("medium_A", "甲", str(second))
    assert told[3].count(f"批次 {eldest}") == 3


def test_what_another_undoing_brings_back_has_no_fact_of_an_undone_batch(session: Session) -> None:
    first = gas(session, ",钢,中压A,甲")
    second = gas(session)
    third = gas(session, ",钢,中压A,甲")
    assert undo(session, first).runs_stripped == 0
    assert line(session)[0] == "medium_A"

    undo(session, third)

    assert line(session) == ("None", "None", str(second), "None")


def test_undoing_the_one_that_kept_first_leaves_nothing_to_take_back(session: Session) -> None:
    first = gas(session, ",钢,中压A,甲")
    second = gas(session)
    undo(session, second)
    assert line(session)[:3] == ("medium_A", "甲", str(first))

    assert undo_effect(session, batch_id=first).stripped == 0
    assert undo(session, first).runs_stripped == 0
    assert session.scalars(select(Run).where(Run.known_to.is_(None))).all() == []


def test_a_chamber_goes_with_its_batch_or_is_that_of_an_earlier_one(session: Session) -> None:
    first = sewer(session, ",检查井,3.0")
    sewer(session)
    assert only(session, Node, "appurtenance", "chamber_depth_m") == ("manhole", "3.0")
    assert undo(session, first).nodes_stripped == 2
    assert only(session, Node, "appurtenance", "chamber_depth_m", "attributes") == ("None",) * 3

    eldest = sewer(session, ",检查井,3.0")
    third = sewer(session, ",检查井,2.0")
    sewer(session)
    undo(session, third)

    told = only(session, Node, "appurtenance", "chamber_depth_m", "attributes")
    assert told[:2] == ("manhole", "3.0")
    assert f"批次 {eldest}" in told[2]


def test_the_depth_of_another_thing_does_not_come_back(session: Session) -> None:
    sewer(session, ",检查井,3.0")
    first = sewer(session, ",排气阀,1.0")
    last = bring(sheet("WS", point=",排气阀", line="2.5,2.5,400", heads=(",附属物", "")))
    jobs.accept_batch(last)
    assert only(session, Node, "chamber_depth_m") == ("1.0",)

    undo(session, first)

    assert only(session, Node, "appurtenance", "chamber_depth_m")[1] == "None"
