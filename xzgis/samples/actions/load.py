"""The shipped invented district into the register, through the same write as every intake."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.copying import ragged
from xzgis.core.errors import Invalid, WrongState
from xzgis.core.files import keep
from xzgis.core.settings import Settings
from xzgis.core.words import Words
from xzgis.land.actions import remove_land, write_land
from xzgis.networks.actions.prepared import Prepared, accept_prepared
from xzgis.networks.actions.receiving import content_digest
from xzgis.networks.actions.secrecy import Graded, grade_records
from xzgis.networks.actions.terrain import terrain_options
from xzgis.networks.queries.batches import all_batches
from xzgis.networks.rules.invented import INVENTED
from xzgis.samples.terms import BUILDING_PREFIX, PARCEL_PREFIX, WITHHELD_FILE
from xzgis.works.actions import save_work
from xzgis.works.terms import WorkDocument

BATCH_NAME = "样例城区（虚构，非真实管线）"
DERIVED = tuple(f"{end}_{level}_m" for end in ("start", "end") for level in ("crown", "bottom", "ground"))


@dataclass(frozen=True)
class Loaded:
    """What came in; ``batch`` None when the same sample was in the register already."""

    batch: int | None
    runs: int
    nodes: int


def load_sample(session: Session, folder: Path, *, actor: Actor, now: datetime, store: Settings) -> Loaded:
    """Take the district in ``folder`` into the register, marked as invented, with its terrain. Twice is once.

    ``store``: whose file store keeps the raster. It is the ground of checks as long as the batch stands.

    Raises
    ------
    Invalid
        The folder holds no sample, or a file is not the one of the manifest.
    """
    manifest = _manifest(folder)
    files = [
        {"name": name, "digest": digest, "bytes": (folder / name).stat().st_size}
        for name, digest in sorted(manifest["files"].items())
        if name.endswith(".gpkg")
    ]
    paths = [folder / str(entry["name"]) for entry in files]
    prepared = _prepared(folder)
    options = {"invented": True, "name": f"{BATCH_NAME} #{manifest['seed']}", "intake": "sample"}
    options |= _terrain(folder, manifest, store)
    try:
        batch, _ = accept_prepared(
            session,
            prepared,
            actor=actor,
            files=files,
            digest=content_digest(paths),
            options=options,
            now=now,
        )
    except WrongState:
        return Loaded(batch=None, runs=0, nodes=0)
    # Undoing a batch leaves land: an earlier district must not shine through a new one.
    remove_land(
        session,
        actor=actor,
        parcel_prefix=PARCEL_PREFIX,
        building_prefix=BUILDING_PREFIX,
        source=BATCH_NAME,
        now=now,
    )
    parcels, buildings = _frame(folder, "parcels", "area"), _frame(folder, "buildings", "outline")
    write_land(session, actor=actor, parcels=parcels, buildings=buildings, source=BATCH_NAME, now=now)
    return Loaded(batch=batch.id, runs=len(prepared.runs), nodes=len(prepared.nodes))


def load_secret(session: Session, folder: Path, *, actor: Actor, now: datetime) -> int:
    """Take the secret lines of the district in as a batch of their own, with their grade; its number.

    Raises
    ------
    WrongState
        They are in the register already.
    """
    path = folder / WITHHELD_FILE
    told = json.loads(path.read_text(encoding="utf-8"))
    nodes, runs = pd.DataFrame(told["nodes"]), pd.DataFrame(told["runs"])
    points, lines = shapely.points(nodes["place"].tolist()), shapely.linestrings(runs["axis"].tolist())
    prepared = Prepared(
        nodes=nodes.assign(place=pd.Series(list(points), dtype=object)),
        runs=runs.assign(axis=pd.Series(list(lines), dtype=object), **_levels_of(runs)),
        roads=pd.DataFrame(columns=["part", "name", "shape"]),
        coverage=pd.DataFrame(columns=["kind", "area"]),
    )
    digest = content_digest([path])
    files = [{"name": path.name, "digest": digest, "bytes": path.stat().st_size}]
    options = {"invented": True, "name": told["name"], "intake": "sample"}
    batch, _ = accept_prepared(
        session, prepared, actor=actor, files=files, digest=digest, options=options, now=now
    )
    which = Graded(owner=told["owner"])
    grade_records(session, actor=actor, which=which, grade=told["grade"], reason=told["reason"], now=now)
    return batch.id


def _levels_of(runs: pd.DataFrame) -> dict[str, pd.Series]:
    """Levels per vertex of runs that have two each."""
    offset = 2 * np.arange(len(runs) + 1, dtype=np.int64)
    return {
        name: ragged(np.array(runs[name].tolist(), np.float64).ravel(), offset)
        for name in ("crown_m", "bottom_m", "ground_m")
    }


def load_if_empty(session: Session, folder: Path, *, actor: Actor, now: datetime, store: Settings) -> Loaded:
    """The district and its works to try, into a register that never held anything; else nothing.

    A register whose sample was undone stays as it is: that was somebody's decision.
    """
    if not (folder / "manifest.json").is_file() or all_batches(session, limit=1):
        return Loaded(batch=None, runs=0, nodes=0)
    loaded = load_sample(session, folder, actor=actor, now=now, store=store)
    if (folder / WITHHELD_FILE).is_file():  # a district built earlier has none
        load_secret(session, folder, actor=actor, now=now)
    for path in sorted((folder / "works").glob("*.json")):
        document = WorkDocument.model_validate_json(path.read_text(encoding="utf-8"))
        save_work(session, actor=actor, document=document, catalogue=catalogue(), now=now)
    return loaded


def _terrain(folder: Path, manifest: dict[str, Any], store: Settings) -> dict[str, object]:
    """The raster of the sample, kept in the store, as an option of its batch; nothing when it has none."""
    said = manifest.get("terrain")
    if said is None:
        return {}
    with (folder / said["file"]).open("rb") as content:
        kept = keep(store, content)
    return terrain_options(said["file"], kept, said["sigma_m"])


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Invalid(
            Words(f"{folder} 中没有样例（缺 manifest.json）。请先运行 xzgis sample build。",
                  f"There is no sample in {folder} (no manifest.json). Run xzgis sample build first.")
        ) from None  # fmt: skip
    missing = [name for name in manifest["files"] if not (folder / name).is_file()]
    if missing:
        raise Invalid(
            Words(f"样例缺少文件：{missing[0]}。请重新生成。", f"{missing[0]} is missing: build it again.")
        )
    return manifest


def _prepared(folder: Path) -> Prepared:
    nodes = _frame(folder, "nodes", "place")
    coverage = _frame(folder, "coverage", "area")
    coverage["surveyed_on"] = _dates(coverage["surveyed_on"])
    return Prepared(
        nodes=nodes, runs=_runs(folder), roads=_frame(folder, "roads", "shape"), coverage=coverage
    )


def _runs(folder: Path) -> pd.DataFrame:
    """Runs as the register takes them: levels per vertex, dates, positions of the end nodes."""
    runs = _frame(folder, "runs", "axis")
    offset = 2 * np.arange(len(runs) + 1, dtype=np.int64)
    levels = {
        f"{level}_m": ragged(
            runs[[f"start_{level}_m", f"end_{level}_m"]].to_numpy(np.float64).ravel(), offset
        )
        for level in ("crown", "bottom", "ground")
    }
    dates = {name: _dates(runs[name]) for name in ("built_on", "surveyed_on")}
    flow = runs["flow"].astype("Int64").where(runs["flow"] != 0)
    kept = runs.drop(columns=[*DERIVED, "from_no", "to_no", "built_on", "surveyed_on", "flow", "axis"])
    return kept.assign(**levels, **dates, flow=flow, axis=runs["axis"])


def _dates(column: pd.Series) -> pd.Series:
    return column.map(lambda text: date.fromisoformat(text) if isinstance(text, str) else None).astype(object)


def _frame(folder: Path, layer: str, geometry: str) -> pd.DataFrame:
    """One layer with its geometry as shapely objects in the column ``geometry``, which stands last."""
    from xzgis.samples.actions.build import FILES

    file = next(name for name, layers in FILES.items() if layer in layers)
    read = gpd.read_file(folder / file, layer=layer, use_arrow=True)
    shapes = pd.Series(list(shapely.force_2d(read.geometry.to_numpy())), dtype=object)
    plain = pd.DataFrame(read.drop(columns=["geometry", INVENTED], errors="ignore"))
    return plain.assign(**{geometry: shapes})
