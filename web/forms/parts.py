"""Works of several parts: the run that the form shows, the others beside it, and the excavations as text."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from xzgis.networks.rules.numbers import figure
from xzgis.works.terms import Excavation, WorkDocument

DEPTH, BOTTOM = ("深", "depth"), ("底", "bottom")
HEAD = re.compile(r"^\s*(深|depth|底|bottom)\s*[:：=]?\s*(-?[0-9]+(?:\.[0-9]+)?)\s*m?\s*$", re.IGNORECASE)
PLACE = re.compile(r"[,;\s]+")


def parts_text(document: WorkDocument) -> str:
    """Runs and excavations as the page carries them; empty when the form itself says everything."""
    if len(document.runs) == 1 and not document.excavations:
        return ""
    return document.model_dump_json(include={"runs", "excavations"}, exclude_defaults=True)


def parts_of(text: str) -> WorkDocument | None:
    """What :func:`parts_text` wrote; an empty text is a work without other parts, None is no work at all."""
    if not text.strip():
        return WorkDocument()
    try:
        return WorkDocument.model_validate_json(text)
    except ValidationError:
        return None


def hole_text(hole: Excavation) -> str:
    """An excavation as the form shows it: its depth or bottom, then X = north and Y = east of each corner."""
    head = ""
    if hole.depth_m is not None:
        head = f"{DEPTH[0]} {hole.depth_m:g}\n"
    elif hole.bottom_level_m is not None:
        head = f"{BOTTOM[0]} {hole.bottom_level_m:.3f}\n"
    return head + "\n".join(f"{north:.3f} {east:.3f}" for east, north in hole.outline)


def holes_text(holes: Sequence[Excavation]) -> str:
    """Excavations one below the other, an empty line between them."""
    return "\n\n".join(hole_text(hole) for hole in holes)


def hole_rows(
    text: str, known: Sequence[Excavation]
) -> tuple[list[Excavation | dict[str, Any]], list[tuple[int, str]]]:
    """Excavations block by block, and the lines that say something else.

    A block that says the same as one of ``known`` is that one, with every digit it was given with.
    """
    same = {hole_text(hole): hole for hole in known}
    found: list[Excavation | dict[str, Any]] = []
    wrong: list[tuple[int, str]] = []
    block: list[tuple[int, str]] = []
    for number, line in [*enumerate(text.splitlines(), 1), (0, "")]:
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            kept = same.get("\n".join(each for _, each in block))
            found.append(kept or _hole(block, wrong))
            block = []
    return found, wrong


def _hole(block: list[tuple[int, str]], wrong: list[tuple[int, str]]) -> dict[str, Any]:
    told: dict[str, Any] = {"outline": []}
    for place, (number, line) in enumerate(block):
        head = HEAD.match(line) if place == 0 else None
        if head is not None:
            told["depth_m" if head[1].lower() in DEPTH else "bottom_level_m"] = float(head[2])
            continue
        try:
            north, east = (figure(part) for part in PLACE.split(line) if part)
        except ValueError:
            north = east = None
        if north is None or east is None:
            wrong.append((number, line))
            continue
        told["outline"].append((east, north))
    return told
