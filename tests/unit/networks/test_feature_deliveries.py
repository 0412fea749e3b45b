"""Real feature deliveries, understood whole: counts, lengths and facts as their references say."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xzgis.catalogue.files import load
from xzgis.catalogue.terms import Catalogue
from xzgis.core.settings import ROOT
from xzgis.formats.feature_files import read_one
from xzgis.formats.features import FeatureFile
from xzgis.formats.sniff import recognise
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.rules.survey import line_lengths_m
from xzgis.networks.terms import Delivery


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "layers")


def real(path: Path, work: Path) -> FeatureFile:
    return read_one([path], file=path.name, format_=recognise(path).format, work=work)


def delivered(file: FeatureFile, catalogue: Catalogue) -> Delivery:
    """The file as proposed, set down in the city: these lie elsewhere."""
    return deliver([file], propose_mapping([file], catalogue), Placing(displace=True), catalogue)


@pytest.mark.parametrize("request_", ["22G003181_1", "22G003182_1", "22O000518_1", "22O000525_1"])
def test_klic_deliveries_come_in_whole(shared_data, tmp_path, catalogue, request_):
    expected = json.loads(
        (shared_data / "imkl_klic_nl" / "reference_counts.json").read_text(encoding="utf-8")
    )[request_]
    themes = expected["links_by_theme"]

    found = delivered(real(shared_data / "imkl_klic_nl" / f"Levering_{request_}.zip", tmp_path), catalogue)

    lines = found.lines
    assert len(lines) == sum(theme["count"] for theme in themes.values())
    told = dict(found.files[0].length_m_by_code)
    assert told == pytest.approx({code: theme["length_m"] for code, theme in themes.items()}, abs=0.06)
    assert not [finding for finding in found.findings if finding.level == "error"]
    assert set(lines["accuracy_class"]) == {"assumed"}
    assert lines["sigma_plan_m"].min() >= 1.0
    assert len(found.facts["areas_geojson"]) == 1


def test_points_are_told_as_they_stay_before_the_lines_are_worked_out(shared_data, tmp_path, catalogue):
    file = real(shared_data / "imkl_klic_nl" / "flat_22G003182_1.gpkg", tmp_path)
    told: list[tuple[Delivery, pd.DataFrame]] = []

    found = deliver(
        [file],
        propose_mapping([file], catalogue),
        Placing(displace=True),
        catalogue,
        placed_points=lambda one: told.append((one, one.points.copy(deep=True))),
    )

    ((first, as_told),) = told
    assert first.points is found.points
    pd.testing.assert_frame_equal(as_told, found.points)
    assert (len(first.lines), len(found.lines)) == (0, len(found.vertices.offset) - 1)
    assert set(first.findings) <= set(found.findings)


def test_the_flat_copy_of_a_delivery_says_the_same(shared_data, tmp_path, catalogue):
    folder = shared_data / "imkl_klic_nl"

    whole = delivered(real(folder / "Levering_22G003182_1.zip", tmp_path), catalogue)
    flat = delivered(real(folder / "flat_22G003182_1.gpkg", tmp_path), catalogue)

    for column in ("kind", "life_state", "owner", "burial", "pressure_class", "material"):
        assert whole.lines[column].value_counts().to_dict() == flat.lines[column].value_counts().to_dict(), (
            column
        )
    assert whole.files[0].length_m_by_code == flat.files[0].length_m_by_code


def test_klic_facts_are_read_as_they_are_meant(shared_data, tmp_path, catalogue):
    found = delivered(real(shared_data / "imkl_klic_nl" / "Levering_22G003181_1.zip", tmp_path), catalogue)

    lines = found.lines
    assert set(lines["life_state"]) == {"built", "disused", "approved"}
    # Millimetres and centimetres in one file: a casing of 16 cm is no pipe of 16 mm.
    casings = lines["attributes"].str.contains('"object":"Mantelbuis"')
    assert lines.loc[casings, "nominal_width_mm"].max() > 150
    assert lines.loc[lines["code"] == "middenspanning", "voltage_kv"].max() == 10.0
    assert lines["voltage_kv"].min() > 0
    standard = lines["assumptions"].fillna("").str.contains("standard_depth")
    assert set(lines.loc[standard, "accuracy_class"]) == {"assumed"}
    assert lines.loc[lines["code"] == "rioolVrijverval", "start_depth_m"].isna().all()
    measured = (lines[["start_depth_m", "end_depth_m"]] == 1.6).any(axis=1)
    assert measured.sum() >= 1
    banked = lines[lines["bank"] > 0]
    assert banked.groupby("bank").size().min() >= 2
    assert "R40" in {finding.code for finding in found.findings}


def test_a_bed_shares_its_bank_with_what_it_names(shared_data, tmp_path, catalogue):
    snippet = shared_data / "imkl_klic_nl" / "snippets" / "Voorbeeld_2_Utiliteitsnet_met_Duct-Pipe-Cable.xml"

    lines = delivered(real(snippet, tmp_path), catalogue).lines

    assert len(lines) == 5
    assert set(lines["bank"]) == {1}


def test_degrees_in_a_file_of_metres_are_told_by_row(shared_data, tmp_path, catalogue):
    name = "netinformatie_KL9999-Best_IMKL2015-v1.2.1.zip"

    found = delivered(real(shared_data / "imkl_klic_nl" / name, tmp_path), catalogue)

    strays = [finding for finding in found.findings if finding.code == "G12"]
    assert len(strays) == 17
    assert all(finding.row for finding in strays)


def test_giswater_sewers_have_levels_from_their_inverts(shared_data, tmp_path, catalogue):
    found = delivered(real(shared_data / "giswater_santboi" / "giswater_santboi.gpkg", tmp_path), catalogue)

    arcs = np.flatnonzero(found.lines["sheet"] == "sewer_arc")
    line = int(arcs[found.lines["label"].iloc[arcs] == "190"][0])
    first = found.vertices.offset[line]
    wall_m = (found.lines["outer_height_mm"].iloc[line] - 400.0) / 2 / 1000
    assert len(arcs) == 206
    assert found.vertices.ground_m[first] == pytest.approx(39.66)
    assert found.vertices.bottom_m[first] == pytest.approx(38.15 - wall_m)
    assert found.lines["depth_reference"].iloc[line] == "invert"
    lengths = line_lengths_m(found.lines, found.vertices)
    assert lengths[arcs].sum() == pytest.approx(9661.9, abs=0.1)
    assert set(found.lines["life_state"]) == {"built", "disused", "approved"}
    # Water arcs tell the ground at their ends; their depth of 0 is no depth.
    water = (found.lines["sheet"] == "water_arc").to_numpy()
    assert np.isnan(found.lines.loc[water, "start_depth_m"]).all()
    assert lengths[water].sum() == pytest.approx(12_629.2, abs=0.1)


def test_oberrhein_power_lines_keep_their_stated_length(shared_data, tmp_path, catalogue):
    folder = shared_data / "power_mv_oberrhein"

    found = delivered(real(folder / "mv_lines_epsg4326.geojson", tmp_path), catalogue)

    assert len(found.lines) == 181
    assert line_lengths_m(found.lines, found.vertices).sum() / 1000 == pytest.approx(109.72, rel=1e-3)
    assert set(found.lines["voltage_kv"]) == {20.0}


def test_osm_power_lines_hang_and_pipes_lie(shared_data, tmp_path, catalogue):
    file = real(shared_data / "osm_liechtenstein" / "liechtenstein-2013-08-03.osm.pbf", tmp_path)

    found = delivered(file, catalogue)

    assert found.lines.groupby("sheet").size().to_dict() == {"pipeline": 2, "power": 3}
    assert set(found.lines.loc[found.lines["sheet"] == "power", "burial"]) == {"overhead"}
    assert found.lines["voltage_kv"].max() == 220.0
