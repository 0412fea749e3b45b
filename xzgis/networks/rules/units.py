"""Units as crews, drawings and mappings write them: what one of each is, in the unit asked for."""

import re

# Folded names; of lengths the millimetres in one.
LENGTHS_MM = {
    "mm": 1.0, "毫米": 1.0, "cm": 10.0, "厘米": 10.0, "dm": 100.0, "分米": 100.0, "m": 1000.0, "米": 1000.0,
    "km": 1_000_000.0, "千米": 1_000_000.0, "公里": 1_000_000.0, "ft": 304.8, "in": 25.4, "inch": 25.4,
}  # fmt: skip
_OTHERS = {
    ("kV", "kv"): 1.0, ("kV", "千伏"): 1.0, ("kV", "v"): 0.001, ("kV", "伏"): 0.001,
    ("MPa", "mpa"): 1.0, ("MPa", "兆帕"): 1.0, ("MPa", "bar"): 0.1, ("MPa", "kpa"): 0.001, ("MPa", "千帕"): 0.001,
    ("MPa", "mbar"): 0.0001, ("MPa", "pa"): 1e-6, ("MPa", "帕"): 1e-6,
    ("", "根"): 1.0, ("", "孔"): 1.0, ("", "条"): 1.0,
}  # fmt: skip
# (the unit asked for, the unit written) → what one of the latter is.
FACTORS: dict[tuple[str, str], float] = {
    **{("mm", name): length for name, length in LENGTHS_MM.items()},
    **{("m", name): length / 1000.0 for name, length in LENGTHS_MM.items()},
    **_OTHERS,
}
# Alternatives of a pattern: longer names before those that begin them.
NAMES = "|".join(
    re.escape(name) for name in sorted({name for asked, name in FACTORS if asked}, key=len, reverse=True)
)


def factor(ours: str, theirs: str | None) -> float | None:
    """What one of ``theirs`` is in ``ours``; 1 where no unit is told, None where the unit is not known."""
    if not theirs or not ours:
        return 1.0
    return FACTORS.get((ours, theirs.strip().casefold()))
