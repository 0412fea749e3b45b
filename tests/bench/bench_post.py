"""What one ``POST /api/conflicts/check`` costs from end to end, and what of it is finding out who asks.

    python -m tests.bench.bench_post --works 200

The database of bench_check and its works of 200 m, through the whole application in one process: sign-in with an
access token or with the session of a browser, the body read, the check, the document. Milliseconds of CPU of this
process (the test client and its thread too) and on the clock. Figures: docs/benchmarks/check.md.
"""

import argparse
import json
import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from fastapi.testclient import TestClient

from api.main import create_app
from tests.bench.bench_check import ACTOR, WARM_UP, a_work, database, ours
from tests.signed_in import a_session
from xzgis.conflicts.kernel.warm import warm_up
from xzgis.core import cluster, db
from xzgis.core.settings import ROOT, Settings, settings
from xzgis.identity.actions.asking import PLAIN_COOKIE, Door, asker_of_token
from xzgis.identity.models import Token
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.actors import live_session
from xzgis.identity.rules.tokens import TOKEN_BYTES, TOKEN_MARK, csrf_token, digest_of
from xzgis.identity.terms import Role

CHECK = "/api/conflicts/check"
DOOR = Door(scheme="http", host="localhost", address=None)


def signed_in() -> tuple[str, str]:
    """The session and the access token of a planner made for this run."""
    now = datetime.now(UTC)
    secret = TOKEN_MARK + secrets.token_urlsafe(TOKEN_BYTES)
    with db.transaction(ACTOR) as session:
        token = a_session(session, f"bench.{secrets.token_hex(4)}", Role.PLANNER)
        live = live_session(session, token, now=now)
        if live is None:
            raise RuntimeError("The planner of the bench is not signed in.")
        session.add(
            Token(person_id=live[1].id, name="bench", digest=digest_of(secret), created_at=now,
                  permissions=[Permission.CONFLICTS_CHECK.value], expires_at=now + timedelta(hours=9))
        )  # fmt: skip
    return token, secret


def ways(url: str) -> dict[str, Callable[[int], object]]:
    """What is timed, by name; each takes the number of a work."""
    app = create_app(settings(), database_url=url)
    rng = np.random.default_rng(7)
    works = [a_work(rng, streets=100, length_m=200.0, vertices=12) for _ in range(200)]
    bodies = [work.model_dump_json(exclude_defaults=True) for work in works]
    session, secret = signed_in()
    machine = TestClient(app, base_url="http://localhost", headers={"authorization": f"Bearer {secret}"})
    browser = TestClient(app, base_url="http://localhost", cookies={PLAIN_COOKIE: session},
                         headers={"x-csrf-token": csrf_token(session)})  # fmt: skip
    plain = TestClient(app, base_url="http://localhost")

    def post(client: TestClient, turn: int) -> None:
        body = bodies[turn % len(bodies)]
        answer = client.post(CHECK, content=body, headers={"content-type": "application/json"})
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.status_code}: {answer.text[:300]}")

    return {
        "post with a token": lambda turn: post(machine, turn),
        "post with a session": lambda turn: post(browser, turn),
        "the check alone": lambda turn: ours(works[turn % len(works)]),
        "who asks, by token": lambda turn: asker_of_token(secret, door=DOOR, now=datetime.now(UTC)),
        "a request that asks nothing": lambda turn: plain.get("/health/live").raise_for_status(),
    }


def main() -> None:
    """Time every way in turn and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var-dir", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--works", type=int, default=200)
    asked = parser.parse_args()
    url = database(asked.var_dir)
    try:
        db.connect(url, settings())
        warm_up()
        told = {"load_average": round(os.getloadavg()[0], 1)} | timed(ways(url), asked.works)
        print(json.dumps(told, indent=1))
    finally:
        cluster.stop_if_unused(Settings(var_dir=asked.var_dir))


def timed(each: dict[str, Callable[[int], object]], works: int) -> dict[str, dict[str, float]]:
    """Median and least CPU of this process and median clock of every way, milliseconds, after a warm-up."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in each}
    for turn in range(works + WARM_UP):
        for name, way in each.items():
            cpu, clock = time.process_time(), time.perf_counter()
            way(turn)
            taken[name].append((time.process_time() - cpu, time.perf_counter() - clock))
    told = {}
    for name, rows in taken.items():
        cpu_ms, clock_ms = (np.array(column) * 1000.0 for column in zip(*rows[WARM_UP:], strict=True))
        figures = {
            "cpu_p50_ms": np.median(cpu_ms),
            "cpu_least_ms": cpu_ms.min(),
            "p50_ms": np.median(clock_ms),
        }
        told[name] = {key: round(float(value), 2) for key, value in figures.items()}
    return told


if __name__ == "__main__":
    main()
