"""What can be done with the definitions: bring the database in step with them, change a row of the tables."""

from xzgis.catalogue.actions.kinds import sync_kinds

__all__ = ["sync_kinds"]
