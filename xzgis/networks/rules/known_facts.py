"""What a record of the register knows and the delivery that replaces it does not tell (decision 0079).

A table without a column, or an empty cell, says nothing: it does not say that the thing is unknown now. What tells
the thing itself stays with the record; what was measured does not, for the thing may lie elsewhere now.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.rules.likeness import Standing, told_apart

BoolArray = npt.NDArray[np.bool_]

#: Columns of points and lines that tell the thing itself, and how people call them.
POINT_FACTS = {
    "appurtenance": "附属物", "chamber_depth_m": "井深", "feature": "特征", "owner": "权属", "road": "道路",
}  # fmt: skip
LINE_FACTS = {
    "owner": "权属", "pressure_class": "压力级别", "voltage_kv": "电压", "material": "材质", "built_on": "建设年代",
    "road": "道路",
}  # fmt: skip
#: Facts that never stay without being told anew: measured, or what the levels and sizes of a line hang on.
MEASURED_POINT, MEASURED_LINE = ("ground_m",), ("level", "size", "burial")
#: By fact the fields of a table whose cell may have told it in words that nobody understood.
FIELDS_TELLING = {
    "pressure_class": ("pressure", "voltage"), "voltage_kv": ("voltage",), "material": ("material",),
    "built_on": ("built_on",),
}  # fmt: skip
# Heads of delivered columns → the facts that their texts tell.
Telling = Mapping[str, frozenset[str]]
_ATTRIBUTE = "沿用登记·"
#: The attributes that say from which batch a fact comes which a record kept: no fact of the thing.
ORIGINS = tuple(f"{_ATTRIBUTE}{word}" for word in {**POINT_FACTS, **LINE_FACTS}.values())
_REGISTER = "登记库"
_SIZE_READ_MM = 0.5
_LETTER = r"[^\W\d_]"


@dataclass(frozen=True)
class Untold:
    """How many replaced points and lines keep a fact that they were not told, and how many lose one; by fact."""

    points_kept: Mapping[str, int] = field(default_factory=dict)
    lines_kept: Mapping[str, int] = field(default_factory=dict)
    points_lost: Mapping[str, int] = field(default_factory=dict)
    lines_lost: Mapping[str, int] = field(default_factory=dict)

    def as_summary(self) -> dict[str, dict[str, dict[str, int]]]:
        """What the summary of a batch keeps of it."""
        return {
            "facts_kept": {"points": dict(self.points_kept), "lines": dict(self.lines_kept)},
            "facts_lost": {"points": dict(self.points_lost), "lines": dict(self.lines_lost)},
        }


@dataclass(frozen=True)
class Filled:
    """A frame with the facts that stay, and which rows keep or lose which fact, by its name; ``(n,)`` each."""

    frame: pd.DataFrame
    kept: Mapping[str, BoolArray]
    lost: Mapping[str, BoolArray]


def origin_key(word: str) -> str:
    """The attribute that says from where a record has the fact that people call ``word``."""
    return f"{_ATTRIBUTE}{word}"


def origin_of(batch_id: int | None) -> str:
    """What :func:`origin_key` holds for a fact from a batch, or from a record that came with none."""
    return _REGISTER if batch_id is None or pd.isna(batch_id) else f"批次 {int(batch_id)}"


def untold(points: Filled, lines: Filled) -> Untold:
    """The counts of both, without the facts that no record keeps or loses."""

    def counted(rows: Mapping[str, BoolArray]) -> dict[str, int]:
        return {name: int(mask.sum()) for name, mask in rows.items() if mask.any()}

    return Untold(counted(points.kept), counted(lines.kept), counted(points.lost), counted(lines.lost))


def filled_points(
    points: pd.DataFrame, held: pd.DataFrame, features: Collection[str], telling: Telling
) -> Filled:
    """Points with what their records know of the thing that stands there.

    Parameters
    ----------
    points
        Columns of ``networks_node``.
    held
        ``(n,)`` rows of the same order: the columns of :data:`POINT_FACTS`, ``ground_m``, ``batch_id`` and
        ``attributes`` of the record that each point replaces, missing where it replaces none.
    features
        Tokens of the list of features: another word in that column may be the chamber itself.
    telling
        Which attributes of the records hold the delivered words of which facts; they stay with a fact that stays.

    A chamber stays whatever else is told of its point: it is removed by a word, never by a gap. Its depth stays with
    it, and not where another thing is told. Where the ground was told anew, the depth reaches down to the bottom
    that was known, and is never less than it was.
    """
    # A figure in a column of words ("0") names nothing.
    named = points["appurtenance"].astype("str").str.contains(_LETTER, regex=True, na=False)
    points = points.assign(appurtenance=points["appurtenance"].astype(object).where(named, None))
    stands = _told_otherwise(points, held, features)
    held = held.assign(appurtenance=stands)
    gaps = {name: _gap(points, held, name) for name in POINT_FACTS}
    deep = gaps["chamber_depth_m"]
    here, there = points["appurtenance"], held["appurtenance"]
    other = _known(here) & _known(there) & (here.to_numpy(object) != there.to_numpy(object))
    raised_m = points["ground_m"].to_numpy(np.float64) - held["ground_m"].to_numpy(np.float64)
    depth_m = held["chamber_depth_m"].to_numpy(np.float64) + np.fmax(np.nan_to_num(raised_m), 0.0)
    held = held.assign(chamber_depth_m=np.round(depth_m, 3))
    kept = gaps | {"chamber_depth_m": deep & ~other}
    lost = {"chamber_depth_m": deep & other} | {name: _gap(points, held, name) for name in MEASURED_POINT}
    return Filled(_with(points, held, kept, POINT_FACTS, telling), kept, lost)


def filled_lines(
    lines: pd.DataFrame,
    held: pd.DataFrame,
    standing: tuple[Standing, Standing],
    heads: Mapping[str, Sequence[str]] | None,
    telling: Telling,
    *,
    sigma_factor: float,
) -> Filled:
    """Lines with the facts of their records that tell the thing itself, where nothing told says that it is another.

    Parameters
    ----------
    lines
        Columns of ``networks_run``.
    held
        ``(n,)`` rows of the same order: the columns of :data:`LINE_FACTS`, ``burial``, ``nominal_width_mm``,
        ``outer_width_mm``, ``batch_id`` and ``attributes`` of the record that each line replaces.
    standing
        How the lines stand, and how their records do.
    heads
        By field the heads of the columns that were taken for it; None where the delivery has none (drawings, layers):
        then a cell may have told what nobody understood, and only owner and road stay.
    telling
        As for :func:`filled_points`.
    """
    doubt = _renewed(lines, held, standing, sigma_factor=sigma_factor)
    kept, lost = {}, {}
    for name in LINE_FACTS:
        gap = _gap(lines, held, name)
        open_rows = doubt | _misunderstood(lines, name, heads)
        kept[name], lost[name] = gap & ~open_rows, gap & open_rows
    here, there = standing
    replaces = held["batch_id"].notna().to_numpy(np.bool_)
    lost["level"] = replaces & (_ends_known(here) < _ends_known(there))
    lost["size"] = _gap(lines, held, "outer_width_mm") | _gap(lines, held, "nominal_width_mm")
    lost["burial"] = _gap(lines, held, "burial")
    return Filled(_with(lines, held, kept, LINE_FACTS, telling), kept, lost)


def _told_otherwise(points: pd.DataFrame, held: pd.DataFrame, features: Collection[str]) -> pd.Series:
    """What stands at the record: its appurtenance, else a word among the features that a told feature would wipe out."""
    word = held["feature"]
    is_thing = _known(word) & ~word.isin(list(features)).to_numpy(np.bool_) & _known(points["feature"])
    is_thing = is_thing & (word.to_numpy(object) != points["feature"].to_numpy(object))
    return held["appurtenance"].astype(object).where(_known(held["appurtenance"]) | ~is_thing, word)


def _renewed(
    lines: pd.DataFrame, held: pd.DataFrame, standing: tuple[Standing, Standing], *, sigma_factor: float
) -> BoolArray:
    """Lines of which something told differs from the record: perhaps the line was laid anew on the old course."""
    doubt = np.zeros(len(lines), np.bool_)
    for rows in told_apart(*standing, sigma_factor=sigma_factor).values():
        doubt |= rows
    for name in ("material", "burial", "built_on"):
        here, there = lines[name], held[name]
        doubt |= _known(here) & _known(there) & (here.to_numpy(object) != there.to_numpy(object))
    off_mm = np.abs(
        lines["nominal_width_mm"].to_numpy(np.float64) - held["nominal_width_mm"].to_numpy(np.float64)
    )
    doubt |= off_mm > _SIZE_READ_MM
    return doubt


def _misunderstood(lines: pd.DataFrame, name: str, heads: Mapping[str, Sequence[str]] | None) -> BoolArray:
    """Lines whose cell for a fact may hold something that became no value: it stands among the attributes."""
    fields = FIELDS_TELLING.get(name, ())
    if heads is None:
        return np.full(len(lines), bool(fields))
    found = np.zeros(len(lines), np.bool_)
    texts = lines["attributes"].astype(object)
    for head in {head for one in fields for head in heads.get(one, ())}:
        key = f"{json.dumps(head, ensure_ascii=False)}:"
        found |= np.fromiter((text is not None and key in str(text) for text in texts), np.bool_, len(texts))
    return found


def _ends_known(one: Standing) -> npt.NDArray[np.int64]:
    ends: npt.NDArray[np.int64] = (np.isfinite(one.crown_m) | np.isfinite(one.bottom_m)).sum(axis=1)
    return ends


def _gap(frame: pd.DataFrame, held: pd.DataFrame, name: str) -> BoolArray:
    return ~_known(frame[name]) & _known(held[name])


def _known(column: pd.Series) -> BoolArray:
    known: BoolArray = (column.notna() & column.ne("")).to_numpy(np.bool_)
    return known


def _with(
    frame: pd.DataFrame,
    held: pd.DataFrame,
    kept: Mapping[str, BoolArray],
    words: Mapping[str, str],
    telling: Telling,
) -> pd.DataFrame:
    """The frame with the facts of ``held`` where they are ``kept``; the attributes say of which batch each one is.

    The words in which such a fact was delivered stay among them too.
    """
    filled = {name: frame[name].where(~rows, held[name]) for name, rows in kept.items() if rows.any()}
    rows = np.flatnonzero(np.logical_or.reduce(list(kept.values())))
    if not len(rows):
        return frame
    attributes = frame["attributes"].astype(object).to_numpy(object, copy=True)
    before, batches = held["attributes"].to_numpy(object), held["batch_id"].to_numpy(object)
    keys = {name: origin_key(words[name]) for name in filled}
    for row in rows:
        names = [name for name in filled if kept[name][row]]
        origins = [keys[one] for one in names]
        delivered = [head for head, facts in telling.items() if not facts.isdisjoint(names)]
        attributes[row] = _with_origin(attributes[row], before[row], batches[row], origins, delivered)
    return frame.assign(**filled, attributes=pd.Series(attributes, index=frame.index, dtype=object))


def _with_origin(told: Any, before: Any, batch: Any, keys: Sequence[str], delivered: Sequence[str]) -> str:
    """Attributes as JSON text with the origin of each fact; one that the record had kept itself keeps its origin.

    ``delivered``: keys of the record whose texts stay where the delivery has none.
    """
    values = json.loads(told) if isinstance(told, str) and told else dict(told or {})
    older = before if isinstance(before, dict) else {}
    origin = origin_of(batch)
    texts = {key: older[key] for key in delivered if key in older}
    return json.dumps(texts | values | {key: older.get(key, origin) for key in keys}, ensure_ascii=False)
