"""The register leaves as a file: what is seen of it, counted, stamped, kept."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import geopandas as gpd
from shapely import Polygon
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.core.actor import Actor
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.exports.actions.leaving import begin_export, exporting, finish_export
from xzgis.exports.terms import Begun, Leaving, LeftFile
from xzgis.formats.written import layers_aside, stamp
from xzgis.networks.queries.export import LAYERS, export_frames
from xzgis.networks.queries.secrecy import highest_grade
from xzgis.spatial.cells import NO_CELLS, Cells, cells_of, ground_of, merged

LONG_STATEMENT_S = 1800


@dataclass(frozen=True, slots=True)
class RegisterAsked:
    """Which part of the register, in which form, and why; no kinds are all, no area is everywhere (storage CRS)."""

    reason: str
    file_format: str = "gpkg"
    kinds: tuple[str, ...] = ()
    area: Polygon | None = None
    replace: bool = False


@dataclass
class _Holding:
    """What the file holds so far: cells, and identities of records."""

    side_m: float
    cells: Cells
    object_ids: list[int]

    def passing(self, frames: Iterator[gpd.GeoDataFrame]) -> Iterator[gpd.GeoDataFrame]:
        """The frames, looked at on their way into the file."""
        for frame in frames:
            self.cells = merged([self.cells, cells_of(frame.geometry.to_numpy(), side_m=self.side_m)])
            if "object_id" in frame:
                self.object_ids += frame["object_id"].tolist()
            yield frame


def _write_aside(
    session: Session, aside: ExitStack, asked: RegisterAsked, out: Path, *, actor: Actor, catalogue: Catalogue,
    now: datetime,
) -> tuple[Begun, dict[str, int]]:  # fmt: skip
    """Write and keep the export; the files lie aside until ``aside`` ends."""
    check_kinds(asked.kinds, catalogue)
    rules = catalogue.exports
    held = _Holding(rules.cell_m, NO_CELLS, [])
    layers = {
        layer: held.passing(export_frames(session, layer, kinds=asked.kinds, within=asked.area))
        for layer in LAYERS
    }
    made = aside.enter_context(
        layers_aside(out, layers, file_format=asked.file_format, replace=asked.replace)
    )
    what = Leaving(
        dataset="register",
        file_format=asked.file_format,
        records=sum(made.counts.values()),
        record_grade=highest_grade(session, held.object_ids),
        extent=ground_of(held.cells, side_m=held.side_m),
        reason=asked.reason,
    )
    begun = begin_export(session, actor=actor, what=what, rules=rules, now=now)
    for path in made.files.values():
        stamp(path, begun.mark.document(), file_format=asked.file_format)
    files = [_left(name, path) for name, path in made.files.items()]
    box = None if asked.area is None else [round(edge, 3) for edge in asked.area.bounds]
    told = {"kinds": list(asked.kinds), "box_m": box}
    finish_export(session, actor=actor, begun=begun, files=files, asked=told)
    return begun, dict(made.counts)


def leave_register(
    actor: Actor, asked: RegisterAsked, out: Path, *, catalogue: Catalogue, now: datetime
) -> tuple[Begun, dict[str, int]]:
    """The register as ``actor`` sees it now, as files: the mark, and how many each layer has.

    The files come to their place when the export is kept: an export that fails at its very end leaves none, and
    there is none without its row.

    Raises
    ------
    Invalid
        No such kind or format, a file in the way, no reason.
    HeldBack
        Too much contiguous ground; nothing is left behind.
    """
    # The transaction ends first, what lies aside after it.
    with ExitStack() as aside, exporting(actor, now=now, statement_timeout_s=LONG_STATEMENT_S) as session:
        return _write_aside(session, aside, asked, out, actor=actor, catalogue=catalogue, now=now)


def check_kinds(kinds: tuple[str, ...], catalogue: Catalogue) -> None:
    """Refuse kinds that there are not.

    Raises
    ------
    Invalid
        With the list of those there are.
    """
    strange = [kind for kind in kinds if kind not in catalogue.kinds]
    if strange:
        there = "、".join(f"{each.zh} {token}" for token, each in catalogue.kinds.items())
        raise Invalid(
            Words(
                f"没有这些管线种类：{'、'.join(strange)}；可用：{there}。",
                f"No such kinds: {', '.join(strange)}; there are {', '.join(catalogue.kinds)}.",
            )
        )


def _left(name: str, path: Path) -> LeftFile:
    with path.open("rb") as file:
        return LeftFile(
            name=name, sha256=file_digest(file, "sha256").hexdigest(), size_bytes=path.stat().st_size
        )
