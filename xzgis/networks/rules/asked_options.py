"""Whether what a person asks of a reading can be at all: said at once, before any file is read."""

import codecs
from collections.abc import Callable, Mapping
from typing import Any

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.networks.rules.feature_mapping import mapping_from_json
from xzgis.networks.rules.finding_words import survey_fields
from xzgis.spatial.named_systems import known_crs


def check_options(options: Mapping[str, Any], catalogue: Catalogue) -> None:
    """Refuse options that no reading can follow; one fault for each, with the option's name as its place.

    Raises
    ------
    Invalid
        An intake, coordinate system, encoding, kind or field that is not known.
    """
    faults = [
        Fault((name,), words)
        for name, check in CHECKS.items()
        if options.get(name) and (words := check(options[name], catalogue)) is not None
    ]
    if options.get("mapping"):
        mapping_from_json(options["mapping"], catalogue)
    if faults:
        raise Invalid(Words("导入选项有误。", "The options cannot be followed."), faults=tuple(faults))


def _intake(token: Any, catalogue: Catalogue) -> Words | None:
    if token in catalogue.intakes:
        return None
    known = "、".join(catalogue.intakes)
    return Words(
        f"没有名为 {token} 的导入格式；有：{known}。",
        f"There is no intake called {token}; there are {', '.join(catalogue.intakes)}.",
    )


def _crs(name: Any, _catalogue: Catalogue) -> Words | None:
    try:
        known_crs(str(name))
    except Invalid as unknown:
        return unknown.words
    return None


def _encoding(name: Any, _catalogue: Catalogue) -> Words | None:
    try:
        codecs.lookup(str(name))
    except LookupError:
        return Words(
            f"不认识文字编码“{name}”；例如 utf-8、gb18030。",
            f"The text encoding {name!r} is unknown; such as utf-8, gb18030.",
        )
    return None


def _code_kinds(kinds: Any, catalogue: Catalogue) -> Words | None:
    strange = sorted({str(kind) for kind in kinds.values()} - set(catalogue.kinds))
    if not strange:
        return None
    told = "、".join(strange)
    return Words(f"没有管类 {told}。", f"There is no kind {', '.join(strange)}.")


def _overrides(columns: Any, catalogue: Catalogue) -> Words | None:
    known = survey_fields(catalogue)
    strange = sorted({str(field) for field in columns.values() if field} - set(known))
    if not strange:
        return None
    return Words(
        f"没有字段 {'、'.join(strange)}；可用字段：{'、'.join(known)}。",
        f"There is no field {', '.join(strange)}; use one of {', '.join(known)}.",
    )


def _level_meaning(meaning: Any, _catalogue: Catalogue) -> Words | None:
    if meaning in LEVEL_MEANINGS:
        return None
    return Words(
        f"起终点高程的含义只能是 {' 或 '.join(LEVEL_MEANINGS)}。",
        f"Levels mean {' or '.join(LEVEL_MEANINGS)}.",
    )


LEVEL_MEANINGS = ("pipe", "ground")
CHECKS: dict[str, Callable[[Any, Catalogue], Words | None]] = {
    "intake": _intake,
    "crs": _crs,
    "encoding": _encoding,
    "level_meaning": _level_meaning,
    "overrides": _overrides,
    "code_kinds": _code_kinds,
}
