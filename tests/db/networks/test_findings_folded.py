"""Findings of one kind are one row until somebody asks for each; what becomes of the register goes before warnings."""

import pytest
from sqlalchemy.orm import Session

from tests.factories import a_batch
from xzgis.networks.models import Batch, BatchFinding
from xzgis.networks.queries.batches import findings_of, findings_ranked
from xzgis.networks.queries.findings_folded import findings_folded
from xzgis.networks.rules.finding_kinds import NAMED, Told, told_once
from xzgis.networks.rules.finding_order import told_rank


def a_finding(batch: Batch, code: str, level: str, words: str, **said: object) -> BatchFinding:
    """A finding of a table."""
    told = {"message_zh": words, "message_en": words, "remedy_zh": "核对", "remedy_en": "See"}
    return BatchFinding(batch_id=batch.id, code=code, level=level, **told, **said)


@pytest.fixture
def batch(session: Session) -> Batch:
    """Thirty long lines, ends that do not meet, two codes of no list, and last what becomes of known facts."""
    made = a_batch()
    session.add(made)
    session.flush()
    here: dict[str, object] = {"file": "L.csv", "table_name": "lines"}
    for row in range(2, 32):
        words = f"管段长 {70 + row}.50 m，超出 0.05–75 m"
        session.add(
            a_finding(
                made, "S17", "warning", words, row=row, field="length_m", value=f"{70 + row}.50", **here
            )
        )
    for near in ("0.083 m", "0.02 m"):
        session.add(a_finding(made, "G11", "warning", "线端靠近而不相接", file="a.gpkg", value=near))
    for value in ("管埋", "直埋二"):
        session.add(
            a_finding(made, "R05", "warning", f"“{value}”不在代码表", field="burial", value=value, **here)
        )
    for at, point in enumerate(("L380", "L332")):
        session.add(
            a_finding(made, "R12", "error", f"点号“{point}”只在另一管类的点表中", row=at, value=point, **here)
        )
    session.add(a_finding(made, "D04", "info", "沿用登记值：附属物 2 个管点"))
    session.add(a_finding(made, "D05", "warning", "成为未知：标高 2 条管段"))
    session.add(a_finding(made, "C01", "info", "坐标系已定"))
    session.flush()
    return made


def told(kinds: tuple[Told, ...]) -> list[tuple[str, int]]:
    return [(one.finding.code, one.count) for one in kinds]


def test_each_kind_is_told_once_and_the_register_before_the_mass(session: Session, batch: Batch) -> None:
    page = findings_folded(session, batch_id=batch.id)

    assert (told(page.items), page.after) == (
        [("R12", 2), ("D04", 1), ("D05", 1), ("S17", 30), ("G11", 2), ("R05", 1), ("R05", 1), ("C01", 1)],
        None,
    )
    long = page.items[3]
    assert (long.rows, len(long.others)) == (tuple(range(2, 2 + NAMED + 1)), NAMED)
    assert page.items[4].rows == ()
    # Nothing is lost: by its code each row stands by itself, and so it does in the files.
    each = findings_ranked(session, batch_id=batch.id, code="S17", limit=100)
    assert [one.row for _number, one in each.items] == list(range(2, 32))
    every = findings_of(session, batch_id=batch.id)
    assert len(every) == 39
    ranks = [told_rank(one) for _number, one in findings_ranked(session, batch_id=batch.id, limit=100).items]
    assert ranks == sorted(ranks)


def test_pages_of_kinds_follow_each_other_and_keep_to_a_level(session: Session, batch: Batch) -> None:
    found: list[Told] = []
    after = None
    for _ in range(4):
        page = findings_folded(session, batch_id=batch.id, level="warning", after=after, limit=2)
        found += page.items
        after = page.after
        if after is None:
            break

    assert told(tuple(found)) == [("D05", 1), ("S17", 30), ("G11", 2), ("R05", 1), ("R05", 1)]


def test_the_command_line_folds_as_the_page_does(session: Session, batch: Batch) -> None:
    here = told_once(findings_of(session, batch_id=batch.id))

    page = findings_folded(session, batch_id=batch.id).items
    assert [(one.finding, one.count, one.rows) for one in here] == [
        (one.finding, one.count, one.rows) for one in page
    ]
