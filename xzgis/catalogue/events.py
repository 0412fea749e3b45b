"""What can have happened to the definitions, past tense."""

from dataclasses import dataclass
from typing import ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class KindsSynchronised(Event):
    """The kinds of the database were brought in step with ``layers/kinds``; ``object_id`` is the version read."""

    name: ClassVar[str] = "catalogue.kinds.synchronised"
    about: ClassVar[str] = "catalogue.version"
    added: tuple[str, ...]
    changed: tuple[str, ...]
