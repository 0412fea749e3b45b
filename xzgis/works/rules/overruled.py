"""What a file says of its work and the person says otherwise: his word stands, and it is told that the file's does not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xzgis.core.words import Words
from xzgis.works.rules.field_words import FIELDS

SIZES = ("diameter_mm", "width_mm", "height_mm")


def facts_overruled(
    run: Mapping[str, Any], said: Mapping[str, Any], *, cover_m: float | None = None
) -> list[str]:
    """The fields of a ``run`` as its file tells it, nested as in a document, of which ``said`` and ``cover_m`` differ."""
    section, depth = run.get("section") or {}, run.get("depth") or {}
    told = {**run, **{name: section.get(name) for name in (*SIZES, "is_outer")}}
    found = [name for name, value in said.items() if name not in SIZES and _differs(told.get(name), value)]
    if any(name in said for name in SIZES):  # a size that is said takes the place of every size
        found += [name for name in SIZES if _differs(told[name], said.get(name))]
    if cover_m is not None:
        found += ["profile"] if depth.get("profile") else []
        found += ["cover_m"] if _differs(depth.get("cover_m"), cover_m) else []
    return found


def _differs(told: object, said: object) -> bool:
    if told in (None, "", 0, 0.0, False):
        return False
    if isinstance(told, int | float) and isinstance(said, int | float):
        return float(told) != float(said)
    return told != said


def told_overruled(name: str, fields: Iterable[str], heads: Sequence[Words] = ()) -> tuple[Words, ...]:
    """The sentence for ``fields`` of the file ``name`` and for columns by their ``heads``; nothing where there are none."""
    named = [*(FIELDS[field] for field in dict.fromkeys(fields)), *heads]
    if not named:
        return ()
    zh, en = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
    return (
        Words(
            f"{name} 另有自己的{zh}，未采用：以另行给出的为准。",
            f"{name} has its own {en}, which is not used: what was given beside the file stands.",
        ),
    )
