"""Lines of several parts: in the order of their way, or put in order where the parts leave no choice."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.core.words import Words
from xzgis.networks.rules.feature_part import LayerPart

ObjectArray = npt.NDArray[np.object_]
BoolArray = npt.NDArray[np.bool_]
ORDER_OF_PARTS = "order_of_parts"
IN_ORDER, CHAIN_EITHER_WAY, NO_CHAIN = 0, 1, 2
_LINE, _SEVERAL = 1, (5, 7)


def put_in_order(part: LayerPart) -> tuple[LayerPart, pd.Series | None]:
    """The layer with lines whose parts follow each other, and ``(n,)`` of which the start is open; None where of none.

    Parts that do not follow each other as they stand are joined where they make one line: its direction is theirs if
    they all run one way, else open (``CHAIN_EITHER_WAY``). Parts that make no line are left as they are (``NO_CHAIN``).
    """
    geometry = part.layer.geometry
    several = np.flatnonzero(np.isin(shapely.get_type_id(geometry), _SEVERAL))
    several = several[_is_disordered(geometry[several])]
    if not len(several):
        return part, None
    order = np.full(len(geometry), IN_ORDER, dtype=np.float64)
    one_way = _joined(geometry[several], directed=True)
    either = _joined(geometry[several], directed=False)
    order[several] = np.where(
        ~shapely.is_missing(one_way),
        IN_ORDER,
        np.where(~shapely.is_missing(either), CHAIN_EITHER_WAY, NO_CHAIN),
    )
    changed = geometry.copy()
    for joined in (either, one_way):
        made = ~shapely.is_missing(joined)
        changed[several[made]] = joined[made]
    made_one = int((order[several] != NO_CHAIN).sum())
    if made_one:
        part.find(
            "G03",
            "info",
            Words(
                f"{made_one} 个多部分要素的各部分次序或方向不一，已首尾相接为一条线",
                f"{made_one} features of parts in disorder were joined to one line each",
            ),
            Words("无需处理", "nothing to do"),
            row=int(part.layer.row[several[order[several] != NO_CHAIN][0]]),
        )
    return replace(part, layer=replace(part.layer, geometry=changed)), pd.Series(order)


def _is_disordered(geometry: ObjectArray) -> BoolArray:
    """``(n,)`` features of which some part begins nearer elsewhere on the part before it than at that one's end."""
    found = np.zeros(len(geometry), dtype=np.bool_)
    parts, owner = shapely.get_parts(geometry, return_index=True)
    inner, of = shapely.get_parts(parts, return_index=True)
    is_line = (shapely.get_type_id(inner) == _LINE) & ~shapely.is_empty(inner)
    parts, owner = inner[is_line], owner[of][is_line]
    if len(parts) < 2:
        return found
    first, last = (shapely.get_coordinates(shapely.get_point(parts, at)) for at in (0, -1))
    follows = owner[1:] == owner[:-1]

    def apart(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        between: npt.NDArray[np.float64] = np.hypot(*(other[1:] - one[:-1]).T)
        return between

    gap = apart(last, first)
    nearest = np.minimum.reduce([gap, apart(last, last), apart(first, first), apart(first, last)])
    found[owner[1:][follows & (gap > nearest)]] = True
    return found


def _joined(geometry: ObjectArray, *, directed: bool) -> ObjectArray:
    """``(n,)`` the parts of each as one line, None where they are none, or a ring, which begins anywhere."""
    joined: ObjectArray = np.array(shapely.line_merge(geometry, directed=directed), dtype=object)
    joined[(shapely.get_type_id(joined) != _LINE) | shapely.is_closed(joined)] = None
    return joined
