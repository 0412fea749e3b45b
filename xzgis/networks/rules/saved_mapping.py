"""How a delivery is understood, as a document that people keep and hand in again: columns, codes and layers.

``columns`` and ``codes`` belong to survey tables, ``layers`` and ``schemes`` to features (rules/feature_mapping.py).
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Fault, Invalid
from xzgis.core.sound_json import loads
from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.finding_words import canonical_field, survey_fields
from xzgis.networks.rules.mapping import folded_name
from xzgis.networks.terms import IntakeFinding

MEMBERS = ("intake", "columns", "codes", "layers", "schemes")
OF_FEATURES = ("layers", "schemes")
LEAVE_OUT = ("", "-")
MOST_BYTES = 1 << 19
LIKE_THIS = Words(
    "文件应含 columns（列名 → 字段）、codes（代码 → 管类）或 layers（图层）",
    "It holds columns (head → field), codes (code → kind) or layers",
)


def options_of(document: Any, catalogue: Catalogue) -> dict[str, Any]:
    """The options of a reading that a saved mapping says; fields and kinds by our names or by their words.

    Raises
    ------
    Invalid
        It is no mapping, or names a field, kind or member that is not known; one fault for each.
    """
    if not isinstance(document, Mapping):
        raise Invalid(Words("这不是对应关系文件。", "This is no mapping."), faults=(Fault((), LIKE_THIS),))
    faults: list[Fault] = [
        Fault(
            (str(name),), Words("没有这一项，请去掉。", "There is no such member; leave it out."), LIKE_THIS
        )
        for name in document
        if name not in MEMBERS
    ]
    columns = _texts(document, "columns", faults)
    codes = _texts(document, "codes", faults)
    told: dict[str, Any] = {
        "overrides": {head: _field(head, field, catalogue, faults) for head, field in columns.items()},
        "code_kinds": {code: _kind(code, kind, catalogue, faults) for code, kind in codes.items()},
    }
    features = {name: document[name] for name in OF_FEATURES if name in document}
    if features:
        told["mapping"] = features | ({"intake": document["intake"]} if "intake" in document else {})
    elif "intake" in document:
        told["intake"] = document["intake"]
    if faults:
        raise Invalid(Words("对应关系有误。", "The mapping is wrong."), faults=tuple(faults))
    return {name: value for name, value in told.items() if value}


def options_of_file(name: str, content: bytes, catalogue: Catalogue) -> dict[str, Any]:
    """The options that a mapping kept as a file says: TOML where its name ends so, else JSON.

    Raises
    ------
    Invalid
        It is too large, no such text, or not what :func:`options_of` takes; every fault begins with ``name``.
    """
    kind = "TOML" if name.lower().endswith(".toml") else "JSON"
    try:
        return options_of(_parsed(content, kind), catalogue)
    except Invalid as refusal:
        faults = refusal.faults or (Fault((), refusal.words),)
        located = (Fault((name, *one.loc), one.words, one.remedy) for one in faults)
        raise Invalid(refusal.words, faults=tuple(located)) from refusal
    except (ValueError, RecursionError) as error:
        words = Words(f"{name} 不是 {kind}：{_place(error)}。", f"{name} is no {kind}: {_place(error)}.")
        raise Invalid(words, faults=(Fault((name,), words, LIKE_THIS),)) from error


def _parsed(content: bytes, kind: str) -> Any:
    if len(content) > MOST_BYTES:
        raise Invalid(Words("文件太大，不是对应关系。", "The file is too large for a mapping."))
    text = content.decode("utf-8-sig")
    return tomllib.loads(text) if kind == "TOML" else loads(text)


def said_over(options: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """``options`` of a saved mapping under what is ``said`` beside it: single columns and codes go before those saved."""
    both = dict(options) | dict(said)
    for name in ("overrides", "code_kinds"):
        told = dict(options.get(name, {})) | dict(said.get(name) or {})
        if told:
            both[name] = told
    return both


def _place(error: Exception) -> str:
    """Where a text ceases to be what it should be, as ``line:column``, else what its reader says."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.lineno}:{error.colno}"
    return str(error).splitlines()[0][:120]


