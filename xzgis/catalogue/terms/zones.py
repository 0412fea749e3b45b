"""What ``layers/zones.csv`` says: how far beside an existing line the law asks who digs there."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ZoneRule(BaseModel):
    """A protection zone 保护范围 or control zone 控制范围 beside existing lines of a kind.

    ``pressure_classes``: tokens of that code list, none: whatever the pressure. ``not_materials``: of these no pipe of
    such a pressure is laid, so that a line of unknown pressure is not of it. ``distance_m`` is counted from the
    outer wall of the line (``outer_edge``) or from its axis (``centreline``), the bound included. ``outcome``:
    ``refer``, an item for an expert and the owner, or ``duty``, a consent that stands beside the counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    rule_id: str = Field(min_length=1)
    kind: str = Field(description="Kind token of the existing line")
    pressure_classes: tuple[str, ...] = ()
    not_materials: tuple[str, ...] = ()
    zone: Literal["protection", "control"]
    distance_m: float = Field(gt=0, le=1000, description="A check looks for lines as far as the widest")
    measured_from: Literal["outer_edge", "centreline"]
    outcome: Literal["refer", "duty"]
    effect_zh: str = Field(min_length=1)
    effect_en: str = Field(min_length=1)
    standard: str = Field(min_length=1)
    table: str = Field(default="", description="Table of the standard")
    clause: str = ""
    confidence: Literal["verified", "memory"]
    source: str = Field(min_length=1)
    note: str = ""
    enabled: bool = True
