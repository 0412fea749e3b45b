"""Who asks: the person behind a browser's session or a machine's token, for every request anew."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from xzgis.core.actor import SYSTEM
from xzgis.core.db import transaction
from xzgis.identity import queries
from xzgis.identity.actions.own import note_seen, note_used
from xzgis.identity.rules.periods import SEEN_EVERY
from xzgis.identity.rules.tokens import csrf_matches, csrf_token
from xzgis.identity.terms import Asker

#: Name of the cookie over TLS: the prefix makes browsers hold it to this host, to TLS and to every path.
SECURE_COOKIE = "__Host-sid"
#: Name over plain http on the machine itself, where browsers drop what is marked Secure (docs/decisions/0033).
PLAIN_COOKIE = "sid"
DEVICE_COOKIE = "xz_device"


@dataclass(frozen=True, slots=True)
class Door:
    """How a request came in: scheme, the host name it asked for, the address of the asker."""

    scheme: str
    host: str
    address: str | None

    @property
    def is_secure(self) -> bool:
        """Whether it came over TLS."""
        return self.scheme == "https"

    @property
    def lets_sign_in(self) -> bool:
        """Whether a session may pass here: over TLS, or without it inside the machine."""
        return self.is_secure or _is_loopback(self.host)

    @property
    def cookie(self) -> str:
        """The cookie that carries the session here."""
        return SECURE_COOKIE if self.is_secure else PLAIN_COOKIE


def _is_loopback(host: str) -> bool:
    name = host.strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def asker_of_session(token: str, *, door: Door, via: str, now: datetime, quiet: bool = False) -> Asker | None:
    """The person behind the session of a browser; None when nobody is signed in with it.

    ``quiet``: asked by an open page and not by somebody at it; the session goes on to idle.
    """
    if not token or not door.lets_sign_in:
        return None
    with transaction(SYSTEM) as session:
        found = queries.actor_of_session(session, token, now=now, address=door.address, via=via)
        if found is None:
            return None
        actor, facts = found
        if facts.note_seen and not quiet:
            note_seen(session, token=token, address=door.address, now=now)
        name, zh, en = queries.names_of(session, actor)
    return Asker(
        actor=actor, name=name, unit_zh=zh, unit_en=en, session=facts, token=token, csrf=csrf_token(token)
    )


def asker_of_token(secret: str, *, door: Door, now: datetime) -> Asker | None:
    """The machine behind an access token, in its person's name; None when it lets nobody in."""
    with transaction(SYSTEM) as session:
        found = queries.actor_of_token(session, secret, now=now, address=door.address)
        if found is None:
            return None
        actor, facts = found
        if facts.used_at is None or now - facts.used_at >= SEEN_EVERY:
            note_used(session, token_id=facts.id, now=now)
        name, zh, en = queries.names_of(session, actor)
    return Asker(actor=actor, name=name, unit_zh=zh, unit_en=en)


def may_change(asker: Asker, given: str) -> bool:
    """Whether a change was sent by a page of the asker's own session; a machine's token needs no such proof."""
    return not asker.token or csrf_matches(asker.token, given)
