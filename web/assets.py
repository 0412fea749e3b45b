"""Build manifest → link and script tags."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

DIST = Path(__file__).parent / "dist"
BASE = "/static/dist/"


class NotBuilt(RuntimeError):
    """The front end has not been built yet."""


@lru_cache(maxsize=1)
def _manifest(stamp_ns: int) -> dict[str, Any]:
    del stamp_ns  # part of the key: a new build is read again
    loaded: dict[str, Any] = json.loads((DIST / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def manifest() -> dict[str, Any]:
    """What the build wrote, keyed by source file."""
    path = DIST / ".vite" / "manifest.json"
    if not path.exists():
        raise NotBuilt("web/dist is missing: run `npm ci && npm run build` in web/ (./xz run does it).")
    return _manifest(path.stat().st_mtime_ns)


def asset(entry: str) -> Markup:
    """The tags of one entry of ``src/entries``: styles, preloads, script."""
    chunks = manifest()
    styles: list[str] = []
    preloads: list[str] = []
    seen: set[str] = set()

    def walk(key: str) -> None:
        if key in seen:
            return
        seen.add(key)
        for imported in chunks[key].get("imports", []):
            preloads.append(chunks[imported]["file"])
            walk(imported)
        # After those of the imports: later sheets refine earlier ones.
        styles.extend(chunks[key].get("css", []))

    key = f"src/entries/{entry}.ts"
    walk(key)
    tags = [f'<link rel="stylesheet" href="{BASE}{name}">' for name in dict.fromkeys(styles)]
    tags += [f'<link rel="modulepreload" href="{BASE}{name}">' for name in dict.fromkeys(preloads)]
    tags.append(f'<script type="module" src="{BASE}{chunks[key]["file"]}"></script>')
    return Markup("\n".join(tags))  # noqa: S704 - file names of our own build
