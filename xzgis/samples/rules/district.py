"""The whole district put together: lines, violations, land, coverage with its holes."""

from typing import Any

import numpy as np
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.samples.rules.attributes import NEW_SURVEY, OLD_SURVEY, described, recorded
from xzgis.samples.rules.depths import bands_of
from xzgis.samples.rules.faults import faults_of, inject, reserved_segments
from xzgis.samples.rules.layout import ground_m, land_of, layout_of, roads_of, segments_of
from xzgis.samples.rules.streets import Network, network_of, place
from xzgis.samples.terms import EAST_WEST, JUNCTION_M, MARK, Layout, Sample

HOLES = 0.02
"""Part of the street segments where one of these kinds was never looked for."""
HOLE_KINDS = ("gas", "telecom", "power")
HOLE_HALF_M = 30.0
RUN_COLUMNS = (
    "label", "code", "kind", "from_node", "to_node", "from_no", "to_no", "shape", "nominal_width_mm",
    "nominal_height_mm", "outer_width_mm", "outer_height_mm", "outer_spread_mm", "outer_is_assumed", "material",
    "burial", "pressure_class", "voltage_kv", "start_depth_m", "end_depth_m", "start_level_m", "end_level_m",
    "start_crown_m", "end_crown_m", "start_bottom_m", "end_bottom_m", "start_ground_m", "end_ground_m",
    "depth_reference", "flow", "accuracy_class", "sigma_plan_m", "sigma_level_m", "owner", "life_state", "built_on",
    "surveyed_on", "road",
)  # fmt: skip
NODE_COLUMNS = (
    "point_no", "code", "kind", "ground_m", "feature", "appurtenance", "chamber_depth_m", "is_visible",
    "accuracy_class", "sigma_plan_m", "sigma_level_m", "owner", "life_state", "road",
)  # fmt: skip


def sample_of(catalogue: Catalogue, *, segments: int, seed: int) -> Sample:
    """An invented district of about ``segments`` runs, the same for the same seed.

    Every pair of lines is clear by construction, with what the survey may be off, except the violations
    listed in ``expected`` and pairs with a line whose depth is unknown.
    """
    centre = (round(catalogue.city.centre_east_m, -1), round(catalogue.city.centre_north_m, -1))
    layout = layout_of(segments, seed, centre_m=centre)
    bands = bands_of(catalogue)
    faults = faults_of(catalogue, bands)
    streets = segments_of(layout)
    reserved = reserved_segments(layout, streets, segments_asked=segments, count=len(faults))
    network = network_of(layout, bands, reserved)
    nodes, runs = described(catalogue, network, seed=seed)
    runs = runs.assign(label=runs["code"] + "-" + (np.arange(len(runs)) + 1).astype(str))
    holes = _holes(layout, streets, reserved)
    nodes, runs = _without(nodes, runs, holes)
    extra_nodes, extra_runs, expected = inject(catalogue, network, layout, reserved, faults, runs)
    nodes, runs = _joined(catalogue, layout, (nodes, runs), (extra_nodes, extra_runs))
    nodes, runs = _finished(catalogue, network, nodes, runs)
    parcels, buildings = land_of(layout)
    return Sample(
        layout=layout,
        runs=runs,
        nodes=nodes,
        roads=roads_of(layout),
        parcels=parcels,
        buildings=buildings,
        coverage=_coverage(catalogue, layout, streets, holes),
        expected=_expectation(layout, runs, expected, holes),
    )


def _holes(layout: Layout, streets: pd.DataFrame, reserved: np.ndarray) -> pd.DataFrame:
    """Street segments and the kind nobody looked for there."""
    random = np.random.default_rng([layout.seed, 8])
    # Local streets and collectors, not the northernmost one: there a planned heat main finds a free lane.
    plain = (streets["street_class"] > 0) & ~((streets["direction"] == EAST_WEST) & (streets["j"] == 0))
    free = np.setdiff1d(np.flatnonzero(plain), reserved)
    chosen = np.sort(random.permutation(free)[: max(3, int(HOLES * len(streets)))])
    kind = np.array(HOLE_KINDS, dtype=object)[np.arange(len(chosen)) % len(HOLE_KINDS)]
    return pd.DataFrame({"segment": chosen, "kind": kind})


