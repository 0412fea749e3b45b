"""Of the real survey only its street lamps: nobody is taken to have looked for power, by batch and by files alike."""

from pathlib import Path

import numpy as np
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check_files import FileOptions, check_against_files
from xzgis.conflicts.reports.standing import rests_on
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.actions.records import register_frames, without_place
from xzgis.networks.rules.checks import findings_of
from xzgis.networks.rules.covered_ground import looked_at
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.surveyed import evidence
from xzgis.networks.terms import Delivery
from xzgis.works.terms import Depth, NewRun, Section, WorkDocument

TABLES = ("管点调查表_utf8bom.csv", "管线调查表_utf8bom.csv")
REACH_M = 15.0


def rows_of(shared_data: Path, folder: Path, codes: dict[str, str]) -> list[Path]:
    """The tables of the excerpt with the rows of these codes alone, each code written as its value, in ``folder``."""
    folder.mkdir(parents=True)
    written = []
    for name in TABLES:
        head, *rows = (
            (shared_data / "cn_pipe_survey_excerpt" / name).read_text(encoding="utf-8-sig").splitlines()
        )
        cells = [row.split(",") for row in rows]
        at = head.split(",").index("CODE")
        kept = [",".join([*row[:at], codes[row[at]], *row[at + 1 :]]) for row in cells if row[at] in codes]
        (folder / name).write_text("\n".join([head, *kept]), encoding="utf-8-sig")
        written.append(folder / name)
    return written


def by_batch(delivery: Delivery) -> tuple[set[str], list[str]]:
    """Kinds looked at as a batch that comes in shows them, and what the intake tells of kinds in part."""
    told = [one.words.en for one in findings_of(delivery, catalogue()) if one.code == "R53"]
    out = np.zeros(len(delivery.points), np.bool_), without_place(delivery)
    nodes, runs = register_frames(delivery, without=out)
    found = looked_at(evidence(nodes, runs), runs, reach_m=REACH_M, codes=PartialCodes.of(catalogue()))
    return set(found), told


def by_files(paths: list[Path], delivery: Delivery) -> tuple[set[str], list[str]]:
    """Kinds that nobody looked for along a short work among the lamps, and what the answer says of kinds in part."""
    line = int(np.flatnonzero(delivery.lines["code"].isin(["LD", "路灯"]))[0])
    placed = delivery.vertices
    xy = placed.xy_m[placed.offset[line] : placed.offset[line + 1]]
    run = NewRun(
        kind="water", axis=tuple(map(tuple, xy.tolist())), section=Section(diameter_mm=100, is_outer=True),
        burial="direct_buried", material="pe", depth=Depth(cover_m=1.0),
    )  # fmt: skip
    work = WorkDocument(name="试验", runs=(run,), surface="carriageway")
    options = FileOptions(leave_out_errors=True)
    result = check_against_files(work, paths, catalogue=catalogue(), options=options).result
    said = [one.en for one in rests_on(result) if "looked at for" in one.en]
    return {one.kind for one in result.not_covered}, said


@pytest.mark.parametrize(("codes", "is_looked_at"), [
    ({"LD": "LD", "XH": "XH"}, False), ({"LD": "路灯"}, False), ({"LD": "LD", "L": "L"}, True),
])  # fmt: skip
def test_lamps_show_no_survey_of_power_unless_supply_lines_came_with_them(
    shared_data: Path, tmp_path: Path, codes: dict[str, str], is_looked_at: bool
) -> None:
    paths = rows_of(shared_data, tmp_path / "r", codes)

    delivery = read_survey(paths, catalogue=catalogue())
    looked, told = by_batch(delivery)
    missed, said = by_files(paths, delivery)

    assert ("power" in looked, "power" not in missed) == (is_looked_at, is_looked_at)
    assert [len(told), len(said)] == ([0, 0] if is_looked_at else [1, 1])
    assert all("only street lighting" in one for one in (*told, *said))
