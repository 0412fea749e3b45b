"""What a verification says, in words."""

from xzgis.core.words import Words
from xzgis.exports.terms import Begun, Standing


def told_of(standing: Standing, number: int | None, *, by_content: bool) -> Words:
    """The sentence for a file; by its number alone the content is not vouched for."""
    if standing is Standing.UNKNOWN:
        return Words(
            "查无此文件：不是本系统外发的，或内容已被改动；不得作为依据。",
            "Not known: the file did not leave this system, or was altered since. Do not rely on it.",
        )
    if standing is Standing.WITHDRAWN:
        return Words(
            f"导出 {number} 已撤回：请销毁全部副本，不得再使用。",
            f"Export {number} is withdrawn: destroy every copy and use it no more.",
        )
    if not by_content:
        return Words(
            f"导出 {number} 有效；仅凭编号查得，内容是否被改动须用文件本身核验。",
            f"Export {number} stands; found by its number alone: whether the content was altered takes the file itself.",
        )
    return Words(f"文件有效：导出 {number} 的原件。", f"Valid: this is a file of export {number} as it left.")


def headers_of(begun: Begun) -> dict[str, str]:
    """What programs are told of a file beside it: its export, its grade, and the ground they hold when it warns."""
    told = {
        "X-Export-Number": str(begun.mark.number),
        "X-Export-Grade": begun.mark.grade,
        "X-Export-Records": str(begun.what.records),
    }
    return told | ({"X-Export-Warning": f"{begun.ground.with_km2:.2f} km2"} if begun.warning else {})
