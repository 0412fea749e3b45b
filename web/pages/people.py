"""People: listed, made, helped back in, ended; their posts granted, ended, lent."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from web.asking import actor_of, need
from web.forms.people import until_of, until_or_never
from web.render import render
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import NotFound, Refusal
from xzgis.identity import actions, queries
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.directory import person, posts_ever
from xzgis.identity.terms import DelegationAsked, NewPerson, PostAsked, Role

router = APIRouter()

READ = [need(Permission.IDENTITY_READ)]
KEEP = [need(Permission.IDENTITY_PEOPLE)]
GRANT = [need(Permission.IDENTITY_POSTS)]
PAGE_SIZE = 50
MOST_KINDS = 60
Account = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Typed = Annotated[str, Form(max_length=500)]
Doing = Callable[[Session, Actor, datetime], NewPerson | None]


@router.get("/people", dependencies=READ)
def list_people(
    request: Request,
    q: Annotated[str, Query(max_length=100)] = "",
    role: Annotated[str, Query(max_length=40)] = "",
    leavers: Annotated[str, Query(max_length=5)] = "",
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """People by account, a page at a time."""
    return _list(request, q=q, role=role, leavers=leavers, after=after)


def _list(
    request: Request, *, refusal: Refusal | None = None, made: NewPerson | None = None, **asked: Any
) -> Response:
    actor, now = actor_of(request), datetime.now(UTC)
    role = asked.get("role") if asked.get("role") in set(Role) else None
    wanted = queries.PeopleAsked(
        search=asked.get("q") or "", role=Role(role) if role else None, leavers=bool(asked.get("leavers"))
    )
    with transaction(actor) as session:
        page = queries.people(
            session, actor=actor, now=now, asked_for=wanted, after=asked.get("after"), limit=PAGE_SIZE
        )
        posts = {one.id: queries.posts_of(session, one.id, now=now) for one in page.items}
    return render(
        request, "people/list.html", status=422 if refusal else 200, people=page.items, after=page.after,
        posts=posts, asked=wanted, roles=list(Role), refusal=refusal, made=made,
    )  # fmt: skip


@router.post("/people", dependencies=KEEP)
def add(
    request: Request, account: Typed = "", name: Typed = "", email: Typed = "", phone: Typed = ""
) -> Response:
    """Make an account; its one-time password is shown this once."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            made = actions.add_person(
                session, actor=actor, account=account, name=name, email=email or None, phone=phone or None,
                now=datetime.now(UTC),
            )  # fmt: skip
    except Refusal as refusal:
        return _list(request, refusal=refusal)
    return _page(request, made.account, made=made)


@router.get("/people/{account}", dependencies=READ)
def show(request: Request, account: Account) -> Response:
    """One person: posts, what is lent, sessions."""
    return _page(request, account)


def _page(
    request: Request,
    account: str,
    *,
    refusal: Refusal | None = None,
    made: NewPerson | None = None,
    revealed: tuple[str, str | None] | None = None,
) -> Response:
    actor, now = actor_of(request), datetime.now(UTC)
    with transaction(actor) as session:
        row = person(session, actor=actor, account=account, now=now)
        facts = queries.person_facts(row)
        values = {
            "posts": posts_ever(session, facts.id),
            "delegations": queries.delegations_of(session, facts.id, now=now),
            "sessions": queries.sessions_of(session, facts.id, now=now),
            "units": queries.units_tree(session, now=now),
            "areas": queries.areas_tree(session),
        }
    return render(
        request, "people/person.html", status=422 if refusal else 200, person=facts, refusal=refusal,
        made=made, revealed=revealed, roles=list(Role), now=now, **values,
    )  # fmt: skip


