"""Nothing that is forgotten in a delivery makes a finding of the plan clearance clear: from the file to the verdict."""

from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
import shapely

from tests.runs import GAS, ORIGIN_M, TELECOM, WATER, a_new_run, columns
from xzgis.catalogue.files import load
from xzgis.conflicts.rules.delivered import delivered
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure
from xzgis.core.settings import ROOT
from xzgis.formats.features import FeatureFile, Layer, as_geometries, rows_from_one
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.terms import Conditions, Delivery

CATALOGUE = load(ROOT / "layers")
EAST, NORTH = ORIGIN_M
TOLD: dict[str, Any] = {
    "kind": "gas", "depth_m": 1.0, "ground_m": 30.0, "diameter_mm": 300.0, "accuracy_class": "hidden_point",
    "pressure_class": "medium_A", "material": "steel", "burial": "direct_buried", "owner": "徐州燃气",
}  # fmt: skip
WANTED = (Measure.HORIZONTAL, Measure.STACKED)


def a_delivery(*lines: dict[str, Any]) -> Delivery:
    """Lines eastward of 60 m each, 200 m from each other; the first through the origin of the tests."""
    # No whole metres: those would be known no better than they are written.
    geometry = [
        shapely.LineString([(east - 30.004, north), (east + 30.004, north)])
        for east, north in map(place, range(len(lines)))
    ]
    frame = pd.DataFrame(list(lines), dtype=object)
    layer = Layer("lines", frame, as_geometries(geometry), rows_from_one(len(lines)), "EPSG:4548", "layer")
    file = FeatureFile("lines.gpkg", "GPKG", (layer,), (), {})
    return deliver([file], propose_mapping([file], CATALOGUE), Placing(), CATALOGUE)


