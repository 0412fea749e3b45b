"""The report as one HTML file that opens with the network cable pulled: words, tables and a folium map.

folium takes Leaflet from the network by default; here its own copy (Leaflet 1.9.4, BSD-2-Clause, beside this
file) is written into the page. The map has no background tiles; its grid is metres around the work.
"""

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import folium
from branca.element import Element, Figure
from jinja2 import Environment, PackageLoader, StrictUndefined

from xzgis.conflicts.reports.document import document
from xzgis.conflicts.reports.drawing import Drawing, local
from xzgis.conflicts.reports.labels import (
    OUTCOMES,
    chainage_word,
    deciding_rule,
    measure_word,
    outcome_word,
    part_word,
    party_word,
)
from xzgis.conflicts.reports.standing import rests_on
from xzgis.conflicts.reports.table import VERDICTS
from xzgis.conflicts.terms import CheckResult, Finding, Outcome
from xzgis.core.words import Language, Words

COLOURS = {
    "breach": "#c1121f",
    "within_tolerance": "#e08a00",
    "cannot_judge": "#6b4fa0",
    "refer": "#1d5fa8",
    "clear": "#2f7d4f",
}
NEW_COLOUR = "#111827"
OTHER_COLOUR = "#9ca3af"


@dataclass(frozen=True)
class Dress:
    """How kinds are named and drawn: their words and screen colours by token."""

    kinds: dict[str, Words]
    colours: dict[str, str]


def as_page(
    result: CheckResult, drawing: Drawing, dress: Dress, *, title: str, language: Language = "zh"
) -> str:
    """The report as HTML; it requests nothing from anywhere."""
    figure = _figure(result, drawing, dress, language)
    template = _environment().get_template("report.html")
    told = document(result)
    return template.render(
        title=title,
        language=language,
        verdict=told["verdict"],
        sentence=VERDICTS[told["verdict"]].spoken(language),
        told=told,
        counts=[
            (each.value, OUTCOMES[each].spoken(language), told["counts"][each.value]) for each in Outcome
        ],
        rows=[_row(finding, dress, language) for finding in result.findings],
        not_covered=[
            (_kind(dress, part.kind, language), part_word(part.run, language), chainage_word(part.chainage_m))
            for part in result.not_covered
        ],
        rests_on=[said.spoken(language) for said in rests_on(result)],
        origin=drawing.origin_m,
        map_head=figure.header.render(),
        map_body=figure.html.render(),
        map_script=figure.script.render(),
        invented=bool(result.checked.get("invented")),
    )


def _row(finding: Finding, dress: Dress, language: Language) -> dict[str, Any]:
    return {
        "outcome": finding.outcome.value,
        "outcome_word": outcome_word(finding.outcome, language),
        "measure": measure_word(finding.measure, language),
        "a": party_word(finding.a, dress.kinds, language),
        "b": party_word(finding.b, dress.kinds, language),
        "chainage": chainage_word(finding.chainage_m),
        "gap": finding.gap_m,
        "required": finding.required_m,
        "shortfall": finding.shortfall_m,
        "rule": deciding_rule(finding),
        "rules": finding.rules,
        "words": finding.words.spoken(language),
    }


def _kind(dress: Dress, token: str, language: Language) -> str:
    return dress.kinds[token].spoken(language) if token in dress.kinds else token


def _figure(result: CheckResult, drawing: Drawing, dress: Dress, language: Language) -> Figure:
    """The map as a folium figure without anything from the network, rendered, its parts ready to place."""
    plan = folium.Map(location=[0, 0], crs="Simple", tiles=None, zoom_start=2, min_zoom=-4, max_zoom=9,
                      control_scale=False, height="460px", attributionControl=False)  # fmt: skip
    plan.default_js, plan.default_css = [], []
    _layer(drawing.existing, dress, language, "existing").add_to(plan)
    _layer(drawing.new, dress, language, "new").add_to(plan)
    _findings(result, drawing, language).add_to(plan)
    plan.fit_bounds(_bounds(drawing))
    folium.LayerControl(collapsed=False).add_to(plan)
    figure = cast(Figure, plan.get_root())
    figure.header.add_child(Element(f"<style>{_style()}</style><script>{_script()}</script>"), name="leaflet")
    _number(figure)
    figure.render()
    scale = f"L.control.scale({{imperial: false}}).addTo({plan.get_name()});"
    figure.script.add_child(Element(scale), name="scale")
    return figure


