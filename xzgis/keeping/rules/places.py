"""Where copies go."""

from pathlib import Path

from xzgis.core.errors import Unavailable
from xzgis.core.settings import Settings
from xzgis.core.words import Words


def backup_folder(settings: Settings) -> Path:
    """The folder of backups that the settings name.

    Raises
    ------
    Unavailable
        They name none, or the database is another server's business.
    """
    if settings.database_url:
        raise Unavailable(
            Words(
                "数据库由 XZGIS_DATABASE_URL 指定，请由其管理员用该服务器自己的办法备份与演练。",
                "The database is the one of XZGIS_DATABASE_URL: its administrator backs it up and practises by that "
                "server's own means.",
            )
        )
    if settings.backup_dir is None:
        raise Unavailable(
            Words(
                "没有设置备份目录；请设置 XZGIS_BACKUP_DIR（最好在另一块盘上）后重启，或用 xzgis backup 指定目录。",
                "No folder of backups is set: set XZGIS_BACKUP_DIR, best on another disk, and start again, or name one "
                "with xzgis backup.",
            )
        )
    return settings.backup_dir
