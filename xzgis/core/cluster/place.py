"""Where the private cluster lives, which programs run it, and as which user of the machine."""

import hashlib
import os
import pwd
import re
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from xzgis.core.errors import Unavailable
from xzgis.core.settings import Settings
from xzgis.core.words import Words

LEAST_SERVER_VERSION = 14
ANSWER_PATIENCE_S = 60
# A socket's whole path must fit into 107 bytes (sockaddr_un); the server adds ``/.s.PGSQL.5432.lock``.
LONGEST_SOCKET_DIR_BYTES = 80
PORT = 5432  # names the socket file only: the cluster listens on no network address
AWAY_FROM_HOME = Path("/var/lib/xzgis")


@dataclass(frozen=True, slots=True)
class Owner:
    """The unprivileged user of the machine that runs the server."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """Every path of one private cluster.

    ``moved`` is true when the folder of the installation cannot be reached by ``owner`` and the
    cluster lives under ``/var/lib/xzgis`` instead. ``wal_archive``: where the log of changes is copied to.
    """

    home: Path
    socket_dir: Path
    programs: Path
    owner: Owner
    moved: bool
    wal_archive: Path | None = None

    @property
    def data(self) -> Path:
        """The data folder of the server."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.home / "postgresql.log"


def place_of(settings: Settings) -> Place:
    """The place of the private cluster of this installation; makes its folder when it is missing.

    Raises
    ------
    Unavailable
        PostgreSQL or PostGIS is not installed, or the folder belongs to somebody else.
    """
    var_dir = settings.var_dir.resolve()
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            Words(
                f"无法建立目录 {var_dir}（{error.strerror}）；请改用可写的目录，设置 XZGIS_VAR_DIR。",
                f"The folder {var_dir} cannot be made ({error.strerror}); "
                "set XZGIS_VAR_DIR to one that can be written.",
            )
        ) from error
    home, moved = var_dir / "db", False
    owner = _owner(home)
    if os.geteuid() == 0 and not _reaches(owner, var_dir):
        home, moved = AWAY_FROM_HOME / _digest(var_dir), True
        owner = _owner(home)
    _make_folder(home, owner)
    return Place(
        home=home,
        socket_dir=_socket_dir(home, owner),
        programs=_programs(home / "data"),
        owner=owner,
        moved=moved,
        wal_archive=settings.wal_archive.resolve() if settings.wal_archive else None,
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _owner(home: Path) -> Owner:
    """Who runs the server: ourselves, or for root the owner of what exists, else ``postgres``."""
    if os.geteuid() != 0:
        return Owner(_name_of(os.geteuid()), os.geteuid(), os.getegid())
    if home.exists() and home.stat().st_uid != 0:
        entry = home.stat()
        return Owner(_name_of(entry.st_uid), entry.st_uid, entry.st_gid)
    for name in ("postgres", "nobody"):
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(name, known.pw_uid, known.pw_gid)
    raise Unavailable(
        Words(
            "PostgreSQL 不能以 root 运行，而本机没有 postgres 用户；请以普通用户运行 xzgis。",
            "PostgreSQL does not run as root and this machine has no user 'postgres'; "
            "run xzgis as an ordinary user.",
        )
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError as error:
        raise Unavailable(
            Words(
                f"用户编号 {uid} 在本机没有名字，数据库无法确认身份；请以有名字的用户运行。",
                f"User number {uid} has no name on this machine, so the database cannot tell who asks; "
                "run as a user with a name.",
            )
        ) from error


def _reaches(owner: Owner, folder: Path) -> bool:
    """Whether ``owner`` may pass through ``folder`` and everything above it."""
    groups = os.getgrouplist(owner.name, owner.gid)
    for step in (folder, *folder.parents):
        entry = step.stat()
        if entry.st_uid == owner.uid:
            allowed = entry.st_mode & 0o100
        elif entry.st_gid in groups:
            allowed = entry.st_mode & 0o010
        else:
            allowed = entry.st_mode & 0o001
        if not allowed:
            return False
    return True


def _make_folder(folder: Path, owner: Owner) -> None:
    """Make ``folder`` for ``owner`` alone; refuse one that belongs to somebody else."""
    if os.geteuid() == 0:
        folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise _not_ours(folder, error.strerror or "") from error
    entry = folder.lstat()
    if not stat.S_ISDIR(entry.st_mode):
        raise _not_ours(folder, "symlink" if stat.S_ISLNK(entry.st_mode) else "file")
    if entry.st_uid == 0 and os.geteuid() == 0 and owner.uid != 0:
        os.chown(folder, owner.uid, owner.gid, follow_symlinks=False)
    elif entry.st_uid != owner.uid:
        raise _not_ours(folder, _who(entry.st_uid))


def _who(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _not_ours(folder: Path, reason: str) -> Unavailable:
    return Unavailable(
        Words(
            f"目录 {folder} 不能用于数据库（{reason}）；请以其所有者或 root 运行，或另设 XZGIS_VAR_DIR。",
            f"The folder {folder} cannot hold the database ({reason}); run as its owner or as root, "
            "or set XZGIS_VAR_DIR to another folder.",
        )
    )


def _socket_dir(home: Path, owner: Owner) -> Path:
    """A folder for the socket, short enough for the operating system and closed to others."""
    folder = home / "socket"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_DIR_BYTES:
        # The same name for every process of this installation, whatever its environment says.
        short = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 - 0700, owner checked
        folder = short / f"xzgis-{owner.uid}-{_digest(home)}"
    _make_folder(folder, owner)
    return folder


def _programs(data: Path) -> Path:
    """The folder with ``initdb``, ``pg_ctl`` and ``postgres``: the version of the data, else the newest."""
    version_file = data / "PG_VERSION"
    wanted = version_file.read_text().strip() if version_file.exists() else None
    found = {_version(folder): folder for folder in _program_folders() if (folder / "initdb").exists()}
    if wanted is not None:
        if int(wanted) in found:
            return found[int(wanted)]
        raise Unavailable(
            Words(
                f"现有数据库属于 PostgreSQL {wanted}，本机没有该版本；请安装 postgresql-{wanted} 与 "
                f"postgresql-{wanted}-postgis-3。",
                f"The data belong to PostgreSQL {wanted}, which is not installed; "
                f"install postgresql-{wanted} and postgresql-{wanted}-postgis-3.",
            )
        )
    fit = [version for version in found if version >= LEAST_SERVER_VERSION and _has_postgis(found[version])]
    if not fit:
        raise Unavailable(
            Words(
                "本机没有带 PostGIS 的 PostgreSQL 14 以上版本；请安装 postgresql-15 与 postgresql-15-postgis-3，"
                "或设置 XZGIS_DATABASE_URL。",
                "There is no PostgreSQL 14 or later with PostGIS on this machine; install postgresql-15 and "
                "postgresql-15-postgis-3, or set XZGIS_DATABASE_URL.",
            )
        )
    return found[max(fit)]


def _program_folders() -> list[Path]:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    other = [
        Path(p) for p in os.environ.get("PATH", "").split(os.pathsep) if p and (Path(p) / "initdb").exists()
    ]
    return [*other, *debian]


def _version(folder: Path) -> int:
    """Major version of the server in ``folder``; zero when it cannot be told."""
    if folder.parent.name.isdigit():
        return int(folder.parent.name)
    header = re.search(rb"\(PostgreSQL\) (\d+)", _asked(folder / "postgres"))
    return int(header.group(1)) if header else 0


def _asked(program: Path) -> bytes:
    try:
        return subprocess.run(  # noqa: S603 - found in the system's own folders
            [program, "--version"], capture_output=True, check=False, timeout=ANSWER_PATIENCE_S
        ).stdout
    except subprocess.TimeoutExpired as slow:
        # A machine under load is no reason to take another server than yesterday.
        raise Unavailable(
            Words(
                f"{program} --version 在 {ANSWER_PATIENCE_S} 秒内没有回答（机器过忙？）；请稍后重试。",
                f"{program} --version did not answer within {ANSWER_PATIENCE_S} s (a busy machine?); try again.",
            )
        ) from slow


def _has_postgis(folder: Path) -> bool:
    share = (
        Path("/usr/share/postgresql") / folder.parent.name,
        folder.parent / "share" / "postgresql",
        folder.parent / "share",
    )
    return any((path / "extension" / "postgis.control").exists() for path in share)


def has_library(place: Place, name: str) -> bool:
    """Whether the server can preload the library ``name``."""
    folders = (place.programs.parent / "lib", place.programs.parent / "lib" / "postgresql")
    return any((folder / f"{name}.so").exists() for folder in folders)
