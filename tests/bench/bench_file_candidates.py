"""Which look-up finds the candidates of one work among runs read from files: rtree, STRtree, or plain boxes.

    python -m tests.bench.bench_file_candidates --runs 1000000

A check against files asks once, so building the tree belongs to the time. All three must find the same runs.
"""

import argparse
import json
import time
from collections.abc import Callable

import numpy as np
import rtree
import shapely

from xzgis.conflicts.queries.deliveries import near_places
from xzgis.networks.terms import FloatArray, IntArray

SIDE_M = 20_000.0
ROUNDS = 5


def by_boxes(runs: FloatArray, boxes: FloatArray) -> IntArray:
    """Every box of a run against every box of the work."""
    return near_places(runs, boxes)


def by_strtree(runs: FloatArray, boxes: FloatArray) -> IntArray:
    """shapely's STRtree over the boxes, bulk query."""
    tree = shapely.STRtree(shapely.box(*runs.T))
    return np.unique(tree.query(shapely.box(*boxes.T))[1]).astype(np.int64)


def by_rtree(runs: FloatArray, boxes: FloatArray) -> IntArray:
    """rtree, bulk loaded from arrays, vectorised query."""
    index = rtree.index.Index((np.arange(len(runs)), runs[:, :2].copy(), runs[:, 2:].copy()))
    found, _ = index.intersection_v(boxes[:, :2].copy(), boxes[:, 2:].copy())
    return np.unique(found).astype(np.int64)


def timed(look: Callable[[FloatArray, FloatArray], IntArray], runs: FloatArray, boxes: FloatArray) -> float:
    """Least milliseconds of a few rounds."""
    taken = []
    for _ in range(ROUNDS):
        begins = time.perf_counter()
        look(runs, boxes)
        taken.append((time.perf_counter() - begins) * 1000.0)
    return round(min(taken), 2)


def main() -> None:
    """Measure for growing numbers of runs and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000)
    asked = parser.parse_args()
    rng = np.random.default_rng(3)
    told: dict[str, object] = {}
    for count in (500, 20_000, asked.runs):
        start = rng.uniform(0.0, SIDE_M, (count, 2))
        runs = np.hstack([start, start + rng.uniform(1.0, 40.0, (count, 2))])
        along = np.linspace(8_000.0, 8_200.0, 12)
        boxes = np.column_stack([along[:-1], np.full(11, 8_000.0), along[1:], np.full(11, 8_012.0)])
        looks = {"plain boxes": by_boxes, "STRtree": by_strtree, "rtree": by_rtree}
        answers = [look(runs, boxes).tolist() for look in looks.values()]
        if any(answer != answers[0] for answer in answers):
            raise SystemExit("the look-ups disagree")
        told[f"{count} runs, least ms"] = {name: timed(look, runs, boxes) for name, look in looks.items()}
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
