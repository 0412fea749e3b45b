"""Static files: hashed names never change, so they may be kept for a year."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOREVER = "public, max-age=31536000, immutable"


class Built(StaticFiles):
    """The build output, ``assets/*`` answered as immutable."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at ``path`` with the caching its name allows."""
        response = await super().get_response(path, scope)
        if path.startswith("assets/") and response.status_code in (200, 304):
            response.headers["Cache-Control"] = FOREVER
        return response
