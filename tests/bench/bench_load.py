"""How long a million segments take into the register, beside a bare COPY of the same rows in the same run.

Run: ``python -m tests.bench.bench_load [rows]`` from the project's root. Prints seconds and the ratio.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import databases
from tests.factories import EAST_M, NORTH_M, a_batch, an_actor
from xzgis.core import db
from xzgis.core.copying import copy_rows, ragged
from xzgis.networks.actions.register import write_records
from xzgis.networks.models import Run

KINDS = np.array(["water", "gas", "power", "telecom", "drainage_storm", "drainage_foul", "heat"])


def a_city(count: int, seed: int = 1) -> pd.DataFrame:
    """Many short runs in a square town, as an intake would hand them over."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 20_000, (count, 2)) + np.array([EAST_M, NORTH_M])
    angle = rng.integers(0, 2, count) * np.pi / 2
    length = rng.uniform(5, 60, count)
    end = start + np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None]
    coords = np.stack([start, end], axis=1)
    crown = rng.uniform(25, 30, count * 2)
    offset = np.arange(count + 1) * 2
    number = np.arange(count)
    return pd.DataFrame(
        {
            "kind": KINDS[rng.integers(0, len(KINDS), count)],
            "label": pd.Series("J" + number.astype(str)) + "-J" + pd.Series((number + 1).astype(str)),
            "code": "JS",
            "axis": shapely.linestrings(coords),
            "crown_m": ragged(crown, offset),
            "bottom_m": ragged(crown - 0.3, offset),
            "ground_m": ragged(np.full(count * 2, 31.0), offset),
            "owner": "水务集团",
            "life_state": "built",
            "shape": "circle",
            "nominal_width_mm": 300.0,
            "outer_width_mm": 326.0,
            "outer_height_mm": 326.0,
            "outer_spread_mm": 5.0,
            "outer_is_assumed": True,
            "material": "球墨铸铁",
            "burial": "direct_buried",
            "start_depth_m": 1.2,
            "end_depth_m": 1.25,
            "depth_reference": "crown",
            "accuracy_class": "detected",
            "sigma_plan_m": 0.1,
            "sigma_level_m": 0.15,
            "road": pd.Series("第" + (number // 500).astype(str) + "街"),
            "source_row": number,
        }
    )  # fmt: skip


def timed(name: str, work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes, printed."""
    begin = time.perf_counter()
    work()
    took = time.perf_counter() - begin
    print(f"{name:<58} {took:6.2f} s")
    return took


def main(count: int) -> None:
    """Load ``count`` runs three ways and print the ratios."""
    runs = a_city(count)
    nodes = pd.DataFrame({"kind": pd.Series([], dtype=str), "place": pd.Series([], dtype=object)})
    with databases.server() as server, databases.migrated(server) as url:
        engine = db.connect(url, server.model_copy(update={"statement_timeout_s": 600}))
        with db.transaction(an_actor()) as session:
            session.add(a_batch())
            session.execute(text("create table bare as select * from networks_run limit 0"))
        now = datetime.now(UTC)
        constants = {"batch_id": 1, "known_from": now}
        bare = type("Bare", (), {"name": "bare", "columns": Run.__table__.columns})

        def warm(session: Session) -> None:
            copy_rows(session, bare, runs.iloc[:10], constants)
            session.execute(text("truncate bare"))

        with db.transaction(an_actor()) as session:
            warm(session)

        def copy_bare() -> None:
            with db.transaction(an_actor()) as session:
                copy_rows(session, bare, runs.assign(object_id=np.arange(count)), constants)

        def write() -> None:
            with db.transaction(an_actor(), statement_timeout_s=0) as session:
                write_records(session, batch_id=1, nodes=nodes, runs=runs, now=now)

        base = timed(f"bare COPY of {count:,} rows, no index, no constraint", copy_bare)
        empty = timed("write_records into an empty register", write)
        full = timed("write_records into a register as large again", write)
        print(f"ratio: {empty / base:.1f} into an empty register, {full / base:.1f} into a filled one")
        engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
