"""The shipped district comes in once, marked, through the same write as every intake."""

import pytest
from sqlalchemy import func, select

from tests.factories import NOW, an_actor
from xzgis.catalogue.actions import sync_kinds
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.core.errors import Invalid
from xzgis.land.models import Building, Parcel
from xzgis.networks.models import Batch, Coverage, Node, Road, Run
from xzgis.samples.actions.build import build_sample
from xzgis.samples.actions.load import load_sample
from xzgis.works.terms import WorkDocument


def _count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_load_sample_once_and_marked(session, tmp_path):
    sync_kinds(session, catalogue())
    built = build_sample(catalogue(), tmp_path, segments=400, seed=2)

    loaded = load_sample(session, tmp_path, actor=an_actor(), now=NOW)
    again = load_sample(session, tmp_path, actor=an_actor(), now=NOW)

    counts = built.manifest["counts"]
    batch = session.get(Batch, loaded.batch)
    assert again.batch is None
    assert batch is not None
    assert batch.is_invented
    assert batch.state == "accepted"
    assert "虚构" in batch.name
    found = {name: _count(session, table) for name, table in (
        ("runs", Run), ("nodes", Node), ("roads", Road), ("coverage", Coverage), ("parcels", Parcel),
        ("buildings", Building))}  # fmt: skip
    assert found == counts


def test_levels_and_links_arrive(session, tmp_path):
    sync_kinds(session, catalogue())
    build_sample(catalogue(), tmp_path, segments=400, seed=2)

    load_sample(session, tmp_path, actor=an_actor(), now=NOW)

    run = session.scalars(select(Run).where(Run.kind == "drainage_foul").limit(1)).one()
    node = session.scalars(select(Node).where(Node.object_id == run.from_node_id)).one()
    assert run.crown_m is not None
    assert run.crown_m[0] - run.bottom_m[0] == pytest.approx(run.outer_height_mm / 1000, abs=0.002)
    assert run.flow == 1
    assert run.built_on is not None
    assert node.ground_m == pytest.approx(run.ground_m[0], abs=0.001)


def test_a_folder_without_a_sample_is_refused(session, tmp_path):
    with pytest.raises(Invalid, match="manifest"):
        load_sample(session, tmp_path, actor=an_actor(), now=NOW)


def test_the_three_works_give_the_three_answers(session, tmp_path):
    sync_kinds(session, catalogue())
    build_sample(catalogue(), tmp_path, segments=3400, seed=1)
    load_sample(session, tmp_path, actor=an_actor(), now=NOW)

    answers = {path.stem: check_work(session, WorkDocument.model_validate_json(path.read_text(encoding="utf-8")),
                                     catalogue=catalogue()).result
               for path in (tmp_path / "works").glob("*.json")}  # fmt: skip

    conflict, clear, unseen = (
        answers[name] for name in ("gas_in_conflict", "heat_clear", "heat_not_surveyed")
    )
    assert conflict.counts["breach"] > 0
    assert (
        sum(clear.counts.get(name, 0) for name in ("breach", "within_tolerance", "cannot_judge", "refer"))
        == 0
    )
    assert clear.not_covered == ()
    assert {part.kind for part in unseen.not_covered} == {"gas"}
