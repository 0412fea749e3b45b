"""What each post of a person may see of the register, for the security administrator."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from web.asking import actor_of, need
from web.pages.map import buried_kinds
from web.render import render
from xzgis.catalogue.queries import catalogue
from xzgis.core.db import transaction
from xzgis.core.errors import NotFound, Refusal
from xzgis.identity import actions, queries
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.directory import person
from xzgis.identity.terms import ATTRIBUTE_GROUPS, MOST_SECRET, PRECISIONS, RightAsked

router = APIRouter()

Account = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Chosen = Annotated[list[str], Field(max_length=60)]
Typed = Annotated[str, Field(max_length=500)]
STATES = ("pending", "approved", "reserved", "built", "disused")


@router.get("/people/{account}/rights", dependencies=[need(Permission.IDENTITY_READ)])
def show(request: Request, account: Account) -> Response:
    """The data rights of every post a person may act in."""
    return _page(request, account)


def _page(request: Request, account: str, refusal: Refusal | None = None) -> Response:
    actor, now = actor_of(request), datetime.now(UTC)
    with transaction(actor) as session:
        found = person(session, actor=actor, account=account, now=now)
        facts = queries.person_facts(found)
        posts = [post for post in queries.posts_of(session, found.id, now=now) if post.acting_for is None]
        rights = {post.id: queries.rights_of(session, post.id) for post in posts}
        areas = queries.areas_tree(session)
    return render(
        request, "people/rights.html", status=422 if refusal else 200, person=facts, posts=posts, rights=rights,
        areas=areas, refusal=refusal, kinds=buried_kinds(catalogue()), precisions=PRECISIONS, groups=ATTRIBUTE_GROUPS,
        states=STATES, grades=range(MOST_SECRET + 1), known=catalogue(),
    )  # fmt: skip


class RightForm(BaseModel):
    """A data right as the form sends it: nothing ticked means whatever, owners are parted by commas."""

    precision: Typed = ""
    area: Typed = ""
    owners: Typed = ""
    kinds: Chosen = []
    states: Chosen = []
    attributes: Chosen = []
    secrecy: Annotated[int, Field(ge=0, le=MOST_SECRET)] = 0

    def asked(self) -> RightAsked:
        """The right as the action takes it."""
        named = (name.strip() for name in self.owners.replace("，", ",").split(","))
        return RightAsked(
            precision=self.precision, kinds=frozenset(self.kinds) or None, area=self.area or None,
            owners=frozenset(name for name in named if name) or None,
            life_states=frozenset(self.states) or None, secrecy=self.secrecy,
            attributes=frozenset(self.attributes) or None,
        )  # fmt: skip


@router.post("/people/{account}/rights/{post}", dependencies=[need(Permission.IDENTITY_POSTS)])
def give(request: Request, account: Account, post: Number, sent: Annotated[RightForm, Form()]) -> Response:
    """Give a post one more data right."""
    try:
        with transaction(actor_of(request)) as session:
            actions.give_right(
                session, actor=actor_of(request), post_id=post, asked=sent.asked(), kinds=catalogue().kinds,
                now=datetime.now(UTC),
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, account, refusal)
    return RedirectResponse(f"/people/{account}/rights", status_code=303)


@router.post("/people/{account}/rights/{post}/{right}/take", dependencies=[need(Permission.IDENTITY_POSTS)])
def take(request: Request, account: Account, post: Number, right: Number) -> Response:
    """Take a data right of a post away."""
    try:
        with transaction(actor_of(request)) as session:
            actions.take_right(
                session, actor=actor_of(request), post_id=post, right_id=right, now=datetime.now(UTC)
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, account, refusal)
    return RedirectResponse(f"/people/{account}/rights", status_code=303)
