"""The datasets of the register, kind by owner."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from api.deps import NowDep, need
from xzgis.catalogue.files import catalogue
from xzgis.core.actor import Actor
from xzgis.core.clock import city_zone
from xzgis.core.db import transaction
from xzgis.identity.permissions import Permission
from xzgis.networks.queries.datasets import datasets as found_datasets
from xzgis.networks.rules.quality import WEIGHTS, Dataset

router = APIRouter(prefix="/api/networks/datasets", tags=["networks"])

Sums = Annotated[Actor, need(Permission.DATA_READ)]
LIMIT_S = 60


class DatasetOut(BaseModel):
    """One kind of one owner. ``shares``: of the length, what each part of the score has; unknown counts as not having it.

    ``left_out``: rows with an error in the deliveries it came from. ``grade``: of an extract of it.
    """

    kind: str
    owner: str | None
    grade: str
    runs: int
    length_m: float
    surveyed_on: date | None
    undated_m: float
    accepted_at: AwareDatetime | None
    left_out: int
    is_invented: bool
    score: int
    shares: dict[str, float]

    @classmethod
    def of(cls, one: Dataset) -> "DatasetOut":
        """The dataset as it is answered."""
        return cls(
            kind=one.kind, owner=one.owner, grade=catalogue().exports.register_grade(one.grade).token, runs=one.runs,
            length_m=round(one.length_m, 3), surveyed_on=one.surveyed_on, undated_m=round(one.undated_m, 3),
            accepted_at=one.accepted_at, left_out=one.left_out, is_invented=one.is_invented, score=one.score,
            shares={part: round(one.share(part), 4) for part in WEIGHTS},
        )  # fmt: skip


@router.get("")
def datasets(
    actor: Sums,
    now: NowDep,
    kind: Annotated[list[str] | None, Query(max_length=50)] = None,
    owner: Annotated[str, Query(max_length=100)] = "",
) -> list[DatasetOut]:
    """Every kind and owner that the asker sees whole, the longest first; ``owner`` is a part of the name."""
    today = now.astimezone(city_zone()).date()
    with transaction(actor, statement_timeout_s=LIMIT_S) as session:
        return [
            DatasetOut.of(one) for one in found_datasets(session, today=today, kinds=kind or (), owner=owner)
        ]
