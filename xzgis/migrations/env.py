"""What Alembic runs: binds the models to the connection it was given."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, NullPool, create_engine, text

from xzgis.core.db import Base
from xzgis.core.settings import settings
from xzgis.migrations import load_models

# Tables of extensions, and partitions: those are made by functions, the model knows their parent.
NOT_OURS = text(
    "select c.relname from pg_class c join pg_depend d on d.objid = c.oid "
    "and d.classid = 'pg_class'::regclass and d.deptype = 'e' "
    "union select relname from pg_class where relispartition"
)


def _migrate(connection: Connection) -> None:
    owned = set(connection.scalars(NOT_OURS))
    connection.commit()

    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        """Tables of extensions and of the queue, and partitions, are not ours to compare."""
        return not (
            kind == "table" and name is not None and (name in owned or name.startswith("procrastinate_"))
        )

    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
        include_name=is_ours,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


load_models()
given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    url = settings().database_url
    if url is None:
        raise SystemExit("Set XZGIS_DATABASE_URL, or use: xzgis db migrate")
    with create_engine(url, poolclass=NullPool).connect() as opened:
        _migrate(opened)
