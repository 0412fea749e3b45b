"""The report as one HTML file that opens with the network cable pulled: words, tables and a folium map.

folium takes Leaflet from the network by default; here its own copy (Leaflet 1.9.4, BSD-2-Clause, beside this
file) is written into the page. The map has no background tiles; its grid is metres around the work.
"""

import base64
import re
from functools import lru_cache
from importlib.resources import files
from math import dist
from typing import Any, cast

import folium
from branca.element import Element, Figure

from xzgis.conflicts.reports.artwork import SECTIONS_MOST, Artwork
from xzgis.conflicts.reports.document import document
from xzgis.conflicts.reports.drawing import Drawing, local
from xzgis.conflicts.reports.dress import Dress
from xzgis.conflicts.reports.labels import (
    LEFT_OUT,
    OUTCOMES,
    contest_words,
    deciding_rule,
    gap_place,
    hole_chainages,
    kind_word,
    measure_word,
    part_word,
    party_word,
    place_word,
)
from xzgis.conflicts.reports.numbering import numbered
from xzgis.conflicts.reports.standing import NOT_JUDGED, rests_on
from xzgis.conflicts.reports.standing_word import advice_count, standing_word
from xzgis.conflicts.reports.table import sentence_of
from xzgis.conflicts.reports.templating import environment
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
FLAGS_ACROSS = 35
"""As many numbers stand beside each other across the plan as first shown."""
NO_ARTWORK = Artwork({}, {})


def as_page(
    result: CheckResult,
    drawing: Drawing,
    dress: Dress,
    *,
    title: str,
    language: Language = "zh",
    artwork: Artwork = NO_ARTWORK,
) -> str:
    """The report as HTML, its findings numbered as everywhere; it requests nothing from anywhere."""
    figure = _figure(result, drawing, dress, language)
    template = environment().get_template("report.html")
    told = document(result)
    open_ones = numbered(result.findings)
    return template.render(
        title=title,
        language=language,
        verdict=told["verdict"],
        sentence=sentence_of(result).spoken(language),
        told=told,
        counts=[
            (each.value, OUTCOMES[each].spoken(language), told["counts"][each.value]) for each in Outcome
        ],
        rows=[{"number": number} | _row(finding, dress, language) for number, finding in open_ones],
        clear=[
            _row(one, dress, language)
            for one in result.findings
            if one.outcome is Outcome.CLEAR and not one.advisory
        ],
        advice=advice_count(result),
        left_out=_left_out(result, language),
        hole_chainages=[said.spoken(language) for said in hole_chainages(result)],
        legend=_legend(drawing, dress, language),
        artwork=artwork,
        sections_most=SECTIONS_MOST,
        not_covered=[
            (_kind(dress, part.kind, language), part_word(part.run, language), gap_place(part, language))
            for part in result.not_covered
        ],
        not_judged=NOT_JUDGED.spoken(language),
        rests_on=[said.spoken(language) for said in rests_on(result)],
        origin=drawing.origin_m,
        map_head=figure.header.render(),
        map_body=figure.html.render(),
        map_script=figure.script.render(),
        invented=bool(result.checked.get("invented")),
        withheld=result.checked.get("withheld"),
    )


def _row(finding: Finding, dress: Dress, language: Language) -> dict[str, Any]:
    return {
        "outcome": "duty" if finding.advisory else finding.outcome.value,
        "outcome_word": standing_word(finding, language),
        "measure": measure_word(finding.measure, language),
        "a": party_word(finding.a, dress.kinds, language),
        "b": party_word(finding.b, dress.kinds, language),
        "chainage": place_word(finding, language),
        "gap": finding.gap_m,
        "required": finding.required_m,
        "shortfall": finding.shortfall_m,
        "rule": deciding_rule(finding, language),
        "rules": finding.rules,
        "words": finding.words.spoken(language),
        "contest": contest_words(finding, language),
    }


def _left_out(result: CheckResult, language: Language) -> list[tuple[str, int]]:
    """Why pairs were not judged, in words, with their counts."""
    reasons = result.checked.get("left_out", {})
    return [
        (LEFT_OUT[reason].spoken(language) if reason in LEFT_OUT else reason, count)
        for reason, count in reasons.items()
    ]


def _legend(drawing: Drawing, dress: Dress, language: Language) -> list[tuple[str, str, str]]:
    """What the signs of the plan mean: sort of sign, colour, words; only kinds that are drawn."""
    drawn = {feature["properties"]["kind"] for feature in drawing.existing}
    kinds = [token for token in dress.kinds if token in drawn]
    signs = [("new", NEW_COLOUR, Words("新建工程", "new work").spoken(language))]
    signs += [("line", dress.colours.get(kind, OTHER_COLOUR), _kind(dress, kind, language)) for kind in kinds]
    if any(feature["properties"]["state"] == "disused" for feature in drawing.existing):
        signs.append(("disused", OTHER_COLOUR, Words("已废弃", "disused").spoken(language)))
    signs += [
        ("finding", COLOURS[each.value], OUTCOMES[each].spoken(language))
        for each in Outcome
        if each is not Outcome.CLEAR
    ]
    return signs


def _kind(dress: Dress, token: str, language: Language) -> str:
    return kind_word(token, dress.kinds, language)


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
    flags: list[tuple[int, str, tuple[float, float]]] = []
    # What may be clear lies below, what breaks a rule on top: nothing may hide a breach.
    for number, finding in reversed(numbered(result.findings)):
        if not finding.geometry.get("coordinates") or finding.outcome is Outcome.CLEAR:
            continue
        shape = local(finding.geometry, drawing.origin_m)
        colour = COLOURS["refer" if finding.advisory else finding.outcome.value]
        said = f"{number}. {standing_word(finding, language)} {measure_word(finding.measure, language)}"
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
        if not finding.advisory:
            flags.append((number, colour, _middle_of(_lines(shape)[0])))
    near_m = dist(*_bounds(drawing)) / FLAGS_ACROSS
    for at, (number, colour, place) in enumerate(flags):
        # Numbers of one place stand above each other.
        below = sum(dist(place, other) < near_m for _, _, other in flags[at + 1 :])
        text = f'<b style="color:{colour}">{number}</b>'
        icon = folium.DivIcon(
            html=text, icon_size=(20, 20), icon_anchor=(6, 26 + 17 * below), class_name="flag"
        )
        folium.Marker(place, icon=icon).add_to(group)
    return group


def _middle_of(line: list[list[float]]) -> tuple[float, float]:
    """North and east of the middle of a line, where the number of its finding stands."""
    x, y = line[len(line) // 2] if len(line) != 2 else [(a + b) / 2 for a, b in zip(*line, strict=True)]
    return y, x


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