def _done(request: Request, account: str, act: Doing) -> Response:
    """Do something in one transaction and go back to the person; a refusal is told there."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            made = act(session, actor, datetime.now(UTC))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, account, refusal=refusal)
    if made is not None:
        return _page(request, account, made=made)
    return RedirectResponse(f"/people/{account}", status_code=303)


@router.post("/people/{account}", dependencies=KEEP)
def change(
    request: Request, account: Account, name: Typed = "", email: Typed = "", phone: Typed = ""
) -> Response:
    """Change name and addresses."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        actions.change_person(
            session,
            actor=actor,
            account=account,
            name=name,
            email=email or None,
            phone=phone or None,
            now=now,
        )

    return _done(request, account, act)


@router.post("/people/{account}/reveal", dependencies=[need(Permission.IDENTITY_REVEAL)])
def reveal(request: Request, account: Account, field: Typed = "", reason: Typed = "") -> Response:
    """One masked fact in clear, on this page only; who looked and why stands in the trail."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            value = actions.reveal_fact(
                session, actor=actor, account=account, field=field, reason=reason, now=datetime.now(UTC)
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, account, refusal=refusal)
    return _page(request, account, revealed=(field, value))


@router.post("/people/{account}/reset-password", dependencies=KEEP)
def reset_password(request: Request, account: Account) -> Response:
    """A new one-time password, shown this once."""
    return _done(
        request, account,
        lambda session, actor, now: actions.reset_password(session, actor=actor, account=account, now=now),
    )  # fmt: skip


@router.post("/people/{account}/sign-out", dependencies=KEEP)
def sign_out(request: Request, account: Account) -> Response:
    """End every session of the person."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        actions.sign_out_person(session, actor=actor, account=account, now=now)

    return _done(request, account, act)


@router.post("/people/{account}/leave", dependencies=KEEP)
def leave(request: Request, account: Account, sure: Typed = "") -> Response:
    """End everything that lets the person in."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        if sure == "yes":
            actions.leave_person(session, actor=actor, account=account, now=now)

    return _done(request, account, act)


@router.post("/people/{account}/reset-factor", dependencies=GRANT)
def reset_factor(request: Request, account: Account) -> Response:
    """Take a lost second factor away."""
    return _done(
        request, account,
        lambda session, actor, now: actions.reset_second_factor(
            session, actor=actor, account=account, now=now
        ),
    )  # fmt: skip


@router.post("/people/{account}/posts", dependencies=GRANT)
def grant(
    request: Request,
    account: Account,
    role: Annotated[Role, Form()],
    unit: Typed = "",
    area: Typed = "",
    kinds: Typed = "",
    until: Typed = "",
) -> Response:
    """Grant a post; ``kinds`` are tokens separated by spaces, empty means every kind."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        chosen = frozenset(kinds.replace(",", " ").split()[:MOST_KINDS]) or None
        asked = PostAsked(unit=unit, role=role, area=area, kinds=chosen, valid_to=until_or_never(until))
        actions.grant_post(session, actor=actor, account=account, asked=asked, now=now)

    return _done(request, account, act)


@router.post("/people/{account}/posts/{number}/end", dependencies=GRANT)
def end_post(request: Request, account: Account, number: Number) -> Response:
    """End a post, and what was lent of it."""
    return _done(
        request, account,
        lambda session, actor, now: actions.end_post(session, actor=actor, post_id=number, now=now),
    )  # fmt: skip


@router.post("/people/{account}/delegations", dependencies=GRANT)
def lend(
    request: Request,
    account: Account,
    post: Annotated[int, Form(ge=1, le=2**62)],
    to: Typed = "",
    until: Typed = "",
    reason: Typed = "",
) -> Response:
    """Lend a post of the person to somebody."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        asked = DelegationAsked(post, to.strip(), until_of(until), reason)
        actions.delegate(session, actor=actor, asked=asked, now=now)

    return _done(request, account, act)


@router.post("/people/{account}/delegations/{number}/end", dependencies=GRANT)
def take_back(request: Request, account: Account, number: Number) -> Response:
    """Take a lent post back before its time."""
    return _done(
        request, account,
        lambda session, actor, now: actions.end_delegation(
            session, actor=actor, delegation_id=number, now=now
        ),
    )  # fmt: skip
