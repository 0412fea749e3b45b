"""A newer delivery of the tables clashes with what the city changed: it is told before anything is judged, and mended."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy.orm import Session

from tests.db.catalogue.test_changes import CHIEF, approved, in_force
from tests.factories import NOW
from xzgis.catalogue import files, queries
from xzgis.catalogue.actions.changing import withdraw_change
from xzgis.cli.keeping import soundness
from xzgis.core import settings as settings_module
from xzgis.core.errors import Invalid
from xzgis.core.settings import ROOT

A_DAY = timedelta(days=1)
OWN = {"standard": "GB 9999", "table": "1", "kind_a": "gas", "kind_b": "water", "clearance_m": "3",
       "confidence": "verified", "source": "徐规发〔2026〕12 号"}  # fmt: skip
SHIPPED_LATER = "N1,GB 9999,1,water,,gas,,2,no,verified,,a later standard,"


def _forget() -> None:
    for cached in (settings_module.settings, files.shipped, files.as_laid):
        cached.cache_clear()


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts a newer delivery in the place of the shipped tables: with one more horizontal clearance."""

    def put(line: str) -> None:
        layers = Path(copytree(ROOT / "layers", tmp_path / "layers"))
        table = layers / "clearances/horizontal.csv"
        head = table.read_text(encoding="utf-8").splitlines()[0].split(",")
        cells = dict(zip(("rule_id", "standard", "table", "kind_a", "condition_a", "kind_b", "condition_b", "clearance_m",
                          "mandatory", "confidence", "clause", "source", "note"), line.split(","), strict=True))  # fmt: skip
        with table.open("a", encoding="utf-8") as end:
            end.write(",".join(cells.get(name, "") for name in head) + "\n")
        monkeypatch.setenv("XZGIS_LAYERS_DIR", str(layers))
        _forget()

    yield put
    monkeypatch.undo()
    _forget()


def test_a_scheduled_change_that_will_clash_is_told_now_and_withdrawn(
    session: Session, newer: Callable[[str], None]
) -> None:
    row = approved(session, key="X1", after=OWN, wanted_from=NOW + A_DAY)
    newer(SHIPPED_LATER)

    assert figure_is_shipped(session)
    with pytest.raises(Invalid) as refused:
        queries.check_fits(session, NOW)

    (fault,) = refused.value.faults
    for told in (f"修改 {row.id}（水平净距 X1，li 提出、chief 批准", "clearances/horizontal.csv"):
        assert told in fault.words.zh
    assert fault.remedy is not None
    assert f"xzgis rules withdraw {row.id}" in fault.remedy.en
    withdraw_change(session, actor=CHIEF, number=row.id, reason="新标准已有", now=NOW)
    queries.check_fits(session, NOW)


def figure_is_shipped(session: Session) -> bool:
    return in_force(session, NOW) is files.shipped().catalogue


def test_a_change_in_force_that_clashes_is_mended_by_another_one(
    session: Session, newer: Callable[[str], None]
) -> None:
    row = approved(session, key="X1", after=OWN)
    approved(session, after={"clearance_m": "2.6"}, now=NOW + A_DAY / 4)
    newer(SHIPPED_LATER)

    with pytest.raises(Invalid):
        in_force(session, NOW)
    (fault,) = queries.clashing(session, NOW + A_DAY / 2)
    assert fault.remedy is not None
    assert "xzgis rules propose horizontal 'X1'" in fault.remedy.en
    assert str(row.id) in fault.words.en
    doctor = soundness._rules(session.connection())
    assert (doctor.state, fault.words.zh in doctor.words.zh) == ("bad", True)
    with pytest.raises(Invalid):
        approved(session, key="X2", after=OWN | {"kind_a": "heat", "clearance_m": "-1"}, now=NOW + A_DAY / 2)

    approved(session, key="X1", after={"enabled": "no"}, now=NOW + A_DAY / 2)

    queries.check_fits(session, NOW + A_DAY)
    rules = {rule.rule_id: rule.clearance_m for rule in in_force(session, NOW + A_DAY).horizontal}
    assert ("X1" in rules, rules["N1"], rules["H039"]) == (False, 2, 2.6)
