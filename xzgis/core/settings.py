"""Every setting: type, unit, default, bounds. Read once at start and passed down."""

from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Settings of one installation, from the environment with the prefix ``XZGIS_``."""

    model_config = SettingsConfigDict(env_prefix="XZGIS_", frozen=True, extra="ignore")

    database_url: str | None = Field(
        default=None,
        description="An existing PostGIS >= 3.3; none: the private cluster under var_dir.",
    )
    var_dir: Path = Field(default=ROOT / "var", description="Everything this installation writes.")
    layers_dir: Path = Field(default=ROOT / "layers", description="The definitions.")
    data_dir: Path = Field(default=ROOT / "data", description="Sample data and generator output.")
    terrain: Path | None = Field(
        default=None,
        description="Terrain raster in EPSG:4548, 1985 heights, GeoTIFF; none: ground from the survey.",
    )
    terrain_sigma_m: float = Field(
        default=0.15, gt=0, le=50, description="Standard deviation of that raster."
    )
    time_zone: str = Field(
        default="Asia/Shanghai", description="Zone of the times people read; JSON carries the offset."
    )
    host: str = Field(default="127.0.0.1", description="Address the pages are served on.")
    host_names: tuple[str, ...] = Field(
        default=(), description="Further host names the pages are asked for by, as a JSON list."
    )
    port: int = Field(default=8765, ge=1, le=65535, description="Port the pages are served on.")
    pool_size: int = Field(default=12, ge=1, le=100, description="Database connections a process holds.")
    statement_timeout_s: int = Field(default=5, ge=1, le=3600, description="Longest statement of a page.")
    upload_limit_mb: int = Field(default=512, ge=1, le=4096, description="Largest uploaded file.")
    wal_archive: Path | None = Field(
        default=None,
        description="Folder the private cluster copies its log of changes to, for xzgis restore --to; none: no copy.",
    )
    log_mb: int = Field(
        default=20, ge=1, le=1000, description="Size at which a file of the log is turned over."
    )
    log_files: int = Field(
        default=10, ge=1, le=1000, description="Files of the log kept of each process, with the current one."
    )
    backup_dir: Path | None = Field(
        default=None,
        description="Folder of the backups that are made from the page or without a folder named, best on another disk.",
    )
    trail_hash: Literal["sha256", "sm3"] = Field(
        default="sha256", description="Hash of the trail's chain: sha256 or sm3 (GB/T 32905-2016)."
    )
    trail_online_days: int = Field(
        default=180,
        ge=180,
        le=36500,
        description="Days the trail stays in the database before it may be archived.",
    )
    child_memory_mb: int = Field(default=8192, ge=256, le=65536, description="Memory of a reading process.")
    session_idle_min: int = Field(
        default=30, ge=1, le=720, description="A session nobody uses for so long is over."
    )
    session_hours: int = Field(default=12, ge=1, le=72, description="Longest a session lasts.")
    password_days: int = Field(
        default=0, ge=0, le=3650, description="Days until a password must be changed; 0: never."
    )
    second_factor: Literal["optional", "administrators", "everyone"] = Field(
        default="administrators", description="Who must sign in with a code beside the password."
    )
    corridor_step_m: float = Field(
        default=20.0,
        ge=10,
        le=500,
        description="Lines shown as corridors, and findings against lines one may not see, are placed no better.",
    )
    export_window_days: int = Field(
        default=365,
        ge=1,
        le=36500,
        description="Days for which ground that a person took out counts towards the stop of layers/exports.toml.",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="OpenID Connect provider, as it names itself; none: no sign-in by another house.",
    )
    oidc_client_id: str | None = Field(default=None, description="Our name at that provider.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Our secret there; none: PKCE alone."
    )
    oidc_name: str = Field(default="统一身份认证", description="What the sign-in page calls that provider.")
    oidc_posts: tuple[dict[str, str], ...] = Field(
        default=(),
        description="Rules as a JSON list of {claim, value, unit, role, area}: whose claim is or holds the value has the post.",
    )
    acceptance_days: int = Field(
        default=5, ge=1, le=90, description="Days within which a delivery that was read should be accepted."
    )
    rule_decision_days: int = Field(
        default=5,
        ge=1,
        le=90,
        description="Days within which a proposed change of the tables, or a version of a process, should be decided.",
    )
    notices_days: int = Field(
        default=180, ge=30, le=3650, description="Days that done to-dos and read notices are kept."
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="Address of the pages as e-mails name it; none: e-mails carry no links.",
    )
    smtp_host: str | None = Field(default=None, description="Mail server; none: no e-mail is sent.")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls",
        description="none only inside a trusted network: the letter and password are readable.",
    )
    smtp_user: str | None = Field(
        default=None, description="Account at the mail server; none: no sign-in there."
    )
    smtp_password: SecretStr | None = Field(default=None, description="Its password.")
    smtp_sender: str = Field(
        default="xzgis@localhost", pattern=r"^[^@\s<>]+@[^@\s<>]+$", description="From whom e-mails come."
    )
    smtp_timeout_s: int = Field(default=20, ge=1, le=300, description="Longest wait for the mail server.")
    child_cpu_s: int = Field(default=300, ge=1, le=7200, description="CPU time of a reading process.")

    @field_validator("time_zone")
    @classmethod
    def _is_known_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise ValueError(f"no such time zone: {name}") from error


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
