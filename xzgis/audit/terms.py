"""Words of the trail: links, seals, what a verification finds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from xzgis.core.words import Words

HashName = Literal["sha256", "sm3"]
SealKind = Literal["begin", "run"]


class Harm(StrEnum):
    """What can have been done to a trail."""

    ALTERED = "altered"
    MOVED = "moved"
    REMOVED = "removed"
    INSERTED = "inserted"
    FORGED_NUMBER = "forged_number"
    LINK_REMOVED = "link_removed"
    LINK_REWRITTEN = "link_rewritten"
    REWRITTEN = "rewritten"
    SIGNATURE = "signature"
    SEAL_MISSING = "seal_missing"
    SEAL_DIFFERS = "seal_differs"
    TAIL_CUT = "tail_cut"
    ARCHIVE = "archive"


HARM_WORDS: Mapping[Harm, Words] = {
    Harm.ALTERED: Words("记录内容被改动", "a row was altered"),
    Harm.MOVED: Words("记录的时间被改动", "a row was moved to another time"),
    Harm.REMOVED: Words("记录被删除", "a row was removed"),
    Harm.INSERTED: Words("事后插入了记录", "a row was inserted afterwards"),
    Harm.FORGED_NUMBER: Words(
        "记录带有未来的事务号", "a row bears a transaction number that was not given yet"
    ),
    Harm.LINK_REMOVED: Words("链节缺失", "a link is missing"),
    Harm.LINK_REWRITTEN: Words("链节被改写或调换次序", "a link was rewritten or moved"),
    Harm.REWRITTEN: Words("链与封签不符", "the chain does not lead to the hash that was sealed"),
    Harm.SIGNATURE: Words("封签的签名无效", "the signature of a seal is not valid"),
    Harm.SEAL_MISSING: Words(
        "库内缺少库外文件所载的封签", "a seal of the file outside is missing in the database"
    ),
    Harm.SEAL_DIFFERS: Words("封签与库外文件不同", "a seal differs from the file outside"),
    Harm.TAIL_CUT: Words("链尾被截去", "the tail of the trail was cut: the file outside holds later seals"),
    Harm.ARCHIVE: Words("归档文件与记录不符", "an archive does not agree with what was archived"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One harm. ``pos`` is the place in the chain, ``entry_id`` the row, ``seal`` the number of the seal."""

    harm: Harm
    pos: int | None = None
    entry_id: int | None = None
    seal: int | None = None
    detail: str = ""

    def words(self) -> Words:
        """The finding as a sentence."""
        said = HARM_WORDS[self.harm]
        zh, en = [], []
        if self.pos is not None:
            zh.append(f"链位 {self.pos}")
            en.append(f"position {self.pos}")
        if self.entry_id is not None:
            zh.append(f"记录 {self.entry_id}")
            en.append(f"row {self.entry_id}")
        if self.seal is not None:
            zh.append(f"封签 {self.seal}")
            en.append(f"seal {self.seal}")
        tail = f" ({self.detail})" if self.detail else ""
        where_zh, where_en = "，".join(zh), ", ".join(en)
        return Words(f"{where_zh}：{said.zh}{tail}", f"{where_en}: {said.en}{tail}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the trail as its digest sees it; ``place`` is hexadecimal EWKB, ``details`` the text of the JSON."""

    id: int
    transaction_id: int
    happened_at: datetime
    actor_id: int | None
    actor: str
    acting_for: str | None
    via: str
    address: str | None
    event: str
    object_kind: str | None
    object_id: str | None
    result: str
    place: str | None
    details: str


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link: ``digest`` of its row, ``hash`` of the link before and this digest."""

    pos: int
    epoch: int
    entry_id: int
    happened_at: datetime
    digest: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChainSeal:
    """A signed point of the chain.

    ``pos`` is the last link it covers, ``horizon`` the transaction number before which every row is linked,
    ``previous`` the number of the seal it follows (zero: none), ``cluster`` the database server's own number.
    """

    number: int
    kind: SealKind
    epoch: int
    previous: int
    pos: int
    horizon: int
    sealed_at: datetime
    hash: bytes
    algorithm: HashName
    cluster: str
    reason: str | None
    key_id: str
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class ArchivedMonth:
    """A month that left the database: which rows, and what the file is. ``root`` is the hash over their digests."""

    partition: str
    from_at: datetime
    to_at: datetime
    rows: int
    first_pos: int
    last_pos: int
    root: bytes
    algorithm: HashName
    file: str
    file_digest: str
    archived_at: datetime
    key_id: str
    signature: bytes = b""


@dataclass(slots=True)
class Verdict:
    """What a verification found; ``waiting`` rows are not sealed yet, ``notes`` are no harm."""

    rows: int = 0
    archived_rows: int = 0
    seals: int = 0
    epochs: int = 0
    waiting: int = 0
    last_seal: int | None = None
    last_pos: int = 0
    findings: list[Finding] = field(default_factory=list)
    harmed: int = 0
    notes: list[Words] = field(default_factory=list)

    MOST = 100

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return self.harmed == 0

    def add(self, finding: Finding) -> None:
        """Keep a finding; after the first hundred they are counted only."""
        self.harmed += 1
        if len(self.findings) < self.MOST:
            self.findings.append(finding)

    def first(self) -> Finding | None:
        """The finding that stands first in the chain."""
        placed = [one for one in self.findings if one.pos is not None]
        return min(placed, key=lambda one: one.pos or 0) if placed else next(iter(self.findings), None)

    def as_document(self) -> dict[str, Any]:
        """The verdict as JSON-ready values."""
        first = self.first()
        return {
            "sound": self.sound,
            "rows": self.rows,
            "archived_rows": self.archived_rows,
            "seals": self.seals,
            "epochs": self.epochs,
            "waiting": self.waiting,
            "last_seal": self.last_seal,
            "last_pos": self.last_pos,
            "harmed": self.harmed,
            "first": _told(first) if first else None,
            "findings": [_told(one) for one in self.findings],
            "notes": [{"zh": note.zh, "en": note.en} for note in self.notes],
        }


def _told(finding: Finding) -> dict[str, Any]:
    words = finding.words()
    return {**asdict(finding), "harm": finding.harm.value, "zh": words.zh, "en": words.en}


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in the trail; None and empty: everything.

    ``person`` is the account that acted or was acted for, ``event`` a name or the beginning of one,
    ``box_m`` west, south, east, north in the storage CRS.
    """

    person: str | None = None
    event: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    result: str | None = None
    address: str | None = None
    box_m: tuple[float, float, float, float] | None = None
