"""What can have happened to parcels and buildings, past tense."""

from dataclasses import dataclass
from typing import ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class LandWritten(Event):
    """Parcels and buildings were taken into the register; ``object_id`` names where they come from."""

    name: ClassVar[str] = "land.land.written"
    about: ClassVar[str] = "land.land"
    parcels: int
    buildings: int
