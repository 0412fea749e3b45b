"""What depths and levels of a kind go to, where nobody says it."""

from xzgis.catalogue.terms import NetworkKind

# Designers give the invert of what flows by gravity; of a tunnel or a line of unknown kind nobody knows what is given.
ASKED_FLOWS = ("gravity", "mixed")


def asks_levels(kind: NetworkKind | None) -> bool:
    """Whether levels of a line of ``kind`` have to say what they are of."""
    return kind is None or kind.flow in ASKED_FLOWS


def is_measured_inside(kind: NetworkKind | None) -> bool:
    """Whether depths of ``kind`` go to its inner bottom, as those of sewers and channels do (CJJ 61-2017)."""
    return kind is not None and kind.depth_reference in ("invert", "inner_bottom")
