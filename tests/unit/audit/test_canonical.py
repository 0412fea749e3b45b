"""The form that is hashed, byte by byte: every older digest depends on it."""

from datetime import UTC, datetime

import pytest

from xzgis.audit.rules.canonical import (
    hasher,
    link_hash,
    read_seal,
    row_line,
    seal_document,
    seal_message,
)
from xzgis.audit.terms import ChainSeal, HashName, Row

ROW = Row(
    id=7, transaction_id=812, happened_at=datetime(2026, 5, 4, 8, 0, 0, 12, tzinfo=UTC), actor_id=3, actor="李工",
    acting_for=None, via="page", address="10.0.0.7", event="works.work.saved", object_kind="works.work",
    object_id="12", result="done", place=None, details='{"kind": "燃气", "n": 1.10}',
)  # fmt: skip
SEAL = ChainSeal(
    number=2, kind="run", epoch=1, previous=1, pos=30, horizon=900,
    sealed_at=datetime(2026, 5, 4, 8, 1, tzinfo=UTC), hash=b"\x01" * 32, algorithm="sha256", cluster="77",
    reason=None, key_id="ab", signature=b"\x02" * 64,
)  # fmt: skip


def test_a_row_is_one_line_with_the_details_as_the_database_wrote_them() -> None:
    assert row_line(ROW).decode() == (
        '["xz1",7,812,"2026-05-04T08:00:00.000012Z",3,"李工",null,"page","10.0.0.7","works.work.saved",'
        '"works.work","12","done",null,{"kind": "燃气", "n": 1.10}]'
    )


@pytest.mark.parametrize(
    ("name", "row", "link"),
    [
        (
            "sha256",
            "5f9151d052cd6051438274c3b1a8ceb0b2a8c6a267802d1cff20e4be3dc04a70",
            "8e392ef2e33a4853f53c17ead333447828b7b26a380be517af2e1f991fe37bfa",
        ),
        (
            "sm3",
            "a4a2529607b8d5634b68eb3c4c456ada3d49689ba899d86cde98bd1674f808ba",
            "f1c9b9b0c58a66d27ce4148401438fbddbbb22c61977910262322ebb538fce28",
        ),
    ],
)
def test_digests_stay_what_they_were(name: HashName, row: str, link: str) -> None:
    digest = hasher(name)(row_line(ROW))

    assert digest.hex() == row
    assert link_hash(hasher(name), b"\x00" * 32, 5, digest).hex() == link


def test_sm3_is_that_of_the_standard() -> None:
    """GB/T 32905-2016, example 1."""
    assert hasher("sm3")(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_seal_comes_back_from_its_document() -> None:
    assert read_seal(seal_document(SEAL)) == SEAL


def test_the_signature_covers_every_fact_of_a_seal_but_itself() -> None:
    from dataclasses import replace

    changed = {
        "number": 3, "kind": "begin", "epoch": 2, "previous": 0, "pos": 31, "horizon": 901,
        "sealed_at": SEAL.sealed_at.replace(minute=2), "hash": b"\x03" * 32, "algorithm": "sm3", "cluster": "78",
        "reason": "why", "key_id": "cd",
    }  # fmt: skip

    messages = {seal_message(replace(SEAL, **{name: value})) for name, value in changed.items()}

    assert set(changed) | {"signature"} == set(ChainSeal.__dataclass_fields__)
    assert len(messages - {seal_message(SEAL)}) == len(changed)
