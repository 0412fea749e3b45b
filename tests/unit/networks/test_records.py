"""What of a delivery goes into the register, and what an error keeps out of it."""

import numpy as np
import pandas as pd

from tests.deliveries import a_delivery, set_cell
from xzgis.core.words import Words
from xzgis.networks.actions.records import refused_rows, register_frames, without_place
from xzgis.networks.terms import IntakeFinding

SAY = Words("错", "wrong")


def an_error(row: int, table: str, level: str = "error") -> IntakeFinding:
    file = "WSPOINT.csv" if table == "points" else "WSLINE.csv"
    return IntakeFinding("S99", level, SAY, SAY, file=file, row=row, table=table)


def test_a_refused_point_takes_its_lines_with_it() -> None:
    points, lines = refused_rows(a_delivery(), (an_error(2, "points"),))

    assert points.tolist() == [True, False, False]
    assert lines.tolist() == [True, False]


def test_a_row_number_means_the_table_it_stands_in() -> None:
    points, lines = refused_rows(a_delivery(), (an_error(3, "lines"),))

    assert not points.any()
    assert lines.tolist() == [False, True]


def test_warnings_keep_nothing_out() -> None:
    points, lines = refused_rows(a_delivery(), (an_error(2, "points", "warning"),))

    assert not points.any()
    assert not lines.any()


def test_a_line_without_its_point_has_no_place() -> None:
    def lost(_points: pd.DataFrame, lines: pd.DataFrame) -> None:
        set_cell(lines, 1, to_point=-1)

    assert without_place(a_delivery(lost)).tolist() == [False, True]


def test_kept_lines_point_to_the_kept_points() -> None:
    delivery = a_delivery(points=4)

    nodes, runs = register_frames(
        delivery, without=(np.array([True, False, False, False]), np.array([True, False, False]))
    )

    assert nodes["point_no"].tolist() == ["W2", "W3", "W4"]
    assert runs["label"].tolist() == ["W2-W3", "W3-W4"]
    ends = [
        (nodes["point_no"][a], nodes["point_no"][b])
        for a, b in zip(runs["from_node"], runs["to_node"], strict=True)
    ]
    assert ends == [("W2", "W3"), ("W3", "W4")]
