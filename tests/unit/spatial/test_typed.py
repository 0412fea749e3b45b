"""A typed place is understood in one way, and says which."""

import pytest

from xzgis.spatial.crs import Extent
from xzgis.spatial.typed import read_place

CITY = Extent(116.2, 118.8, 33.6, 35.1, 442_279, 653_746, 3_732_968, 3_871_306, 516_946.645, 3_792_628.12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("517844.5 3793991.4", "东、北坐标", id="east north"),
        pytest.param("3793991.4, 517844.5", "X = 北", id="north east"),
        pytest.param("X=3793991.4;Y=517844.5", "X = 北", id="named, north first"),
        pytest.param("39517844.5,3793991.4", "带号 39", id="with zone prefix"),
        pytest.param("117.1938 34.2733", "经度、纬度", id="degrees"),
        pytest.param("34.2733°N, 117.1938°E", "纬度、经度", id="degrees, latitude first"),
    ],
)
def test_two_numbers_are_a_place(text, said):
    place = read_place(text, CITY)

    assert place is not None
    assert said in place.words.zh
    assert place.east_m == pytest.approx(517_844.5, abs=30)
    assert place.north_m == pytest.approx(3_793_991.4, abs=30)


@pytest.mark.parametrize("text", ["", "JS12", "12 13", "116.4 39.9", "517844.5", "1 2 3", "解放路 12 号"])
def test_anything_else_is_not(text):
    assert read_place(text, CITY) is None
