"""What ``layers/chambers.csv`` says: how large the things are that stand at points of a network."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ChamberSize(BaseModel):
    """Outer size of a chamber, shaft or box at a point, by what stands there and the widest line that ends at it.

    ``width_mm_*``: the smallest and the largest distance across its outer walls (of a box its diagonal), the point being
    taken as its middle; ``depth_mm_*``: from the ground to the underside, where nobody recorded it;
    ``base_mm_*``: what lies below the inner bottom, where that is recorded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    appurtenance: str
    kind: str = Field(description="Kind token or rule kind of the point, or 'any'")
    line_mm_from: float = Field(ge=0)
    line_mm_to: float
    width_mm_from: float = Field(gt=0)
    width_mm_to: float = Field(le=20_000, description="A check looks for chambers as far as the widest")
    depth_mm_from: float = Field(ge=0)
    depth_mm_to: float
    base_mm_from: float = Field(ge=0)
    base_mm_to: float
    confidence: Literal["verified", "memory"]
    source: str = Field(min_length=1)


UNNAMED = "underground_chamber"
"""What a point is taken for that a word nobody lists calls a chamber, or whose depth inside was recorded."""
CABINET = "cabinet"
CALLED: tuple[tuple[str, str], ...] = (
    ("[井池箅篦坑]|人孔|手孔|检查室|小室|阀室|工作室|manhole|chamber|gully", UNNAMED),
    ("[箱柜]|cabinet", CABINET),
)
"""Patterns of words that call a thing with an extent which no code lists, the larger thing first, and what it is."""
VAGUE: dict[str, tuple[str, ...]] = {
    "manhole": ("cable_manhole", "valve_chamber", "drop_manhole", "overflow", "silt_chamber", "gate_chamber",
                "vent_chamber", "flush_chamber", "seepage_chamber", "water_seal_chamber"),
}  # fmt: skip
"""Words that crews also use for other things: a vague one is never smaller than what else it may mean."""
