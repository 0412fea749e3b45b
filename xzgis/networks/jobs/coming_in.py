"""Deliveries come in from pages and programs, are looked at, and read once more with other options."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from xzgis.catalogue.files import catalogue
from xzgis.core.actor import Actor, told
from xzgis.core.db import transaction
from xzgis.core.errors import Fault, Invalid, WrongState
from xzgis.core.files import keep, kept_path
from xzgis.core.jobs import defer
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.networks.actions import batches
from xzgis.networks.actions.receiving import digest_of, receive_batch
from xzgis.networks.queries.batches import batch_of
from xzgis.networks.rules.asked_options import check_options
from xzgis.networks.rules.delivery_file import read_delivery, read_facts
from xzgis.networks.rules.file_names import told_name
from xzgis.networks.rules.saved_mapping import MOST_BYTES, options_of_file, said_over
from xzgis.networks.terms import Delivery


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the store, and the name it came with."""

    name: str
    digest: str


def upload_batch(actor: Actor, *, files: Sequence[tuple[str, BinaryIO]], options: dict[str, Any]) -> int:
    """Keep uploaded files, make a batch of them and queue its reading; the number of the batch.

    Raises
    ------
    Invalid
        No file, one above the limit, or an option that cannot be.
    SameContents
        The same contents came before.
    """
    check_options(options, catalogue())
    return batch_of_kept(actor, kept=keep_files(files), options=options)


def with_saved_mapping(given: tuple[str, BinaryIO] | None, options: dict[str, Any]) -> dict[str, Any]:
    """``options`` over those of a mapping that was saved as a file, given by its name and content; without one as they are.

    Raises
    ------
    Invalid
        It is no mapping; each fault begins with ``mapping`` and the name of the file.
    """
    if given is None:
        return options
    name = told_name(given[0])
    try:
        saved = options_of_file(name, given[1].read(MOST_BYTES + 1), catalogue())
    except Invalid as refusal:
        faults = tuple(Fault(("mapping", *one.loc), one.words, one.remedy) for one in refusal.faults)
        raise Invalid(refusal.words, faults=faults) from refusal
    return said_over(saved, options)


def keep_files(files: Sequence[tuple[str, BinaryIO]]) -> list[KeptFile]:
    """Put uploaded files into the store, each under the last part of its name."""
    limit = settings().upload_limit_mb << 20
    return [
        KeptFile(told_name(name), keep(settings(), source, limit_bytes=limit).digest)
        for name, source in files
    ]


def batch_of_kept(actor: Actor, *, kept: Sequence[KeptFile], options: dict[str, Any]) -> int:
    """Make a batch of files that lie in the store and queue its reading; the number of the batch."""
    if not kept:
        raise Invalid(Words("没有选择文件。", "No file was chosen."))
    check_options(options, catalogue())
    sizes = [kept_path(settings(), one.digest).stat().st_size for one in kept]
    with transaction(actor) as session:
        batch = receive_batch(
            session,
            actor=actor,
            files=[
                {"name": one.name, "digest": one.digest, "bytes": size}
                for one, size in zip(kept, sizes, strict=True)
            ],
            digest=digest_of([one.digest for one in kept]),
            options=options,
            now=datetime.now(UTC),
        )
        defer(session, "networks.read_batch", once=f"read-{batch.id}", batch_id=batch.id, actor=told(actor))
        return batch.id


def delivery_of(actor: Actor, batch_id: int) -> Delivery:
    """What was read of a batch, for looking at."""
    with transaction(actor) as session:
        batch = batch_of(session, batch_id)
        name = batch.delivery_file
    if name is None:
        raise WrongState(Words(f"批次 {batch_id} 还没有读取结果。", f"Batch {batch_id} has not been read."))
    return read_delivery(kept_path(settings(), name))


def read_again(actor: Actor, batch_id: int, *, options: dict[str, Any]) -> None:
    """Queue another reading of the same files with other options.

    Raises
    ------
    Invalid
        An option that cannot be.
    WrongState
        The batch is in the register, on its way there, or given up.
    """
    check_options(options, catalogue())
    with transaction(actor) as session:
        batches.read_again(session, actor=actor, batch_id=batch_id, options=options)


def facts_of(actor: Actor, batch_id: int) -> dict[str, Any]:
    """How a batch was understood (columns, codes, layers, mapping); empty when nothing was read of it."""
    with transaction(actor) as session:
        name = batch_of(session, batch_id).delivery_file
    return {} if name is None else read_facts(kept_path(settings(), name))
