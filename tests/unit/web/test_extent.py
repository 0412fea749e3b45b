"""How large a work is, in words."""

import pytest

from web.language import Speaker
from web.pages.works.extent import extent_words
from xzgis.works.terms import Excavation

SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))


def hole(**deep: float) -> Excavation:
    return Excavation(outline=SQUARE, **deep)


@pytest.mark.parametrize(
    ("length_m", "holes", "zh", "en"),
    [
        (12.34, [], "长 12.3 m", "length 12.3 m"),
        (0.0, [], "长 0.0 m", "length 0.0 m"),
        (0.0, [hole(depth_m=2.5)], "开挖面积 16.0 m²，深 2.5 m", "excavation of 16.0 m², 2.5 m deep"),
        (0.0, [hole()], "开挖面积 16.0 m²，深度未说明", "excavation of 16.0 m², of unsaid depth"),
        (
            10.0,
            [hole(bottom_level_m=28.3)],
            "长 10.0 m；开挖面积 16.0 m²，坑底高程 28.30 m",
            "length 10.0 m; excavation of 16.0 m², down to the level 28.30 m",
        ),
        (
            0.0,
            [hole(depth_m=3), hole(depth_m=1.5), hole(bottom_level_m=28), hole(bottom_level_m=27), hole()],
            "开挖 5 处，面积共 80.0 m²，深 1.5 至 3 m，坑底高程最低 27.00 m，有的深度未说明",
            (
                "5 excavations of 80.0 m² together, 1.5 to 3 m deep, down to the level 27.00 m at the lowest, "
                "some of unsaid depth"
            ),
        ),
    ],
)
def test_a_work_is_told_by_its_length_or_by_its_holes(
    length_m: float, holes: list[Excavation], zh: str, en: str
) -> None:
    assert extent_words(Speaker("zh"), length_m=length_m, holes=holes) == zh
    assert extent_words(Speaker("en"), length_m=length_m, holes=holes) == en
