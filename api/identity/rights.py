"""What a post may see of the register: looked at, given, taken away."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.deps import NowDep, need
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.sight import Precision
from xzgis.identity import actions, queries
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import RightAsked, RightFacts

router = APIRouter(prefix="/api/identity/posts", tags=["identity"])

Read = Annotated[Actor, need(Permission.IDENTITY_READ)]
Grant = Annotated[Actor, need(Permission.IDENTITY_POSTS)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Names = Annotated[list[Text], Field(min_length=1, max_length=60)] | None
Group = Literal["depth", "size", "owner", "pressure", "other"]
State = Literal["pending", "approved", "reserved", "built", "disused"]


class RightIn(BaseModel):
    """A data right; null means whatever. ``hidden`` takes away what the other rights of the post give."""

    model_config = ConfigDict(extra="forbid")

    precision: Precision
    kinds: Names = None
    area: Annotated[str, Field(pattern="^[0-9]{4,12}$")] | None = None
    owners: Names = Field(default=None, description="As the register writes them")
    life_states: Annotated[list[State], Field(min_length=1, max_length=5)] | None = None
    secrecy: Annotated[int, Field(ge=0, le=3)] = 0
    attributes: Annotated[list[Group], Field(min_length=1, max_length=5)] | None = None

    def asked(self) -> RightAsked:
        """The right as the action takes it."""

        def names(given: list[str] | None) -> frozenset[str] | None:
            return None if given is None else frozenset(given)

        return RightAsked(
            precision=self.precision, kinds=names(self.kinds), area=self.area, owners=names(self.owners),
            life_states=names(list(self.life_states) if self.life_states else None), secrecy=self.secrecy,
            attributes=names(list(self.attributes) if self.attributes else None),
        )  # fmt: skip


class RightOut(BaseModel):
    """A data right of a post; ``id`` null for one that follows from its role and unit."""

    id: int | None
    precision: str
    kinds: list[str] | None
    area: str | None
    owners: list[str] | None
    life_states: list[str] | None
    secrecy: int
    attributes: list[str] | None

    @classmethod
    def of(cls, facts: RightFacts) -> "RightOut":
        """The right as JSON."""

        def listed(names: frozenset[str] | None) -> list[str] | None:
            return None if names is None else sorted(names)

        return cls(
            id=facts.id, precision=facts.precision, kinds=listed(facts.kinds), area=facts.area,
            owners=listed(facts.owners), life_states=listed(facts.life_states), secrecy=facts.secrecy,
            attributes=listed(facts.attributes),
        )  # fmt: skip


@router.get("/{number}/rights")
def rights(number: Number, actor: Read) -> list[RightOut]:
    """What a post may see of the register."""
    with transaction(actor) as session:
        return [RightOut.of(one) for one in queries.rights_of(session, number)]


@router.post("/{number}/rights", status_code=201)
def give(number: Number, body: RightIn, actor: Grant, now: NowDep) -> list[RightOut]:
    """Give a post one more data right; the first one replaces those of its role. All of them are answered."""
    with transaction(actor) as session:
        actions.give_right(
            session, actor=actor, post_id=number, asked=body.asked(), kinds=catalogue().kinds, now=now
        )
        return [RightOut.of(one) for one in queries.rights_of(session, number)]


@router.delete("/{number}/rights/{right}", status_code=204)
def take(number: Number, right: Number, actor: Grant, now: NowDep) -> Response:
    """Take a data right of a post away; never the last one."""
    with transaction(actor) as session:
        actions.take_right(session, actor=actor, post_id=number, right_id=right, now=now)
    return Response(status_code=204)
