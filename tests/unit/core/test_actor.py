"""Who asked for a job is known to the job."""

import json

import pytest

from xzgis.core.actor import Actor, actor_told, told

WHOLE = Actor(
    name="li.na", via="page", id=7, unit_id=3, acting_for="wang.wei", address="10.1.2.3",
    permissions=frozenset({"networks.accept"}),
)  # fmt: skip


@pytest.mark.parametrize(
    "actor", [WHOLE, Actor(name="root", via="command"), Actor(name="系统", via="api", id=1)]
)
def test_a_job_acts_for_whoever_asked_without_their_permissions(actor: Actor) -> None:
    given = json.loads(json.dumps(told(actor)))

    assert actor_told(given) == Actor(
        name=actor.name, via="job", id=actor.id, unit_id=actor.unit_id,
        acting_for=actor.acting_for, address=actor.address,
    )  # fmt: skip


def test_a_bare_name_of_an_older_queue_is_taken() -> None:
    assert actor_told("tester") == Actor(name="tester", via="job")
