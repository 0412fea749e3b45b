"""What is shipped is sound; what is wrong is refused with file, line and column; data alone adds a kind."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xzgis.catalogue.files import load, schemas
from xzgis.catalogue.terms import Catalogue, ClearanceRule
from xzgis.core.errors import Invalid
from xzgis.core.settings import ROOT

LAYERS = ROOT / "layers"
REFERENCE = ROOT.parent / "shared" / "reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference tables are not beside the project"
)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load(LAYERS)


@pytest.fixture
def layers(tmp_path: Path) -> Path:
    """A copy of the shipped definitions to spoil."""
    return Path(shutil.copytree(LAYERS, tmp_path / "layers"))


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _append(file: Path, line: str) -> int:
    text = file.read_text(encoding="utf-8")
    file.write_text(text + line + "\n", encoding="utf-8")
    return text.count("\n") + 1


def _line(file: Path, text: str) -> int:
    return file.read_text(encoding="utf-8").splitlines().index(text) + 1


def _refusal(layers: Path) -> Invalid:
    with pytest.raises(Invalid) as caught:
        load(layers)
    return caught.value


def test_every_kind_of_line_of_the_commands_is_defined(shipped):
    asked = {
        "drainage_storm",
        "drainage_foul",
        "drainage_combined",
        "water",
        "reclaimed",
        "gas",
        "heat",
        "power",
        "telecom",
        "trench",
        "utility_tunnel",
        "industrial",
        "road",
        "unknown",
    }

    assert asked <= set(shipped.kinds)


def test_every_rule_says_where_it_comes_from(shipped):
    rules = (*shipped.horizontal, *shipped.vertical, *shipped.cover, *shipped.order, *shipped.give_way)

    assert all(rule.source and rule.standard for rule in rules)


def test_only_the_river_crossings_are_mandatory(shipped):
    mandatory = {rule.rule_id for rule in shipped.cover if rule.mandatory}

    assert mandatory == {"C031", "C032", "C033"}
    assert not any(rule.mandatory for rule in (*shipped.horizontal, *shipped.vertical))


def _reference_pairs(name: str) -> dict[str, dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8") as text:
        return {row["rule_id"][:-1]: row for row in csv.DictReader(text) if row["rule_id"].endswith("a")}


def _same(rule: ClearanceRule, row: dict[str, str]) -> bool:
    expected = row["clearance_m"].removeprefix("=")
    # Notes of the reference that are conditions: of polyethylene gas pipes beside heat CJJ 63 speaks instead.
    condition_a, condition_b = (
        ";".join(token for token in asked.split(";") if token != "not_PE")
        for asked in (rule.condition_a, rule.condition_b)
    )
    figure = rule.clearance_m if isinstance(rule.clearance_m, str) else float(rule.clearance_m)
    return (
        (rule.kind_a, condition_a, rule.kind_b, condition_b)
        == (row["kind_a"], row["condition_a"], row["kind_b"], row["condition_b"])
        and figure == (expected if isinstance(figure, str) else float(expected))
        and (rule.standard, rule.table, rule.confidence) == (row["standard"], row["table"], row["confidence"])
    )


@needs_reference
@pytest.mark.parametrize(
    ("part", "name", "count"),
    [("horizontal", "clearances.csv", 264), ("vertical", "vertical_clearances.csv", 83)],
)
def test_clearances_are_those_of_the_reference_one_row_for_each_pair(shipped, part, name, count):
    wanted = _reference_pairs(name)
    rules = {rule.rule_id: rule for rule in getattr(shipped, part) if not rule.rule_id.startswith("S")}

    assert len(wanted) == count
    assert set(rules) == set(wanted)
    assert [key for key, row in wanted.items() if not _same(rules[key], row)] == []


@needs_reference
def test_rows_that_another_standard_replaces_for_polyethylene_say_so(shipped):
    rows = _reference_pairs("clearances.csv") | _reference_pairs("vertical_clearances.csv")
    told = {key for key, row in rows.items() if "CJJ 63" in row["note"]}
    rules = {rule.rule_id: rule for rule in (*shipped.horizontal, *shipped.vertical)}
    has = {
        key
        for key, rule in rules.items()
        if "not_PE" in (rule.condition_a + ";" + rule.condition_b).split(";")
    }

    assert len(told) == 11
    # V049 is the heat trench below or above a gas pipe.
    assert has == told | {"V049"}


@needs_reference
def test_mirrored_rows_of_the_reference_say_the_same():
    with (REFERENCE / "clearances.csv").open(encoding="utf-8") as text:
        rows = {row["rule_id"]: row for row in csv.DictReader(text)}
    second = [key for key in rows if key.endswith("b")]

    assert all(rows[key]["clearance_m"] == rows[key[:-1] + "a"]["clearance_m"] for key in second)


@needs_reference
def test_covers_are_those_of_the_reference(shipped):
    with (REFERENCE / "cover_depths.csv").open(encoding="utf-8") as text:
        wanted = {
            row["rule_id"]: (row["kind"], row["condition"], row["surface"], float(row["cover_m"]))
            for row in csv.DictReader(text)
        }

    assert len(wanted) == 33
    assert {r.rule_id: (r.kind, r.condition, r.surface, r.cover_m) for r in shipped.cover} == wanted


@needs_reference
def test_every_code_of_the_reference_leads_to_a_kind(shipped):
    with (REFERENCE / "pipeline_kinds.csv").open(encoding="utf-8") as text:
        wanted = {row["sub_code"] or row["class_code"] for row in csv.DictReader(text)} - {"QT"}

    assert wanted <= {entry.code for entry in shipped.kind_codes}


def test_schemas_are_those_of_the_models():
    kept = {path.name: path.read_text(encoding="utf-8") for path in (LAYERS / "schema").glob("*.json")}

    assert kept == schemas(), "run: xzgis docs"


def test_version_follows_every_byte(layers, shipped):
    _replace(layers / "limits.toml", "value = 75.0", "value = 76.0")

    assert load(layers).version != shipped.version


SPOILT: list[tuple[str, Callable[[Path], int], str, str]] = [
    ("negative clearance", lambda d: _append(d / "clearances/horizontal.csv",
     "X1,GB 1,1,1,water,,gas,low,-1,no,memory,here,"), "clearances/horizontal.csv", "clearance_m"),
    ("not a number", lambda d: _append(d / "clearances/cover.csv",
     "X1,GB 1,1,1,water,,carriageway,deep,no,memory,here,"), "clearances/cover.csv", "cover_m"),
    ("nan", lambda d: _append(d / "clearances/cover.csv",
     "X1,GB 1,1,1,water,,carriageway,nan,no,memory,here,"), "clearances/cover.csv", "cover_m"),
    ("no source", lambda d: _append(d / "clearances/horizontal.csv",
     "X1,GB 1,1,1,water,,gas,low,1,no,memory,,"), "clearances/horizontal.csv", "source"),
    ("unknown kind", lambda d: _append(d / "clearances/vertical.csv",
     "X1,GB 1,1,1,watr,,gas,,1,no,memory,here,"), "clearances/vertical.csv", "kind_a"),
    ("unknown condition", lambda d: _append(d / "clearances/vertical.csv",
     "X1,GB 1,1,1,water,,power,direct_buried;U<7kV,1,no,memory,here,"), "clearances/vertical.csv", "condition_b"),
    ("unknown confidence", lambda d: _append(d / "clearances/vertical.csv",
     "X1,GB 1,1,1,water,,gas,,1,no,rumour,here,"), "clearances/vertical.csv", "confidence"),
    ("unknown surface", lambda d: _append(d / "clearances/cover.csv",
     "X1,GB 1,1,1,water,,moon,1,no,memory,here,"), "clearances/cover.csv", "surface"),
    ("same rule twice", lambda d: _append(d / "clearances/vertical.csv",
     "V001,GB 1,1,1,water,,gas,,1,no,memory,here,"), "clearances/vertical.csv", "rule_id"),
    ("same pair mirrored", lambda d: _append(d / "clearances/vertical.csv",
     "X1,GB 50289-2016,4.1.14,4.1.14,water,,gas,,0.2,no,memory,here,"), "clearances/vertical.csv", "kind_a"),
    ("empty range", lambda d: _append(d / "outer_sizes.csv",
     "water,,,9,9,outer,0,,0,yes,here"), "outer_sizes.csv", "nominal_mm_to"),
    ("clashing alias", lambda d: _append(d / "codes/material.csv",
     "XX,copper_clad,镀铜,copper clad,PE,,,,,,,CJJ 61-2017,memory,here,"), "codes/material.csv", "aliases"),
    ("token outside a closed list", lambda d: _append(d / "codes/burial.csv",
     "XX,hanging,悬吊,hung,,,,,,,,local,memory,here,"), "codes/burial.csv", "token"),
    ("limit beyond its bounds", lambda d: (_replace(d / "limits.toml", "value = 75.0", "value = 7500"),
     _line(d / "limits.toml", "value = 7500"))[1], "limits.toml", "value"),
    ("limit of nothing", lambda d: (_replace(d / "limits.toml", "most = 45", "mots = 45"),
     _line(d / "limits.toml", "mots = 45"))[1], "limits.toml", "mots"),
    ("a chamber without a size", lambda d: _append(d / "codes/appurtenance.csv",
     "XX,sump,集水坑,sump,,,,,,,,local,memory,here,"), "codes/appurtenance.csv", "token"),
    ("a vague chamber smaller than a precise one", lambda d: (_replace(d / "chambers.csv",
     "manhole,power,0,100000,900,10000", "manhole,power,0,100000,900,9999"),
     next(number for number, row in enumerate((d / "chambers.csv").read_text("utf-8").splitlines(), 1)
          if row.startswith("cable_manhole,power")))[1], "chambers.csv", "width_mm_to"),
    ("a part of a kind under the word of the whole", lambda d: (_replace(d / "kinds/gas.toml",
     'code = "Y"\nzh = "液化气"', 'code = "Y"\nzh = "燃气"'), _line(d / "kinds/gas.toml", 'code = "Y"') - 2)[1],
     "kinds/gas.toml", "zh"),
    ("a cell too many", lambda d: _append(d / "accuracy.csv",
     "guess,猜,guess,1,0,1,0,1,memory,here,more"), "accuracy.csv", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "file", "column"), [case[1:] for case in SPOILT], ids=[case[0] for case in SPOILT]
)
def test_a_bad_row_is_refused_with_file_line_and_column(layers, spoil, file, column):
    line = spoil(layers)

    faults = _refusal(layers).faults

    assert (file, line, column) in [fault.loc for fault in faults]
    assert all(fault.words.zh and fault.words.en and fault.remedy for fault in faults)


def test_all_bad_rows_are_told_at_once(layers):
    for _ in range(3):
        _append(layers / "clearances/cover.csv", "X1,GB 1,1,1,water,,carriageway,99,no,memory,here,")
    _replace(layers / "kinds/gas.toml", 'flow = "pressure"', 'flow = "uphill"')

    faults = _refusal(layers).faults

    assert len(faults) == 4
    assert ("kinds/gas.toml", 10, "flow") in [fault.loc for fault in faults]


def test_broken_toml_is_refused_with_its_line(layers):
    _replace(layers / "grid.toml", "srid = 4548", "srid = ")

    assert _refusal(layers).faults[0].loc[:2] == ("grid.toml", 2)


def test_a_file_that_is_missing_or_not_utf8_is_refused(layers):
    (layers / "conditions.csv").unlink()
    (layers / "codes/flow.csv").write_bytes("code,token\n管,沟\n".encode("gb18030"))

    assert {"conditions.csv", "codes/flow.csv"} <= {fault.loc[0] for fault in _refusal(layers).faults}


def test_a_nested_key_is_found_in_its_own_table(layers):
    text = (layers / "kinds/gas.toml").read_text(encoding="utf-8")
    wanted = text[: text.index('code = "YH"')].count("\n") + 1
    _replace(layers / "kinds/gas.toml", 'code = "YH"', "code = 7")

    assert _refusal(layers).faults[0].loc == ("kinds/gas.toml", wanted, "code")


KIND = """token = "cooling"
zh = "供冷"
en = "district cooling"
order = 45
code = "LN"
rule_kind = "cooling"
flow = "pressure"
depth_reference = "crown"
table_words = ["供冷"]

