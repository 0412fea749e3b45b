"""Time of one live check in memory: a work of 200 m and 12 vertices against 500 candidate segments.

Run: ``python -m tests.bench.bench_kernel`` (or ``python tests/bench/bench_kernel.py``). Prints microseconds,
warm: geometry alone, and every verdict with its words.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.runs import GAS, POWER, SEWER, STORM, TELECOM, WATER, a_new_run, columns
from xzgis.catalogue.files import load
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.pairs import crossings_of_pairs, near_pairs, stretches_of_pairs
from xzgis.conflicts.kernel.warm import warm_up
from xzgis.conflicts.rules.judge import judge, rule_book
from xzgis.conflicts.rules.scene import scene_of
from xzgis.networks.terms import RunColumns

ROUNDS = 60
KINDS = (WATER, SEWER, TELECOM, POWER, STORM)


def a_street(*, crowded: bool) -> tuple[RunColumns, RunColumns]:
    """A gas main of 200 m along a street of ten lines with cross lines: 100 runs of five segments."""
    random = np.random.default_rng(20260504)
    axis = np.column_stack([np.linspace(0.0, 200.0, 12), random.normal(0.0, 0.1, 12)])
    work = a_new_run(axis, GAS, width=0.2, sigma=0.02, crown=28.5)
    others = []
    for number in range(100):
        lane, block = number % 10, number // 10
        x, y = block * 20.0, (lane - 4.5) * (1.6 if crowded else 4.0)
        steps = np.arange(6)
        is_across = number % 10 == 9
        line = np.column_stack([np.full(6, x + 7.0), -20.0 + 8.0 * steps]) if is_across else np.column_stack(
            [x + 4.0 * steps, np.full(6, y)])  # fmt: skip
        others.append(
            a_new_run(line, KINDS[number % 5], width=0.3, sigma=0.05, crown=29.4 if is_across else 28.5)
        )
    return columns(work, first_id=-1), columns(*others)


def median_us(task: Callable[[], object]) -> float:
    """Median time of ``task``, microseconds, after it has run once."""
    task()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        task()
        times.append(time.perf_counter() - began)
    return float(np.median(times) * 1e6)


def tasks(new: RunColumns, existing: RunColumns, catalogue: Catalogue) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    scene = scene_of(new, existing, rule_book(catalogue))
    fixed = np.full((len(new.conditions), len(existing.conditions)), 1.5)
    own = [runs.width_m[:, 1] / 2.0 + 2.0 * runs.sigma_plan_m for runs in (new, existing)]
    classes = new.condition, existing.condition
    pairs = near_pairs(scene.lines, scene.others, fixed, *classes, *own)
    reach = np.full(len(pairs), 2.0)
    return {
        f"find {len(pairs)} near pairs": lambda: near_pairs(scene.lines, scene.others, fixed, *classes, *own),
        "stretches, one level": lambda: stretches_of_pairs(scene.lines, scene.others, pairs, reach[:, None]),
        "crossings": lambda: crossings_of_pairs(scene.lines, scene.others, pairs),
        "every verdict": lambda: judge(new, existing, catalogue),
    }


def main() -> None:
    """Print the table."""
    catalogue = load(Path(__file__).resolve().parents[2] / "layers")
    warm_up()
    for crowded in (False, True):
        new, existing = a_street(crowded=crowded)
        found = judge(new, existing, catalogue)
        segments = len(existing.xy_m) - len(existing.run_id)
        print(f"{'crowded' if crowded else 'ordinary'} street: {segments} candidate segments, {found.counts}, "
              f"advice {found.advice}")  # fmt: skip
        for name, task in tasks(new, existing, catalogue).items():
            print(f"  {name:24}{median_us(task):9.0f} us")


if __name__ == "__main__":
    main()
