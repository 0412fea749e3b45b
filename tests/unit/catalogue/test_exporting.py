"""The tables in force as a folder: read back they say the same, and what is other than shipped stays told."""

import csv
import json
from pathlib import Path

import pytest

from tests.unit.catalogue.test_overlay import NOW, change
from xzgis.catalogue.actions.exporting import NOTE, tables_of_folder, write_edition
from xzgis.catalogue.files import edition_of, shipped
from xzgis.catalogue.terms.changes import Bearing, Change
from xzgis.core.errors import Invalid
from xzgis.core.settings import ROOT

OWN = {"rule_id": "X1", "standard": "徐规, 2026", "table": "1", "kind_a": "gas", "kind_b": "water", "clearance_m": "3",
       "confidence": "verified", "source": "徐规发〔2026〕12 号"}  # fmt: skip
CHANGES = (
    change("horizontal", "H020", clearance_m="0.4"),
    change("horizontal", "H039", enabled="no"),
    Change(7, "horizontal", "X1", (), tuple(OWN.items()), NOW),
    change("limits", "dig_hand_zone_m", value="1.5"),
    change("codes.material", "ZT|cast_iron|CJJ 61-2017", aliases="生铁管;老铁管"),
)


def test_the_edition_in_force_is_written_and_read_back(tmp_path: Path) -> None:
    edition = edition_of(CHANGES)

    version = write_edition(edition, tmp_path / "out")

    found = tables_of_folder(tmp_path / "out")
    assert found.version == version
    assert found.horizontal == edition.catalogue.horizontal
    assert found.limits == edition.catalogue.limits
    assert {(one.table, one.key, one.bearing, one.is_disabled) for one in found.changes} == {
        (one.table, one.key, one.bearing, one.is_disabled) for one in edition.catalogue.changes
    }
    assert json.loads((tmp_path / "out" / NOTE).read_text(encoding="utf-8"))["edition_in_force"] == (
        edition.catalogue.version
    )
    same = (tmp_path / "out/clearances/vertical.csv").read_bytes()
    assert same == (ROOT / "layers/clearances/vertical.csv").read_bytes()


def test_a_folder_that_lacks_a_rule_is_looser_than_shipped(tmp_path: Path) -> None:
    write_edition(shipped(), tmp_path / "out")
    file = tmp_path / "out/clearances/cover.csv"
    with file.open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.reader(text) if row[0] != "C003"]
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows(rows)

    (change_told,) = tables_of_folder(tmp_path / "out").changes

    assert (change_told.key, change_told.bearing, change_told.is_disabled) == ("C003", Bearing.LOOSER, True)


def test_a_folder_that_lacks_a_list_or_reads_files_otherwise_says_so(tmp_path: Path) -> None:
    write_edition(shipped(), tmp_path / "out")
    assert tables_of_folder(tmp_path / "out").changes == ()
    (tmp_path / "out/codes/voltage.csv").unlink()
    (tmp_path / "out/intake/osm.toml").unlink()
    city = tmp_path / "out/city.toml"
    city.write_text(city.read_text(encoding="utf-8").replace("= 116.2", "= 116.1"), encoding="utf-8")

    told = tables_of_folder(tmp_path / "out").changes

    lists = [one for one in told if one.table == "codes.voltage"]
    assert len(lists) == len(shipped().parts["codes/voltage"])
    assert {(one.bearing, one.is_disabled) for one in lists} == {(Bearing.LOOSER, True)}
    assert [(one.table, one.key, one.bearing, one.is_disabled) for one in told if one not in lists] == [
        ("city", "city.toml", Bearing.UNCLEAR, False),
        ("intake", "intake/osm.toml", Bearing.UNCLEAR, True),
    ]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")

    with pytest.raises(Invalid):
        write_edition(shipped(), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
