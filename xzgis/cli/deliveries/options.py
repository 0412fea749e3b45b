"""What a person asks of an import on the command line, refused by the option that is wrong and never by a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words

SAME = ("replace", "keep", "beside")
# What `import` and `check --against` say of the options they share.
MAPPING_HELP = "对应关系：JSON 或 TOML 文件，或 layers/intake 中的名称 · mapping, a file or a name"
COLUMN_HELP = "列名=字段，“-”不用此列 · HEAD=FIELD, - leaves it out"
CODE_HELP = "管线代码=管类 · CODE=KIND"
ENCODING_HELP = "文字编码 · text encoding"
# The options of a reading as they are typed.
TYPED = {
    "intake": "--intake", "crs": "--crs", "encoding": "--encoding", "overrides": "--column",
    "code_kinds": "--code", "mapping": "--mapping", "level_meaning": "--level-meaning",
}  # fmt: skip
WRONG = Words("选项有误，未读取任何文件。", "An option is wrong; no file was read.")


def asked_options(
    said: Mapping[str, Any],
    *,
    mapping: str | None,
    columns: Sequence[str],
    codes: Sequence[str],
    same: str | None = None,
) -> dict[str, Any]:
    """The options of the reading, checked before any file is opened.

    Parameters
    ----------
    said
        Options that are kept as they were typed.
    mapping
        A file of JSON or TOML (:mod:`xzgis.networks.rules.saved_mapping`), or the name of an intake in layers/.
    columns, codes
        ``HEAD=FIELD`` and ``CODE=KIND``; they go before what the file says.

    Raises
    ------
    Invalid
        Each fault names its option.
    """
    from xzgis.catalogue.queries import catalogue
    from xzgis.networks.rules.asked_options import check_options
    from xzgis.networks.rules.saved_mapping import options_of, said_over

    if same is not None and same not in SAME:
        raise _wrong(
            "--same", Words(f"没有“{same}”，可用：{' / '.join(SAME)}。", f"Use {' or '.join(SAME)}.")
        )
    known = catalogue()
    options = dict(said)
    if mapping is not None:
        options |= _of_file(mapping)
    typed = {"columns": _pairs("--column", columns), "codes": _pairs("--code", codes)}
    try:
        options = said_over(options, options_of(typed, known))
        check_options(options, known)
    except Invalid as refusal:
        raise Invalid(WRONG, faults=tuple(_typed(fault) for fault in refusal.faults)) from refusal
    return options


def _of_file(named: str) -> dict[str, Any]:
    """What ``--mapping`` says: a file, or the name of an intake."""
    from xzgis.catalogue.queries import catalogue
    from xzgis.networks.rules.saved_mapping import options_of_file

    path = Path(named)
    if not path.is_file():
        if named in catalogue().intakes:
            return {"intake": named}
        names = ", ".join(catalogue().intakes)
        raise _wrong("--mapping", Words(
            f"没有文件 {named}，也没有这个名称的映射；layers/intake 中有：{names}。",
            f"There is no file {named} and no mapping of that name; layers/intake has {names}.",
        ))  # fmt: skip
    try:
        return options_of_file(path.name, path.read_bytes(), catalogue())
    except Invalid as refusal:
        located = (Fault(("--mapping", *one.loc), one.words, one.remedy) for one in refusal.faults)
        raise Invalid(WRONG, faults=tuple(located)) from refusal


def _pairs(option: str, typed: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` of each; a name may hold the sign itself, a value does not."""
    pairs: dict[str, str] = {}
    for one in typed:
        name, sign, value = one.rpartition("=")
        if not sign or not name.strip():
            raise _wrong(option, Words(f"“{one}”应写作 名称=值。", f"Write {one!r} as NAME=VALUE."))
        pairs[name.strip()] = value.strip()
    return pairs


def _wrong(option: str, words: Words) -> Invalid:
    return Invalid(WRONG, faults=(Fault((option,), words),))


def _typed(fault: Fault) -> Fault:
    """The fault at the option as it is typed."""
    first, *rest = fault.loc or ("",)
    typed = {"columns": "--column", "codes": "--code"} | TYPED
    if first in typed:
        return Fault((typed[str(first)], *rest), fault.words, fault.remedy)
    return Fault(("--mapping", *fault.loc), fault.words, fault.remedy)
