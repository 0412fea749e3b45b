"""What is sealed verifies; whatever was done to it afterwards is found and named."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, an_actor
from tests.trails import ThingMoved, seal_now, verdict_of, wait_for_horizon
from xzgis.audit.actions.keys import signing_key
from xzgis.audit.actions.seal import append_outside, seal_some
from xzgis.audit.jobs import begin_trail_epoch, seal_trail
from xzgis.audit.queries import chain, outside
from xzgis.audit.record import record
from xzgis.audit.rules.canonical import epoch_hash, hasher, link_hash, row_line
from xzgis.audit.terms import Harm, Row
from xzgis.core.db import transaction
from xzgis.core.errors import WrongState
from xzgis.core.settings import Settings

LIKE = "happened_at, transaction_id, actor, via, event, object_kind, object_id, result, details"


def test_a_sealed_trail_is_sound(sealed: Settings) -> None:
    verdict = verdict_of(sealed)

    assert verdict.as_document()["findings"] == []
    assert (verdict.rows, verdict.seals, verdict.waiting) == (30, 4, 0)


def test_rows_written_since_wait_for_the_next_seal(sealed: Settings, write: Callable[[int], None]) -> None:
    write(5)

    verdict = verdict_of(sealed)

    assert verdict.sound
    assert verdict.waiting == 5


TAMPERING: dict[str, tuple[str, Harm]] = {
    "altered": ("update audit_trail_default set actor = 'nobody' where id = :entry", Harm.ALTERED),
    "altered details": (
        "update audit_trail_default set details = jsonb_set(details, '{by_m}', '99') where id = :entry", Harm.ALTERED,
    ),
    "altered result": ("update audit_trail_default set result = 'refused' where id = :entry", Harm.ALTERED),
    "moved in time": (
        "update audit_trail_default set happened_at = happened_at - interval '1 day' where id = :entry", Harm.MOVED,
    ),
    "removed": ("delete from audit_trail_default where id = :entry", Harm.REMOVED),
    "link removed": ("delete from audit_link where entry_id = :entry", Harm.LINK_REMOVED),
    "link rewritten": ("update audit_link set hash = sha256(hash) where entry_id = :entry", Harm.LINK_REWRITTEN),
    "digest rewritten": ("update audit_link set digest = sha256(digest) where entry_id = :entry", Harm.ALTERED),
    "row and link removed": (
        "with gone as (delete from audit_trail_default where id = :entry) delete from audit_link where entry_id = :entry",
        Harm.LINK_REMOVED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found_where_it_was_done(
    sealed: Settings, tamper: Callable[..., None], kind: str, seed: int
) -> None:
    entry = random.Random(f"{kind}{seed}").randint(1, 30)
    statement, harm = TAMPERING[kind]

    tamper(statement, entry=entry)

    verdict = verdict_of(sealed)
    first = verdict.first()
    assert first is not None
    assert (first.harm, first.pos) == (harm, entry)


@pytest.mark.parametrize("seed", range(3))
def test_a_row_inserted_afterwards_is_found(sealed: Settings, tamper: Callable[..., None], seed: int) -> None:
    entry = random.Random(seed).randint(1, 30)

    tamper(f"insert into audit_trail ({LIKE}) select {LIKE} from audit_trail where id = :entry", entry=entry)

    first = verdict_of(sealed).first()
    assert first is not None
    assert (first.harm, first.entry_id) == (Harm.INSERTED, 31)


def test_a_row_inserted_under_the_number_of_another_is_found(
    sealed: Settings, tamper: Callable[..., None]
) -> None:
    copied = LIKE.replace("happened_at,", "happened_at - interval '1 hour',")

    tamper(
        f"insert into audit_trail (id, {LIKE}) overriding system value select id, {copied} from audit_trail where id = 7"
    )

    first = verdict_of(sealed).first()
    assert first is not None
    assert (first.harm, first.entry_id) == (Harm.INSERTED, 7)


def test_a_row_hidden_behind_a_stray_link_is_found(sealed: Settings, tamper: Callable[..., None]) -> None:
    tamper(f"insert into audit_trail ({LIKE}) select {LIKE} from audit_trail where id = 4")
    tamper(
        "insert into audit_link select -5, epoch, 31, happened_at, digest, hash from audit_link where pos = 4"
    )

    assert not verdict_of(sealed).sound


def test_a_number_nobody_was_given_is_found(sealed: Settings, tamper: Callable[..., None]) -> None:
    forged = LIKE.replace("transaction_id,", "transaction_id + 1000000000,")

    tamper(f"insert into audit_trail ({LIKE}) select {forged} from audit_trail where id = 4")

    first = verdict_of(sealed).first()
    assert first is not None
    assert (first.harm, first.entry_id) == (Harm.FORGED_NUMBER, 31)


@pytest.mark.parametrize("seed", range(3))
def test_two_rows_in_each_others_place_are_found(
    sealed: Settings, tamper: Callable[..., None], seed: int
) -> None:
    low, high = sorted(random.Random(seed).sample(range(1, 31), 2))

    tamper(
        "update audit_link as mine set entry_id = -other.entry_id, digest = other.digest from audit_link as other "
        "where mine.pos in (:low, :high) and other.pos in (:low, :high) and mine.pos <> other.pos",
        low=low, high=high,
    )  # fmt: skip
    tamper("update audit_link set entry_id = -entry_id where entry_id < 0")

    first = verdict_of(sealed).first()
    assert first is not None
    assert (first.harm, first.pos) == (Harm.LINK_REWRITTEN, low)


def test_a_chain_computed_anew_does_not_fit_its_seals(sealed: Settings, tamper: Callable[..., None]) -> None:
    """Whoever can write the tables but has no key makes every link right again, and fails at the seal."""
    tamper("update audit_trail_default set actor = 'nobody' where id = 4")
    tamper("truncate audit_link")
    with transaction(an_actor()) as session:
        rows = chain.rows_to_seal(session, from_transaction=0, to_transaction=2**62, most=100)
        cluster = chain.cluster_number(session)
    _link_anew(tamper, rows, cluster)

    first = verdict_of(sealed).first()

    assert first is not None
    assert (first.harm, first.pos, first.seal) == (Harm.REWRITTEN, 10, 2)


def test_a_cut_tail_is_found_by_the_file_outside(sealed: Settings, tamper: Callable[..., None]) -> None:
    tamper("delete from audit_link where pos > 20")
    tamper("delete from audit_trail_default where id > 20")
    tamper("delete from audit_seal where number = 4")

    first = verdict_of(sealed).first()

    assert first is not None
    assert (first.harm, first.pos, first.seal) == (Harm.TAIL_CUT, 30, 4)


def test_a_seal_made_without_the_key_is_found(sealed: Settings, tamper: Callable[..., None]) -> None:
    tamper("update audit_seal set hash = sha256(hash) where number = 3")

    harms = {one.harm for one in verdict_of(sealed).findings}

    assert {Harm.SIGNATURE, Harm.SEAL_DIFFERS, Harm.REWRITTEN} <= harms


def test_a_sealer_that_died_before_the_file_is_caught_up(
    sealed: Settings, write: Callable[[int], None]
) -> None:
    write(4)
    path = outside.seals_file(sealed)
    before = path.read_bytes()
    seal_now(sealed)
    path.write_bytes(before + b'{"number": 5, "ki')

    seal_now(sealed)

    assert [seal.number for seal in outside.read_outside(path)] == [1, 2, 3, 4, 5]
    assert verdict_of(sealed).sound


def test_of_two_sealers_one_steps_back(sealed: Settings, write: Callable[[int], None]) -> None:
    write(4)
    wait_for_horizon()
    given = {
        "key": signing_key(sealed), "algorithm": sealed.trail_hash,
        "outside": outside.last_outside(outside.seals_file(sealed)), "now": datetime.now(UTC),
    }  # fmt: skip
    with transaction(an_actor()) as one:
        first = seal_some(one, **given)
        with transaction(an_actor()) as other:
            second = seal_some(other, **given)

    assert first is not None
    assert second is None
    append_outside(outside.seals_file(sealed), [first[0]])
    assert verdict_of(sealed).sound


def test_an_open_transaction_holds_the_horizon_back(chosen: Settings, write: Callable[[int], None]) -> None:
    with transaction(an_actor()) as slow:
        _write_one(slow, "slow")
        write(6)
        assert seal_trail(chosen).rows == 0

    assert seal_now(chosen).rows == 7
    assert verdict_of(chosen).sound


def test_sm3_may_follow_sha256(sealed: Settings, write: Callable[[int], None]) -> None:
    write(7)
    seal_now(sealed.model_copy(update={"trail_hash": "sm3"}))
    write(7)
    seal_now(sealed)

    assert verdict_of(sealed).sound


def test_a_restored_database_goes_on_only_when_somebody_says_so(
    sealed: Settings, tamper: Callable[..., None], write: Callable[[int], None]
) -> None:
    tamper("delete from audit_link where pos > 20")
    tamper("delete from audit_trail_default where id > 20")
    tamper("delete from audit_seal where number = 4")
    write(3)
    with pytest.raises(WrongState, match="epoch"):
        seal_trail(sealed)

    begin_trail_epoch(sealed, actor=an_actor(), reason="restored from the copy of Monday")
    seal_now(sealed)

    verdict = verdict_of(sealed)
    assert verdict.as_document()["findings"] == []
    assert "4" in verdict.notes[0].en
    assert verdict.epochs == 2


def test_numbers_that_start_over_are_sealed_in_a_new_epoch(
    sealed: Settings, tamper: Callable[..., None], write: Callable[[int], None]
) -> None:
    """As after pg_dump into a new server: old rows bear numbers of the future, some were never sealed."""
    write(4)
    tamper("update audit_trail_default set transaction_id = transaction_id + 1000000000 where id > 30")
    begin_trail_epoch(sealed, actor=an_actor(), reason="another server")
    write(5)

    assert seal_now(sealed).rows == 10
    assert verdict_of(sealed).as_document()["findings"] == []


def test_another_database_server_begins_another_epoch(
    sealed: Settings, write: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "cluster_number", lambda _session: "another")
    write(2)

    seal_now(sealed)

    verdict = verdict_of(sealed)
    assert verdict.sound
    assert (verdict.epochs, verdict.rows) == (2, 32)


def _link_anew(tamper: Callable[..., None], rows: Sequence[Row], cluster: str) -> None:
    hashed = hasher("sha256")
    at = epoch_hash(hashed, b"", 1, cluster)
    for pos, row in enumerate(rows, 1):
        digest = hashed(row_line(row))
        at = link_hash(hashed, at, pos, digest)
        tamper(
            "insert into audit_link values (:pos, 1, :entry, :at, :digest, :hash)",
            pos=pos, entry=row.id, at=row.happened_at, digest=digest, hash=at,
        )  # fmt: skip


def _write_one(session: Session, name: str) -> None:
    record(session, actor=an_actor(), event=ThingMoved(name, by_m=0), now=NOW)
    session.flush()
