"""A sentence in the languages of the product, Chinese first."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


def preferred_language(header: str) -> Language:
    """The better weighted of Chinese and English in an ``Accept-Language`` header (RFC 9110 §12.5.4).

    The one named first when both weigh the same, Chinese when it names neither; a weight that is none counts as nothing.
    """
    best: tuple[float, Language] = (0.0, "zh")
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";")
        spoken = tag.strip().lower().partition("-")[0]
        if spoken not in ("zh", "en"):
            continue
        try:
            value = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            value = 0.0
        if value > best[0]:
            best = (value, "en" if spoken == "en" else "zh")
    return best[1]


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