def place(at: int) -> tuple[float, float]:
    return EAST + 200.0 * (at % 20), NORTH + 200.0 * (at // 20)


def findings(delivery: Delivery, *beside: tuple[float, Conditions]) -> list[set[Measure]]:
    """Of each line the measures with a finding, for a new line so far beside it, of a kind; digging aside."""
    runs = delivered(delivery, CATALOGUE, first_id=1, origin_m=ORIGIN_M).runs
    new = []
    for at, (off_m, facts) in enumerate(beside):
        east, north = (here - origin for here, origin in zip(place(at), ORIGIN_M, strict=True))
        axis = [(east - 20, north + off_m), (east + 20, north + off_m)]
        new.append(a_new_run(axis, facts, sigma=0.05))
    found: list[set[Measure]] = [set() for _ in beside]
    for one in judge(columns(*new, first_id=-1), runs, CATALOGUE).verdicts:
        if one.b is not None and one.measure in WANTED:
            found[one.b].add(one.measure)
    return found


def scenes(count: int, seed: int) -> list[tuple[dict[str, Any], tuple[float, Conditions]]]:
    """Mains from 0.3 to 9.5 m deep of every class, each with a new line beside it."""
    random = Random(seed)
    return [
        (
            TOLD
            | {
                "depth_m": random.uniform(0.3, 9.5),
                "diameter_mm": random.choice([100.0, 300.0, 600.0]),
                "accuracy_class": random.choice(["hidden_point", *CATALOGUE.accuracy]),
                "pressure_class": random.choice(["low", "medium_A", "high_A"]),
            },
            (random.uniform(0.2, 5.0), random.choice([WATER, TELECOM, GAS])),
        )
        for _ in range(count)
    ]


def forgotten(told: dict[str, Any]) -> list[dict[str, Any]]:
    """``told`` without one of its facts, or with the depth of one end alone."""
    facts = [name for name in told if name not in ("kind", "ground_m")]
    without_one = [told | {name: None} for name in facts]
    of_one_end = [
        told | {"depth_m": None, "ground_m": None},
        told | {"depth_m": None, "start_depth_m": min(told["depth_m"], 0.8)},
    ]
    return without_one + of_one_end


def test_a_fact_that_is_forgotten_makes_nothing_clear() -> None:
    told = [(told, beside) for told, beside in scenes(60, 11)]
    lines = [(one, beside) for told_, beside in told for one in (told_, *forgotten(told_))]
    each = len(lines) // len(told)

    found = findings(a_delivery(*(one for one, _ in lines)), *(beside for _, beside in lines))

    assert sum(Measure.HORIZONTAL in one for one in found[::each]) > 20
    assert sum(Measure.HORIZONTAL not in one for one in found[::each]) > 5
    for at, (one, beside) in enumerate(lines):
        assert found[at - at % each] <= found[at], (lines[at - at % each][0], one, beside)


def test_a_main_six_metres_deep_is_no_clearer_without_its_depth() -> None:
    deep = TOLD | {"depth_m": 6.0, "pressure_class": "high_A"}
    found = [a_delivery(deep | {"depth_m": depth}, TOLD) for depth in (6.0, None)]

    # 0.31 m at six metres, 0.50 m where nobody says how deep.
    assert [one.lines["sigma_plan_m"].iloc[0].round(2) for one in found] == [0.31, 0.5]
    for off_m in (1.7, 1.9, 2.1, 2.3):
        known, unknown = (findings(one, (off_m, WATER))[0] for one in found)
        assert known <= unknown


POINTS = "管线代码,点号,X,Y,地面高程\nRQ,R1,{y},{x0},30\nRQ,R2,{y},{x1},30\n"
LINES = "管线代码,起点点号,终点点号,起点埋深,终点埋深,管径,材质,压力\nRQ,R1,R2,{start},{end},300,钢,中压A\n"


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("depth", [0.8, 3.0, 6.0, 9.0])
def test_a_survey_that_forgets_a_depth_makes_nothing_clear(tmp_path: Path, depth: float) -> None:
    found = []
    for start, end in ((depth, depth), ("", depth), (depth, ""), ("", "")):
        for name, text in (
            ("P.csv", POINTS.format(y=f"{NORTH:.3f}", x0=f"{EAST - 30:.3f}", x1=f"{EAST + 30:.3f}")),
            ("L.csv", LINES.format(start=start, end=end)),
        ):
            (tmp_path / name).write_text(text, encoding="utf-8")
        found.append(read_survey([tmp_path / "P.csv", tmp_path / "L.csv"], catalogue=CATALOGUE))

    sigma = [one.lines["sigma_plan_m"].iloc[0] for one in found]
    assert min(sigma[1:]) == pytest.approx(0.5025, abs=1e-4)
    assert sigma[0] < min(sigma[1:])
    for off_m in (1.0, 1.2, 1.4, 1.6, 1.8, 2.0):
        known, *others = (findings(one, (off_m, WATER))[0] for one in found)
        assert all(known <= one for one in others)


def test_a_class_in_no_table_is_told_and_counts_as_assumed() -> None:
    found = a_delivery(
        TOLD | {"accuracy_class": "良好"},
        TOLD,
        TOLD | {"accuracy_class": "隐蔽点"},
        TOLD | {"accuracy_class": None},
    )

    assert found.lines["accuracy_class"].tolist() == ["assumed", "hidden_point", "hidden_point", "assumed"]
    told = [one for one in found.findings if one.field == "accuracy_class"]
    assert [(one.code, one.level, one.row, one.value) for one in told] == [
        ("R42", "warning", 1, "良好"),
        ("R42", "warning", 4, ""),
    ]
    assert all("隐蔽点" in one.remedy.zh and "hidden_point" in one.remedy.en for one in told)
    assert "良好" in str(found.lines["attributes"].iloc[0])


def test_without_a_column_of_classes_lines_are_taken_as_digitised() -> None:
    found = a_delivery({name: value for name, value in TOLD.items() if name != "accuracy_class"})

    assert found.lines["accuracy_class"].tolist() == ["digitised"]
    assert not [one for one in found.findings if one.field == "accuracy_class"]
