"""The grade of secrecy of what is about to be shown or to leave."""

from collections.abc import Iterable

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.networks.models import SecretRecord

IDS_AT_ONCE = 50_000


def highest_grade(session: Session, object_ids: Iterable[int]) -> int:
    """The highest grade of secrecy among runs, nodes and coverages by identity; 0 where none has one."""
    numbers = np.unique(np.fromiter(object_ids, dtype=np.int64))
    highest = 0
    for start in range(0, len(numbers), IDS_AT_ONCE):
        part = numbers[start : start + IDS_AT_ONCE].tolist()
        found = session.scalar(select(func.max(SecretRecord.grade)).where(SecretRecord.object_id.in_(part)))
        highest = max(highest, found or 0)
    return highest
