"""The tables a city may look at and change: which columns, what tells a row, which way is stricter."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from xzgis.catalogue import terms
from xzgis.catalogue.rules.definitions import Parts
from xzgis.catalogue.rules.typed import text_of
from xzgis.catalogue.terms.changes import ENABLED, Column, Table
from xzgis.catalogue.terms.limits import LimitValue
from xzgis.catalogue.terms.obstacles import ChamberSize
from xzgis.catalogue.terms.zones import ZoneRule
from xzgis.core.words import Words

CODES = "codes."
KEY_SEPARATOR = "|"
LEVELS = ("info", "warning", "error")
_SAID = tuple(Column(name, "words") for name in ("source", "note"))
_PLACE = tuple(Column(name, "words") for name in ("standard", "table", "clause"))
_BELIEF = (Column("confidence", "verified"),)
_ON = (Column(ENABLED, "yes"),)
_NAMES = tuple(Column(name, "words") for name in ("zh", "en"))

_GAPS = (
    Column("clearance_m", "more"), *_ON, Column("mandatory", "yes"), *_BELIEF, *_PLACE, *_SAID
)  # fmt: skip
_ASKED = ("rule_id", "kind_a", "condition_a", "kind_b", "condition_b", "clearance_m")
_WHENCE = ("standard", "table", "clause", "confidence", "source")

TABLES: tuple[Table, ...] = (
    Table("horizontal", "horizontal", "clearances/horizontal.csv", terms.ClearanceRule,
          Words("水平净距", "Horizontal clearances"), ("rule_id",), _GAPS, may_add=True, shown=(*_ASKED, *_WHENCE)),
    Table("vertical", "vertical", "clearances/vertical.csv", terms.ClearanceRule,
          Words("垂直净距", "Vertical clearances"), ("rule_id",), _GAPS, may_add=True, shown=(*_ASKED, *_WHENCE)),
    Table("cover", "cover", "clearances/cover.csv", terms.CoverRule, Words("最小覆土", "Least cover"), ("rule_id",),
          (Column("cover_m", "more"), *_ON, Column("mandatory", "yes"), *_BELIEF, *_PLACE, *_SAID), may_add=True,
          shown=("rule_id", "kind", "condition", "surface", "cover_m", *_WHENCE)),
    Table("order", "order", "clearances/order.csv", terms.OrderRule, Words("上下顺序", "Order at crossings"),
          ("rule_id",), (Column("must", "yes"), *_ON, *_BELIEF, Column("standard", "words"), Column("clause", "words"),
          *_SAID), may_add=True, shown=("rule_id", "upper", "lower", "must", "standard", "clause", "confidence", "source")),
    Table("give_way", "give_way", "clearances/give_way.csv", terms.GiveWayRule, Words("避让原则", "Who gives way"),
          ("rule_id",), (Column("rank"), *_ON, *_NAMES, *_BELIEF, Column("standard", "words"),
          Column("clause", "words"), *_SAID),
          shown=("rule_id", "rank", "zh", "en", "enabled", "standard", "clause", "confidence", "source")),
    Table("outer_sizes", "outer_sizes", "outer_sizes.csv", terms.OuterSize, Words("外径换算", "Outer sizes"),
          ("kind", "material", "burial", "nominal_mm_from", "nominal_mm_to"),
          (Column("wall_mm", "more"), Column("wall_ratio", "more"), Column("wall_spread_mm", "spread"),
           Column("assumed", "yes"), Column("source", "words")),
          shown=("kind", "material", "burial", "nominal_mm_from", "nominal_mm_to", "nominal_is", "wall_mm", "wall_ratio",
                 "wall_spread_mm", "assumed", "source")),
    Table("chambers", "chambers", "chambers.csv", ChamberSize, Words("井室尺寸", "Sizes of chambers"),
          ("appurtenance", "kind", "line_mm_from", "line_mm_to"),
          (*(Column(f"{what}_mm_{end}") for what in ("width", "depth", "base") for end in ("from", "to")), *_BELIEF,
           Column("source", "words")),
          shown=("appurtenance", "kind", "line_mm_from", "line_mm_to", "width_mm_from", "width_mm_to", "depth_mm_from",
                 "depth_mm_to", "base_mm_from", "base_mm_to", "confidence", "source")),
    Table("zones", "zones", "zones.csv", ZoneRule, Words("保护与控制范围", "Protection and control zones"), ("rule_id",),
          (Column("distance_m", "more"), *_ON, *_BELIEF, *_PLACE, *_SAID), may_add=True,
          shown=("rule_id", "kind", "pressure_classes", "not_materials", "zone", "distance_m", "measured_from", "outcome",
                 "effect_zh", "effect_en", *_WHENCE)),
    Table("accuracy", "accuracy", "accuracy.csv", terms.AccuracyClass, Words("精度等级", "Accuracy classes"), ("token",),
          (*(Column(name, "spread") for name in ("plan_base_m", "plan_per_depth", "level_base_m", "level_per_depth",
             "depth_floor_m")), *_NAMES, *_BELIEF, Column("source", "words")),
          shown=("token", "zh", "en", "plan_base_m", "plan_per_depth", "level_base_m", "level_per_depth",
                 "depth_floor_m", "confidence", "source")),
    Table("checks", "checks", "checks/survey.csv", terms.CheckRule, Words("成果检查", "Checks of deliveries"), ("code",),
          (Column("level", "level"), Column("level_strict", "level"), *_NAMES, Column("source", "words")),
          shown=("code", "zh", "en", "level", "level_strict", "source")),
    Table("limits", "limits", "limits.toml", LimitValue, Words("限值与系数", "Limits and factors"), ("token",),
          (Column("value"), Column("source", "words")),
          shown=("token", "zh", "en", "value", "unit", "least", "most", "looser", "source")),
    Table("conditions", "conditions", "conditions.csv", terms.Condition, Words("条件", "Conditions"), ("token",),
          shown=("token", "zh", "en", "attribute", "values", "not_values", "any_of", "all_of", "at_least", "above",
                 "below", "at_most", "note")),
    Table("kinds", "kinds", "kinds", terms.NetworkKind, Words("管线种类", "Kinds of lines"), ("token",),
          shown=("token", "code", "zh", "en", "rule_kind", "flow", "depth_reference", "plausible_outer_width_mm",
                 "plausible_cover_m", "note")),
    Table("rule_kinds", "rule_kinds", "rule_kinds.csv", terms.RuleKind, Words("规则所称种类", "Kinds of the rule tables"),
          ("token",), shown=("token", "zh", "en", "note")),
)  # fmt: skip

_CODE_COLUMNS = (
    *_NAMES,
    Column("aliases"),
    Column("minimum"),
    Column("maximum"),
    Column("unit"),
    *_BELIEF,
    *_SAID,
)
_CODE_SHOWN = ("code", "token", "zh", "en", "aliases", "kinds", "one_of", "minimum", "maximum", "unit", "scheme",
               "confidence", "source")  # fmt: skip
_LISTS: Mapping[str, Words] = {
    "appurtenance": Words("附属物", "appurtenances"),
    "assumption": Words("假定", "assumptions"),
    "burial": Words("埋设方式", "burial methods"),
    "data_source": Words("数据来源", "sources of data"),
    "depth_reference": Words("埋深基准", "depth references"),
    "element": Words("要素", "elements"),
    "feature": Words("特征", "features"),
    "flow": Words("流向", "directions of flow"),
    "land_use": Words("用地", "land use"),
    "material": Words("材质", "materials"),
    "pressure_class": Words("压力级制", "pressure classes"),
    "shape": Words("断面形状", "shapes"),
    "status": Words("状态", "states"),
    "surface": Words("路面", "surfaces"),
    "visibility": Words("明显与隐蔽", "visibility"),
    "voltage": Words("电压", "voltages"),
}


def tables_of(parts: Parts) -> tuple[Table, ...]:
    """Every table there is: the rules, then the code lists by name."""
    lists = sorted(part.removeprefix("codes/") for part in parts if part.startswith("codes/"))
    return (*TABLES, *(_code_list(name) for name in lists))


def _code_list(name: str) -> Table:
    said = _LISTS.get(name, Words(name, name))
    return Table(
        f"{CODES}{name}", f"codes/{name}", f"codes/{name}.csv", terms.CodeValue,
        Words(f"代码表：{said.zh}", f"Codes: {said.en}"), ("code", "token", "scheme"), _CODE_COLUMNS, may_add=True,
        shown=_CODE_SHOWN,
    )  # fmt: skip


def table_called(token: str, parts: Parts) -> Table | None:
    """The table of that name."""
    return next((one for one in tables_of(parts) if one.token == token), None)


def key_of(table: Table, value: BaseModel) -> str:
    """What tells the row from all others of its table."""
    return KEY_SEPARATOR.join(text_of(name, getattr(value, name)) for name in table.key)


def key_cells(table: Table, key: str) -> dict[str, str]:
    """The cells that a key stands for; empty when it is not a key of the table."""
    found = key.split(KEY_SEPARATOR)
    return dict(zip(table.key, found, strict=True)) if len(found) == len(table.key) else {}


def new_columns(table: Table) -> tuple[str, ...]:
    """Columns in which a new row is written: those it is told by, what it speaks of, and those that may be changed."""
    given = [column.name for column in table.columns if column.name != ENABLED]
    fields = [name for name in table.model.model_fields if name != ENABLED]
    wanted: Sequence[str] = fields if table.may_add else given
    return tuple(wanted)
