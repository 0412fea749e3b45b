"""Axes and levels from the bytes of the wire."""

import struct

import numpy as np
import pytest

from xzgis.conflicts.kernel.rows import LINE_WITH_SRID, NO_ARRAY, axes_of_rows, levels_of_rows


def a_line(*points):
    body = b"".join(struct.pack("<dd", *point) for point in points)
    return struct.pack("<BIII", 1, LINE_WITH_SRID, 4548, len(points)) + body


def an_array(*values):
    cells = [struct.pack(">i", -1) if value is None else struct.pack(">id", 8, value) for value in values]
    return struct.pack(">5i", 1, int(None in values), 701, len(values), 1) + b"".join(cells)


def axes(body, runs, origin=(0.0, 0.0)):
    return axes_of_rows(np.frombuffer(body, dtype=np.uint8), runs, *origin)


def levels(body, offset, parts):
    return levels_of_rows(np.frombuffer(body, dtype=np.uint8), np.array(offset), parts)


def test_axes_lie_one_after_another_near_the_origin():
    body = a_line((518_000.125, 3_792_000.5), (518_010.25, 3_792_001.0)) + a_line(
        (1.0, 2.0), (3.0, 4.0), (5.0, -6.0)
    )

    offset, xy_m = axes(body, 2, (500_000.0, 3_000_000.0))

    assert offset.tolist() == [0, 2, 5]
    assert xy_m.tolist() == [
        [18_000.125, 792_000.5], [18_010.25, 792_001.0],
        [-499_999.0, -2_999_998.0], [-499_997.0, -2_999_996.0], [-499_995.0, -3_000_006.0],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (struct.pack("<BIIdd", 1, 1, 4548, 1.0, 2.0), "no plane line string"),
        (a_line((1.0, 2.0)) + b"\0", "do not end"),
        (a_line((1.0, 2.0), (3.0, 4.0))[:-8], "do not end"),
        (b"\1", "no plane line string"),
    ],
)
def test_other_shapes_are_refused(body, said):
    with pytest.raises(ValueError, match=said):
        axes(body, 1)


def test_levels_that_nobody_knows_are_no_number():
    body = an_array(1.5, None) + an_array(-2.25) + NO_ARRAY + an_array(7.0) + an_array(None, 3.0) + NO_ARRAY

    found = levels(body, [0, 2, 3], 3)

    np.testing.assert_array_equal(found, [[1.5, np.nan, -2.25], [np.nan, np.nan, 7.0], [np.nan, 3.0, np.nan]])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (an_array(1.0), "another number"),
        (an_array(1.0, 2.0) + NO_ARRAY, "do not end"),
        (an_array(1.0, 2.0)[:-8], "do not end"),
        (b"", "do not end"),
    ],
)
def test_levels_that_do_not_fit_the_axis_are_refused(body, said):
    with pytest.raises(ValueError, match=said):
        levels(body, [0, 2], 1)
