"""On which datum the levels of a work are: what files, layers and coordinate systems say of it. Another than 1985 is refused.

Wusong lies almost two metres off, ellipsoidal heights some metres, and by how much varies from place to place.
"""

from collections.abc import Iterator, Sequence

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.spatial.crs import STORAGE
from xzgis.spatial.datum_words import other_datum_of_title
from xzgis.spatial.height_systems import STORAGE_WITH_HEIGHTS, other_heights
from xzgis.works.terms import WorkDocument


def check_datum(names: Sequence[str], *, declared: str | None = None, attached: str | None = None) -> None:
    """Refuse levels of a file or layer that its name, or its coordinate system, puts on another datum than 1985.

    ``declared``: the system that the person names, ``attached``: what the file says.
    """
    for name in names:
        said = other_datum_of_title(name)
        if said is not None:
            raise Invalid(
                Words(
                    f"{name} 写明高程用“{said}”：请换算为 1985 国家高程基准，或改给覆土（开挖改给深度）。",
                    f"{name} says that its levels are on “{said}”: convert them to the 1985 datum, or give a cover "
                    "(of a pit its depth).",
                    "--cover-m",
                )
            )
    system = other_heights(declared, attached)
    if system is not None:
        remedy = _remedy()
        raise Invalid(
            Words(
                f"{names[0]} 的坐标系写明高程用“{system}”，不是 1985 国家高程基准：{remedy.zh}",
                f"The coordinate system of {names[0]} puts its levels on “{system}”, not the 1985 datum: {remedy.en}",
                f"--crs {STORAGE_WITH_HEIGHTS}",
            )
        )


def of_heights(work: WorkDocument) -> Iterator[Fault]:
    """The fault of a document with levels whose coordinate system puts heights on another datum than 1985."""
    system = None if work.crs == STORAGE else other_heights(work.crs, None)
    if system is not None and has_levels(work):
        yield Fault(
            ("crs",),
            Words(
                f"坐标系“{work.crs[:60]}”写明高程用“{system}”，不是 1985 国家高程基准，而工程中给出了高程。",
                f"The system {work.crs[:60]!r} puts heights on “{system}”, not the 1985 datum, and the work gives levels.",
            ),
            _remedy(),
        )


def has_levels(work: WorkDocument) -> bool:
    """Whether the document gives any level: of a profile, of the ground or of the bottom of a pit."""
    return any(run.depth.profile or run.ground_m is not None for run in work.runs) or any(
        hole.bottom_level_m is not None for hole in work.excavations
    )


def _remedy() -> Words:
    return Words(
        f"请换算为 1985 国家高程基准；已是 1985 国家高程基准的，坐标系写为 {STORAGE_WITH_HEIGHTS} 这样的复合坐标系；"
        "或不给高程，改给覆土、深度。",
        f"convert them to the 1985 datum; if they are on it, name the system with its heights, such as {STORAGE_WITH_HEIGHTS}; "
        "or give a cover or a depth instead of levels.",
    )
