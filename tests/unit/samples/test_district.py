"""The invented district: the same for the same seed, believable, and wrong only where it says so."""

from collections import defaultdict
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from xzgis.catalogue.files import load
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Outcome, SurfaceStretch
from xzgis.core.settings import ROOT
from xzgis.networks.terms import Conditions, LifeState, RunColumns
from xzgis.samples.actions.build import build_sample
from xzgis.samples.rules.district import sample_of
from xzgis.samples.terms import MARK, Sample

SEGMENTS, SEED = 2500, 11
ORIGIN_M = (517_000.0, 3_792_600.0)
SHIPPED = ROOT / "data" / "sample"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "layers")


@pytest.fixture(scope="module")
def sample(catalogue) -> Sample:
    return sample_of(catalogue, segments=SEGMENTS, seed=SEED)


def test_about_as_many_runs_as_asked(sample):
    assert len(sample.runs) == pytest.approx(SEGMENTS, rel=0.2)


def test_same_seed_same_bytes_another_seed_another_district(catalogue, tmp_path):
    first, again, other = (
        build_sample(catalogue, tmp_path / name, segments=400, seed=seed).manifest["files"]
        for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )

    assert first == again
    assert first["runs.gpkg"] != other["runs.gpkg"]


def test_everything_lies_in_the_city_and_is_marked_as_invented(sample, catalogue):
    west, south, east, north = shapely.total_bounds(sample.runs["geometry"].to_numpy())
    city = catalogue.city

    assert city.east_min_m < west < east < city.east_max_m
    assert city.north_min_m < south < north < city.north_max_m
    assert sample.runs["owner"].str.endswith(MARK).all()
    assert sample.roads["name"].str.endswith(MARK).all()
    assert sample.expected["invented"] is True


def test_sewers_fall_in_their_direction_of_flow(sample):
    sewers = sample.runs[(sample.runs["flow"] == 1) & sample.runs["start_level_m"].notna()]

    assert len(sewers) > 500
    assert (sewers["start_level_m"] > sewers["end_level_m"]).sum() >= len(sewers) - _faulty(sample, sewers)


def _faulty(sample: Sample, runs) -> int:
    return int(runs["label"].isin([entry["a"] for entry in sample.expected["violations"]]).sum())


def test_levels_depths_and_sizes_agree(sample):
    runs = sample.runs.dropna(subset=["start_crown_m"])
    height = runs["outer_height_mm"] / 1000
    invert = runs["depth_reference"] == "invert"

    assert (runs["start_crown_m"] - runs["start_bottom_m"] - height).abs().max() < 0.002
    assert (runs["start_ground_m"] - runs["start_depth_m"] - runs["start_level_m"]).abs().max() < 0.002
    assert (runs["start_level_m"] - runs["start_crown_m"])[~invert].abs().max() < 0.002
    assert (runs["start_level_m"] > runs["start_bottom_m"])[invert].all()


def test_ends_of_runs_are_their_nodes(sample):
    place = shapely.get_coordinates(sample.nodes["geometry"].to_numpy())
    ends = shapely.get_coordinates(sample.runs["geometry"].to_numpy()).reshape(-1, 2, 2)

    assert np.array_equal(ends[:, 0], place[sample.runs["from_node"]])
    assert np.array_equal(ends[:, 1], place[sample.runs["to_node"]])
    assert len(sample.nodes) == len(set(sample.runs["from_node"]) | set(sample.runs["to_node"]))


def test_labels_and_point_numbers_are_unique(sample):
    assert sample.runs["label"].is_unique
    assert sample.nodes["point_no"].is_unique


def test_old_and_new_surveys_states_and_gaps_are_mixed(sample):
    assert set(sample.runs["accuracy_class"]) >= {"hidden_point", "visible_point", "as_built", "design"}
    assert set(sample.runs["life_state"]) == {state.value for state in LifeState}
    assert sample.runs["start_crown_m"].isna().any()


