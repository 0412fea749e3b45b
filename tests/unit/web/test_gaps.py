"""Where nobody looked is said of the line or excavation that it is of."""

import pytest

from web.language import Speaker
from web.pages.works.gaps import gap_words, part_lengths_m
from xzgis.conflicts.terms import NotCovered


def told(
    language: str, runs_m: list[float], outlines_m: list[float], *parts: tuple[str, float, float]
) -> str:
    gaps = [NotCovered("gas", name, (first, last)) for name, first, last in parts]
    return gap_words(Speaker(language), gaps, part_lengths_m(runs_m, outlines_m))["gas"]


@pytest.mark.parametrize(
    ("runs_m", "outlines_m", "parts", "zh", "en"),
    [
        ([20.0], [], [("new:1", 0.0, 19.97)], "全长", "whole length"),
        ([], [22.0], [("hole:1", 0.0, 22.0)], "整个开挖范围", "the whole excavation"),
        ([20.0], [22.0], [("hole:1", 0.0, 22.0)], "开挖范围 1：整个开挖范围", "excavation 1: the whole excavation"),
        ([], [22.0, 16.0], [("hole:2", 0.0, 16.0)], "开挖范围 2：整个开挖范围", "excavation 2: the whole excavation"),
        (
            [20.0, 60.0],
            [22.0],
            [("new:1", 0.0, 20.0), ("new:2", 0.0, 5.0), ("new:2", 50.0, 60.0)],
            "新建管线 1：全长；新建管线 2：K0+000.0 – K0+005.0，K0+050.0 – K0+060.0",
            "new line 1: whole length; new line 2: K0+000.0 – K0+005.0, K0+050.0 – K0+060.0",
        ),
        (
            [20.0],
            [22.0],
            [("new:1", 0.0, 20.0), ("hole:1", 0.0, 22.0)],
            "全部管线和开挖范围",
            "all lines and excavations of the work",
        ),
    ],
)  # fmt: skip
def test_a_gap_names_its_part_of_a_work_of_several(runs_m, outlines_m, parts, zh, en):
    assert told("zh", runs_m, outlines_m, *parts) == zh
    assert told("en", runs_m, outlines_m, *parts) == en