[[codes]]
scheme = "local"
code = "R"
zh = "供冷"
en = "district cooling"
"""


@pytest.fixture
def with_cooling(layers: Path) -> Catalogue:
    """District cooling, added as data alone: a kind, its symbol, its rules and its outer sizes."""
    (layers / "kinds/cooling.toml").write_text(KIND, encoding="utf-8")
    (layers / "symbols/cooling.toml").write_text('kind = "cooling"\nscreen = "#005f87"\n', encoding="utf-8")
    _append(layers / "conditions.csv", "cold,冷冻水,chilled water,material,pe,,,,,,,,,")
    _append(
        layers / "clearances/horizontal.csv", "X001,local,1,1,cooling,cold,gas,low,1.1,no,memory,made up,"
    )
    _append(
        layers / "clearances/vertical.csv", "X002,local,2,2,cooling,,any_pipeline,,0.2,no,memory,made up,"
    )
    _append(layers / "clearances/cover.csv", "X003,local,3,3,cooling,,carriageway,0.9,no,memory,made up,")
    _append(layers / "clearances/order.csv", "X004,local,4,heat,cooling,no,memory,made up,")
    _append(layers / "outer_sizes.csv", "cooling,pe,,1,3000,nominal,40,,10,yes,made up")
    return load(layers)


def test_a_new_kind_needs_data_alone(with_cooling):
    from xzgis.catalogue.rules import conditions_hold, kind_of_code, outer_size
    from xzgis.networks.terms import Conditions

    rule = next(rule for rule in with_cooling.horizontal if rule.rule_id == "X001")
    line = Conditions(kind="cooling", material="pe")

    assert kind_of_code(with_cooling, "R", hint="供冷管线表").kind == "cooling"
    assert conditions_hold(with_cooling, rule.condition_a, line) is True
    assert conditions_hold(with_cooling, rule.condition_a, Conditions(kind="cooling")) is None
    assert with_cooling.kinds["cooling"].rule_kind == "cooling"
    envelope = outer_size(with_cooling, kind="cooling", material="pe", nominal_mm=300)
    assert envelope is not None
    assert (envelope.outer_mm, envelope.spread_mm) == (380, 20)
