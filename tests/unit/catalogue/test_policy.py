"""Who may decide a change of the tables, and which walls a table may hold."""

import pytest
from pydantic import ValidationError

from xzgis.catalogue.policy import check_can_decide
from xzgis.catalogue.terms import OuterSize
from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed
from xzgis.identity.permissions import Permission

MAY = frozenset({Permission.CATALOGUE_APPROVE})
PROPOSED = {"proposed_by": "deputy1", "proposed_by_id": 5, "proposed_for": "li", "state": "proposed"}


@pytest.mark.parametrize(
    "actor",
    [
        pytest.param(Actor("deputy1", via="page", id=9, permissions=MAY), id="its maker by name"),
        pytest.param(Actor("renamed", via="page", id=5, permissions=MAY), id="its maker by number"),
        pytest.param(Actor("li", via="page", id=6, permissions=MAY), id="for whom it was made"),
        pytest.param(Actor("deputy2", via="page", id=7, permissions=MAY, acting_for="li"), id="another deputy of the same"),
        pytest.param(Actor("helper", via="page", id=8, permissions=MAY, acting_for="deputy1"), id="deputy of its maker"),
    ],
)  # fmt: skip
def test_nobody_decides_what_his_own_side_proposed(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        check_can_decide(actor, **PROPOSED)


@pytest.mark.parametrize("acting_for", [None, "wang"])
def test_another_person_decides(acting_for: str | None) -> None:
    check_can_decide(Actor("chief", via="page", id=7, permissions=MAY, acting_for=acting_for), **PROPOSED)
    check_can_decide(Actor("chief", via="page", id=7, permissions=MAY), **(PROPOSED | {"proposed_for": None}))


@pytest.mark.parametrize(("column", "value"), [("wall_mm", -20.0), ("wall_ratio", -0.1), ("wall_ratio", 1.5)])
def test_a_wall_is_never_below_nothing(column: str, value: float) -> None:
    size = {
        "kind": "any", "nominal_mm_from": 0.0, "nominal_mm_to": 100.0, "nominal_is": "inner", "source": "own choice",
    }  # fmt: skip
    OuterSize(**(size | {column: 0.1}))

    with pytest.raises(ValidationError, match=column):
        OuterSize(**(size | {column: value}))
