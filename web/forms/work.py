"""The form of a new work: typed text in, a work document or sentences about fields out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from pydantic import ValidationError
from shapely import LineString

from web.forms.joints import tie_rows, tie_text
from web.forms.parts import hole_rows, holes_text, parts_of, parts_text
from web.language import Speaker
from xzgis.catalogue.queries import catalogue
from xzgis.core.errors import Invalid
from xzgis.core.mistakes import mistake
from xzgis.networks.rules.numbers import figure
from xzgis.works.rules.measured_to import asks_levels
from xzgis.works.terms import Excavation, NewRun, WorkDocument

# Full-width digits and marks are what a Chinese keyboard gives.
# A figure as large is a coordinate and no ground level: the row begins with a number of the point.
LEAST_COORDINATE = 100_000
WIDE = str.maketrans("０１２３４５６７８９．，；－：　", "0123456789.,;-: ")
SPLIT = re.compile(r"[,;\s:=]+")
LETTERS = re.compile(r"[XxYyKkHhNnEe]")
# A letter amid the digits of a line that does not label its figures is a slip of the hand, no label.
AMID_DIGITS = re.compile(r"\s*[^XxYyKkHhNnEe\s].*?[\d.][XxYyKkHhNnEe][\d.]")


@dataclass(frozen=True)
class WorkForm:
    """The fields of the form exactly as they were typed."""

    name: str = ""
    kind: str = "gas"
    shape: str = "circle"
    diameter_mm: str = ""
    width_mm: str = ""
    height_mm: str = ""
    is_outer: str = ""
    pressure_class: str = ""
    voltage_kv: str = ""
    burial: str = ""
    material: str = ""
    method: str = "open_cut"
    depth: str = "cover"
    cover_m: str = ""
    profile_of: str = ""
    profile: str = ""
    surface: str = ""
    starts_on: str = ""
    ends_on: str = ""
    axis: str = ""
    tie_ins: str = ""
    sigma_plan_m: str = ""
    sigma_level_m: str = ""
    snap: str = ""
    chainage: str = ""
    reach: str = "15"
    scale: str = "fill"
    work_id: str = ""
    version: str = ""
    part: str = "1"
    whole: str = ""
    holes: str = ""

    @property
    def at(self) -> int:
        """Which run of the work the form shows, from 0."""
        return max(int(self.part) - 1, 0) if self.part.isdigit() else 0

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "WorkForm":
        """The form out of what a browser sent; fields it did not send keep their first value."""
        known = {one.name for one in fields(cls)}
        form = cls(**{name: str(value) for name, value in sent.items() if name in known})
        # A joint that was offered and taken comes as one line more.
        return (
            replace(form, tie_ins=f"{form.tie_ins.rstrip()}\n{sent['tie']}".strip())
            if sent.get("tie")
            else form
        )


@dataclass
class Faults:
    """Sentences about fields, in the order of the form."""

    say: Speaker
    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, message: str, **values: object) -> None:
        """Say that the field ``name`` is wrong."""
        self.found.append((name, self.say(message, **values)))

    def of(self, name: str) -> str:
        """The first sentence about a field, empty when it is fine."""
        return next((sentence for field_name, sentence in self.found if field_name == name), "")

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The sentences for the list above the form: each begins with the label of its field."""
        return [(name, self._labelled(name, sentence)) for name, sentence in self.found]

    def _labelled(self, name: str, sentence: str) -> str:
        label = next(
            (key for key in (f"works.f.{name}", f"map.f.{name}") if name and self.say.has(key)), None
        )
        return (
            f"{self.say(label)}{'：' if self.say.language == 'zh' else ': '}{sentence}" if label else sentence
        )

    def number(self, name: str, text: str) -> float | None:
        """A number as typed; None when nothing was typed or it is none."""
        cleaned = text.translate(WIDE).strip()
        if not cleaned:
            return None
        value = figure(cleaned)
        if value is None:
            self.add(name, "works.not_a_number", value=text)
            return None
        return value

    def day(self, name: str, text: str) -> date | None:
        """A day as typed; None when nothing was typed or it is none."""
        if not text.strip():
            return None
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            self.add(name, "works.not_a_day", value=text)
            return None


def rows_of(text: str, name: str, columns: tuple[int, int], faults: Faults) -> list[list[float]]:
    """Numbers line by line; a line with another count of numbers is a fault that names it."""
    rows: list[list[float]] = []
    for number, line in enumerate(text.translate(WIDE).splitlines(), 1):
        parts = [part for part in SPLIT.split(LETTERS.sub(" ", line)) if part]
        if not parts:
            continue
        told = [] if AMID_DIGITS.match(line) else [figure(part) for part in parts]
        row = [value for value in told if value is not None]
        if not row or len(row) < len(told):
            faults.add(name, "works.bad_line", line=number, text=line.strip())
            continue
        if not columns[0] <= len(row) <= columns[1]:
            faults.add(name, "works.bad_columns", line=number, count=len(row))
            continue
        rows.append(row)
    return rows


