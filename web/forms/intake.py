"""The form of a delivery: what is said of it beside its files, as typed and as options of the reading."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from web.forms.work import Faults
from xzgis.core.errors import Invalid

MOST_NAME = 200
ON = "1"


@dataclass(frozen=True)
class UploadForm:
    """The fields of the form exactly as they were sent; a check box is ``"1"`` or empty."""

    name: str = ""
    intake: str = ""
    crs: str = ""
    encoding: str = ""
    level_meaning: str = ""
    strict: str = ""
    displace: str = ""
    explode_blocks: str = ""
    again: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "UploadForm":
        """The form out of what a browser sent."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: str(value).strip() for name, value in sent.items() if name in known})

    @classmethod
    def of_options(cls, options: Mapping[str, Any]) -> "UploadForm":
        """The form out of the options kept with a batch."""
        told = {one.name: options.get(one.name) for one in fields(cls)}
        return cls(**{name: ON if value is True else str(value or "") for name, value in told.items()})

    def options(self) -> dict[str, Any]:
        """The options of the reading that were said."""
        texts = {name: getattr(self, name) for name in ("name", "intake", "crs", "encoding", "level_meaning")}
        asked = ("strict", "displace", "explode_blocks", "again")
        flags = {name: True for name in asked if getattr(self, name) == ON}
        return {name: value[:4000] for name, value in texts.items() if value} | flags


def check_form(form: UploadForm, faults: Faults) -> None:
    """The faults that the form itself shows; those of the options are found where they are kept."""
    if len(form.name) > MOST_NAME or not form.name.isprintable():
        faults.add("name", "intake.bad_name", most=MOST_NAME)
    if form.level_meaning not in ("", "pipe", "ground"):
        faults.add("level_meaning", "intake.bad_choice")


def add_refusal(refusal: Invalid, faults: Faults) -> None:
    """The faults of a refusal, at the fields of the form they speak of."""
    known = {one.name for one in fields(UploadForm)} | {"files", "mapping"}
    for fault in refusal.faults:
        parts = [str(part) for part in fault.loc]
        at = next((number for number, part in enumerate(parts) if part in known), -1)
        place, rest = parts[at] if at >= 0 else "", parts[at + 1 :]
        named = f"{' · '.join(rest)}: " if rest else ""
        remedy = f" {faults.say.of(fault.remedy)}" if fault.remedy else ""
        faults.found.append((place, f"{named}{faults.say.of(fault.words)}{remedy}"))
    if not refusal.faults:
        faults.found.append(("files", faults.say.of(refusal.words)))
