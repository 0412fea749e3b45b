"""What a notice says, what goes into a letter, when a letter is tried again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from xzgis.core.words import Language, Words
from xzgis.notices.terms import Sort, Told, word

#: Waits between the tries of a letter: nine tries within a day and a half.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720))
MOMENT = "_at"


def sentence_of(told: Told, language: Language, *, moment: Callable[[datetime], str]) -> str:
    """The whole sentence; ``moment`` writes a time as people of the city read it. A fact that is missing is a dash."""
    facts = _Facts(id=told.object_id)
    for name, fact in told.facts.items():
        text = word(fact, language)
        facts[name] = moment(datetime.fromisoformat(text)) if name.endswith(MOMENT) and text else text
    return told.sort.sentence.spoken(language).format_map(facts)


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def letter_of(
    sort: Sort, *, due: str | None, link: str | None, account: str, product: Words
) -> tuple[str, str]:
    """Subject and text of a letter: Chinese first, English below.

    A letter leaves the house: it says what sort of thing waits, never which, where or whose.
    """
    subject = f"[{product.zh}] {sort.title.zh}"
    lines = [f"{account}，您好：", "", f"{sort.title.zh}。", *([f"请在 {due} 前处理。"] if due else [])]
    lines += ["详情请登录系统查看。", *([link] if link else []), ""]
    lines += [f"{sort.title.en}.", *([f"Please see to it before {due}."] if due else [])]
    lines += ["Sign in to see which one.", *([link] if link else []), ""]
    lines += [
        "本邮件由系统自动发出；不想再收到，请在“待办与通知”页关闭邮件提醒。",
        "Sent by the system; switch e-mails off on the page “To-dos and notices”.",
    ]
    return subject, "\n".join(lines) + "\n"


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a letter is tried again after ``tries`` failed ones; None: no more."""
    return now + PAUSES[tries - 1] if tries <= len(PAUSES) else None
