"""Mains along the streets and laterals to the parcels, all of them at once as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xzgis.samples.rules.layout import ground_m, segments_of
from xzgis.samples.terms import (
    EAST_WEST,
    FAULT_WINDOW_M,
    FIRST_SLOT_M,
    JITTER_M,
    JUNCTION_M,
    KERB_M,
    KINDS,
    LATERAL_END_M,
    LATERAL_SHARES,
    MAINS,
    OFFSET_M,
    SLOT_M,
    Band,
    FloatArray,
    IntArray,
    Layout,
)

DENSITY = 0.62
"""Part of the slots along a street that hold a lateral."""
NORTH_ROW = 0
GULLY_CROWN_M = 1.05
GULLY_SLOPE, FOUL_LATERAL_SLOPE = 0.02, 0.004
FEATURE = {"junction": "四通", "break": "直线点", "tee": "三通", "end": "预留口"}


@dataclass(frozen=True)
class Network:
    """Nodes and runs of the whole district; ``from_node`` and ``to_node`` of runs are rows of ``nodes``."""

    segments: pd.DataFrame
    nodes: pd.DataFrame
    runs: pd.DataFrame


def has_kind(kind: str, segments: pd.DataFrame) -> np.ndarray:
    """Which segments have a main of ``kind``; reclaimed water lies in the northernmost street alone."""
    if kind == "reclaimed":
        return ((segments["direction"] == EAST_WEST) & (segments["j"] == NORTH_ROW)).to_numpy()
    laid = np.array([line is not None for line in MAINS[kind]])
    return np.asarray(laid[segments["street_class"].to_numpy()])


def network_of(layout: Layout, bands: Mapping[str, Band], reserved: IntArray) -> Network:
    """Every line of the district before anything is wrong with it.

    ``reserved`` are segments whose middle stays free of laterals, for injected violations.
    """
    segments = segments_of(layout)
    slots = _slots(layout, segments, reserved)
    nodes, runs, first = [], [], 0
    for kind in KINDS:
        chosen = slots[slots["kind"] == kind]
        made_nodes, made_runs = _kind(layout, segments, chosen, kind)
        made_runs[["from_node", "to_node"]] += first
        first += len(made_nodes)
        nodes.append(made_nodes)
        runs.append(made_runs)
    all_nodes = pd.concat(nodes, ignore_index=True)
    all_nodes["ground_m"] = ground_m(layout, all_nodes["east_m"].to_numpy(), all_nodes["north_m"].to_numpy())
    all_runs = _levels(pd.concat(runs, ignore_index=True), all_nodes, bands)
    return Network(segments=segments, nodes=all_nodes, runs=_crossed(all_runs, segments, reserved))


def place(
    segments: pd.DataFrame, segment: IntArray, along_m: FloatArray, across_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """East and north of a place in a segment: along it from the middle of its first junction, and across it.

    Across is north in an east-west street and east in a north-south one.
    """
    ew = (segments["direction"].to_numpy() == EAST_WEST)[segment]
    east, north = segments["east_m"].to_numpy()[segment], segments["north_m"].to_numpy()[segment]
    return east + np.where(ew, along_m, across_m), north + np.where(ew, across_m, -along_m)


def _slots(layout: Layout, segments: pd.DataFrame, reserved: IntArray) -> pd.DataFrame:
    """Where laterals leave: segment, place along it, kind and side (+1 or -1)."""
    random = np.random.default_rng([layout.seed, 3])
    length = segments["length_m"].to_numpy()
    count = ((length - 2 * FIRST_SLOT_M) // SLOT_M).astype(np.int64)
    segment = np.repeat(np.arange(len(segments)), count)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    along = FIRST_SLOT_M + SLOT_M * number + random.uniform(-0.3, 0.3, len(number))
    shares = np.array(list(LATERAL_SHARES.values()), dtype=float)
    kind = np.array(list(LATERAL_SHARES), dtype=object)[
        random.choice(len(shares), len(number), p=shares / shares.sum())
    ]
    side = np.where(random.random(len(number)) < 0.5, 1, -1)
    from_middle = along - length[segment] / 2
    free = (
        np.isin(segment, reserved)
        & (from_middle > FAULT_WINDOW_M[0] - 4)
        & (from_middle < FAULT_WINDOW_M[1] + 4)
    )
    keep = (random.random(len(number)) < DENSITY) & ~free & (np.abs(from_middle) > 2.0)
    frame = pd.DataFrame({"segment": segment, "along_m": along, "kind": kind, "side": side})[keep]
    present = np.zeros(len(frame), dtype=bool)
    for name in LATERAL_SHARES:
        present |= (frame["kind"] == name).to_numpy() & has_kind(name, segments)[frame["segment"].to_numpy()]
    return frame[present].reset_index(drop=True)


def _kind(
    layout: Layout, segments: pd.DataFrame, slots: pd.DataFrame, kind: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and runs of one kind."""
    mine = np.flatnonzero(has_kind(kind, segments))
    junctions, junction_of = _junctions(layout, segments, mine, kind)
    breaks = _breaks(segments, mine, slots)
    jitter = np.random.default_rng([layout.seed, 4, KINDS.index(kind)]).uniform(
        -JITTER_M, JITTER_M, len(breaks)
    )
    east, north = place(
        segments, breaks["segment"].to_numpy(), breaks["along_m"].to_numpy(), OFFSET_M[kind] + jitter
    )
    inner = pd.DataFrame(
        {"east_m": east, "north_m": north, "role": breaks["role"], "segment": breaks["segment"]}
    )
    laterals, ends = _laterals(segments, slots, breaks, kind, first_inner=len(junctions))
    nodes = pd.concat([junctions, inner, ends], ignore_index=True).assign(kind=kind)
    mains = _mains(segments, mine, breaks, junction_of, kind, first_inner=len(junctions))
    laterals["end_node"] += len(junctions) + len(breaks)
    return nodes, pd.concat([mains, _directed(laterals, kind)], ignore_index=True).assign(kind=kind)


