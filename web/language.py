"""Message catalogues: ``i18n/<language>/<room>.toml``; a message is named ``room.key``."""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Language, Words

FOLDER = Path(__file__).parent / "i18n"


@lru_cache
def messages(language: Language) -> dict[str, str]:
    """Every message of ``language`` by its full name."""
    found: dict[str, str] = {}
    for file in sorted((FOLDER / language).glob("*.toml")):
        _flatten(tomllib.loads(file.read_text(encoding="utf-8")), file.stem, found)
    return found


def _flatten(table: dict[str, Any], prefix: str, into: dict[str, str]) -> None:
    for key, value in table.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict):
            _flatten(value, name, into)
        else:
            into[name] = str(value)


class Speaker:
    """Says messages and domain words in one language: ``t('map.title')``, ``t.of(kind)``."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, name: str, /, **values: object) -> str:
        """The message ``name`` with ``{values}`` filled in; a missing name is a defect and raises."""
        sentence = messages(self.language)[name]
        return sentence.format(**values) if values else sentence

    def maybe(self, group: str, token: str) -> str:
        """The message ``group.token``; the token itself where there is none, as a file may hold anything."""
        return self(f"{group}.{token}") if self.has(f"{group}.{token}") else token

    def asked(self, loc: Iterable[str | int]) -> str:
        """A place in what was sent, in the words of its fields; names and numbers of files and rows as they are."""
        return " · ".join(self._asked(str(part)) for part in loc)

    def _asked(self, part: str) -> str:
        group = next((one for one in ("asked", "field") if self.has(f"{one}.{part}")), None)
        return part if group is None else self(f"{group}.{part}")

    def has(self, name: str) -> bool:
        """Whether there is a message of that name."""
        return name in messages(self.language)

    def beside(self, *parts: str) -> str:
        """Parts in the brackets and with the commas of the language, to follow a word directly."""
        if self.language == "zh":
            return f"（{'，'.join(parts)}）"
        return f" ({', '.join(parts)})"

    def of(self, named: Any) -> str:
        """The name of a definition of the catalogue (``zh`` and ``en`` fields), or of :class:`Words`."""
        if isinstance(named, Words):
            return named.spoken(self.language)
        return str(named.en if self.language == "en" else named.zh)

    def code(self, known: Catalogue, listed: str, token: str | None) -> str:
        """The word for ``token`` of the code list ``listed``; the token itself when the list lacks it."""
        if token is None:
            return "—"
        for value in known.codes.get(listed, ()):
            if token == value.token:
                return self.of(value)
        return token

    def kind(self, known: Catalogue, token: str | None) -> str:
        """The name of a kind; the token itself when the catalogue lacks it."""
        if token is None:
            return "—"
        return self.of(known.kinds[token]) if token in known.kinds else token
