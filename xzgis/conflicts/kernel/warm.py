"""Compile the kernel before the first person waits for it."""

import gc
import struct

import numpy as np

from xzgis.conflicts.kernel.axes import Axes
from xzgis.conflicts.kernel.boxes import looked_boxes
from xzgis.conflicts.kernel.footprint import gaps_of_crossings
from xzgis.conflicts.kernel.grounds import Explained, known_grounds, worst_step
from xzgis.conflicts.kernel.hole import spans_in_hole
from xzgis.conflicts.kernel.lines import lines_of
from xzgis.conflicts.kernel.pairs import (
    crossings_of_pairs,
    meetings_of_pairs,
    near_pairs,
    shared_spans_of_pairs,
    stretches_of_pairs,
)
from xzgis.conflicts.kernel.plan import nearest
from xzgis.conflicts.kernel.profile import below, lowest, unknown
from xzgis.conflicts.kernel.rows import LINE_WITH_SRID, NO_ARRAY, axes_of_rows, levels_of_rows
from xzgis.conflicts.kernel.solid import deepest, shared_spans
from xzgis.conflicts.kernel.ways import distances_left
from xzgis.networks.terms import Conditions, RunColumns


def warm_up() -> None:
    """Compile every function of the kernel, or load it from numba's cache. Called once at start.

    What is loaded by then stays for as long as the process: the collector of garbage does not look at it again,
    which would cost a check now and then a tenth of a second.
    """
    runs = _two_runs()
    lines = lines_of(runs, origin_m=(0.0, 0.0))
    looked_boxes(runs.offset, runs.xy_m, 1.0, 0.0, 0.0, np.zeros((2, 2)))
    own, fixed = np.zeros(2), np.ones((1, 1))
    pairs = near_pairs(lines, lines, fixed, runs.condition, runs.condition, own, own)
    stretches_of_pairs(lines, lines, pairs, np.ones((len(pairs), 1)))
    meetings_of_pairs(lines, lines, pairs, np.ones((len(pairs), 1)))
    nodes = np.stack([runs.from_node, runs.to_node], axis=1)
    axes = Axes(lines, np.zeros(2, dtype=np.int64), nodes, runs.run_id, np.ones(2))
    gaps_of_crossings(axes, axes, pairs, crossings_of_pairs(lines, lines, pairs), np.ones(len(pairs)))
    nearest(lines, 0, lines, 1, 0.0, 1.0)
    shared_spans(lines, 0, lines, 1, 1.0, 0.0)
    deepest(lines, 0, lines, 1, (0.0, 1.0), 1.0)
    shared_spans_of_pairs(lines, lines, pairs, np.ones(len(pairs)), np.zeros(len(pairs)))
    spans_in_hole(lines, 0, lines, 1, 1.0)
    chain = lines.chain_m[:2]
    below(chain, chain, 1.0)
    unknown(chain, chain)
    lowest(chain, chain, 0.0, 1.0)
    # As they come from the wire: bytes that nobody may write to.
    line = struct.pack("<BIIIdd", 1, LINE_WITH_SRID, 4548, 1, 0.0, 0.0)
    offset, _ = axes_of_rows(np.frombuffer(line, dtype=np.uint8), 1, 0.0, 0.0)
    levels_of_rows(np.frombuffer(NO_ARRAY, dtype=np.uint8), offset, 1)
    distances_left(lines, 0, lines, 1, np.zeros((1, 2)), 1.0, (0.0, 1.0))
    known_grounds(lines)
    worst_step(lines, 0, lines, 1, (np.zeros((1, 2)), np.zeros((1, 2))), 1.0, Explained(1.0, 1.0, 1.0, 1.0))
    gc.collect()
    gc.freeze()


def _two_runs() -> RunColumns:
    """Two crossing lines."""
    two, levels, whole = np.zeros(2), np.zeros(4), np.zeros(2, dtype=np.int64)
    return RunColumns(
        origin_m=(0.0, 0.0),
        conditions=(Conditions("water"),),
        run_id=np.array([1, 2]),
        condition=np.zeros(2, dtype=np.int32),
        offset=np.array([0, 2, 4]),
        xy_m=np.array([[0.0, 0.0], [1.0, 0.0], [0.5, -1.0], [0.5, 1.0]]),
        crown_m=levels,
        bottom_m=levels,
        ground_m=levels,
        width_m=np.zeros((2, 2)),
        height_m=np.zeros((2, 2)),
        sigma_plan_m=two,
        sigma_level_m=two,
        life=np.zeros(2, dtype=np.int8),
        from_node=whole,
        to_node=whole,
        bank=whole,
        chamber_link=np.zeros(2, dtype=np.bool_),
    )
