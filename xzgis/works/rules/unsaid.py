"""Refusals of a work of which one thing is not said that nobody may guess."""

from typing import Literal

from xzgis.core.errors import Invalid
from xzgis.core.words import Words

Asked = Literal["kind", "level_of", "crs"]


class Unsaid(Invalid):
    """A file does not say ``asked``, and who brings it has to: a page shows the sentence beside its field of it."""

    def __init__(self, words: Words, *, asked: Asked) -> None:
        super().__init__(words)
        self.asked = asked
