"""Zones of trunks are found as far as they reach: in the register, in its past, in files; and told to nobody in vain."""

import json

import pytest
from shapely import LineString

from tests.db.conflicts.test_check import DAY, a_work, check, everywhere, of
from tests.db.conflicts.test_seen import EXACT, STEP_M, looking, told
from tests.factories import EAST_M, NORTH_M, NOW, a_run
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.check_files import FileOptions, check_against_files
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import as_json, document
from xzgis.conflicts.reports.formats import rendered
from xzgis.conflicts.reports.schema import FindingsDocument
from xzgis.conflicts.rules.zone_reach import zone_looks
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.networks.models import SecretRecord
from xzgis.works.terms import Excavation

HALVES_M, SLACK_M = 0.1 + 0.4 + 0.25, 0.1
"""Half of the new line, its trench, half of the trunk; twice its sigma of 0.05 m."""


def a_trunk(gap_m, kind="gas", pressure="high_A", *, first_m=-200.0, last_m=300.0, **facts):
    north_m = NORTH_M + gap_m + HALVES_M
    axis = LineString([(EAST_M + first_m, north_m), (EAST_M + last_m, north_m)])
    given = {"label": "GQ1-GQ2", "owner": "管输公司", "outer_width_mm": 500.0, "outer_spread_mm": 0.0}
    return a_run(kind, axis=axis, pressure_class=pressure, **(given | facts))


@pytest.mark.parametrize(
    ("kind", "pressure", "gap_m", "outcome"),
    [
        ("gas", "high_A", 40.0, "refer"),
        ("gas", "high_A", 50.0 + SLACK_M - 0.001, "refer"),
        ("gas", "high_A", 51.0, None),
        ("gas", "subhigh_B", 14.0, "refer"),
        ("gas", "subhigh_B", 16.0, None),
        ("gas", None, 49.0, "cannot_judge"),
        ("industrial", None, 49.0, "refer"),
        ("industrial", None, 51.5, None),
        ("gas", "medium_A", 5.0 + SLACK_M - 0.001, "duty"),
        ("gas", "medium_A", 5.2, None),
    ],
)
def test_a_line_is_found_as_far_as_its_zone_reaches(session, kind, pressure, gap_m, outcome):
    session.add(a_trunk(gap_m, kind, pressure))
    everywhere(session)

    for sources in (Sources(), Sources(as_of=DAY)):
        result = check(session, a_work(), sources=sources).result

        said = ["duty" if one.advisory else one.outcome.value for one in of(result, Measure.ZONE)]
        assert said == ([] if outcome is None else [outcome])
        if outcome in ("refer", "cannot_judge"):
            assert result.counts[outcome] == 1
        else:
            assert result.counts["refer"] == result.counts["cannot_judge"] == 0


def test_a_vague_trunk_and_a_very_wide_main_are_looked_up_as_far_as_they_reach(session):
    session.add(a_trunk(60.0, sigma_plan_m=6.0, accuracy_class="assumed"))
    session.add(a_trunk(-5.9 - 2.0, pressure="medium_A", outer_width_mm=4500.0, label="GW1-GW2"))
    everywhere(session)

    found = of(check(session, a_work()).result, Measure.ZONE)

    assert {(one.b.label, one.outcome, one.advisory) for one in found} == {
        ("GQ1-GQ2", Outcome.REFER, False), ("GW1-GW2", Outcome.REFER, True)
    }  # fmt: skip


def test_what_a_city_widens_is_looked_for_too(session):
    """A city rule asks 9 m beside medium pressure and 30 m beside water: no index holds those lines."""
    known = catalogue()
    own = [replace_row(one) for one in known.zones]
    own.append(
        own[0].model_copy(
            update={"rule_id": "Z99", "kind": "water", "pressure_classes": (), "distance_m": 30.0}
        )
    )
    wider = known.model_copy(update={"zones": tuple(own)})
    session.add(a_trunk(8.5, pressure="medium_A"))
    session.add(
        a_run(
            "water",
            axis=LineString([(EAST_M, NORTH_M - 29.0), (EAST_M + 100, NORTH_M - 29.0)]),
            label="SW1-SW2",
        )
    )
    everywhere(session)
    found = of(check_work(session, a_work(), catalogue=wider).result, Measure.ZONE)

    assert zone_looks(known).other_m is None
    assert sorted(one.b.label for one in found) == ["GQ1-GQ2", "SW1-SW2"]


def replace_row(rule):
    return rule.model_copy(update={"distance_m": 9.0}) if rule.rule_id == "Z04" else rule


def test_an_excavation_finds_a_trunk_as_far_as_a_line_does(session):
    outline = ((EAST_M, NORTH_M - 3), (EAST_M + 6, NORTH_M - 3), (EAST_M + 6, NORTH_M), (EAST_M, NORTH_M))
    work = a_work().model_copy(
        update={"runs": (), "excavations": (Excavation(outline=outline, depth_m=2.0),)}
    )
    session.add(a_trunk(49.4))
    session.add(a_trunk(-9.09, pressure="low", label="D1-D2"))
    everywhere(session)

    found = of(check(session, work).result, Measure.ZONE)

    assert [(one.a.id, one.b.label, one.advisory) for one in found] == [
        ("hole:1", "GQ1-GQ2", False), ("hole:1", "D1-D2", True)
    ]  # fmt: skip