def document_of(form: WorkForm, faults: Faults) -> WorkDocument | None:
    """The work document the form says; None when there are faults, or no line yet.

    Coordinates are typed as surveyors say them: X = north first, Y = east second, ground level third.
    The other runs of the work stay as they are; a run being added that has no line yet is left out.
    """
    others = parts_of(form.whole)
    if others is None:
        faults.add("", "works.parts_lost")
        return None
    given = rows_of(form.axis, "axis", (2, 3), faults)
    numbered = next((row for row in given if len(row) == 3 and row[2] >= LEAST_COORDINATE), None)
    if numbered is not None:
        faults.add("axis", "works.number_first", text=" ".join(f"{value:.10g}" for value in numbered))
    # A place told twice with two grounds is a drop of the ground; told twice alike it is a slip of the hand.
    rows = [row for at, row in enumerate(given) if at == 0 or row != given[at - 1]]
    is_line = len({tuple(row[:2]) for row in rows}) > 1
    if len(given) > 1 and not is_line:
        faults.add("axis", "works.same_place_only", count=len(given))
    told = _told_run(form, rows, faults)
    holes = _holes(form, others.excavations, faults)
    document = {
        "name": form.name.strip(),
        "runs": [told] if rows else [],
        "excavations": [hole if isinstance(hole, dict) else hole.model_dump() for hole in holes],
        "surface": form.surface or None,
        "starts_on": faults.day("starts_on", form.starts_on),
        "ends_on": faults.day("ends_on", form.ends_on),
    }
    is_new = form.at >= len(others.runs)
    only_others = is_new and not rows and bool(others.runs or holes)
    if not is_line and not only_others:
        # What else was typed is looked at while the line is not there yet, or not sound: all faults at once.
        _validated(document | {"runs": [told | {"axis": [(0, 0), (1, 1)]}]}, faults)
        return None
    typed = _validated(document, faults)
    if typed is None or faults.found:
        return None
    return typed.model_copy(update={"runs": _with_others(form, typed.runs, others.runs)})


def _validated(document: Mapping[str, Any], faults: Faults) -> WorkDocument | None:
    """The document, or None with a sentence at every field that has none yet."""
    try:
        return WorkDocument.model_validate(document)
    except ValidationError as error:
        for each in error.errors():
            name = _field_of(each["loc"])
            if not (name and faults.of(name)):
                faults.add(name, "works.not_acceptable", what=faults.say.of(mistake(each)))
        return None


def _with_others(form: WorkForm, typed: tuple[NewRun, ...], others: tuple[NewRun, ...]) -> tuple[NewRun, ...]:
    """The typed run in its place among the others; one that was not touched keeps every digit."""
    if form.at >= len(others):
        return (*others, *typed)
    kept = others[form.at]
    if _run_fields(kept) == {name: _plain(getattr(form, name)) for name in _run_fields(kept)}:
        return others
    return (*others[: form.at], *typed, *others[form.at + 1 :])


def _plain(text: str) -> str:
    """Text as typed, its line ends as the program writes them."""
    return "\n".join(text.splitlines())


def _told_run(form: WorkForm, rows: list[list[float]], faults: Faults) -> dict[str, Any]:
    run: dict[str, Any] = {
        "kind": form.kind,
        "axis": [(row[1], row[0]) for row in rows],
        "section": _section(form, faults),
        "depth": _depth(form, faults),
        "pressure_class": form.pressure_class or None,
        "voltage_kv": faults.number("voltage_kv", form.voltage_kv),
        "burial": form.burial or None,
        "material": form.material or None,
        "method": form.method,
        "sigma_plan_m": faults.number("sigma_plan_m", form.sigma_plan_m),
        "sigma_level_m": faults.number("sigma_level_m", form.sigma_level_m),
        "tie_ins": _tie_ins(form, [(row[1], row[0]) for row in rows], faults),
    }
    if any(len(row) == 3 for row in rows):
        run["ground_m"] = [row[2] if len(row) == 3 else None for row in rows]
    return run


def _holes(
    form: WorkForm, known: tuple[Excavation, ...], faults: Faults
) -> list[Excavation | dict[str, Any]]:
    holes, wrong = hole_rows(form.holes.translate(WIDE), known)
    for number, line in wrong:
        faults.add("holes", "works.bad_hole", line=number, text=line)
    return holes


