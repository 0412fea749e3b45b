"""A sentence in the languages of the product, Chinese first."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence or label in Chinese and in English.

    ``command``: the option or command that does on the command line what the sentence asks for. Only the
    command line says it (:func:`xzgis.cli.frame.spoken_here`); pages and answers have names of their own.
    """

    zh: str
    en: str
    command: str = ""

    def spoken(self, language: Language) -> str:
        """The sentence in ``language``."""
        return self.en if language == "en" else self.zh

    def __str__(self) -> str:
        return self.zh
