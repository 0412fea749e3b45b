"""Makers of columns for the kernel: say only what the test is about. Places are relative to the test city."""

from typing import Any

import numpy as np

from xzgis.networks.terms import Conditions, LifeState, RunColumns

ORIGIN_M = (517_000.0, 3_793_000.0)
WATER = Conditions("water", nominal_mm=300.0)
GAS = Conditions("gas", pressure_class="medium_A", nominal_mm=200.0, material="steel")
SEWER = Conditions("drainage_foul", nominal_mm=600.0)
STORM = Conditions("drainage_storm", nominal_mm=400.0)
TELECOM = Conditions("telecom", burial="conduit")
POWER = Conditions("power", burial="direct_buried", voltage_kv=10.0)


def a_new_run(axis: Any, facts: Conditions = GAS, **more: Any) -> dict[str, Any]:
    """A run as a dict: width and height 0.2 m, crown 28.5 m, ground 30 m, no uncertainty unless given."""
    given: dict[str, Any] = {
        "axis": axis, "facts": facts, "width": 0.2, "height": None, "crown": 28.5, "bottom": None, "ground": 30.0,
        "sigma": 0.0, "sigma_level": None, "life": "built", "nodes": (0, 0), "bank": 0, "chamber": False, "id": None,
    }  # fmt: skip
    assert more.keys() <= given.keys()
    return given | more


def columns(*runs: dict[str, Any], first_id: int = 1, origin_m: tuple[float, float] = ORIGIN_M) -> RunColumns:
    """The runs as columns; identities count on from ``first_id`` (down from -1 when it is negative)."""
    facts = tuple(dict.fromkeys(run["facts"] for run in runs))
    counts = [len(run["axis"]) for run in runs]
    shift = np.array(ORIGIN_M) - np.array(origin_m)
    step = 1 if first_id > 0 else -1
    sizes = [np.broadcast_to(np.asarray(run["width"], dtype=float), (2,)) for run in runs]
    heights = [
        size if run["height"] is None else np.broadcast_to(np.asarray(run["height"], dtype=float), (2,))
        for run, size in zip(runs, sizes, strict=True)
    ]
    crowns = [_each(run["crown"], n) for run, n in zip(runs, counts, strict=True)]
    bottoms = [
        crown - height[1] if run["bottom"] is None else _each(run["bottom"], n)
        for run, n, crown, height in zip(runs, counts, crowns, heights, strict=True)
    ]
    return RunColumns(
        origin_m=origin_m,
        conditions=facts,
        run_id=np.array([first_id + step * k if r["id"] is None else r["id"] for k, r in enumerate(runs)]),
        condition=np.array([facts.index(run["facts"]) for run in runs], dtype=np.int32),
        offset=np.cumsum([0, *counts]).astype(np.int64),
        xy_m=np.concatenate([np.asarray(run["axis"], dtype=float) for run in runs]) + shift,
        crown_m=np.concatenate(crowns),
        bottom_m=np.concatenate(bottoms),
        ground_m=np.concatenate([_each(run["ground"], n) for run, n in zip(runs, counts, strict=True)]),
        width_m=np.array(sizes),
        height_m=np.array(heights),
        sigma_plan_m=np.array([float(run["sigma"]) for run in runs]),
        sigma_level_m=np.array(
            [float(r["sigma"] if r["sigma_level"] is None else r["sigma_level"]) for r in runs]
        ),
        life=np.array([tuple(LifeState).index(LifeState(run["life"])) for run in runs], dtype=np.int8),
        from_node=np.array([run["nodes"][0] for run in runs]),
        to_node=np.array([run["nodes"][1] for run in runs]),
        bank=np.array([run["bank"] for run in runs]),
        chamber_link=np.array([run["chamber"] for run in runs]),
    )


def no_runs(origin_m: tuple[float, float]) -> RunColumns:
    """Columns without a run."""
    numbers, whole = np.empty(0), np.empty(0, dtype=np.int64)
    return RunColumns(
        origin_m=origin_m, conditions=(), run_id=whole, condition=np.empty(0, dtype=np.int32),
        offset=np.zeros(1, dtype=np.int64), xy_m=np.empty((0, 2)), crown_m=numbers, bottom_m=numbers,
        ground_m=numbers, width_m=np.empty((0, 2)), height_m=np.empty((0, 2)), sigma_plan_m=numbers,
        sigma_level_m=numbers, life=np.empty(0, dtype=np.int8), from_node=whole, to_node=whole, bank=whole,
        chamber_link=np.empty(0, dtype=np.bool_))  # fmt: skip


def _each(levels: Any, count: int) -> Any:
    return np.array(np.broadcast_to(np.nan if levels is None else np.asarray(levels, dtype=float), (count,)))
