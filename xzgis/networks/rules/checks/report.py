"""Collects the findings of the checks, with the place of each row."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.terms import Delivery, IntakeFinding, Level

MOST_REMARKS = 2000
"""Warnings and remarks of one code that are told one by one; more are counted. Errors are always all told."""

Mask = npt.NDArray[np.bool_]
Row = Mapping[str, Any]
"""One row as a mapping of its columns, and ``index``: its position in the frame."""


class Checker:
    """One delivery under check: its frames, the catalogue, and what was found so far."""

    def __init__(self, delivery: Delivery, catalogue: Catalogue, *, strict: bool) -> None:
        self.delivery = delivery
        self.catalogue = catalogue
        self.strict = strict
        self.points = delivery.points.reset_index(drop=True)
        self.lines = delivery.lines.reset_index(drop=True)
        self._found: list[IntakeFinding] = []
        self._told: dict[str, int] = {}
        self._kept_back: dict[tuple[str, Level], int] = {}
        # Many findings may speak of one row, as those of a point where a thousand lines meet.
        self._asked_last: tuple[tuple[str, int] | None, Row] = (None, {})

    @property
    def is_survey(self) -> bool:
        """Whether the delivery is survey tables, which promise more than a drawing or a foreign delivery."""
        intake = self.catalogue.intakes.get(self.delivery.intake)
        return intake is None or intake.reads in ("survey_tables", "one_table", "result_table")

    def limit(self, name: str) -> float:
        """A threshold of ``layers/limits.toml``."""
        return self.catalogue.limits.values[name]

    def severity(self, code: str) -> Level:
        """How severe a finding of ``code`` is in this delivery."""
        rule = self.catalogue.checks[code]
        return rule.level_strict if self.strict else rule.level

    def ends(self, end: str) -> npt.NDArray[np.int64]:
        """Row of the ``from`` or ``to`` point of each line, -1 where there is none."""
        return self.lines[f"{end}_point"].to_numpy(np.int64)

    def at_end(self, end: str, column: str) -> npt.NDArray[np.float64]:
        """A number of the point at one end of each line, NaN where there is no point."""
        index = self.ends(end)
        if not len(self.points):
            return np.full(len(index), np.nan)
        values = self.points[column].to_numpy(np.float64)[np.maximum(index, 0)]
        return np.where(index >= 0, values, np.nan)

    def at_vertex(self, which: str, levels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The value of ``levels`` (one per vertex) at the first or last vertex of each line."""
        offset = self.delivery.vertices.offset
        has = offset[1:] > offset[:-1]
        index = offset[:-1] if which == "from" else offset[1:] - 1
        if not len(levels):
            return np.full(len(has), np.nan)
        return np.where(has, levels[np.clip(index, 0, len(levels) - 1)], np.nan)

    def tell(
        self,
        code: str,
        row: Row | None,
        words: Words,
        remedy: Words,
        *,
        field: str | None = None,
        value: object = None,
        level: Level | None = None,
    ) -> None:
        """Add one finding about ``row`` (None: about the whole delivery)."""
        severity = level or self.severity(code)
        if severity != "error":
            self._told[code] = self._told.get(code, 0) + 1
            if self._told[code] > MOST_REMARKS:
                key = (code, severity)
                self._kept_back[key] = self._kept_back.get(key, 0) + 1
                return
        self._found.append(
            IntakeFinding(
                code=code,
                level=severity,
                words=words,
                remedy=remedy,
                file=None if row is None else row["file"],
                sheet=None if row is None else row["sheet"],
                row=None if row is None else int(row["row"]),
                field=field,
                value=None if value is None or value != value else self._named(field, str(value)),
                table=None if row is None else "points" if "east_m" in row else "lines",
                **self._place(row),
            )
        )

    def _named(self, field: str | None, value: str) -> str:
        """A value as people call it: a kind and a code by their Chinese names, anything else as it is."""
        if field == "kind" and value in self.catalogue.kinds:
            return self.catalogue.kinds[value].zh
        codes = self.catalogue.codes.get(field or "", ())
        return next((code.zh for code in codes if code.token == value), value)

    def row(self, table: str, index: int) -> Row:
        """One row of ``points`` or ``lines``, with its ``index``."""
        if self._asked_last[0] != (table, index):
            frame: pd.DataFrame = getattr(self, table)
            row = {"index": index} | {str(name): frame[name].iloc[index] for name in frame.columns}
            self._asked_last = ((table, index), row)
        return self._asked_last[1]

    def rows(self, table: str, mask: Mask, code: str | None = None) -> Sequence[Row]:
        """The rows of ``points`` or ``lines`` that a mask names, for one finding each.

        With ``code``, rows whose finding would not be told one by one any more are only counted, all at once.
        """
        frame: pd.DataFrame = getattr(self, table)
        index = np.flatnonzero(mask)
        if code is not None:
            index = self.told_singly(code, index)
        if not len(index):
            return []
        records = frame.iloc[index].to_dict("records")
        return [
            {"index": int(at)} | {str(name): value for name, value in one.items()}
            for at, one in zip(index, records, strict=True)
        ]

    def told_singly(self, code: str, index: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Of the findings ``index`` of a code those that are told one by one; the others are only counted."""
        severity = self.severity(code)
        room = max(0, MOST_REMARKS - self._told.get(code, 0))
        if severity == "error" or len(index) <= room:
            return index
        key = (code, severity)
        self._kept_back[key] = self._kept_back.get(key, 0) + len(index) - room
        return index[:room]

    def errors(self) -> tuple[IntakeFinding, ...]:
        """The errors so far: of the reading and of the checks."""
        return tuple(one for one in (*self.delivery.findings, *self._found) if one.level == "error")

    def found(self) -> tuple[IntakeFinding, ...]:
        """Everything found, by code, then by row; what was only counted is said at the end of its code."""
        for (code, level), count in self._kept_back.items():
            self._found.append(
                IntakeFinding(
                    code=code,
                    level=level,
                    words=Words(
                        f"另有 {count} 条同类提示未逐条列出",
                        f"{count} more findings of this kind are not listed",
                    ),
                    remedy=Words("先处理已列出的，再重新检查", "Mend the listed ones and check again"),
                )
            )
        order = {finding: index for index, finding in enumerate(self._found)}
        return tuple(sorted(self._found, key=lambda one: (one.code, one.row is None, order[one])))

    def _place(self, row: Row | None) -> dict[str, float | None]:
        if row is None:
            return {}
        if "east_m" in row:
            east, north = row["east_m"], row["north_m"]
        else:
            offset, index = self.delivery.vertices.offset, row["index"]
            if offset[index] == offset[index + 1]:
                return {}
            east, north = self.delivery.vertices.xy_m[offset[index] : offset[index + 1]].mean(axis=0)
        if not np.isfinite([east, north]).all():
            return {}
        return {"east_m": float(east), "north_m": float(north)}
