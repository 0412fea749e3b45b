"""``xzgis terrain import`` takes in what can be ground and refuses the rest in a sentence."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.unit.conflicts.test_ground import a_raster
from xzgis.cli import terrain
from xzgis.core import settings as settings_module
from xzgis.core.errors import Invalid
from xzgis.networks.queries.terrain import terrain_in_force


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Files go to a folder of the test; the command finds the test's own transaction."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setattr(terrain, "open_database", lambda: None)
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def test_a_raster_of_ground_is_taken_in_and_its_gaps_are_counted(session: Session, tmp_path: Path, capsys):
    path = a_raster(tmp_path / "city.tif", [[30, -9999, 30], [30, -1, 30]])

    terrain.import_raster(path, sigma_m=0.2, as_json=True)

    told = json.loads(capsys.readouterr().out.splitlines()[0])
    found = terrain_in_force(session)
    assert (told["cells"], told["cells_unknown"]) == (6, 2)
    assert found is not None
    assert (found.name, found.sigma_m) == ("city.tif", 0.2)


@pytest.mark.parametrize(
    ("cells", "given", "sigma_m", "word"),
    [
        pytest.param([[3000, 3010], [3020, 30]], {"dtype": "int16"}, 0.15, "3000 m", id="centimetres unsaid"),
        pytest.param([[-9999, -9999], [-9999, 30]], {"nodata": None}, 0.15, "-9999 m", id="gaps undeclared"),
        pytest.param([[30, 30], [30, 30]], {}, 0.0, "sigma-m", id="exact"),
    ],
)
def test_what_cannot_be_ground_is_refused(session: Session, tmp_path: Path, cells, given, sigma_m, word):
    path = a_raster(tmp_path / "city.tif", cells, **given)

    with pytest.raises(Invalid, match=word):
        terrain.import_raster(path, sigma_m=sigma_m, as_json=False)

    assert terrain_in_force(session) is None
