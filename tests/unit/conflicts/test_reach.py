"""How far candidates are looked up."""

import numpy as np
import pytest

from tests.unit.works.test_placing import EAST, NORTH, a_new_run, placed
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.rules.reach import (
    Bounds,
    grown_boxes,
    hole_boxes,
    largest_requirement_m,
    reaches_m,
)


def test_no_rule_between_lines_asks_more_than_the_requirement_taken():
    known = catalogue()
    lines = {kind.rule_kind for kind in known.kinds.values() if kind.is_buried_line and kind.rule_kind}
    for token, kind in known.kinds.items():
        if not kind.is_buried_line:
            continue
        least = largest_requirement_m(token, known, tunnel_m=6.0)
        asked = [
            6.0 if isinstance(rule.clearance_m, str) else rule.clearance_m
            for rule in known.horizontal
            if kind.rule_kind in (rule.kind_a, rule.kind_b) and {rule.kind_a, rule.kind_b} <= lines
        ]
        assert least >= max(asked, default=0.0)


def test_reach_covers_the_farthest_line_that_can_matter():
    known, runs = catalogue(), placed(a_new_run()).runs
    bounds = Bounds(width_m=4.0, sigma_m=0.7)

    (reach,) = reaches_m(runs, known, bounds)

    worst = 0.1 + 2.0 + 2.0 * np.hypot(runs.sigma_plan_m[0], 0.7)
    assert reach >= largest_requirement_m("gas", known, tunnel_m=4.0) + worst


def test_a_finely_drawn_line_is_asked_for_in_few_boxes_that_hold_it_all():
    axis = tuple((EAST + 500 * at / 200, NORTH + 30 * np.sin(at / 20)) for at in range(201))
    runs = placed(a_new_run(axis=axis), a_new_run()).runs

    boxes = grown_boxes(runs, np.array([2.0, 5.0]))

    assert len(boxes) < 20
    xy = runs.xy_m + np.array(runs.origin_m)
    for at, reach in ((slice(0, 201), 2.0), (slice(201, 203), 5.0)):
        for x, y in xy[at]:
            held = (boxes[:, 0] <= x - reach + 1e-9) & (boxes[:, 1] <= y - reach + 1e-9)
            held &= (boxes[:, 2] >= x + reach - 1e-9) & (boxes[:, 3] >= y + reach - 1e-9)
            assert held.any()


def test_runs_do_not_share_a_box():
    runs = placed(a_new_run(), a_new_run(axis=((EAST, NORTH + 500), (EAST + 10, NORTH + 500)))).runs

    boxes = grown_boxes(runs, np.zeros(2))

    assert boxes.tolist() == [[EAST, NORTH, EAST + 100, NORTH], [EAST, NORTH + 500, EAST + 10, NORTH + 500]]


def test_a_hole_is_looked_around_as_well():
    (box,) = hole_boxes([np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 3.0]])], catalogue(), Bounds(1.0, 0.1))

    assert box[0] < -2.0
    assert box[3] > 5.0
    assert box[2] - 4.0 == pytest.approx(-box[0])