def _tie_ins(form: WorkForm, axis: list[tuple[float, float]], faults: Faults) -> list[dict[str, Any]]:
    length = LineString(axis).length if len(axis) > 1 else 0.0
    ties, wrong = tie_rows(form.tie_ins.translate(WIDE), length)
    for number, line in wrong:
        faults.add("tie_ins", "works.bad_tie", line=number, text=line)
    return ties


def _section(form: WorkForm, faults: Faults) -> dict[str, Any]:
    if form.shape == "circle":
        sizes = {"diameter_mm": faults.number("diameter_mm", form.diameter_mm)}
    else:
        sizes = {
            "width_mm": faults.number("width_mm", form.width_mm),
            "height_mm": faults.number("height_mm", form.height_mm),
        }
    return {"shape": form.shape, **sizes, "is_outer": bool(form.is_outer)}


def _depth(form: WorkForm, faults: Faults) -> dict[str, Any]:
    if form.depth == "cover":
        return {"cover_m": faults.number("cover_m", form.cover_m)}
    if form.depth == "profile":
        rows = rows_of(form.profile, "profile", (2, 2), faults)
        # As typed: of two levels at one chainage the first is the one before the drop.
        points = [{"chainage_m": row[0], "level_m": row[1]} for row in rows]
        if not form.profile_of and points and asks_levels(catalogue().kinds.get(form.kind)):
            faults.add("profile_of", "works.say_levels")
        return {"profile": points, "profile_of": form.profile_of or "crown"}
    return {}


def _field_of(loc: tuple[str | int, ...]) -> str:
    """The field of the form that a place in the document was typed into."""
    if loc and loc[0] == "excavations":
        return "holes"
    names = {one.name for one in fields(WorkForm)}
    return next((str(part) for part in reversed(loc) if part in names), "")


def add_refusal(refusal: Invalid, faults: Faults, *, at: int = 0) -> None:
    """The faults of a refused document, at the fields they were typed into; ``at`` is the run of the form."""
    for fault in refusal.faults:
        sentence = faults.say.of(fault.words)
        if fault.remedy is not None:
            sentence = f"{sentence} {faults.say.of(fault.remedy)}"
        name = _field_of(fault.loc)
        if fault.loc[:1] == ("runs",) and len(fault.loc) > 1 and fault.loc[1] != at:
            name, sentence = "", faults.say("works.of_part", number=int(fault.loc[1]) + 1) + sentence
        faults.found.append((name, sentence))
    if not refusal.faults:
        faults.found.append(("", faults.say.of(refusal.words)))


def form_of(work: WorkDocument, *, work_id: int | None = None, at: int = 0) -> WorkForm:
    """A work in the storage CRS as the form, showing its run ``at``."""
    at = min(at, max(len(work.runs) - 1, 0))
    run = _run_fields(work.runs[at]) if work.runs else {}
    return WorkForm(
        **run, name=work.name, surface=work.surface or "", starts_on=str(work.starts_on or ""),
        ends_on=str(work.ends_on or ""), work_id="" if work_id is None else str(work_id),
        part=str(at + 1), whole=parts_text(work), holes=holes_text(work.excavations),
    )  # fmt: skip


def _figure(value: float) -> str:
    """A figure to the micrometre, without the noughts behind it: what is typed again is what was there."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _run_fields(run: NewRun) -> dict[str, str]:
    """The fields of the form that tell one run."""
    grounds = run.ground_m or (None,) * len(run.axis)
    axis = "\n".join(
        f"{north:.3f} {east:.3f}" + ("" if ground is None else f" {ground:.3f}")
        for (east, north), ground in zip(run.axis, grounds, strict=True)
    )
    profile = "\n".join(f"{_figure(point.chainage_m)} {point.level_m:.3f}" for point in run.depth.profile)
    depth = "cover" if run.depth.cover_m is not None else "profile" if profile else "unknown"

    def typed(value: float | None) -> str:
        return "" if value is None else _figure(value)

    return {
        "kind": run.kind, "shape": run.section.shape.value, "diameter_mm": typed(run.section.diameter_mm),
        "width_mm": typed(run.section.width_mm), "height_mm": typed(run.section.height_mm),
        "is_outer": "1" if run.section.is_outer else "", "pressure_class": run.pressure_class or "",
        "voltage_kv": typed(run.voltage_kv), "burial": run.burial or "", "material": run.material or "",
        "method": run.method.value, "depth": depth, "cover_m": typed(run.depth.cover_m),
        # Of a line without levels nobody said what they are of.
        "profile_of": run.depth.profile_of if profile else "", "profile": profile, "axis": axis, "tie_ins": tie_text(run),
        "sigma_plan_m": typed(run.sigma_plan_m), "sigma_level_m": typed(run.sigma_level_m),
    }  # fmt: skip
