"""Sensitive reads: that something left the system is an event of its own."""

from dataclasses import asdict
from datetime import datetime

from shapely import box
from sqlalchemy.orm import Session

from xzgis.audit.events import DataExported
from xzgis.audit.record import record
from xzgis.audit.rules.canonical import moment
from xzgis.audit.terms import Search
from xzgis.core.actor import Actor


def record_export(
    session: Session, *, actor: Actor, asked: Search, file_format: str, count: int, now: datetime
) -> None:
    """Keep who took a part of the trail out, and which."""
    told = {name: value for name, value in asdict(asked).items() if value is not None}
    told |= {name: moment(value) for name, value in told.items() if isinstance(value, datetime)}
    place = box(*asked.box_m) if asked.box_m else None
    event = DataExported("trail", file_format, count, asked=told)
    record(session, actor=actor, event=event, now=now, place=place)
