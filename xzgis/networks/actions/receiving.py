"""Deliveries as they come in: kept files become a batch, once."""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.clock import city_time
from xzgis.core.errors import WrongState
from xzgis.core.files import kept_path
from xzgis.core.settings import Settings
from xzgis.core.words import Words
from xzgis.networks.actions.at_work import release_abandoned
from xzgis.networks.events import BatchReceived
from xzgis.networks.models import Batch
from xzgis.networks.rules.file_names import laid_name, printable, told_name
from xzgis.networks.terms import BatchState

# States in which the same files need not come once more.
COUNTING = (
    BatchState.RECEIVED,
    BatchState.READING,
    BatchState.READ,
    BatchState.ACCEPTING,
    BatchState.ACCEPTED,
)


def content_digest(paths: Sequence[Path]) -> str:
    """SHA-256 over the contents of the files, whatever their names and order."""
    digests = []
    for path in paths:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digest_of(digests)


def digest_of(digests: Sequence[str]) -> str:
    """One digest for several files, whatever their order."""
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


class SameContents(WrongState):
    """These files came in before: ``batch_id`` is the batch they came in with."""

    def __init__(self, earlier: Batch) -> None:
        self.batch_id = earlier.id
        self.state = earlier.state
        when = city_time(earlier.created_at)
        super().__init__(
            Words(
                f"内容相同的文件已在批次 {earlier.id}（{when}）中导入；如确需再次导入，请选择“再次导入”。",
                f"The same files came in as batch {earlier.id} on {when}; "
                "to import them once more, choose 'import again'.",
                "--again",
            )
        )


def receive_batch(
    session: Session,
    *,
    actor: Actor,
    files: Sequence[dict[str, Any]],
    digest: str,
    options: dict[str, Any],
    now: datetime,
) -> Batch:
    """A new batch of files that lie in the store (``name``, ``digest``, ``bytes`` each).

    A batch whose process died on the way counts no more.

    Raises
    ------
    SameContents
        The same contents came before in a batch that still counts, and ``options['again']`` is not set.
    """
    # Of two that come at the same moment, the second must see the first.
    session.execute(select(func.pg_advisory_xact_lock(int(digest[:15], 16))))
    release_abandoned(session, actor=actor, now=now)
    earlier = session.scalar(
        select(Batch)
        .where(Batch.content_digest == digest, Batch.state.in_(COUNTING))
        .order_by(Batch.id.desc())
        .limit(1)
    )
    if earlier is not None and not options.get("again"):
        raise SameContents(earlier)
    names = [told_name(str(one["name"])) for one in files]
    batch = Batch(
        name=printable(options.get("name") or "、".join(names))[:200],
        state=BatchState.RECEIVED,
        intake=options.get("intake"),
        options=options,
        files=[{**one, "name": name} for one, name in zip(files, names, strict=True)],
        content_digest=digest,
        created_by=actor.name,
        created_at=now,
        is_invented=bool(options.get("invented", False)),
    )
    session.add(batch)
    session.flush()
    record(session, actor=actor, event=BatchReceived(str(batch.id), names, digest), now=now)
    return batch


def laid_out(settings: Settings, files: Sequence[Mapping[str, object]], folder: Path) -> list[Path]:
    """The kept files of a batch under the names they came with: readers tell people of names, and look at endings.

    All lie in ``folder`` where the names allow it, as the parts of a loose shapefile must lie side by side.
    """
    # Only the last part of a name is believed: a name from outside must not lead anywhere.
    names = [laid_name(str(file["name"])) for file in files]
    together = len(set(names)) == len(names)
    paths = []
    for number, (name, file) in enumerate(zip(names, files, strict=True)):
        place = folder if together else folder / str(number)
        place.mkdir(exist_ok=True)
        paths.append(place / name)
        _lay(kept_path(settings, str(file["digest"])), paths[-1])
    return paths


def _lay(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
