"""What a route may ask for: who acts and with which permission, the time, the reader's language."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Header, HTTPException, Query, Request, Response

from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed
from xzgis.core.words import Language, Words, preferred_language
from xzgis.identity.actions.asking import Door, asker_of_session, asker_of_token, may_change
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import Asker

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "x-csrf-token"
NOBODY = Actor(name="nobody", via="api")
NOT_OUR_PAGE = Words(
    "请求没有带上本次登录的校验码，未执行；请刷新页面后重试。",
    "The request lacks the mark of this sign-in and was not done; reload the page and try again.",
)


class Need:
    """What a route asks for: a signed-in actor with one permission; :data:`PUBLIC` asks for nobody.

    ``permission`` is read by the matrix of routes and roles (tests/api/test_matrix.py). ``quiet``: what the page
    asks by itself, which does not keep a session alive.
    """

    def __init__(self, permission: Permission | Literal["public"], *, quiet: bool = False) -> None:
        self.permission = permission
        self.quiet = quiet

    def __call__(self, request: Request) -> Actor:
        """The actor of the request.

        Raises
        ------
        HTTPException
            401: nobody is signed in; 403: a change that no page of the session sent.
        NotAllowed
            The sentence names the permission, or what the person has to do first.
        """
        if not isinstance(self.permission, Permission):
            return NOBODY
        asker = asker_of(request, now(), quiet=self.quiet)
        if asker is None:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        if request.method not in SAFE_METHODS and not may_change(asker, request.headers.get(CSRF_HEADER, "")):
            raise NotAllowed(NOT_OUR_PAGE)
        held_up_by = asker.held_up_words
        if held_up_by is not None and self.permission is not Permission.IDENTITY_OWN:
            raise NotAllowed(held_up_by)
        asker.actor.require(self.permission)
        request.state.asker = asker
        return asker.actor


def need(permission: Permission | Literal["public"], *, quiet: bool = False) -> Any:
    """What a route says of who may ask: ``Annotated[Actor, need(Permission.MAP_READ)]``."""
    return Depends(Need(permission, quiet=quiet))


def asker_of(request: Request, moment: datetime, *, quiet: bool = False) -> Asker | None:
    """Who asks: by access token when one was sent, else by the session of the browser."""
    door = Door(
        scheme=request.url.scheme,
        host=request.url.hostname or "",
        address=request.client.host if request.client else None,
    )
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return asker_of_token(secret.strip(), door=door, now=moment)
    return asker_of_session(
        request.cookies.get(door.cookie, ""), door=door, via="api", now=moment, quiet=quiet
    )


def now() -> datetime:
    """The time of the request, with zone; rules are handed it and never ask a clock."""
    return datetime.now(UTC)


def language(request: Request) -> Language:
    """The language of the answer: ``Accept-Language`` by its weights, Chinese when it says nothing."""
    return preferred_language(request.headers.get("accept-language", ""))


NowDep = Annotated[datetime, Depends(now)]
LanguageDep = Annotated[Language, Depends(language)]


@dataclass(frozen=True, slots=True)
class Taking:
    """What is asked of whoever may take a file: when, in which language, and why (empty when nothing is said)."""

    now: datetime
    language: Language
    reason: str


def taking(
    moment: NowDep,
    spoken: LanguageDep,
    reason: Annotated[
        str,
        Query(
            max_length=500,
            description="Why the file is taken and for whom, kept with the export; needed where something is secret",
        ),
    ] = "",
) -> Taking:
    """The time, the language and the reason of a request."""
    return Taking(moment, spoken, reason)


TakingDep = Annotated[Taking, Depends(taking)]


IfMatch = Annotated[str | None, Header(description="The ETag that was read")]
STALE: dict[int | str, dict[str, Any]] = {
    412: {"description": "Somebody else changed it meanwhile"},
    428: {"description": "If-Match is missing"},
}


def tag(response: Response, version: str) -> None:
    """Say in the answer which version it is of."""
    response.headers["ETag"] = f'"{version}"'


def check_fresh(version: str, if_match: str | None) -> None:
    """Refuse a change of another version than the one that was read.

    Raises
    ------
    HTTPException
        428: the request does not say what was read; 412: somebody changed it meanwhile.
    """
    if if_match is None:
        raise HTTPException(428)
    if if_match.strip() not in ("*", f'"{version}"'):
        raise HTTPException(412)
