"""People, their posts, units and areas, for the administrators."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.deps import NowDep, need
from api.identity.schemas import (
    AreaIn,
    AreaOut,
    DelegationIn,
    NewPersonOut,
    PersonChange,
    PersonIn,
    PersonOut,
    PersonPage,
    PostIn,
    PostOut,
    RevealedOut,
    RevealIn,
    UnitIn,
    UnitOut,
)
from xzgis.core import paging
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.identity import actions, queries
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.directory import person, posts_ever
from xzgis.identity.terms import AreaAsked, DelegationAsked, PostAsked, Role, UnitAsked

router = APIRouter(prefix="/api/identity", tags=["identity"])

Read = Annotated[Actor, need(Permission.IDENTITY_READ)]
Reveal = Annotated[Actor, need(Permission.IDENTITY_REVEAL)]
Keep = Annotated[Actor, need(Permission.IDENTITY_PEOPLE)]
Grant = Annotated[Actor, need(Permission.IDENTITY_POSTS)]
Organise = Annotated[Actor, need(Permission.IDENTITY_UNITS)]
Account = Annotated[str, Path(max_length=40)]
Code = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=1, le=2**62)]
DONE = 204


@router.get("/people")
def people(
    actor: Read,
    now: NowDep,
    search: Annotated[str, Query(max_length=100)] = "",
    role: Role | None = None,
    leavers: bool = False,
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST)] = 50,
) -> PersonPage:
    """People by account, a page at a time."""
    asked = queries.PeopleAsked(search=search, role=role, leavers=leavers)
    with transaction(actor) as session:
        page = queries.people(session, actor=actor, now=now, asked_for=asked, after=after, limit=limit)
        return PersonPage(items=[PersonOut.of(one) for one in page.items], after=page.after)


@router.post("/people", status_code=201)
def add_person(body: PersonIn, actor: Keep, now: NowDep) -> NewPersonOut:
    """Make an account; the one-time password is answered this once."""
    with transaction(actor) as session:
        made = actions.add_person(session, actor=actor, now=now, **body.model_dump())
        return NewPersonOut.model_validate(made)


@router.get("/people/{account}")
def one_person(account: Account, actor: Read, now: NowDep) -> PersonOut:
    """One person, also a leaver."""
    with transaction(actor) as session:
        return PersonOut.of(queries.person_facts(person(session, actor=actor, account=account, now=now)))


@router.put("/people/{account}")
def change_person(account: Account, body: PersonChange, actor: Keep, now: NowDep) -> PersonOut:
    """Change name and addresses."""
    with transaction(actor) as session:
        facts = actions.change_person(session, actor=actor, account=account, now=now, **body.model_dump())
        return PersonOut.of(facts)


@router.post("/people/{account}/reveal")
def reveal(account: Account, body: RevealIn, actor: Reveal, now: NowDep) -> RevealedOut:
    """One masked fact of a person in clear; who looked and why stands in the trail."""
    with transaction(actor) as session:
        value = actions.reveal_fact(
            session, actor=actor, account=account, field=body.field, reason=body.reason, now=now
        )
    return RevealedOut(field=body.field, value=value)


@router.post("/people/{account}/reset-password")
def reset_password(account: Account, actor: Keep, now: NowDep) -> NewPersonOut:
    """A new one-time password, answered this once; every session of the person ends."""
    with transaction(actor) as session:
        made = actions.reset_password(session, actor=actor, account=account, now=now)
        return NewPersonOut.model_validate(made)


@router.post("/people/{account}/reset-factor", status_code=DONE)
def reset_factor(account: Account, actor: Grant, now: NowDep) -> Response:
    """Take a lost second factor away."""
    with transaction(actor) as session:
        actions.reset_second_factor(session, actor=actor, account=account, now=now)
    return Response(status_code=DONE)


@router.post("/people/{account}/leave")
def leave(account: Account, actor: Keep, now: NowDep) -> PersonOut:
    """End everything that lets the person in, at once."""
    with transaction(actor) as session:
        return PersonOut.of(actions.leave_person(session, actor=actor, account=account, now=now))


@router.get("/people/{account}/posts")
def posts(account: Account, actor: Read, now: NowDep) -> list[PostOut]:
    """Every post the person holds, held or will hold, the newest first."""
    with transaction(actor) as session:
        found = person(session, actor=actor, account=account, now=now)
        return PostOut.of(posts_ever(session, found.id))


@router.post("/people/{account}/posts", status_code=201)
def grant(account: Account, body: PostIn, actor: Grant, now: NowDep) -> PostOut:
    """Grant a post; older sessions of the person are over."""
    given = body.model_dump()
    kinds = None if body.kinds is None else frozenset(body.kinds)
    with transaction(actor) as session:
        asked = PostAsked(**(given | {"kinds": kinds}))
        return PostOut.of([actions.grant_post(session, actor=actor, account=account, asked=asked, now=now)])[
            0
        ]


@router.delete("/posts/{number}", status_code=DONE)
def end_post(number: Number, actor: Grant, now: NowDep) -> Response:
    """End a post now, and what was lent of it."""
    with transaction(actor) as session:
        actions.end_post(session, actor=actor, post_id=number, now=now)
    return Response(status_code=DONE)


@router.post("/delegations", status_code=201)
def delegate(body: DelegationIn, actor: Grant, now: NowDep) -> dict[str, int]:
    """Lend somebody's post to somebody else; the number of the delegation."""
    with transaction(actor) as session:
        number = actions.delegate(session, actor=actor, asked=DelegationAsked(**body.model_dump()), now=now)
    return {"id": number}


@router.delete("/delegations/{number}", status_code=DONE)
def end_delegation(number: Number, actor: Grant, now: NowDep) -> Response:
    """Take a lent post back before its time."""
    with transaction(actor) as session:
        actions.end_delegation(session, actor=actor, delegation_id=number, now=now)
    return Response(status_code=DONE)


@router.get("/units")
def units(actor: Read, now: NowDep, closed: bool = False) -> list[UnitOut]:
    """Units by code; closed ones only when asked."""
    with transaction(actor) as session:
        return [UnitOut.of(one) for one in queries.units_tree(session, now=now, closed=closed)]


@router.post("/units", status_code=201)
def add_unit(body: UnitIn, actor: Organise, now: NowDep) -> UnitOut:
    """Add a unit."""
    with transaction(actor) as session:
        return UnitOut.of(
            actions.add_unit(session, actor=actor, asked=UnitAsked(**body.model_dump()), now=now)
        )


@router.post("/units/{code}/close", status_code=DONE)
def close_unit(code: Code, actor: Organise, now: NowDep) -> Response:
    """Close a unit; its records stay."""
    with transaction(actor) as session:
        actions.close_unit(session, actor=actor, code=code, now=now)
    return Response(status_code=DONE)


@router.get("/areas")
def areas(actor: Read) -> list[AreaOut]:
    """Areas in the order of the tree."""
    with transaction(actor) as session:
        return [AreaOut.of(one) for one in queries.areas_tree(session)]


@router.post("/areas", status_code=201)
def add_area(body: AreaIn, actor: Organise, now: NowDep) -> AreaOut:
    """Add an area under the one its code begins with."""
    with transaction(actor) as session:
        return AreaOut.of(
            actions.add_area(session, actor=actor, asked=AreaAsked(**body.model_dump()), now=now)
        )
