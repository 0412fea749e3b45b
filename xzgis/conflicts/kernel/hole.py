"""Where runs lie in or near an excavation."""

import numpy as np

from xzgis.conflicts.kernel.compiled import compiled
from xzgis.conflicts.kernel.crossing import crossings
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import joined_up, stretches
from xzgis.networks.terms import FloatArray


@compiled
def inside(x: float, y: float, outline: Lines, ring: int) -> bool:
    """Whether a point lies inside a closed outline (even-odd)."""
    found = False
    for i in range(outline.offset[ring], outline.offset[ring + 1] - 1):
        y1, y2 = outline.y_m[i], outline.y_m[i + 1]
        if (y1 > y) != (y2 > y):
            at = outline.x_m[i] + (y - y1) / (y2 - y1) * (outline.x_m[i + 1] - outline.x_m[i])
            if x < at:
                found = not found
    return found


@compiled
def _point(lines: Lines, run: int, at: float) -> tuple[float, float]:
    """Place on ``run`` at a chainage."""
    last = lines.offset[run + 1] - 1
    for i in range(lines.offset[run], last):
        if at <= lines.chain_m[i + 1]:
            length = lines.chain_m[i + 1] - lines.chain_m[i]
            part = (at - lines.chain_m[i]) / length if length > 0.0 else 0.0
            return (
                lines.x_m[i] + part * (lines.x_m[i + 1] - lines.x_m[i]),
                lines.y_m[i] + part * (lines.y_m[i + 1] - lines.y_m[i]),
            )
    return lines.x_m[last], lines.y_m[last]


@compiled
def spans_in_hole(lines: Lines, run: int, outline: Lines, ring: int, reach: float) -> FloatArray:
    """Chainage intervals ``(k, 2)`` of ``run`` inside the outline or nearer to its edge than ``reach``.

    ``outline`` is closed: its last vertex is its first.
    """
    crossed = crossings(lines, run, outline, ring)
    near = stretches(lines, run, outline, ring, reach)
    ends = np.empty(len(crossed) + 2)
    ends[0] = 0.0
    ends[1:-1] = np.sort(crossed[:, 0])
    ends[-1] = lines.chain_m[lines.offset[run + 1] - 1]
    found = np.empty((len(ends) + len(near), 2))
    m = 0
    for k in range(len(ends) - 1):
        x, y = _point(lines, run, (ends[k] + ends[k + 1]) / 2.0)
        if inside(x, y, outline, ring):
            found[m, 0], found[m, 1] = ends[k], ends[k + 1]
            m += 1
    for k in range(len(near)):
        found[m, 0], found[m, 1] = near[k, 0], near[k, 1]
        m += 1
    joined, n = joined_up(found, m, np.empty((m + 1, 2)), 0)
    return joined[:n].copy()
