"""Why files cannot be read at all, as the one finding that a batch keeps of it."""

from collections.abc import Sequence

from xzgis.core.errors import Refusal
from xzgis.core.words import Words
from xzgis.networks.terms import IntakeFinding

MEND_FILE = Words("请按提示改正文件后重新导入", "Mend the file and import again")


def unreadable(refusal: Refusal, names: Sequence[str]) -> IntakeFinding:
    """The finding R00 of a refused reading; its file is the one of ``names`` that the refusal speaks of, if one is."""
    fault = refusal.faults[0] if refusal.faults else None
    words = refusal.words
    # The refusal names the file; what its first fault says beyond that is said after it, and nothing twice.
    if fault is not None and fault.words.zh.rstrip("。") not in words.zh:
        words = Words(f"{words.zh}{fault.words.zh}", f"{words.en} {fault.words.en}")
    remedy = fault.remedy if fault is not None and fault.remedy is not None else MEND_FILE
    named = [name for name in dict.fromkeys(names) if len(names) == 1 or name in words.zh]
    file = named[0] if len(named) == 1 else None
    return IntakeFinding(code="R00", level="error", words=words, remedy=remedy, file=file)
