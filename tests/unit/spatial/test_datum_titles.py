"""Names of files and layers that put heights on another datum, and those that only look like it."""

import pytest

from xzgis.spatial.datum_words import other_datum_of_head, other_datum_of_title


@pytest.mark.parametrize(
    "title",
    [
        "管线_吴淞高程",
        "levels_wusong",
        "levels_wusong.gpkg",
        "level_local",
        "珠江高程系",
        "1956年黄海高程",
        "56黄海高程",
        "level56",
        "高程H56",
        "高程_56",
        "H56高程",
        "吴淞/高程线.shp",
        "高程线/吴淞",
    ],
)
def test_a_name_of_another_datum_is_heard(title: str) -> None:
    assert other_datum_of_title(title) is not None


@pytest.mark.parametrize("head", ["level_local", "local_level", "高程(吴淞)"])
def test_a_head_of_another_datum_is_heard(head: str) -> None:
    assert other_datum_of_head(head) is not None


@pytest.mark.parametrize(
    "title",
    [
        "JX56-高程",
        "DN56 level",
        "珠江路管线高程成果.gpkg",
        "黄海路雨水管底标高.shp",
        "图幅56/给水高程线",
        "NS56_level",
        "1985国家高程基准",
        "localisation_levels",
    ],
)
def test_roads_and_sheets_are_no_datums(title: str) -> None:
    assert other_datum_of_title(title) is None
