"""Every setting, read once from the environment, typed and checked before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from referral_hub.rules.errors import SettingsInvalid

PREFIX = "REFERRAL_HUB_"
TESTS = PREFIX + "TEST_"
MODES = ("production", "demo", "test")
DEVELOPMENT_SECRET = "not-a-secret-for-demo-and-tests-only"  # noqa: S105 refused in production


@dataclass(frozen=True, slots=True)
class Settings:
    """The hub's settings. `data_dir` holds database, index and mail unless they are elsewhere."""

    mode: str
    data_dir: Path
    database_url: str
    secret_key: str
    public_url: str
    search_engine: str
    geocoder: str
    geocoder_user_agent: str
    tile_url: str
    tile_attribution: str
    trusted_proxies: int

    @property
    def index_dir(self) -> Path:
        """Where the search index lives."""
        return self.data_dir / "index"

    @property
    def gazetteer_dir(self) -> Path:
        """Where the prepared places are kept."""
        return self.data_dir / "gazetteer"

    @property
    def is_demo(self) -> bool:
        """Whether demo data and demo accounts are allowed."""
        return self.mode == "demo"


MEANING = {
    "mode": "production, demo or test; demo allows demo data and is only for loopback",
    "data_dir": "folder for the embedded database, the search index and demo mail",
    "database_url": "SQLAlchemy address of the database; SQLite in the data folder by default",
    "secret_key": "signs cookies; required in production, at least 32 characters",
    "public_url": "the address people use, for links in messages; required in production",
    "search_engine": "whoosh (embedded)",
    "geocoder": "offline, or a geopy service such as nominatim or pelias",
    "geocoder_user_agent": "how the hub names itself to a geocoding service",
    "tile_url": "map tile server, such as https://tiles.example.org/{z}/{x}/{y}.png; default none",
    "tile_attribution": "the words that the tile server asks to be shown",
    "trusted_proxies": "how many reverse proxies stand in front; 0 trusts no forwarded header",
}
SECRETS = frozenset({"secret_key", "database_url"})


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment. Raises SettingsInvalid naming every fault at once."""

    def get(name: str, default: str) -> str:
        return environment.get(PREFIX + name.upper(), "").strip() or default

    faults: dict[str, str] = {}
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    for variable in environment:
        if variable.startswith(PREFIX) and not variable.startswith(TESTS) and variable not in known:
            faults[variable] = "is not a setting; see `referral-hub config`"

    mode = get("mode", "production")
    data_dir = Path(get("data_dir", "var")).absolute()
    proxies = get("trusted_proxies", "0")
    settings = Settings(
        mode=mode,
        data_dir=data_dir,
        database_url=get("database_url", f"sqlite:///{data_dir / 'referral_hub.sqlite3'}"),
        secret_key=get("secret_key", "" if mode == "production" else DEVELOPMENT_SECRET),
        public_url=get("public_url", "" if mode == "production" else "http://127.0.0.1:8000"),
        search_engine=get("search_engine", "whoosh"),
        geocoder=get("geocoder", "offline"),
        geocoder_user_agent=get("geocoder_user_agent", "referral-hub"),
        tile_url=get("tile_url", ""),
        tile_attribution=get("tile_attribution", ""),
        trusted_proxies=int(proxies) if proxies.isdecimal() else -1,
    )
    faults |= {PREFIX + name.upper(): reason for name, reason in _faults(settings)}
    if faults:
        listed = "; ".join(f"{name} {reason}" for name, reason in sorted(faults.items()))
        raise SettingsInvalid(f"The settings do not fit: {listed}.", faults)
    return settings


def _faults(settings: Settings) -> list[tuple[str, str]]:
    """(setting, reason) for each one that cannot be used."""
    faults = []
    if settings.mode not in MODES:
        faults.append(("mode", f"must be one of {', '.join(MODES)}"))
    if settings.mode == "production":
        if len(settings.secret_key) < 32 or settings.secret_key == DEVELOPMENT_SECRET:
            faults.append(("secret_key", "must be set to at least 32 random characters"))
        if not settings.public_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            faults.append(("public_url", "must be the https address that people use"))
    if settings.search_engine != "whoosh":
        faults.append(("search_engine", "must be whoosh"))
    if settings.trusted_proxies < 0:
        faults.append(("trusted_proxies", "must be a whole number, 0 or more"))
    return faults


def describe_settings(
    settings: Settings, environment: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    """(variable, value with secrets masked, where it comes from, meaning), one for each setting."""
    rows = []
    for field in fields(Settings):
        variable = PREFIX + field.name.upper()
        value = str(getattr(settings, field.name))
        if field.name in SECRETS and value:
            value = _masked(field.name, value)
        origin = "environment" if environment.get(variable) else "default"
        rows.append((variable, value, origin, MEANING[field.name]))
    return rows


def _masked(name: str, value: str) -> str:
    """A secret as it may be printed: an address keeps its host, a key only its length."""
    if name == "database_url":
        head, at, tail = value.rpartition("@")
        return f"{head.partition('://')[0]}://***@{tail}" if at else value
    return f"*** ({len(value)} characters)"