def test_coverage_has_holes_where_no_line_of_the_kind_is(sample):
    runs = sample.runs
    for kind in {entry["kind"] for entry in sample.expected["not_surveyed"]}:
        covered = shapely.union_all(sample.coverage["geometry"][sample.coverage["kind"] == kind].to_numpy())
        holes = shapely.convex_hull(covered).difference(covered)
        mains = runs[(runs["kind"] == kind) & ~runs["label"].str.startswith("虚构")]["geometry"].to_numpy()

        assert holes.area > 1000
        # Mains end at the edge of the junction; laterals of streets that cross stay outside the hole.
        assert shapely.length(shapely.intersection(mains, holes)).max() < 1.0


def test_every_claimed_measure_has_a_violation(sample):
    claimed = set(sample.expected["measures"])

    assert claimed == {"horizontal", "vertical", "cover", "order", "stacked", "collision"}
    assert {entry["measure"] for entry in sample.expected["violations"]} == claimed
    assert {entry["outcome"] for entry in sample.expected["violations"]} == {
        "breach", "within_tolerance", "cannot_judge", "refer"}  # fmt: skip


def _columns(sample: Sample) -> RunColumns:
    """The runs of the district as the kernel takes them."""
    runs = sample.runs
    facts = runs[["kind", "pressure_class", "voltage_kv", "burial", "material", "nominal_width_mm"]]
    keys = [
        tuple(None if value != value else value for value in row) for row in facts.itertuples(index=False)
    ]
    place = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    width, spread = runs["outer_width_mm"].to_numpy(float), runs["outer_spread_mm"].to_numpy(float)
    size = np.column_stack((width - spread, width + spread)) / 1000
    lives = [state.value for state in LifeState]

    def levels(name: str) -> np.ndarray:
        return runs[[f"start_{name}_m", f"end_{name}_m"]].to_numpy(float).ravel()

    return RunColumns(
        origin_m=ORIGIN_M,
        conditions=tuple(Conditions(*key) for key in place),
        run_id=np.arange(len(runs)) + 1,
        condition=np.array([place[key] for key in keys], np.int32),
        offset=2 * np.arange(len(runs) + 1),
        xy_m=shapely.get_coordinates(runs["geometry"].to_numpy()) - np.array(ORIGIN_M),
        crown_m=levels("crown"), bottom_m=levels("bottom"), ground_m=levels("ground"),
        width_m=size, height_m=size,
        sigma_plan_m=runs["sigma_plan_m"].to_numpy(float), sigma_level_m=runs["sigma_level_m"].to_numpy(float),
        life=np.array([lives.index(life) for life in runs["life_state"]], np.int8),
        from_node=runs["from_node"].to_numpy(np.int64) + 1, to_node=runs["to_node"].to_numpy(np.int64) + 1,
        bank=np.zeros(len(runs), np.int64), chamber_link=np.zeros(len(runs), np.bool_),
    )  # fmt: skip


def _some(columns: RunColumns, rows: np.ndarray) -> RunColumns:
    """A few of the runs, as the new work of a check."""
    vertices = np.column_stack((2 * rows, 2 * rows + 1)).ravel()
    whole = ("width_m", "height_m", "sigma_plan_m", "sigma_level_m", "life", "from_node", "to_node", "bank",
             "chamber_link", "run_id", "condition")  # fmt: skip
    parts = {name: getattr(columns, name)[rows] for name in whole}
    parts |= {name: getattr(columns, name)[vertices] for name in ("xy_m", "crown_m", "bottom_m", "ground_m")}
    return RunColumns(
        origin_m=columns.origin_m, conditions=columns.conditions, offset=2 * np.arange(len(rows) + 1), **parts
    )


def _surface(label: str, violations: dict[str, dict[str, object]]) -> str:
    return (
        "non_motor_or_footway"
        if "footway" in str(violations.get(label, {}).get("name", ""))
        else "carriageway"
    )


