"""Copies and drills in the background."""

from datetime import UTC, datetime
from typing import Any

from xzgis.core.actor import actor_told
from xzgis.core.jobs import job
from xzgis.core.settings import settings
from xzgis.keeping.actions.backup import back_up
from xzgis.keeping.actions.drill import drill
from xzgis.keeping.rules.places import backup_folder


@job("keeping.back_up", queue="heavy")
def back_up_now(actor: dict[str, Any]) -> None:
    """Copy the whole installation into the folder of backups. Done twice it makes two copies, which harms nothing."""
    chosen = settings()
    back_up(chosen, backup_folder(chosen), actor=actor_told(actor))


@job("keeping.drill", queue="heavy")
def drill_now(actor: dict[str, Any]) -> None:
    """Restore the newest copy beside the running system and record what that showed."""
    chosen = settings()
    drill(chosen, backup_folder(chosen), actor=actor_told(actor), now=datetime.now(UTC))