def test_the_runs_of_a_trunk_are_one_finding_that_names_them(session):
    pieces = [(-40.0, 20.0), (20.0, 60.0), (60.0, 160.0)]
    session.add_all(
        a_trunk(30.0 + at, first_m=first, last_m=last, label=f"GQ{at}")
        for at, (first, last) in enumerate(pieces)
    )
    session.add(a_trunk(20.0, "industrial", None, label="KX1", owner="矿业公司"))
    session.add_all(
        [
            a_trunk(40.0, pressure=None, label="BM1", owner="甲"),
            a_trunk(41.0, pressure=None, label="BM2", owner="乙"),
        ]
    )
    everywhere(session)

    result = check(session, a_work()).result

    found = {one.b.label: one for one in of(result, Measure.ZONE)}
    assert {label: len(one.lines) for label, one in found.items()} == {"GQ0": 3, "KX1": 0, "BM1": 2}
    assert (result.counts["refer"], result.counts["cannot_judge"]) == (2, 1)
    assert "共 3 条：GQ0 30.00 m、GQ1 31.00 m、GQ2 32.00 m" in found["GQ0"].words.zh
    assert "BM2 乙 41.00 m" in found["BM1"].words.zh
    (told_line,) = [one for one in document(result)["findings"] if one["b"]["label"] == "GQ0"]
    assert [line["b"]["label"] for line in told_line["lines"]] == ["GQ0", "GQ1", "GQ2"]
    FindingsDocument.model_validate(json.loads(as_json(result)))


def test_files_say_what_the_register_says(session, tmp_path):
    lines = [("high_A", 40.0), ("high_A", 51.0), (None, 45.0), ("medium_A", 4.0), ("subhigh_A", 14.0)]
    features = []
    for number, (pressure, gap_m) in enumerate(lines):
        run = a_trunk(gap_m, pressure=pressure, label=f"G{number}")
        session.add(run)
        north_m = NORTH_M + gap_m + HALVES_M
        features.append({
            "type": "Feature",
            "properties": {"kind": "gas", "line_id": f"G{number}", "pressure_class": pressure, "outer_diameter_mm": 500,
                           "accuracy_class": "visible_point", "depth_m": 1.0},
            "geometry": {"type": "LineString", "coordinates": [[EAST_M - 200, north_m], [EAST_M + 300, north_m]]},
        })  # fmt: skip
    everywhere(session)
    path = tmp_path / "trunks.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    by_files = check_against_files(
        a_work(), [path], catalogue=catalogue(), options=FileOptions(reading={"crs": "EPSG:4548"})
    ).result
    by_register = check(session, a_work()).result

    def told_of(result):
        return sorted((one.outcome, one.advisory, one.b.label, one.required_m, round(one.gap_m, 1), len(one.lines))
                      for one in of(result, Measure.ZONE))  # fmt: skip

    assert len(told_of(by_register)) == 4
    assert told_of(by_files) == told_of(by_register)


def test_a_trunk_that_is_kept_back_tells_nothing_but_that_there_is_a_line(session):
    secret = a_trunk(40.0, label="MARK-LABEL", owner="MARK-OWNER", object_id=7_200_001)
    session.add_all([secret, a_trunk(41.0, label="MARK-TWO", owner="MARK-OWNER", object_id=7_200_002)])
    session.add(a_trunk(45.0, label="GQ7", owner="MARK-OWNER"))
    everywhere(session)
    session.add_all(
        SecretRecord(object_id=number, grade=1, reason="试验", since=NOW) for number in (7_200_001, 7_200_002)
    )
    session.flush()
    true = check(session, a_work()).result

    result = told(looking(EXACT)).result

    assert (true.counts["refer"], result.counts["refer"]) == (1, 2)
    (withheld,) = [one for one in result.findings if one.b is not None and one.b.state == "withheld"]
    assert (withheld.outcome, withheld.measure, withheld.lines, withheld.gap_m) == (
        Outcome.REFER, Measure.WITHHELD, (), None
    )  # fmt: skip
    assert all((value % STEP_M) == STEP_M / 2 for value in withheld.geometry["coordinates"])
    (seen,) = of(result, Measure.ZONE)
    assert (seen.b.label, seen.lines) == ("GQ7", ())
    assert "MARK-L" not in as_json(result)
    assert "MARK-TWO" not in as_json(result)


def test_every_report_names_the_lines_of_a_zone_and_whom_to_ask(session):
    session.add_all(
        [a_trunk(40.0, label="GQ1"), a_trunk(41.0, label="GQ2"), a_trunk(3.0, pressure="low", label="D1")]
    )
    everywhere(session)
    checked = check(session, a_work())

    for name in ("json", "geojson", "csv", "html", "table"):
        text = rendered(checked, name, catalogue=catalogue(), title="试验").decode("utf-8-sig")
        assert "GQ2 41.00 m" in text, name  # beside the nearest, in the sentence
        assert "管输公司" in text, name
    assert rendered(checked, "xlsx", catalogue=catalogue(), title="试验")[:2] == b"PK"
