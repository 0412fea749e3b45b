"""How people are called: accounts, names, addresses; what stands there is shown on pages and in letters."""

import re
import unicodedata

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words

ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{1,31}\Z")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}\Z")
# Country, area, number, extension: five figures in all at least.
PHONE = re.compile(r"(?=(?:\D*[0-9]){5,20}\D*\Z)\+?[0-9]{1,15}(-[0-9]{1,12}){0,3}\Z")
LONGEST_NAME = 64
LONGEST_TEXT = 500


def account_of(typed: str) -> str:
    """The account as it is kept: full-width forms and capitals folded.

    Raises
    ------
    Invalid
        It is not 2–32 of ``a–z 0–9 . _ -`` beginning with a letter.
    """
    folded = unicodedata.normalize("NFKC", typed[:200]).strip().lower()
    if not ACCOUNT.match(folded):
        raise _wrong(
            "account",
            Words("账号无效。", "The account is not valid."),
            Words(
                "用 2–32 位小写字母、数字、点、下划线或短横，以字母开头。",
                "Use 2–32 of a–z, 0–9, dot, underscore, dash, beginning with a letter.",
            ),
        )
    return folded


def name_of(typed: str, *, field: str = "name", longest: int = LONGEST_NAME) -> str:
    """A name as it is kept: composed, without space around it.

    Raises
    ------
    Invalid
        It is empty, too long, or holds characters that do not show (control, direction marks, private use).
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 1 <= len(name) <= longest:
        raise _wrong(
            field,
            Words("名称为空或过长。", "The name is empty or too long."),
            Words(f"用 1–{longest} 个字符。", f"Use 1–{longest} characters."),
        )
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs") for sign in name):
        raise _wrong(
            field,
            Words("名称中有不可见的字符。", "The name holds characters that do not show."),
            Words("请手工重新输入。", "Type it anew."),
        )
    return name


def reason_of(typed: str) -> str:
    """A reason as it is kept; the same refusals as for names."""
    return name_of(typed, field="reason", longest=LONGEST_TEXT)


def email_of(typed: str | None) -> str | None:
    """An e-mail address, or None when nothing was given.

    Raises
    ------
    Invalid
        It does not read like one.
    """
    if typed is None or not typed.strip():
        return None
    if not EMAIL.match(typed.strip()):
        raise _wrong(
            "email",
            Words("电子邮箱无效。", "The e-mail address is not valid."),
            Words("例：name@example.cn", "For example name@example.cn"),
        )
    return typed.strip()


def phone_of(typed: str | None) -> str | None:
    """A telephone number without spaces, or None when nothing was given.

    Raises
    ------
    Invalid
        It does not read like one.
    """
    if typed is None or not typed.strip():
        return None
    number = unicodedata.normalize("NFKC", typed).replace(" ", "")
    if not PHONE.match(number):
        raise _wrong(
            "phone",
            Words("电话号码无效。", "The telephone number is not valid."),
            Words("例：0516-12345678", "For example 0516-12345678"),
        )
    return number


def masked_email(address: str | None) -> str | None:
    """An e-mail address as lists show it: its first sign and its host; None for none."""
    if address is None:
        return None
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


def masked_phone(number: str | None) -> str | None:
    """A telephone number as lists show it: of a long one the first three and last four signs, of a short one the last two.

    None for none. Practice of JR/T 0171 and of mobile numbers of eleven digits; no clause is binding here.
    """
    if number is None:
        return None
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else f"****{number[-2:]}"


MASKS = {"email": masked_email, "phone": masked_phone}
"""What is personal of a person beyond his name, and how lists show it (GB/T 22239-2019, 8.1.4.11)."""


def is_its_mask(field: str, typed: str | None, kept: str | None) -> bool:
    """Whether what was sent back is the mask that was shown, so that the value itself stays."""
    return kept is not None and typed is not None and typed.strip() == MASKS[field](kept)


def _wrong(field: str, words: Words, remedy: Words) -> Invalid:
    return Invalid(words, faults=(Fault((field,), words, remedy),))
