"""The first minutes of a new installation: the invented city in an empty register, and what to try."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from xzgis.core.actor import SYSTEM
from xzgis.core.words import Words
from xzgis.identity.terms import NewPerson

# (what to do, path of the page); shown under the address.
TO_TRY: tuple[tuple[Words, str], ...] = (
    (
        Words(
            "以规划员 planner.city 登录并改密码，看地图：点一条管线，看它的全部属性、精度和来历",
            "Sign in as the planner planner.city, change the password, look at the map: click a line for all that is known",
        ),
        "/map",
    ),
    (
        Words(
            "看一项有冲突的燃气工程：清单、地图、横断面",
            "See a gas main in conflict: list, map, cross-section",
        ),
        "/works/1",
    ),
    (
        Words(
            "画一条新管线，边画边看冲突；数据管理员 keeper.city 可导入一份管线表",
            "Draw a new line and see its conflicts; keeper.city, the data keeper, imports a survey",
        ),
        "/works/new",
    ),
)


def suggest(say: Callable[[Words], None], address: str) -> None:
    """Three things to try, under the address that was just shown."""
    for number, (words, path) in enumerate(TO_TRY, start=1):
        where = f"{address.rstrip('/')}{path}"
        say(Words(f"  {number}. {words.zh} {where}", f"  {number}. {words.en} {where}"))


def tell_people(say: Callable[[Words], None], people: Sequence[NewPerson]) -> None:
    """Accounts and one-time passwords of people just made; shown this once and kept nowhere."""
    if not people:
        return
    say(
        Words(
            "已建立账号，一次性密码只显示这一次，首次登录须修改（遗失可用 xzgis people reset-password 重置）：",
            "Accounts were made. Each one-time password is shown this once and changed at the first sign-in "
            "(lost: xzgis people reset-password):",
        )
    )
    width = max(len(person.account) for person in people)
    for person in people:
        line = f"  {person.account:<{width}}  {person.password}  {person.name}"
        say(Words(line, line))


_LOADING = Words(
    "登记库为空：正在载入虚构样例城区（约 1 分钟，慢的机器更久）…",
    "The register is empty: loading the invented district (about a minute, longer on a slow machine) …",
)
_COMPILING = Words(
    "正在编译净距计算内核（只此一次，约 1 分钟）…",
    "Compiling the kernel that measures clearances (once only, about a minute) …",
)


def make_ready(say: Callable[[Words], None]) -> tuple[NewPerson, ...]:
    """Load the sample and its government into an empty register, and compile the kernel; the people just made.

    What takes long is said through ``say`` before it begins.
    """
    from xzgis.core.db import transaction
    from xzgis.networks.queries.batches import all_batches

    with transaction(SYSTEM, statement_timeout_s=0) as session:
        is_new = not all_batches(session, limit=1)
    if is_new:
        say(_LOADING)
        _load_sample()
    compile_kernel(say)
    # Last: between these passwords and the place where they are shown lies nothing that takes long.
    return _organise()


def _load_sample() -> None:
    from xzgis.core.db import transaction
    from xzgis.core.settings import settings
    from xzgis.samples.actions.load import load_if_empty

    with transaction(SYSTEM, statement_timeout_s=0) as session:
        load_if_empty(
            session, settings().data_dir / "sample", actor=SYSTEM, now=datetime.now(UTC), store=settings()
        )


def _organise() -> tuple[NewPerson, ...]:
    """The invented government, where the register holds the invented city and nobody may sign in yet."""
    from xzgis.cli.frame import actor
    from xzgis.core.db import transaction
    from xzgis.core.settings import settings
    from xzgis.samples.actions.organise import organise_sample

    console = actor()
    with transaction(console, statement_timeout_s=0) as session:
        return organise_sample(session, settings().data_dir / "sample", actor=console, now=datetime.now(UTC))


def compile_kernel(say: Callable[[Words], None]) -> None:
    """Compile the kernel where nothing is kept of it: the first check would else hold its transaction for long."""
    from xzgis.conflicts.kernel.compiled import is_kept
    from xzgis.conflicts.kernel.warm import warm_up

    if not is_kept():
        say(_COMPILING)
        warm_up()


def load_kernel() -> threading.Thread:
    """Load the kept kernel beside the first requests, which need not wait for it; the thread that does it."""
    from xzgis.conflicts.kernel.warm import warm_up

    loading = threading.Thread(target=warm_up, name="kernel-loader")
    loading.start()
    return loading
