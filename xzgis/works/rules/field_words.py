"""A document that pydantic refuses, told to people: each field by its word, the value, and what is allowed."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from xzgis.core.errors import Fault, Invalid
from xzgis.core.mistakes import mistake
from xzgis.core.words import Words

LONGEST_VALUE = 40
FIELDS = {
    "name": Words("名称", "name"),
    "crs": Words("坐标系", "coordinate system"),
    "kind": Words("管线类别", "kind of line"),
    "axis": Words("轴线", "axis"),
    "section": Words("断面", "section"),
    "shape": Words("断面形状", "shape of the section"),
    "diameter_mm": Words("管径（mm）", "diameter (mm)"),
    "width_mm": Words("断面宽（mm）", "width (mm)"),
    "height_mm": Words("断面高（mm）", "height (mm)"),
    "is_outer": Words("尺寸为外尺寸", "sizes are outer"),
    "depth": Words("埋深", "depth"),
    "cover_m": Words("覆土（m）", "cover (m)"),
    "profile": Words("纵断面", "profile"),
    "profile_of": Words("高程所指", "what the levels are of"),
    "chainage_m": Words("里程（m）", "chainage (m)"),
    "level_m": Words("高程（m）", "level (m)"),
    "ground_m": Words("地面高程（m）", "ground level (m)"),
    "pressure_class": Words("压力级制", "pressure class"),
    "voltage_kv": Words("电压（kV）", "voltage (kV)"),
    "burial": Words("埋设方式", "burial method"),
    "material": Words("材质", "material"),
    "method": Words("施工方法", "method"),
    "sigma_plan_m": Words("平面中误差（m）", "plan accuracy (m)"),
    "sigma_level_m": Words("高程中误差（m）", "level accuracy (m)"),
    "tie_ins": Words("接口", "tie-ins"),
    "run_id": Words("管段号", "run"),
    "outline": Words("开挖轮廓", "outline of the excavation"),
    "depth_m": Words("开挖深度（m）", "depth of the excavation (m)"),
    "bottom_level_m": Words("坑底高程（m）", "level of the bottom (m)"),
    "surface": Words("路面", "surface"),
    "starts_on": Words("开工日期", "start"),
    "ends_on": Words("完工日期", "end"),
}


def not_valid(error: ValidationError, source: str) -> Invalid:
    """The refusal of a work document: ``source`` is the file, or the name of the work; one fault for each place."""
    return Invalid(
        Words(
            f"{source or '工程文件'} 不是合格的工程文件。",
            f"{source or 'The file'} is no valid work document.",
        ),
        faults=tuple(Fault(tuple(one["loc"]), _sentence(one)) for one in error.errors()),
    )


def _sentence(error: Mapping[str, Any]) -> Words:
    wrong, value = mistake(error), error.get("input")
    own = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "")
    named = FIELDS.get(own, Words(own or "内容", own or "content"))
    if error.get("type") == "missing" or isinstance(value, dict | list | tuple) or value is None:
        return Words(f"{named.zh}：{wrong.zh}", f"{named.en}: {wrong.en}")
    shown = f"{value:g}" if isinstance(value, float) else str(value)[:LONGEST_VALUE]
    return Words(f"{named.zh}为“{shown}”：{wrong.zh}", f"{named.en} is “{shown}”: {wrong.en}")