@pytest.mark.timeout(300)
def test_a_check_finds_every_violation_and_nothing_else(sample, catalogue):
    columns, labels = _columns(sample), sample.runs["label"].tolist()
    violations = {entry["a"]: entry for entry in sample.expected["violations"]}
    unknown = set(sample.expected["unknown_depth"])
    extra = np.flatnonzero(sample.runs["label"].isin(violations))
    others = np.setdiff1d(np.arange(len(labels)), extra)
    asked = np.concatenate((extra, np.random.default_rng(5).permutation(others)[:120]))
    surfaces = [SurfaceStretch(new=n, chainage_m=(0.0, 1e4), surface=_surface(labels[row], violations))
                for n, row in enumerate(asked.tolist())]  # fmt: skip

    judgement = judge(_some(columns, asked), columns, catalogue, surfaces=surfaces)

    found, strange = defaultdict(set), []
    for verdict in judgement.verdicts:
        draft = verdict.draft if hasattr(verdict, "draft") else verdict
        a, b = labels[asked[draft.a]], labels[draft.b] if draft.b is not None and draft.b >= 0 else None
        if draft.measure == "dig":  # every new line is dug for; that is no conflict of the district
            continue
        found[a].add((draft.measure.value, draft.outcome.value, b))
        known = {a, b} & (set(violations) | unknown)
        if draft.outcome in (Outcome.BREACH, Outcome.WITHIN_TOLERANCE, Outcome.REFER) and not known:
            strange.append((a, b, draft.measure.value, draft.outcome.value))
    missed = [entry["name"] for label, entry in violations.items()
              if (entry["measure"], entry["outcome"], entry["b"]) not in found[label]]  # fmt: skip
    assert missed == []
    assert strange == []


@pytest.mark.skipif(not SHIPPED.is_dir(), reason="the shipped district is not there")
def test_the_shipped_district_is_that_of_its_manifest(catalogue, tmp_path):
    import json

    manifest = json.loads((SHIPPED / "manifest.json").read_text(encoding="utf-8"))
    built = build_sample(catalogue, tmp_path, segments=manifest["segments_asked"], seed=manifest["seed"])

    assert built.manifest["counts"] == manifest["counts"]
    assert built.manifest["files"]["expected.json"] == manifest["files"]["expected.json"], (
        "run: xzgis sample build"
    )
    assert all(path.stat().st_size < 1_500_000 for path in SHIPPED.rglob("*") if path.is_file())
    layers = {name: len(gpd.read_file(SHIPPED / "runs.gpkg", layer="runs")) for name in ("runs",)}
    assert layers["runs"] == manifest["counts"]["runs"]


def test_the_works_to_try_name_their_district(catalogue, tmp_path):
    from xzgis.works.terms import WorkDocument

    build_sample(catalogue, tmp_path, segments=SEGMENTS, seed=SEED)
    works = {path.stem: WorkDocument.model_validate_json(path.read_text(encoding="utf-8"))
             for path in (tmp_path / "works").glob("*.json")}  # fmt: skip

    assert set(works) == {"gas_in_conflict", "heat_clear", "heat_not_surveyed", "power_beside_secret"}
    assert all(work.name.endswith(MARK) and work.runs[0].depth.profile for work in works.values())


def test_terrain_agrees_with_the_nodes(catalogue, sample, tmp_path: Path):
    build_sample(catalogue, tmp_path, segments=SEGMENTS, seed=SEED)
    place = shapely.get_coordinates(sample.nodes["geometry"].to_numpy())

    with rasterio.open(tmp_path / "terrain.tif") as raster:
        levels = np.array([value[0] for value in raster.sample(place)])
        assert raster.crs.to_epsg() == 4548
    assert np.abs(levels - sample.nodes["ground_m"].to_numpy()).max() < 0.05
