"""What is told of lines whose direction was turned or is open (G14, G15), and the figures that are unknown then."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.feature_part import MOST_ROWS_NAMED
from xzgis.networks.terms import IntakeFinding

BoolArray = npt.NDArray[np.bool_]

_WHATS = ("depth", "level", "beside", "ground", "crown", "bottom")
_NOTHING = Words("无需处理", "nothing to do")
_COMPARE = Words(
    "核对起点点号、终点点号与图形，或补交管点图层后重交",
    "compare the numbers of its points with the drawing, or deliver the layer of points, and import again",
)
_ELSEWHERE = Words(
    "此线所写起点、终点点号的位置不在其两端", "the points that this line names do not lie at its ends"
)
_MISSING = Words(
    "此线所写起点、终点点号不在交来的管点中", "the points that this line names are not among those delivered"
)
_NO_CHAIN = Words(
    "多部分要素的各部分首尾不相接，起点在哪一端不明",
    "the parts of this line do not follow each other, so which end is its start is open",
)
_DRAW_ANEW = Words(
    "在来源处把各部分按起点到终点连成一条线，或写明起点点号、终点点号并交来管点",
    "join its parts to one line from start to end at the source, or name its points and deliver them",
)


@dataclass(frozen=True)
class Untold:
    """``(n,)`` features whose named points lie at neither end or are no delivered points, or whose parts are no chain."""

    elsewhere: BoolArray
    missing: BoolArray
    parts: BoolArray

    def any(self) -> BoolArray:
        """Features of which nothing tells which end is the start."""
        found: BoolArray = self.elsewhere | self.missing | self.parts
        return found


def without_ends(features: pd.DataFrame, unknown: BoolArray) -> tuple[pd.DataFrame, BoolArray]:
    """``features`` without the figures that differ between the ends of those ``unknown``; and which lost any.

    What is the same at both ends is so whichever is the start; what the heights of the geometry tell stays.
    """
    changed: dict[str, Any] = {}
    dropped = np.zeros(len(features), dtype=np.bool_)
    for what in _WHATS:
        names = [f"{end}_{what}_m" for end in ("start", "end")]
        told = [
            features[name].to_numpy(np.float64)
            if name in features.columns
            else np.full(len(features), np.nan)
            for name in names
        ]
        # Both by the heights of the geometry: each stays with its vertex.
        apart = (
            unknown
            & ~(_drawn(features, what, "start") & _drawn(features, what, "end"))
            & (told[0] != told[1])
        )
        apart &= np.isfinite(told[0]) | np.isfinite(told[1])
        if apart.any():
            dropped |= apart
            changed |= {
                name: np.where(apart, np.nan, one)
                for name, one in zip(names, told, strict=True)
                if name in features.columns
            }
            # What stands for both ends would take their place.
            if f"{what}_m" in features.columns:
                changed[f"{what}_m"] = features[f"{what}_m"].where(~apart)
    if "flow" in features.columns:
        flows = unknown & features["flow"].notna().to_numpy(np.bool_)
        changed["flow"] = features["flow"].where(~flows, None)
        dropped |= flows
    if "standard_depth_m" in features.columns and dropped.any():
        changed["standard_depth_m"] = features["standard_depth_m"].where(~dropped)
    return (features.assign(**changed) if changed else features), dropped


def _drawn(features: pd.DataFrame, what: str, end: str) -> BoolArray:
    if f"{end}_{what}_drawn" not in features.columns:
        return np.zeros(len(features), dtype=np.bool_)
    return features[f"{end}_{what}_drawn"].fillna(value=False).to_numpy(np.bool_)


def tell_turned(features: pd.DataFrame, doubts: Doubts) -> None:
    """G14, once per layer: lines drawn from their end to their start."""
    for _layer, rows in features.groupby(["file", "sheet"], sort=False, dropna=False):
        count = len(rows)
        doubts.found.append(
            IntakeFinding(
                "G14",
                "info",
                Words(
                    f"{count} 条线由终点点号画向起点点号，已按点号调转，两端埋深、高程归各自的点",
                    f"{count} lines are drawn from their end point to their start point; they were turned, so that depths and"
                    " levels are those of the points named",
                ),
                _NOTHING,
                file=rows["file"].iloc[0],
                sheet=rows["sheet"].iloc[0],
                row=int(rows["row"].iloc[0]),
                field="from_node",
            )
        )


def tell_untold(features: pd.DataFrame, untold: Untold, dropped: BoolArray, doubts: Doubts) -> None:
    """G15 per feature: nothing tells which end is the start; the first fifty of a cause by name.

    Parts that are no chain are told only where a figure hangs on it. ``features``: one row each.
    """
    causes = (
        (untold.elsewhere, _ELSEWHERE, _COMPARE),
        (untold.missing, _MISSING, _COMPARE),
        (untold.parts & dropped, _NO_CHAIN, _DRAW_ANEW),
    )
    for mask, words, remedy in causes:
        for loses in (True, False):
            _tell(
                features,
                np.flatnonzero(mask & (dropped == loses)),
                _unknown(words) if loses else words,
                remedy,
                doubts,
            )


def _unknown(words: Words) -> Words:
    return Words(
        f"{words.zh}；两端不同的埋深、高程和流向按未知处理",
        f"{words.en}: depths and levels that differ between its ends, and its flow, are taken as unknown",
    )


def _tell(
    features: pd.DataFrame, rows: npt.NDArray[np.int64], words: Words, remedy: Words, doubts: Doubts
) -> None:
    if len(rows) == 0:
        return
    named = features.iloc[rows[:MOST_ROWS_NAMED]]
    for record in named.to_dict("records"):
        told = [str(record[name]) for name in ("from_node", "to_node") if isinstance(record.get(name), str)]
        doubts.found.append(
            IntakeFinding(
                "G15",
                "warning",
                words,
                remedy,
                file=record["file"],
                sheet=record["sheet"],
                row=int(record["row"]),
                field="from_node",
                value=" – ".join(told) or None,
            )
        )
    if len(rows) > MOST_ROWS_NAMED:
        more = len(rows) - MOST_ROWS_NAMED
        counted = Words(f"{words.zh}（另有 {more} 条）", f"{words.en} ({more} more)")
        doubts.found.append(IntakeFinding("G15", "warning", counted, remedy))