def _without(
    nodes: pd.DataFrame, runs: pd.DataFrame, holes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and runs without what lies in the holes of the survey; the junctions were looked at."""
    hidden = pd.MultiIndex.from_frame(holes[["segment", "kind"]])
    mine = pd.MultiIndex.from_arrays([runs["segment"], runs["kind"]]).isin(hidden)
    inside = runs["is_lateral"] | (
        (runs["from_along_m"] >= JUNCTION_M - 0.01)
        & ~runs["to_along_m"].gt(runs.groupby("segment")["to_along_m"].transform("max") - JUNCTION_M)
    )
    kept = runs[~(mine & inside.to_numpy())].reset_index(drop=True)
    used = np.zeros(len(nodes), dtype=bool)
    used[kept["from_node"]] = used[kept["to_node"]] = True
    row = np.cumsum(used) - 1
    kept = kept.assign(from_node=row[kept["from_node"]], to_node=row[kept["to_node"]])
    return nodes[used].reset_index(drop=True), kept


def _joined(
    catalogue: Catalogue,
    layout: Layout,
    own: tuple[pd.DataFrame, pd.DataFrame],
    extra: tuple[pd.DataFrame, pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The network with the violations in it."""
    nodes, runs = own
    more, made = extra
    ground = ground_m(layout, more["east_m"].to_numpy(), more["north_m"].to_numpy())
    a, b = made["from_node"].to_numpy(), made["to_node"].to_numpy()
    depth = made["fault_crown_m"].astype(float).to_numpy()
    made = made.assign(
        start_ground_m=ground[a],
        end_ground_m=ground[b],
        start_crown_m=ground[a] - depth,
        end_crown_m=ground[b] - depth,
        life_state="built",
        surveyed_on=NEW_SURVEY,
        built_on=None,
        from_node=a + len(nodes),
        to_node=b + len(nodes),
    ).drop(columns="fault_crown_m")
    code = made["code"].repeat(2).to_numpy()
    number = [f"虚构{n + 1:04d}" for n in range(len(more))]
    more = more.assign(
        ground_m=ground,
        point_no=number,
        feature="预留口",
        appurtenance=None,
        is_visible=True,
        code=code,
        owner=made["owner"].repeat(2).to_numpy(),
        life_state="built",
        accuracy_class="as_built",
    )
    return (
        pd.concat([nodes, more], ignore_index=True),
        pd.concat([runs, recorded(catalogue, made)], ignore_index=True),
    )


def _finished(
    catalogue: Catalogue, network: Network, nodes: pd.DataFrame, runs: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames with geometry and the columns of the delivery; figures to the millimetre."""
    road = network.segments["road"].to_numpy()
    point_no = nodes["point_no"].to_numpy()
    a, b = runs["from_node"].to_numpy(np.int64), runs["to_node"].to_numpy(np.int64)
    xy = nodes[["east_m", "north_m"]].to_numpy(float).round(3)
    table = catalogue.accuracy
    levels = [name for name in RUN_COLUMNS if name.endswith("_m") and not name.startswith("sigma")]
    runs = runs.assign(
        from_node=a,
        to_node=b,
        from_no=point_no[a],
        to_no=point_no[b],
        road=road[runs["segment"].to_numpy(np.int64)],
        flow=np.where(runs["kind"].str.startswith("drainage"), 1, 0),
        **{name: runs[name].astype(float).round(3) for name in levels},
    )
    sigma = {token: (row.plan_base_m, row.level_base_m) for token, row in table.items()}
    segment = nodes["segment"].to_numpy(np.int64)
    nodes = nodes.assign(
        ground_m=nodes["ground_m"].astype(float).round(3),
        chamber_depth_m=np.nan,
        road=pd.Series(road[segment]).where(segment >= 0),
        sigma_plan_m=nodes["accuracy_class"].map({token: pair[0] for token, pair in sigma.items()}),
        sigma_level_m=nodes["accuracy_class"].map({token: pair[1] for token, pair in sigma.items()}),
    )
    ends = np.stack((xy[a], xy[b]), axis=1)
    return (
        nodes[list(NODE_COLUMNS)].assign(geometry=np.asarray(shapely.points(xy))),
        runs[list(RUN_COLUMNS)].assign(geometry=np.asarray(shapely.linestrings(ends))),
    )


def _coverage(
    catalogue: Catalogue, layout: Layout, streets: pd.DataFrame, holes: pd.DataFrame
) -> pd.DataFrame:
    """Where each kind was looked for: two surveys, without the holes."""
    west, south, east, north = layout.box_m
    middle = float(layout.east_m[len(layout.east_m) // 2]) - 40.0
    rows = []
    for kind in (kind.token for kind in catalogue.kinds.values() if kind.is_buried_line):
        cut = shapely.union_all([_hole(streets, int(s)) for s in holes["segment"][holes["kind"] == kind]])
        for a, b, when, quality in (
            (west, middle, OLD_SURVEY, "hidden_point"),
            (middle, east, NEW_SURVEY, "as_built"),
        ):
            area = shapely.box(a, south, b, north).difference(cut)
            rows.append(
                {
                    "kind": kind,
                    "surveyed_on": when,
                    "surveyed_by": "样例测绘队" + MARK,
                    "method": "探测",
                    "quality": quality,
                    "note": "虚构样例",
                    "geometry": shapely.multipolygons(shapely.get_parts(area)),
                }
            )
    return pd.DataFrame(rows)


def _hole(streets: pd.DataFrame, segment: int) -> shapely.Polygon:
    length = float(streets["length_m"].iloc[segment])
    along = np.array([JUNCTION_M + 3, length - JUNCTION_M - 3])
    east, north = place(streets, np.full(2, segment), along, np.array([-HOLE_HALF_M, HOLE_HALF_M]))
    outline: shapely.Polygon = shapely.box(min(east), min(north), max(east), max(north))
    return outline


def _expectation(
    layout: Layout, runs: pd.DataFrame, expected: list[dict[str, Any]], holes: pd.DataFrame
) -> dict[str, Any]:
    """What ``expected.json`` says: the violations, the lines of unknown depth, the holes."""
    unknown = runs["label"][runs["start_crown_m"].isna()].tolist()
    return {
        "invented": True, "note": "虚构样例，非真实管线。 An invented district; nothing here is real.",
        "seed": layout.seed, "crs": "EPSG:4548", "violations": expected,
        "measures": sorted({entry["measure"] for entry in expected}), "unknown_depth": unknown,
        "not_surveyed": [{"segment": int(s), "kind": str(k)} for s, k in zip(holes["segment"], holes["kind"], strict=True)],
    }  # fmt: skip
