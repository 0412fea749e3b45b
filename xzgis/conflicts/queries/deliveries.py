"""Existing lines from files, for a check without any database; imports no database library."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.columns import chosen
from xzgis.conflicts.rules.delivered import Delivered, delivered, joined
from xzgis.conflicts.rules.unread import errors_among, files_without_lines, left_aside, no_lines, not_read
from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.formats.sniff import recognise
from xzgis.networks.actions.read_features import read_features
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.checks.believed import checked, uncontradicted
from xzgis.networks.rules.feature_kinds import UNTOLD_KIND
from xzgis.networks.rules.finding_words import SURVEY as TABLES
from xzgis.networks.rules.survey import SurveyOptions
from xzgis.networks.terms import FloatArray, IntArray, RunColumns

SURVEY = "survey"
OF_TABLES = ("intake", "crs", "encoding", "overrides", "code_kinds")
OF_FEATURES = ("intake", "crs", "mapping", "code_kinds")


def lines_in_files(
    paths: Sequence[Path],
    catalogue: Catalogue,
    *,
    origin_m: tuple[float, float],
    reading: Mapping[str, Any],
    limits: tuple[int, int],
    leave_out_errors: bool = False,
) -> Delivered:
    """All buried lines in ``paths``: survey tables go together as one delivery, each other file is its own.

    Parameters
    ----------
    reading
        What a person says of the files, as an import keeps it: ``crs``, ``encoding``, ``intake``, ``overrides``,
        ``code_kinds``, ``mapping``; what is missing is as the files say or the figures show.
    limits
        CPU seconds and megabytes of the reading process.
    leave_out_errors
        Go on with what can be read where rows of the files have errors; those stand in ``not_read``.

    Raises
    ------
    NotFound, Invalid
        A file is missing, cannot be read, holds no line, or (unless they stay out) has rows with errors.
    """  # fmt: skip
    for path in paths:
        if not path.is_file():
            raise NotFound(Words(f"没有文件 {path}。", f"There is no file {path}."))
    tables = [path for path in paths if recognise(path).require(path.name).reader == SURVEY]
    others = [path for path in paths if path not in tables]
    deliveries = []
    if tables:
        asked = SurveyOptions(**_said(reading, OF_TABLES, catalogue))
        deliveries.append(read_survey(tables, catalogue=catalogue, options=asked, limits=limits))
    if others:
        deliveries.append(
            read_features(
                others, catalogue=catalogue, limits=limits, **_said(reading, OF_FEATURES, catalogue)
            )
        )
    # As the intake takes them, and own exports likewise: levels that contradict others are unknown here as well.
    believed = [checked(each, catalogue) for each in deliveries]
    deliveries = [uncontradicted(each, catalogue) for each, _ in believed]
    errors = tuple(one for each, found in believed for one in errors_among(each, found))
    empty = files_without_lines(paths, deliveries)
    has_lines = any(len(each.lines) for each in deliveries)
    if (
        errors
        and not leave_out_errors
        and has_lines
        and (not empty or any(one.level == "error" for one in errors))
    ):
        raise not_read(errors)
    if empty:
        raise no_lines(empty)
    parts, first_id = [], 1
    for delivery in deliveries:
        parts.append(delivered(delivery, catalogue, first_id=first_id, origin_m=origin_m))
        first_id += len(delivery.lines)
    aside = tuple(one for _, found in believed for one in left_aside(found))
    untold = tuple(
        one for _, found in believed for one in found if (one.code, one.level) == (UNTOLD_KIND, "warning")
    )
    return replace(joined(parts, origin_m=origin_m), not_read=errors, untold_kinds=untold, left_aside=aside)


def _said(reading: Mapping[str, Any], names: Sequence[str], catalogue: Catalogue) -> dict[str, Any]:
    """What is said of one sort of files; an intake of the other sort says nothing of these."""
    said = {name: reading[name] for name in names if reading.get(name) is not None}
    if "intake" in said and (catalogue.intakes[said["intake"]].reads in TABLES) is not (names is OF_TABLES):
        del said["intake"]
    return said


def near_boxes(runs: RunColumns, boxes: FloatArray) -> RunColumns:
    """Those ``runs`` whose box meets one of ``boxes`` ``(n, 4)``, storage CRS.

    Plain comparison of all boxes: for one work it takes less time than building a tree
    (docs/decisions/0011-candidates-in-files.md).
    """
    return chosen(runs, near_places(run_boxes(runs), boxes))


def run_boxes(runs: RunColumns) -> FloatArray:
    """``(n, 4)`` box of every run, storage CRS."""
    if len(runs.run_id) == 0:
        return np.empty((0, 4))
    starts, origin = runs.offset[:-1], np.array(runs.origin_m)
    low = np.minimum.reduceat(runs.xy_m, starts, axis=0) + origin
    high = np.maximum.reduceat(runs.xy_m, starts, axis=0) + origin
    return np.hstack([low, high])


def near_places(runs: FloatArray, boxes: FloatArray) -> IntArray:
    """Places of those boxes ``runs`` ``(n, 4)`` that meet one of ``boxes`` ``(m, 4)``, ascending."""
    whole = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    meets = _meets(runs, whole)
    places = np.flatnonzero(meets)
    found = np.zeros(len(places), dtype=np.bool_)
    for box in boxes:
        found |= _meets(runs[places], box)
    return places[found].astype(np.int64)


def _meets(runs: FloatArray, box: FloatArray) -> npt.NDArray[np.bool_]:
    meets: npt.NDArray[np.bool_] = (
        (runs[:, 0] <= box[2]) & (runs[:, 2] >= box[0]) & (runs[:, 1] <= box[3]) & (runs[:, 3] >= box[1])
    )
    return meets
