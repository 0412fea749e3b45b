"""Which passwords are strong enough, judged without asking anybody.

Length and common words after NIST SP 800-63B clauses 5.1.1.1–5.1.1.2, the least length raised to 10 for level 3
of GB/T 22239-2019 8.1.4.1. A list of leaked passwords is not shipped (none is free of licence); instead a password
is taken apart: what is left of it after walks over the keyboard, repetitions, figures and signs at either side must
be more than two words everybody thinks of.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words

SHORTEST, LONGEST = 10, 128
FEWEST_DIFFERENT = 5
MOST_COMMON_WORDS = 2
LEAST_UNFORESEEN = 6
LEAST_RUN = 3
#: Without what is taken for one another: 0 O o, 1 l I.
ONE_TIME_SIGNS = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY346789"
ONE_TIME_LENGTH = 16
LOOK_ALIKE = str.maketrans("@4301$57!", "aaeolssti")
ROWS = (
    "1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+",
    "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "147258369",
)  # fmt: skip


def normalised(password: str) -> str:
    """The one form a password is hashed and compared in."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, account: str, name: str) -> None:
    """Refuse a password that somebody would try.

    Raises
    ------
    Invalid
        The sentence says what is wrong with it; the password is never repeated.
    """
    chosen = normalised(password)
    words = _what_is_wrong(chosen, account=account, name=name)
    if words is not None:
        remedy = Words(
            "例如用四个互不相干的词连成一句。",
            "For example four words that have nothing to do with each other.",
        )
        raise Invalid(words, faults=(Fault(("new_password",), words, remedy),))


def _what_is_wrong(chosen: str, *, account: str, name: str) -> Words | None:
    if not SHORTEST <= len(chosen) <= LONGEST:
        return Words(
            f"密码须为 {SHORTEST}–{LONGEST} 位。", f"A password has {SHORTEST}–{LONGEST} characters."
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in chosen):
        return Words("密码含有控制字符。", "The password holds control characters.")
    if len(set(chosen)) < FEWEST_DIFFERENT:
        return Words("密码的字符过于单一。", "The password uses too few different characters.")
    low = chosen.lower()
    own = [part.lower() for part in (account, *re.split(r"[._-]", account), name) if len(part) > 2]
    if any(part in low for part in own) or (len(name) > 1 and name.lower() in low):
        return Words("密码不得包含账号或姓名。", "The password must not hold the account or the name.")
    if is_common(low):
        return Words(
            "密码只由常见词语、数字和符号组成，容易被猜中；请用几个互不相关的词，或一句话。",
            "The password is made of common words, figures and signs alone and easily guessed: take several words that have "
            "nothing to do with each other, or a sentence.",
        )
    return None


def is_common(low: str) -> bool:
    """Whether nothing in a lower-case password is unforeseen: walks, figures, repetitions, one or two common words."""
    if len(_without_walks(low)) < LEAST_UNFORESEEN:
        return True
    if not low.isascii():
        return False
    # A figure at the end is mostly a year, one in the middle mostly a letter.
    inner = re.sub(r"^[^a-z]+|[^a-z]+$", "", low)
    for form in (low, low.translate(LOOK_ALIKE), inner.translate(LOOK_ALIKE)):
        rest = _without_walks(re.sub(r"[^a-z]+", "", form))
        if len(rest) < LEAST_UNFORESEEN - 2 or _is_of_common_words(rest):
            return True
    return False


def _without_walks(low: str) -> str:
    """What is left after every stretch of three or more neighbours on a row, either way, or of one sign."""
    kept, at = [], 0
    while at < len(low):
        length = max(_run(low, at), _same(low, at))
        if length < LEAST_RUN:
            kept.append(low[at])
            length = 1
        at += length
    return "".join(kept)


def _run(low: str, at: int) -> int:
    longest = 1
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        length = 1
        while at + length < len(low) and low[at : at + length + 1] in row:
            length += 1
        longest = max(longest, length)
    return longest


def _same(low: str, at: int) -> int:
    length = 1
    while at + length < len(low) and low[at + length] == low[at]:
        length += 1
    return length


def _is_of_common_words(letters: str) -> bool:
    """Whether the letters are one common word, or two, or one again and again."""
    if not letters:
        return True
    fewest: list[int | None] = [0] + [None] * len(letters)
    parts: list[set[str]] = [set() for _ in range(len(letters) + 1)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 16), end):
            before, word = fewest[start], letters[start:end]
            if before is None or word not in _common_words():
                continue
            used = parts[start] | {word}
            if fewest[end] is None or len(used) < len(parts[end]):
                fewest[end], parts[end] = before + 1, used
    return fewest[-1] is not None and len(parts[-1]) <= MOST_COMMON_WORDS


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