def _texts(document: Mapping[str, Any], member: str, faults: list[Fault]) -> dict[str, str]:
    """A table of texts of the document; empty where it is none."""
    table = document.get(member, {})
    if isinstance(table, Mapping) and all(isinstance(value, str) for value in table.values()):
        return {str(name): str(value) for name, value in table.items()}
    faults.append(Fault((member,), Words("须是“名称 → 文字”的表。", "A table of name → text is wanted.")))
    return {}


def _field(head: str, field: str, catalogue: Catalogue, faults: list[Fault]) -> str:
    if field in LEAVE_OUT:
        return ""
    known = survey_fields(catalogue)
    ours = field if field in known else canonical_field(field, catalogue)
    if ours in known:
        return str(ours)
    words = Words(f"没有字段“{field}”。", f"There is no field {field!r}.")
    remedy = Words(
        f"可用字段：{'、'.join(known)}；“-”表示不用此列", f"Use one of {', '.join(known)}; - leaves it out"
    )
    faults.append(Fault(("columns", head), words, remedy))
    return ""


def _kind(code: str, kind: str, catalogue: Catalogue, faults: list[Fault]) -> str:
    if kind in catalogue.kinds:
        return kind
    named = [token for token, one in catalogue.kinds.items() if kind in (one.zh, one.en)]
    if len(named) == 1:
        return named[0]
    known = [token for token, one in catalogue.kinds.items() if one.is_buried_line]
    words = Words(f"没有管类“{kind}”。", f"There is no kind {kind!r}.")
    faults.append(
        Fault(("codes", code), words, Words(f"可用：{'、'.join(known)}", f"Use one of {', '.join(known)}"))
    )
    return kind


def mapping_document(
    options: Mapping[str, Any], facts: Mapping[str, Any], intake: str | None
) -> dict[str, Any]:
    """The mapping of a batch to be kept: what was understood by itself, and over it what a person said.

    A column head that is one field here and another, or none, there is left to the product.
    """
    columns = _agreed(facts) | dict(options.get("overrides", {}))
    layers = facts.get("mapping", {})
    told = {
        "intake": layers.get("intake", intake),
        "columns": columns,
        "codes": dict(options.get("code_kinds", {})),
        "schemes": layers.get("schemes"),
        "layers": layers.get("layers"),
    }
    return {name: value for name, value in told.items() if value}


def _agreed(facts: Mapping[str, Any]) -> dict[str, str]:
    """Column head → field, where all tables that have the head took it for that field."""
    meant: dict[str, set[str]] = {}
    tables: Mapping[str, Mapping[str, str]] = facts.get("columns", {})
    for place, mapped in tables.items():
        by_head: dict[str, set[str]] = {}
        for field, head in mapped.items():
            by_head.setdefault(head, set()).add(field)
        for head in facts.get("samples", {}).get(place, by_head):
            meant.setdefault(head, set()).update(by_head.get(head, {""}))
    return {
        head: next(iter(fields)) for head, fields in meant.items() if len(fields) == 1 and "" not in fields
    }


def unused_heads(tables: Sequence[RawTable], overrides: Iterable[str]) -> list[IntakeFinding]:
    """A finding for each head that a mapping names and no table has."""
    there = {folded_name(str(column)) for table in tables for column in table.frame.columns}
    return [
        IntakeFinding(
            "R46",
            "warning",
            Words(
                f"列对应中的列“{head}”不在任何表中，未起作用",
                f"No table has the column {head!r} of the mapping",
            ),
            Words("核对列名与表头", "Compare the name with the headers"),
            field=head,
        )
        for head in overrides
        if folded_name(head) not in there
    ]
