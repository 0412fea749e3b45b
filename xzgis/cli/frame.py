"""What every command shares: languages, errors in one sentence, exit codes, the way to the database."""

import getpass
import os
import pkgutil
import re
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from importlib import import_module, metadata
from types import ModuleType
from typing import TYPE_CHECKING

import typer
from typer.exceptions import TyperException

from xzgis.core.actor import Actor
from xzgis.core.errors import DISK_IS_FULL, Refusal, is_disk_full
from xzgis.core.words import Language, Words

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from xzgis.core.settings import Settings

NAME = "xzgis"
EXIT_ERROR = 3
EXIT_INTERRUPTED = 130
OWN_FILES = frozenset({"__main__", "frame", "mistakes"})

_chosen: dict[str, str] = {}


def main() -> None:
    """Run the command of this process and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. Errors become a sentence with the remedy on standard error."""
    rest = _take_common(arguments)
    try:
        code = application()(args=rest, prog_name=called(), standalone_mode=False)
        return code if isinstance(code, int) else 0
    except TyperException as error:
        from xzgis.cli.mistakes import asks_for_help, in_words

        told = asks_for_help(error)
        if told is None:
            say(in_words(error))
        else:
            typer.echo(told, err=True)
    except Refusal as refusal:
        _trace()
        tell(refusal)
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED
    except SystemExit as leaving:
        # Typer leaves with 1 when the reader of a pipe has gone; 1 means "findings" here.
        broken = isinstance(leaving.__context__, BrokenPipeError)
        return EXIT_ERROR if broken or not isinstance(leaving.code, int) else leaving.code
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a trace
        _trace()
        say(_unforeseen(error))
    return EXIT_ERROR


def application() -> typer.Typer:
    """The command with all its groups."""
    app = typer.Typer(
        name="xzgis",
        help="徐州地下管线登记与开挖冲突检查。 The register of buried lines and the conflicts of new works.\n\n"
        "--lang zh|en 选择语言 · --debug 出错时显示详情（可写在任何位置）。",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(invoke_without_command=True)
    def common(
        version: bool = typer.Option(False, "--version", help="版本 · version", is_eager=True),
    ) -> None:
        if version:
            typer.echo(metadata_version())
            raise typer.Exit

    for group in groups():
        group.add(app)
    return app


def groups() -> list[ModuleType]:
    """The modules of this package that bring commands, by name."""
    import xzgis.cli

    names = sorted(found.name for found in pkgutil.iter_modules(xzgis.cli.__path__) if not found.ispkg)
    modules = [import_module(f"xzgis.cli.{name}") for name in names if name not in OWN_FILES]
    return [module for module in modules if hasattr(module, "add")]


def metadata_version() -> str:
    """Version of the program: of the installed package, or of the checkout's project file."""
    try:
        return metadata.version("xzgis")
    except metadata.PackageNotFoundError:
        import tomllib

        from xzgis.core.settings import ROOT

        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])


# --- speaking ------------------------------------------------------------------------------------


def language() -> Language:
    """The language of people's words: ``--lang``, else English when the environment says so, else Chinese."""
    said = _chosen.get("lang")
    if said is None:
        said = next(
            (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
        )
    return "en" if said.startswith("en") else "zh"


def say(words: Words) -> None:
    """A sentence for the person, on standard error; standard output belongs to the result."""
    typer.echo(spoken_here(words), err=True)


def spoken_here(words: Words) -> str:
    """A sentence with the option or command that does it here, where there is one, as the person can type it."""
    spoken = words.spoken(language())
    if words.command:
        spoken += f" （{words.command}）" if language() == "zh" else f" ({words.command})"
    return as_typed(spoken)


def called() -> str:
    """How the person calls this program: ``./xz`` says under which name it was typed; else the installed command.

    It is no setting: the script that was typed says it for this one call.
    """
    return os.environ.get("XZGIS_CALLED_AS") or NAME


def as_typed(text: str) -> str:
    """``text`` with every command of this program under the name by which the person called it."""
    name = called()
    if name == NAME or f"{NAME} " not in text:
        return text
    return re.sub(
        rf"(?<![\w./-]){NAME} ({'|'.join(_commands())})(?![\w-])", lambda found: f"{name} {found[1]}", text
    )


@cache
def _commands() -> tuple[str, ...]:
    """The words that may follow the name of the program."""
    app = application()
    named = [one.name for one in app.registered_commands] + [one.name for one in app.registered_groups]
    return tuple(sorted(name for name in named if isinstance(name, str)))


def tell(refusal: Refusal) -> None:
    """A refusal: its sentence, then each place in the input with its remedy."""
    say(refusal.words)
    spoken = language()
    for fault in refusal.faults:
        where = " · ".join(str(part) for part in fault.loc)
        remedy = f" → {spoken_here(fault.remedy)}" if fault.remedy else ""
        mark = "：" if spoken == "zh" else ": "
        typer.echo(f"  {where}{mark}{spoken_here(fault.words)}{remedy}", err=True)


def _take_common(arguments: Sequence[str]) -> list[str]:
    """The arguments without ``--debug`` and ``--lang``, which may stand anywhere before ``--``."""
    _chosen.clear()
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            return [*rest, word, *waiting]
        if word == "--debug":
            _chosen["debug"] = "yes"
        elif word == "--lang":
            _chosen["lang"] = next(waiting, "")
        elif word.startswith("--lang="):
            _chosen["lang"] = word.removeprefix("--lang=")
        else:
            rest.append(word)
    return rest


def _trace() -> None:
    if "debug" in _chosen:
        traceback.print_exc()


def _unforeseen(error: Exception) -> Words:
    if is_disk_full(error):
        return DISK_IS_FULL
    wrong = getattr(error, "errors", None) if getattr(error, "title", None) == "Settings" else None
    if wrong is not None:
        names = ", ".join(f"XZGIS_{str(one['loc'][0]).upper()}" for one in wrong())
        return Words(
            f"设置 {names} 的值不对；可用的值见 docs/generated/settings.md。",
            f"The value of {names} is wrong; docs/generated/settings.md says what it may be.",
        )
    first = (str(error).splitlines() or [""])[0][:300]
    if type(error).__module__.startswith(("sqlalchemy", "psycopg")) and "perational" in type(error).__name__:
        return Words(
            "数据库没有应答或中断了操作；请用 xzgis db status 查看后重试（--debug 显示详情）。",
            "The database did not answer or broke off; look with xzgis db status and try again "
            "(--debug shows more).",
        )
    name = type(error).__name__
    return Words(
        f"程序出错（{name}：{first}）；加 --debug 重试可看到详情，请连同它一起报告。",
        f"The program failed ({name}: {first}); repeat with --debug and report what it shows.",
    )


# --- the database --------------------------------------------------------------------------------


def actor() -> Actor:
    """On whose behalf commands act: the user of the machine, who owns the files of the database."""
    from xzgis.identity.permissions import CONSOLE

    try:
        return Actor(name=getpass.getuser(), via="command", permissions=CONSOLE)
    except (KeyError, OSError):
        return Actor(name=str(os.getuid()), via="command", permissions=CONSOLE)


def open_database(settings: "Settings | None" = None, *, may_clash: bool = False) -> "Engine":
    """Make the register reachable: cluster started, schema at its newest, kinds as in the definitions.

    ``may_clash``: also while a city's changes of the tables do not fit the definitions, for commands that judge nothing.

    Afterwards ``core.db.transaction(actor())`` works in this process.
    """
    from xzgis.cli.start.ready import prepare
    from xzgis.core.settings import settings as read_settings

    return prepare(settings or read_settings(), may_clash=may_clash)