def _junctions(
    layout: Layout, segments: pd.DataFrame, mine: IntArray, kind: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """A node where streets meet, for every junction that a main of ``kind`` comes to; its row by junction."""
    columns, rows = len(layout.east_m), len(layout.north_m)
    i, j = segments["i"].to_numpy()[mine], segments["j"].to_numpy()[mine]
    ew = segments["direction"].to_numpy()[mine] == EAST_WEST
    touched = np.zeros((columns, rows), dtype=bool)
    touched[i, j] = True
    touched[np.where(ew, i + 1, i), np.where(ew, j, j + 1)] = True
    row = np.full((columns, rows), -1, dtype=np.int64)
    row[touched] = np.arange(touched.sum())
    at_i, at_j = np.nonzero(touched)
    offset = OFFSET_M[kind]
    frame = pd.DataFrame(
        {
            "east_m": layout.east_m[at_i] + offset,
            "north_m": layout.north_m[at_j] + offset,
            "role": "junction",
            "segment": -1,
        }
    )
    return frame, row


def _breaks(segments: pd.DataFrame, mine: IntArray, slots: pd.DataFrame) -> pd.DataFrame:
    """Inner nodes of the mains: both edges of the junctions, the middle, and the tees of the laterals."""
    length = segments["length_m"].to_numpy()[mine]
    fixed = [
        pd.DataFrame({"segment": mine, "along_m": along, "role": "break", "slot": -1})
        for along in (np.full(len(mine), JUNCTION_M), length / 2, length - JUNCTION_M)
    ]
    tees = pd.DataFrame(
        {
            "segment": slots["segment"].to_numpy(),
            "along_m": slots["along_m"].to_numpy(),
            "role": "tee",
            "slot": np.arange(len(slots)),
        }
    )
    return pd.concat([*fixed, tees]).sort_values(["segment", "along_m"]).reset_index(drop=True)


def _mains(
    segments: pd.DataFrame,
    mine: IntArray,
    breaks: pd.DataFrame,
    junction_of: np.ndarray,
    kind: str,
    *,
    first_inner: int,
) -> pd.DataFrame:
    """Runs from node to node along every segment that has the kind."""
    i, j = segments["i"].to_numpy()[mine], segments["j"].to_numpy()[mine]
    ew = segments["direction"].to_numpy()[mine] == EAST_WEST
    start = np.where(ew, 1.0, -1.0) * OFFSET_M[kind]
    to = junction_of[np.where(ew, i + 1, i), np.where(ew, j, j + 1)]
    length = segments["length_m"].to_numpy()[mine]
    segment = np.concatenate((mine, breaks["segment"].to_numpy(), mine))
    along = np.concatenate((start, breaks["along_m"].to_numpy(), start + length))
    node = np.concatenate((junction_of[i, j], first_inner + np.arange(len(breaks)), to))
    # A junction node may lie beyond the first break in plan offset, never in order: sort by order, not place.
    rank = np.concatenate((np.zeros(len(mine)), np.ones(len(breaks)), np.full(len(mine), 2.0)))
    order = np.lexsort((along, rank, segment))
    segment, along, node = segment[order], along[order], node[order]
    same = segment[:-1] == segment[1:]
    return pd.DataFrame(
        {
            "from_node": node[:-1][same],
            "to_node": node[1:][same],
            "segment": segment[:-1][same],
            "from_along_m": along[:-1][same],
            "to_along_m": along[1:][same],
            "is_lateral": False,
            "side": 0,
            "street_class": segments["street_class"].to_numpy()[segment[:-1][same]],
        }
    )


def _laterals(
    segments: pd.DataFrame, slots: pd.DataFrame, breaks: pd.DataFrame, kind: str, *, first_inner: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Laterals from their tees, and the nodes at their ends; a gully stands at the kerb."""
    tees = breaks[breaks["role"] == "tee"]
    slot = slots.iloc[tees["slot"].to_numpy()]
    reach = KERB_M - 0.5 if kind == "drainage_storm" else LATERAL_END_M
    east, north = place(
        segments, slot["segment"].to_numpy(), slot["along_m"].to_numpy(), slot["side"].to_numpy() * reach
    )
    ends = pd.DataFrame(
        {"east_m": east, "north_m": north, "role": "end", "segment": slot["segment"].to_numpy()}
    )
    runs = pd.DataFrame(
        {
            "tee_node": first_inner + tees.index.to_numpy(),
            "end_node": np.arange(len(slot)),
            "segment": slot["segment"].to_numpy(),
            "from_along_m": slot["along_m"].to_numpy(),
            "to_along_m": slot["along_m"].to_numpy(),
            "is_lateral": True,
            "side": slot["side"].to_numpy(),
            "street_class": segments["street_class"].to_numpy()[slot["segment"].to_numpy()],
        }
    )
    return runs, ends


def _directed(laterals: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Laterals with ends: of sewers towards the main, of others away from it."""
    ends = ("end_node", "tee_node") if kind.startswith("drainage") else ("tee_node", "end_node")
    return laterals.rename(columns={ends[0]: "from_node", ends[1]: "to_node"})


def _levels(runs: pd.DataFrame, nodes: pd.DataFrame, bands: Mapping[str, Band]) -> pd.DataFrame:
    """Crown levels at both ends: mains at the depth of their band, sewer laterals rising from the main."""
    ground = nodes["ground_m"].to_numpy()
    a, b = runs["from_node"].to_numpy(), runs["to_node"].to_numpy()
    depth = runs["kind"].map({kind: band.crown_m for kind, band in bands.items()}).to_numpy()
    plan = np.hypot(
        nodes["east_m"].to_numpy()[b] - nodes["east_m"].to_numpy()[a],
        nodes["north_m"].to_numpy()[b] - nodes["north_m"].to_numpy()[a],
    )
    start, end = ground[a] - depth, ground[b] - depth
    lateral, kind = runs["is_lateral"].to_numpy(), runs["kind"].to_numpy()
    foul, gully = lateral & (kind == "drainage_foul"), lateral & (kind == "drainage_storm")
    start = np.where(foul, end + FOUL_LATERAL_SLOPE * plan, start)
    start = np.where(gully, ground[a] - GULLY_CROWN_M, start)
    end = np.where(gully, start - GULLY_SLOPE * plan, end)
    return runs.assign(
        start_crown_m=start, end_crown_m=end, length_m=plan, start_ground_m=ground[a], end_ground_m=ground[b]
    )


def _crossed(runs: pd.DataFrame, segments: pd.DataFrame, reserved: IntArray) -> pd.DataFrame:
    """The runs with ``is_crossed``: whether a line of another kind crosses them, in a junction or by a lateral.

    In reserved segments every run counts as crossed: violations come there later.
    """
    scale = 1e4
    lateral = runs[runs["is_lateral"]]
    length = segments["length_m"].to_numpy()[runs["segment"].to_numpy()]
    crossed = (runs["from_along_m"] < JUNCTION_M - 0.01) | runs["is_lateral"] | runs["segment"].isin(reserved)
    crossed = (crossed | (runs["to_along_m"] > length - JUNCTION_M + 0.01)).to_numpy(copy=True)
    key = runs["segment"] * scale
    for kind in KINDS:
        own = (runs["kind"] == kind).to_numpy() & ~runs["is_lateral"].to_numpy()
        start = lateral["kind"].map(OFFSET_M)
        reach = np.where(lateral["kind"] == "drainage_storm", KERB_M - 0.5, LATERAL_END_M) * lateral["side"]
        over = (
            (lateral["kind"] != kind)
            & (np.minimum(start, reach) < OFFSET_M[kind])
            & (np.maximum(start, reach) > OFFSET_M[kind])
        )
        cuts = np.sort((lateral["segment"] * scale + lateral["from_along_m"])[over].to_numpy())
        a, b = (key + runs["from_along_m"]).to_numpy()[own], (key + runs["to_along_m"]).to_numpy()[own]
        crossed[own] |= np.searchsorted(cuts, b) > np.searchsorted(cuts, a)
    return runs.assign(is_crossed=crossed)
