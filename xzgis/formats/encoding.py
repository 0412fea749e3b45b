"""Decodes text of unknown encoding strictly: never a replaced or mistaken character."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats import readings

_SAMPLE_CHARACTERS = 200_000
_ORDINARY_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and why that one."""

    text: str
    encoding: str
    why: Words


class Unclear(Invalid):
    """The bytes are text in two encodings, and too little of it to tell which."""


def decode(data: bytes, *, name: str, encoding: str | None = None) -> Decoded:
    """The text of ``data``; ``encoding`` is what the user says it is, None to find out.

    Tried in turn: byte order mark, UTF-16 by its zero bytes, UTF-8, GB18030 (which holds GBK and GB2312).
    Valid UTF-8 that reads as a jumble, and as everyday hanzi in GB18030, is the latter. Refuses text that
    fits none, fits GB18030 only as a jumble of rare characters; :class:`Unclear` when it could as well be the one as the other.
    """
    if encoding is not None:
        return Decoded(_strict(data, encoding, name), encoding, Words("由用户指定", "as the user says"))
    for mark, known in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return Decoded(
                _strict(data, known, name), known, Words("有字节序标记 BOM", "it has a byte order mark")
            )
    zeros = _zero_pattern(data)
    if zeros is not None:
        why = Words("字节间隔为零", "every other byte is zero")
        return Decoded(_strict(data, zeros, name), zeros, why)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as not_utf8:
        return _as_chinese(data, name, not_utf8)
    return _weighed(data, text, name)


def _weighed(data: bytes, text: str, name: str) -> Decoded:
    """The text of bytes that are valid UTF-8, which many a GBK text is by chance."""
    valid = Words("全文是合法的 UTF-8", "the whole text is valid UTF-8")
    if text.isascii():
        return Decoded(text, "utf-8", valid)
    chinese = strictly(data, "gb18030")
    verdict = readings.chosen(text, chinese)
    if verdict == "utf-8" or chinese is None:
        return Decoded(text, "utf-8", valid)
    if verdict == "unclear":
        raise _either(name, readings.foreign(text), readings.foreign(chinese))
    strange = readings.strange(text)[:10]
    why = Words(
        f"按 UTF-8 虽可解码，但读作“{strange}”等罕见字符；按 GB18030 为常用汉字",
        f"it decodes as UTF-8 too, but into rare characters such as {strange}; as GB18030 they are everyday hanzi",
    )
    return Decoded(chinese, "gb18030", why)


def settled_by(known: Mapping[str, str], either: Unclear) -> tuple[str, Words]:
    """The codec that all other texts of the same delivery are in, and why; raises ``either`` when there is none.

    ``known``: codec by name of file or layer, of those only that hold more than ASCII.
    """
    codecs_met = {"utf-8" if codec == "utf-8-sig" else codec for codec in known.values()}
    if len(codecs_met) != 1 or not codecs_met <= {"utf-8", "gb18030"}:
        raise either
    codec, others = codecs_met.pop(), ", ".join(list(known)[:3])
    return codec, Words(
        f"单看可按 UTF-8 或 GB18030 读；同批的 {others} 是 {codec}",
        f"alone it reads as UTF-8 and as GB18030; {others} of the same delivery is {codec}",
    )


def strictly(data: bytes, codec: str) -> str | None:
    """The whole of ``data`` as text of ``codec``; None when a byte of it is none."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _as_chinese(data: bytes, name: str, not_utf8: UnicodeDecodeError) -> Decoded:
    at = not_utf8.start
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as not_gb:
        raise _refused(name, not_gb.start) from not_gb
    share = _ordinary_share(text)
    if share < _ORDINARY_SHARE:
        raise _refused(name, at)
    why = Words(
        f"第 {at + 1} 字节起不是 UTF-8；按 GB18030 全部可读，{share:.0%} 为常用字符",
        f"not UTF-8 from byte {at + 1}; all of it reads as GB18030, {share:.0%} ordinary characters",
    )
    return Decoded(text, "gb18030", why)


def _ordinary_share(text: str) -> float:
    """Share of the non-ASCII characters that are in GB 2312: a wrong guess yields rare ones."""
    foreign = [character for character in text[:_SAMPLE_CHARACTERS] if character > "\x7f"]
    if not foreign:
        return 1.0
    ordinary = {character for character in set(foreign) if _is_ordinary(character)}
    return sum(character in ordinary for character in foreign) / len(foreign)


def _is_ordinary(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _zero_pattern(data: bytes) -> str | None:
    sample = data[:4096]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > low * 4:
        return "utf-16-le"
    if low > high * 4:
        return "utf-16-be"
    return None


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as unknown:
        raise Invalid(Words(f"不认识编码 {encoding}。", f"The encoding {encoding} is unknown.")) from unknown
    except UnicodeDecodeError as broken:
        raise Invalid(
            Words(
                f"文件 {name} 不是完整的 {encoding} 文本：第 {broken.start + 1} 字节无法解码。请另存为 UTF-8 后重交。",
                f"File {name} is not sound {encoding} text: byte {broken.start + 1} cannot be decoded. "
                "Save it as UTF-8 and hand it in again.",
            )
        ) from broken


def _either(name: str, utf8: str, chinese: str) -> Unclear:
    return Unclear(
        Words(
            f"无法确定文件 {name} 的文字编码：可按 UTF-8 读作“{utf8}”，也可按 GBK/GB18030 读作“{chinese}”。"
            "请指明文字编码（gb18030 或 utf-8），或另存为带 BOM 的 UTF-8。",
            f"The text encoding of file {name} cannot be told: it reads as UTF-8 ({utf8}) and as GBK/GB18030 "
            f"({chinese}). Say which text encoding it is (gb18030 or utf-8), "
            "or save it as UTF-8 with a byte order mark.",
            "--encoding",
        )
    )


def _refused(name: str, at: int) -> Invalid:
    return Invalid(
        Words(
            f"无法确定文件 {name} 的文字编码（第 {at + 1} 字节处）：既不是 UTF-8，也不像 GB18030/GBK。"
            "请另存为 UTF-8，或指明编码。",
            f"The text encoding of file {name} cannot be told (byte {at + 1}): neither UTF-8 nor likely GB18030/GBK. "
            "Save it as UTF-8, or say which encoding it is.",
        )
    )
