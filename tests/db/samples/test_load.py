"""The shipped district comes in once, marked, through the same write as every intake."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.factories import NOW, a_batch, an_actor
from xzgis.catalogue.actions import sync_kinds
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work, sources_of
from xzgis.core.errors import Invalid, Unavailable
from xzgis.core.files import keep
from xzgis.core.settings import Settings
from xzgis.land.models import Building, Parcel
from xzgis.networks.actions.receiving import SameContents
from xzgis.networks.actions.terrain import accept_terrain
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Batch, Coverage, Node, Road, Run
from xzgis.networks.queries.terrain import TerrainRecord, terrain_in_force
from xzgis.samples.actions.build import build_sample
from xzgis.samples.actions.load import load_sample
from xzgis.works.terms import GroundSource, WorkDocument

LATER = NOW + timedelta(hours=1)


def a_store(folder) -> Settings:
    """Settings whose file store lies in ``folder``."""
    return Settings(var_dir=folder / "var")


def _count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def test_load_sample_once_and_marked(session, tmp_path):
    sync_kinds(session, catalogue())
    built = build_sample(catalogue(), tmp_path, segments=400, seed=2)

    loaded = load_sample(session, tmp_path, actor=an_actor(), now=NOW, store=a_store(tmp_path))
    again = load_sample(session, tmp_path, actor=an_actor(), now=NOW, store=a_store(tmp_path))

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

    load_sample(session, tmp_path, actor=an_actor(), now=NOW, store=a_store(tmp_path))

    run = session.scalars(select(Run).where(Run.kind == "drainage_foul").limit(1)).one()
    node = session.scalars(select(Node).where(Node.object_id == run.from_node_id)).one()
    assert run.crown_m is not None
    assert run.crown_m[0] - run.bottom_m[0] == pytest.approx(run.outer_height_mm / 1000, abs=0.002)
    assert run.flow == 1
    assert run.built_on is not None
    assert node.ground_m == pytest.approx(run.ground_m[0], abs=0.001)


def test_a_folder_without_a_sample_is_refused(session, tmp_path):
    with pytest.raises(Invalid, match="manifest"):
        load_sample(session, tmp_path, actor=an_actor(), now=NOW, store=a_store(tmp_path))


def test_the_three_works_give_the_three_answers(session, tmp_path):
    sync_kinds(session, catalogue())
    build_sample(catalogue(), tmp_path, segments=3400, seed=1)
    load_sample(session, tmp_path, actor=an_actor(), now=NOW, store=a_store(tmp_path))

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


def a_drawn_work(folder) -> WorkDocument:
    """The work in conflict as somebody draws it: constant cover, no word of the ground."""
    given = json.loads((folder / "works" / "gas_in_conflict.json").read_text(encoding="utf-8"))
    (run,) = given["runs"]
    del run["ground_m"]
    return WorkDocument.model_validate(given | {"runs": [run | {"depth": {"cover_m": 1.2}}]})


def test_the_terrain_comes_with_the_sample_and_goes_with_it(session, tmp_path):
    sync_kinds(session, catalogue())
    build_sample(catalogue(), tmp_path, segments=3400, seed=1)
    store = a_store(tmp_path)
    loaded = load_sample(session, tmp_path, actor=an_actor(), now=NOW, store=store)
    work, sources = a_drawn_work(tmp_path), sources_of(store)

    def ground():
        return check_work(session, work, catalogue=catalogue(), sources=sources).work.ground

    assert ground() == (GroundSource.TERRAIN,)
    undo_batch(session, actor=an_actor(), batch_id=loaded.batch, now=LATER)
    assert terrain_in_force(session) is None
    assert ground() == (GroundSource.UNKNOWN,)
    assert terrain_in_force(session, as_of=NOW) is not None


def test_a_real_terrain_goes_before_an_invented_one(session, tmp_path):
    for name, invented in (("city.tif", False), ("sample.tif", True)):
        said = {"terrain": {"name": name, "digest": "0" * 64, "sigma_m": 0.1}}
        session.add(a_batch(options=said, is_invented=invented))
        session.flush()

    found = terrain_in_force(session)

    assert found is not None
    assert found.name == "city.tif"


def test_a_terrain_that_is_kept_nowhere_is_said(session, tmp_path):
    sync_kinds(session, catalogue())
    build_sample(catalogue(), tmp_path, segments=3400, seed=1)
    load_sample(session, tmp_path, actor=an_actor(), now=NOW, store=a_store(tmp_path))
    elsewhere = sources_of(a_store(tmp_path / "elsewhere"))

    with pytest.raises(Unavailable, match="terrain import"):
        check_work(session, a_drawn_work(tmp_path), catalogue=catalogue(), sources=elsewhere)


def test_a_terrain_is_a_batch_and_comes_once(session, tmp_path):
    kept = keep(a_store(tmp_path), BytesIO(b"raster"))

    batch = accept_terrain(session, actor=an_actor(), name="city.tif", kept=kept, sigma_m=0.1, now=NOW)
    found = terrain_in_force(session)

    assert found == TerrainRecord(batch.id, "city.tif", kept.digest, 0.1, is_invented=False)
    with pytest.raises(SameContents):
        accept_terrain(session, actor=an_actor(), name="city.tif", kept=kept, sigma_m=0.1, now=NOW)
