"""A month of the trail as a file: what is in it, and whether it is whole. Needs no database.

Lines of JSON in gzip: a head (what the file is, seals, public keys), then for every link of the stretch its line,
followed by the line of its row where the row belongs to the month. Links of other months carry the chain on; their
rows are not in the file. The line of a row is the very text that was hashed.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from xzgis.audit.rules.canonical import moment, read_moment, read_seal, running
from xzgis.audit.rules.signing import is_signed, key_name, public_key
from xzgis.audit.rules.walk import Step, Walk, check_seals
from xzgis.audit.terms import ChainLink, ChainSeal, Finding, Harm, HashName, Verdict
from xzgis.core.errors import Invalid
from xzgis.core.words import Words

FORM = "xz-archive-1"
LINK = "link"
UNREADABLE = (EOFError, OSError, KeyError, IndexError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Head:
    """What the first line of an archive says. ``before`` is the seal the stretch follows; None: the beginning."""

    partition: str
    from_at: str
    to_at: str
    rows: int
    root: str
    algorithm: HashName
    before: ChainSeal | None
    seals: tuple[ChainSeal, ...]
    keys: Mapping[str, Ed25519PublicKey]
    signature: bytes


def head_message(head: Mapping[str, Any]) -> bytes:
    """What the signature of a head covers: all of it but the signature. It says which rows are in the file."""
    told = {name: value for name, value in head.items() if name != "signature"}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def link_line(link: ChainLink) -> str:
    """The line of a link."""
    told = [
        LINK,
        link.pos,
        link.epoch,
        link.entry_id,
        moment(link.happened_at),
        link.digest.hex(),
        link.hash.hex(),
    ]
    return json.dumps(told, separators=(",", ":"))


def verify_archive(path: Path, trusted: Mapping[str, Ed25519PublicKey]) -> Verdict:
    """Whether an archive is as it was sealed, by the file alone.

    ``trusted`` are the public keys of the installation; a key known only from the file itself is told in a note.

    Raises
    ------
    Invalid
        The file is no archive of the trail.
    """
    verdict = Verdict()
    try:
        with gzip.open(path, "rb") as file:
            lines = iter(file)
            given = json.loads(next(lines))
            head = _head(given)
            if not is_signed({**head.keys, **trusted}, given["key_id"], head_message(given), head.signature):
                verdict.add(Finding(Harm.SIGNATURE, detail="head"))
            _check(head, lines, trusted, verdict)
    except StopIteration as error:
        raise _no_archive(path) from error
    except UNREADABLE as error:
        if verdict.seals == 0:
            raise _no_archive(path) from error
        verdict.add(Finding(Harm.ARCHIVE, pos=verdict.last_pos + 1, detail="cannot be read any further"))
    return verdict


def _check(
    head: Head, lines: Iterator[bytes], trusted: Mapping[str, Ed25519PublicKey], verdict: Verdict
) -> None:
    strange = sorted(set(head.keys) - set(trusted))
    if strange:
        named = ", ".join(strange)
        verdict.notes.append(
            Words(f"公钥 {named} 只见于文件本身，请另行核对。",
                  f"The key {named} is known from the file alone: compare it with the one that was published.")
        )  # fmt: skip
    keys = {**head.keys, **trusted}
    if head.before is not None:
        check_seals([head.before], keys, before := Verdict())
        for finding in before.findings:
            if finding.harm is Harm.SIGNATURE:
                verdict.add(finding)
    walk = Walk(check_seals(head.seals, keys, verdict, before=head.before), verdict)
    digests = running(head.algorithm)
    for link, line in _steps(lines):
        inside = head.from_at <= moment(link.happened_at) < head.to_at
        walk.step(Step(link, line, archived=line is None and not inside))
        if line is not None:
            digests.update(link.digest)
            if not inside:
                verdict.add(Finding(Harm.INSERTED, pos=link.pos, entry_id=link.entry_id))
    walk.finish()
    if (verdict.rows, digests.hexdigest()) != (head.rows, head.root):
        verdict.add(Finding(Harm.ARCHIVE, detail=f"{head.partition}: rows"))


def _steps(lines: Iterator[bytes]) -> Iterator[tuple[ChainLink, bytes | None]]:
    """Each link with the line of its row, None without one."""
    waiting: ChainLink | None = None
    for text in lines:
        line = text.rstrip(b"\n")
        if line.startswith(b'["link",'):
            if waiting is not None:
                yield waiting, None
            _, pos, epoch, entry_id, at, digest, chained = json.loads(line)
            waiting = ChainLink(
                pos, epoch, entry_id, read_moment(at), bytes.fromhex(digest), bytes.fromhex(chained)
            )
            continue
        if waiting is None:
            raise ValueError("a row without a link")
        yield waiting, line
        waiting = None
    if waiting is not None:
        yield waiting, None


def _head(given: dict[str, Any]) -> Head:
    if given["form"] != FORM:
        raise ValueError(given["form"])
    keys = [public_key(text) for text in given["keys"]]
    return Head(
        partition=given["partition"], from_at=given["from_at"], to_at=given["to_at"], rows=int(given["rows"]),
        root=given["root"], algorithm=given["algorithm"],
        before=read_seal(given["before"]) if given["before"] else None,
        seals=tuple(read_seal(one) for one in given["seals"]), keys={key_name(key): key for key in keys},
        signature=bytes.fromhex(given["signature"]),
    )  # fmt: skip


def _no_archive(path: Path) -> Invalid:
    return Invalid(
        Words(
            f"{path} 不是审计归档文件；请给出 xzgis trail archive 写出的 .ndjson.gz。",
            f"{path} is no archive of the trail: give a .ndjson.gz written by xzgis trail archive.",
        )
    )
