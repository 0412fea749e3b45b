"""What the vertical part of a coordinate system says of heights."""

import pytest

from xzgis.spatial.height_systems import STORAGE_WITH_HEIGHTS, height_system, other_heights

_PLAN = (
    'PROJCS["CGCS2000 CM 117E",GEOGCS["CGCS2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["central_meridian",117],PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],UNIT["metre",1]]'
)


def compound(heights: str, unit: str = 'UNIT["metre",1]', axis: str = "UP") -> str:
    vertical = f'VERT_CS["{heights}",VERT_DATUM["{heights}",2005],{unit},AXIS["H",{axis}]]'
    return f'COMPD_CS["both",{_PLAN},{vertical}]'


@pytest.mark.parametrize("system", ["EPSG:4548", "EPSG:4490", "EPSG:4326", "EPSG:31370", "no system at all"])
def test_a_system_of_the_plan_says_nothing_of_heights(system: str) -> None:
    assert height_system(system) is None
    assert other_heights(None, system) is None


@pytest.mark.parametrize(
    "system",
    [STORAGE_WITH_HEIGHTS, "EPSG:4490+5737", compound("1985国家高程基准"), compound("Yellow_Sea_1985")],
)
def test_heights_on_the_1985_datum_are_ours(system: str) -> None:
    assert other_heights(None, system) is None
    assert other_heights(system, "EPSG:4548+5736") is None


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("EPSG:4979", "ellipsoidal"),
        ("EPSG:4480", "ellipsoidal"),
        ("EPSG:4978", "ellipsoidal"),
        ("EPSG:4548+5736", "Yellow Sea 1956"),
        ("EPSG:4490+3855", "EGM2008"),
        ("EPSG:9518", "EGM2008"),
        (compound("吴淞高程"), "吴淞"),
        (compound("IGLD 1985"), "IGLD"),
        (compound("Yellow Sea 1985", 'UNIT["foot",0.3048]'), "Yellow Sea 1985"),
        (compound("Yellow Sea 1985", axis="DOWN"), "Yellow Sea 1985"),
    ],
)
def test_any_other_datum_unit_or_direction_is_told(system: str, name: str) -> None:
    assert name in str(other_heights(None, system))
    assert name in str(other_heights("EPSG:4548", system))
    assert name in str(other_heights(system, STORAGE_WITH_HEIGHTS))
