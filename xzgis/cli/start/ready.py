"""From nothing to a register that can be used: cluster, migrations, kinds, pool."""

import re
from datetime import UTC, datetime
from importlib.util import find_spec

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import ProgrammingError

from xzgis import migrations
from xzgis.core import cluster, db
from xzgis.core.actor import SYSTEM
from xzgis.core.errors import Refusal
from xzgis.core.settings import Settings
from xzgis.core.words import Words

ONE_AT_A_TIME = 4548_0002
LINK = re.compile(r'^(revision|down_revision)\b[^=]*= "(\w+)"', re.MULTILINE)


def prepare(settings: Settings, *, may_clash: bool = False) -> Engine:
    """The engine of this process over a database that is up to date; quick when nothing is missing.

    Raises
    ------
    Invalid
        A city's changes do not fit the definitions, now or when their time comes; ``may_clash``: for who mends that.
    """
    url = cluster.ensure(settings)
    migrate(url, as_owner=cluster.migration_url(settings, url))
    engine = db.connect(url, settings)
    sync_definitions(may_clash=may_clash)
    return engine


def there(settings: Settings) -> Engine | Words:
    """The engine of this process over a database that is there as it should be; else why nothing is asked of it.

    For commands that only look: nothing is made, migrated or written. A cluster that stands still is started.
    """
    try:
        if not cluster.exists(settings):
            return Words("本机还没有登记库", "there is no register here yet")
        url = cluster.ensure(settings)
    except Refusal as refusal:
        return refusal.words
    if revision(url) != newest():
        return Words(
            "登记库的表结构不是最新（请运行 xzgis db migrate）",
            "the schema of the register is not the newest (run xzgis db migrate)",
        )
    return db.connect(url, settings)


def migrate(url: str, *, as_owner: str) -> bool:
    """Bring the schema to its newest; False when it is there already. ``as_owner``: the same database, its owner."""
    if revision(url) == newest():
        return False
    migrations.upgrade(as_owner)
    return True


def newest() -> str | None:
    """The head of the migrations as their files name it: a fifth of a second sooner than by alembic."""
    named, followed = set(), set()
    for path in (migrations.HERE / "versions").glob("*.py"):
        said = dict(LINK.findall(path.read_text(encoding="utf-8")))
        named.add(said.get("revision"))
        followed.add(said.get("down_revision"))
    heads = named - followed
    return heads.pop() if len(heads) == 1 else None


def revision(url: str) -> str | None:
    """The migration the database at ``url`` stands at; None before the first."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return connection.execute(text("select version_num from alembic_version")).scalar()
    except ProgrammingError:
        return None
    finally:
        engine.dispose()


def sync_definitions(*, may_clash: bool = False) -> None:
    """Bring kinds and processes of ``layers/`` into the database; what its changes do not fit is told now, not later."""
    if find_spec("xzgis.catalogue.actions") is None or find_spec("xzgis.catalogue.files") is None:
        return
    from xzgis.catalogue.actions import sync_kinds
    from xzgis.catalogue.files import catalogue, process_files
    from xzgis.catalogue.queries import check_fits
    from xzgis.workflow.queries import unknown_files

    with db.transaction(SYSTEM) as session:
        # Two commands on a new database would both find no kinds and both add them.
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        sync_kinds(session, catalogue())
        if unknown_files(session, process_files()):
            from xzgis.workflow.actions.shipping import sync_processes

            migrations.load_models()  # a version names people, whose table is another room's
            sync_processes(session, process_files())
        if not may_clash:
            check_fits(session, datetime.now(UTC))
