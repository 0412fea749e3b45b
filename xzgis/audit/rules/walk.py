"""Walks a chain link by link and says what does not fit. Values in, values out: over a database or an archive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xzgis.audit.rules.canonical import epoch_hash, hasher, link_hash, row_line, seal_message
from xzgis.audit.rules.signing import Keys, is_signed
from xzgis.audit.terms import ChainLink, ChainSeal, Finding, Harm, HashName, Row, Verdict

START = b""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The links from after one seal up to the next: which hash joins them, and what they must come to."""

    first_pos: int
    last_pos: int
    begin: bytes
    seal: ChainSeal


@dataclass(frozen=True, slots=True)
class Step:
    """A link and the line of its row; None where the row is not there.

    ``moved``: the row stands at another time; ``archived``: it belongs to a month that left the database.
    """

    link: ChainLink
    line: bytes | None
    moved: bool = False
    archived: bool = False


def check_seals(
    seals: Sequence[ChainSeal], keys: Keys, verdict: Verdict, *, before: ChainSeal | None = None
) -> list[Stretch]:
    """Check signatures and succession of seals in the order of their numbers; the stretches between them.

    ``before`` is the seal the first one follows, where the chain is not walked from its beginning.
    """
    stretches: list[Stretch] = []
    for seal in seals:
        if not is_signed(keys, seal.key_id, seal_message(seal), seal.signature):
            told = "" if seal.key_id in keys else f"key {seal.key_id} is not known"
            verdict.add(Finding(Harm.SIGNATURE, pos=seal.pos, seal=seal.number, detail=told))
        if seal.previous != (before.number if before else 0):
            verdict.add(Finding(Harm.SEAL_MISSING, pos=seal.pos, seal=seal.previous))
        _begins_rightly(seal, before, verdict)
        if seal.kind == "run":
            first = (before.pos if before else 0) + 1
            stretches.append(Stretch(first, seal.pos, before.hash if before else START, seal))
        before = seal
        verdict.seals += 1
    verdict.epochs = len({seal.epoch for seal in seals})
    verdict.last_seal = before.number if before else None
    return stretches


def _begins_rightly(seal: ChainSeal, before: ChainSeal | None, verdict: Verdict) -> None:
    """A seal goes on from the one before: forward in its epoch, or as the first of the next."""
    if seal.kind == "begin":
        after = before.hash if before else START
        expected = epoch_hash(hasher(seal.algorithm), after, seal.epoch, seal.cluster)
        right = seal.hash == expected and seal.pos == (before.pos if before else 0)
    else:
        right = before is not None and seal.epoch == before.epoch and seal.pos > before.pos
    if not right:
        verdict.add(Finding(Harm.REWRITTEN, pos=seal.pos, seal=seal.number))


class Walk:
    """Follows the links; give it every :class:`Step` in order of positions, then :meth:`finish`."""

    def __init__(self, stretches: Iterable[Stretch], verdict: Verdict) -> None:
        self._coming = iter(stretches)
        self._now: Stretch | None = next(self._coming, None)
        self._verdict = verdict
        self._pos = (self._now.first_pos if self._now else 1) - 1
        # None after a gap: what the next link was hashed with is not known.
        self._hash: bytes | None = self._now.begin if self._now else START

    def step(self, step: Step) -> None:
        """Look at the next link; the first harm of each is kept."""
        link = step.link
        now = self._now
        if now is None:
            self._verdict.add(Finding(Harm.LINK_REWRITTEN, pos=link.pos, entry_id=link.entry_id,
                                      detail="beyond the last seal"))  # fmt: skip
            return
        if link.pos != self._pos + 1:
            self._gap(link.pos)
            now = self._now
            if now is None:
                return
        algorithm: HashName = now.seal.algorithm
        hashed = hasher(algorithm)
        self._look_at(step, hashed(step.line) if step.line is not None else None)
        follows = self._hash is None or link_hash(hashed, self._hash, link.pos, link.digest) == link.hash
        if not follows or link.epoch != now.seal.epoch:
            self._verdict.add(Finding(Harm.LINK_REWRITTEN, pos=link.pos, entry_id=link.entry_id))
        self._hash, self._pos = link.hash, link.pos
        self._verdict.last_pos = link.pos
        if link.pos == now.last_pos:
            self._sealed(now)

    def finish(self) -> None:
        """What the seals speak of must all have been seen."""
        if self._now is not None:
            self._gap(None)

    def _look_at(self, step: Step, digest: bytes | None) -> None:
        link = step.link
        if step.archived:
            self._verdict.archived_rows += 1
            return
        if digest is None:
            self._verdict.add(Finding(Harm.REMOVED, pos=link.pos, entry_id=link.entry_id))
            return
        self._verdict.rows += 1
        if digest != link.digest:
            harm = Harm.MOVED if step.moved else Harm.ALTERED
            self._verdict.add(Finding(harm, pos=link.pos, entry_id=link.entry_id))

    def _sealed(self, now: Stretch) -> None:
        if self._hash != now.seal.hash:
            self._verdict.add(Finding(Harm.REWRITTEN, pos=now.last_pos, seal=now.seal.number))
        self._next(now)

    def _next(self, now: Stretch) -> None:
        self._now = next(self._coming, None)
        # A break was told once: go on from what was sealed, so that the next harm is found as itself.
        self._hash = self._now.begin if self._now else now.seal.hash

    def _gap(self, upto: int | None) -> None:
        """Links from the expected one to before ``upto`` (None: to the last seal) are not there."""
        first = self._pos + 1
        if upto is not None and upto < first:
            self._verdict.add(Finding(Harm.LINK_REWRITTEN, pos=upto, detail="twice or out of order"))
            return
        while self._now is not None and (upto is None or self._now.last_pos < upto):
            last = self._now.last_pos
            if first <= last:
                self._verdict.add(Finding(Harm.LINK_REMOVED, pos=first, detail=f"{first}-{last}"))
            self._pos, first = last, last + 1
            self._next(self._now)
        if upto is not None and first < upto:
            self._verdict.add(Finding(Harm.LINK_REMOVED, pos=first, detail=f"{first}-{upto - 1}"))
            self._pos, self._hash = upto - 1, None


def compare_copies(
    held: Mapping[int, ChainSeal], outside: Sequence[ChainSeal], keys: Keys, verdict: Verdict
) -> None:
    """Compare the seals of the database with those of the file outside, which nobody changes with SQL.

    Seals that a restore lost are named by the seal that began the next epoch: they are no harm any more.
    """
    begun = [(seal.previous, seal.number) for seal in held.values() if seal.kind == "begin"]
    last_held = max(held, default=0)
    for before, after in pairwise(outside):
        if after.number <= before.number:
            verdict.add(Finding(Harm.SEAL_DIFFERS, seal=after.number, detail="the file is out of order"))
    for seal in outside:
        mine = held.get(seal.number)
        if mine is not None:
            if mine != seal:
                verdict.add(Finding(Harm.SEAL_DIFFERS, pos=seal.pos, seal=seal.number))
            continue
        if any(low < seal.number < high for low, high in begun):
            continue
        if not is_signed(keys, seal.key_id, seal_message(seal), seal.signature):
            verdict.add(Finding(Harm.SIGNATURE, pos=seal.pos, seal=seal.number, detail="in the file outside"))
        harm = Harm.TAIL_CUT if seal.number > last_held else Harm.SEAL_MISSING
        verdict.add(Finding(harm, pos=seal.pos, seal=seal.number))


def line_of(row: Row | None) -> bytes | None:
    """The line of a row that is there."""
    return None if row is None else row_line(row)
