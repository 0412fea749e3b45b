"""The talk with an OpenID Connect provider: authorization code with state, nonce and PKCE (Core 1.0, RFC 7636).

Nothing here touches the database, so that no transaction waits for another house.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from xzgis.core.errors import NotAllowed, Unavailable
from xzgis.core.sealing import seal, unseal
from xzgis.core.settings import Settings
from xzgis.core.words import Words

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid profile email"
ANSWERED_WITHIN_S = 600
PATIENCE_S = 10
LARGEST_ANSWER = 1_000_000
# Signatures that only the provider can make: none and shared secrets are left out.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CONTEXT = "identity.provider"
AWAY = Words(
    "统一登录服务暂时无法使用，请稍后重试或用账号密码登录。",
    "The sign-in service does not answer; try later or use a password.",
)
REFUSED = Words("统一登录未被接受，请重新登录。", "The sign-in there was not accepted; begin again.")


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps, sealed, while its person is at the provider."""

    state: str
    nonce: str
    verifier: str
    following: str
    back: str
    ends_at: float


def begin(chosen: Settings, *, back: str, following: str) -> tuple[str, str]:
    """Where to send the browser, and what it must bring back sealed.

    Raises
    ------
    Unavailable
        The provider does not answer, or is another one than it was set to be.
    """
    told = _discovered(chosen)
    begun = Begun(
        state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48),
        following=following, back=back, ends_at=time.time() + ANSWERED_WITHIN_S,
    )  # fmt: skip
    hashed = hashlib.sha256(begun.verifier.encode()).digest()
    query = urlencode({
        "response_type": "code", "client_id": chosen.oidc_client_id, "redirect_uri": back, "scope": SCOPE,
        "state": begun.state, "nonce": begun.nonce, "code_challenge_method": "S256",
        "code_challenge": _text(hashed),
    })  # fmt: skip
    place = str(told["authorization_endpoint"])
    kept = seal(json.dumps(asdict(begun)).encode(), context=CONTEXT)
    return f"{place}{'&' if '?' in place else '?'}{query}", _text(kept)


def finish(chosen: Settings, *, kept: str, state: str, code: str) -> tuple[dict[str, Any], str]:
    """What the provider says of the person, verified, and where the browser wanted to go.

    Raises
    ------
    NotAllowed
        The answer is to no question of this browser, too late, or not signed by the provider for us.
    Unavailable
        The provider does not answer.
    """
    begun = _brought_back(kept)
    if not secrets.compare_digest(begun.state.encode(), state.encode()) or begun.ends_at < time.time():
        raise NotAllowed(REFUSED)
    told = _discovered(chosen)
    secret = chosen.oidc_client_secret
    sent = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": begun.back, "code_verifier": begun.verifier,
        "client_id": chosen.oidc_client_id or "",
    }  # fmt: skip
    if secret is not None:
        sent["client_secret"] = secret.get_secret_value()
    answer = _asked(str(told["token_endpoint"]), sent, refusal=NotAllowed(REFUSED))
    keys = _asked(str(told["jwks_uri"]))
    return _verified(chosen, str(answer.get("id_token", "")), keys, nonce=begun.nonce), begun.following


def _verified(chosen: Settings, token: str, keys: dict[str, Any], *, nonce: str) -> dict[str, Any]:
    asked = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": chosen.oidc_issuer or ""},
        aud={"essential": True, "value": chosen.oidc_client_id or ""},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]  # what came is checked there
        asked.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotAllowed(REFUSED) from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != chosen.oidc_client_id:
        raise NotAllowed(REFUSED)
    return dict(claims)


def _text(raw: bytes) -> str:
    """Without the padding, which cookies would put in quotes and RFC 7636 does not know."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _brought_back(kept: str) -> Begun:
    try:
        return Begun(
            **json.loads(unseal(base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4)), context=CONTEXT))
        )
    except (ValueError, TypeError, Unavailable) as error:
        raise NotAllowed(REFUSED) from error


def _discovered(chosen: Settings) -> dict[str, Any]:
    """The provider's own description; it must name itself as it was set (Discovery 1.0 §4.3)."""
    issuer = chosen.oidc_issuer
    if issuer is None:
        raise Unavailable(
            Words("没有设置统一登录（XZGIS_OIDC_ISSUER）。", "No provider is set (XZGIS_OIDC_ISSUER).")
        )
    told = _asked(issuer.rstrip("/") + DISCOVERY)
    if told.get("issuer") != issuer or not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= set(
        told
    ):
        raise Unavailable(AWAY)
    return told


class _NoWayOn(HTTPRedirectHandler):
    """What carries a secret goes where it was sent and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


OPENER = build_opener(_NoWayOn)


def _asked(
    place: str, form: dict[str, str] | None = None, *, refusal: NotAllowed | None = None
) -> dict[str, Any]:
    """The JSON at ``place``; over TLS, or without it inside the machine alone. ``refusal`` answers a 4xx."""
    parts = urlsplit(place)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise Unavailable(AWAY)
    body = None if form is None else urlencode(form).encode()
    request = Request(place, data=body, headers={"Accept": "application/json"})  # noqa: S310 - the scheme is looked at above
    try:
        with OPENER.open(request, timeout=PATIENCE_S) as answer:
            told = json.loads(answer.read(LARGEST_ANSWER))
    except (URLError, OSError, ValueError) as error:
        status = getattr(error, "code", None)
        if isinstance(error, HTTPError):
            error.close()  # the answer it carries holds the connection
        raise (refusal if refusal is not None and status in (400, 401, 403) else Unavailable(AWAY)) from error
    if not isinstance(told, dict):
        raise Unavailable(AWAY)
    return told