def _number(figure: Figure) -> None:
    """Names by place instead of folium's random ones: the same answer gives the same page, byte for byte."""
    waiting: list[Element] = [figure]
    count = 0
    while waiting:
        element = waiting.pop()
        element._id = f"{count:06x}"
        count += 1
        waiting += reversed(list(element._children.values()))


def _layer(
    features: tuple[dict[str, Any], ...], dress: Dress, language: Language, which: str
) -> folium.FeatureGroup:
    names = {"existing": Words("现有管线", "existing lines"), "new": Words("新建工程", "new work")}
    group = folium.FeatureGroup(name=names[which].spoken(language))
    for feature in features:
        kind = feature["properties"]["kind"]
        colour = NEW_COLOUR if which == "new" else dress.colours.get(kind, OTHER_COLOUR)
        disused = feature["properties"]["state"] == "disused"
        folium.PolyLine(  # type: ignore[no-untyped-call]  # the library gives no types
            [(y, x) for x, y in feature["geometry"]["coordinates"]],
            color=colour, weight=5 if which == "new" else 3, opacity=0.9,
            dash_array="4 6" if disused else None,
            tooltip=f"{_kind(dress, kind, language)} {feature['properties']['run']}",
        ).add_to(group)  # fmt: skip
    return group


def _findings(result: CheckResult, drawing: Drawing, language: Language) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=Words("结论", "findings").spoken(language))
    # What is clear lies below, what breaks a rule on top: nothing may hide a breach.
    ranks = list(Outcome)
    drawn = sorted(enumerate(result.findings, 1), key=lambda one: -ranks.index(one[1].outcome))
    for number, finding in drawn:
        if not finding.geometry.get("coordinates"):
            continue
        shape = local(finding.geometry, drawing.origin_m)
        colour = COLOURS[finding.outcome.value]
        said = (
            f"{number}. {outcome_word(finding.outcome, language)} {measure_word(finding.measure, language)}"
        )
        for line in _lines(shape):
            places = [(y, x) for x, y in line]
            if len(places) == 1:
                folium.CircleMarker(
                    places[0], radius=8, color=colour, weight=3, fill=True, tooltip=said
                ).add_to(group)
            else:
                folium.PolyLine(  # type: ignore[no-untyped-call]  # the library gives no types
                    places, color=colour, weight=9, opacity=0.55, tooltip=said
                ).add_to(group)
    return group


def _lines(shape: dict[str, Any]) -> list[list[list[float]]]:
    """The positions of a geometry as lines; a point is a line of one."""
    kind, at = shape["type"], shape["coordinates"]
    if kind == "Point":
        return [[at]]
    if kind == "LineString":
        return [at]
    if kind == "MultiPoint":
        return [[each] for each in at]
    if kind in ("MultiLineString", "Polygon"):
        return list(at)
    return [ring for polygon in at for ring in polygon]


def _bounds(drawing: Drawing) -> list[tuple[float, float]]:
    features = drawing.new or drawing.existing
    places = [place for feature in features for place in feature["geometry"]["coordinates"]]
    if not places:
        return [(-50.0, -50.0), (50.0, 50.0)]
    easts, norths = [place[0] for place in places], [place[1] for place in places]
    return [(min(norths) - 5.0, min(easts) - 5.0), (max(norths) + 5.0, max(easts) + 5.0)]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("xzgis.conflicts", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _script() -> str:
    text = _asset("leaflet.js")
    return re.sub(r"//# sourceMappingURL=.*", "", text).replace("</script", "<\\/script")


@lru_cache(maxsize=1)
def _style() -> str:
    """Leaflet's style sheet; its two pictures of the layer button are not needed, the control stands open."""
    blank = "data:image/gif;base64," + base64.b64encode(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;").decode()
    return re.sub(r"url\((images/[^)]*)\)", f"url({blank})", _asset("leaflet.css"))


def _asset(name: str) -> str:
    return files("xzgis.conflicts.reports").joinpath("leaflet", name).read_text(encoding="utf-8")
