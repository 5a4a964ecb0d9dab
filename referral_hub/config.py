"""Every setting, read once from the environment, typed and checked before anything starts."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from referral_hub.rules.email_addresses import is_email
from referral_hub.rules.errors import SettingsInvalid
from referral_hub.rules.outgoing import fault_of_exception

PREFIX = "REFERRAL_HUB_"
TESTS = PREFIX + "TEST_"
MODES = ("production", "demo", "test")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEVELOPMENT_SECRET = "not-a-secret-for-demo-and-tests-only"  # noqa: S105 refused in production
DEVELOPMENT_KEY = sha256(DEVELOPMENT_SECRET.encode()).digest()
DEVELOPMENT_RING = "development"
KEY_BYTES = 32
MOST_ID_BYTES = 256
MOST_PROXIES = 9


@dataclass(frozen=True, slots=True)
class Settings:
    """The hub's settings. `data_dir` holds database, index and mail unless they are elsewhere."""

    mode: str
    data_dir: Path
    database_url: str
    secret_key: str
    field_keys: Mapping[str, bytes]
    audit_key: bytes
    public_url: str
    search_engine: str
    geocoder: str
    geocoder_user_agent: str
    tile_url: str
    tile_attribution: str
    trusted_proxies: int
    searches_per_minute: int
    outgoing_allow: frozenset[str]
    smtp_url: str
    mail_from: str

    @property
    def mail_dir(self) -> Path:
        """Where mail is written in demo mode, and wherever there is no SMTP server."""
        return self.data_dir / "mail"

    @property
    def audit_head_file(self) -> Path:
        """Where the end of the audit's chain is kept."""
        return self.data_dir / "audit-head.json"

    @property
    def index_dir(self) -> Path:
        """Where the search index lives."""
        return self.data_dir / "index"

    @property
    def figures_dir(self) -> Path:
        """Where the figures of referrals are kept."""
        return self.data_dir / "figures"

    @property
    def gazetteer_dir(self) -> Path:
        """Where the prepared places are kept."""
        return self.data_dir / "gazetteer"

    @property
    def is_demo(self) -> bool:
        """Whether demo data and demo accounts are allowed."""
        return self.mode == "demo"


MEANING = {
    "mode": "production, demo or test; demo allows demo data; demo and test are only for loopback",
    "data_dir": "folder for the embedded database, the search index and demo mail",
    "database_url": "SQLAlchemy address of the database; SQLite in the data folder by default",
    "secret_key": "signs cookies; required in production, at least 32 characters",
    "field_keys": "keys that seal personal data, id:key[,id:key], the newest first; each key is 32 "
    "random bytes in base64; or @FILE with one id:key a line; required in production",
    "audit_key": "32 random bytes in base64 that seal the audit; required in production",
    "public_url": "the address people use, for links in messages: https://host[:port] and nothing "
    "more; required in production",
    "search_engine": "whoosh (embedded)",
    "geocoder": "offline, or a geopy service such as nominatim or pelias",
    "geocoder_user_agent": "how the hub names itself to a geocoding service",
    "tile_url": "map tile server, such as https://tiles.example.org/{z}/{x}/{y}.png; default none",
    "tile_attribution": "the words that the tile server asks to be shown",
    "trusted_proxies": "how many reverse proxies stand in front; 0 trusts no forwarded header",
    "searches_per_minute": "how many searches a minute one caller may send to each worker, and as "
    "many requests for completions and of the HSDS API; 0 is no limit",
    "outgoing_allow": "host:port[,host:port] of private networks that the hub may fetch from",
    "smtp_url": "smtp://user:password@host:587 (with STARTTLS) or smtps://…; without one, mail is "
    "written to DATA_DIR/mail",
    "mail_from": "the address that mail of the hub comes from",
}
SECRETS = frozenset({"secret_key", "database_url", "field_keys", "audit_key", "smtp_url"})
ADDRESSES = frozenset({"database_url", "smtp_url"})


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
    searches = get("searches_per_minute", "600")
    field_keys, wrong_keys = _ring(get("field_keys", ""), mode)
    audit_key, wrong_key = _audit_key(get("audit_key", ""), mode)
    settings = Settings(
        mode=mode,
        data_dir=data_dir,
        database_url=get("database_url", f"sqlite:///{data_dir / 'referral_hub.sqlite3'}"),
        secret_key=get("secret_key", "" if mode == "production" else DEVELOPMENT_SECRET),
        field_keys=field_keys,
        audit_key=audit_key,
        public_url=get("public_url", "" if mode == "production" else "http://127.0.0.1:8000"),
        search_engine=get("search_engine", "whoosh"),
        geocoder=get("geocoder", "offline"),
        geocoder_user_agent=get("geocoder_user_agent", "referral-hub"),
        tile_url=get("tile_url", ""),
        tile_attribution=get("tile_attribution", ""),
        trusted_proxies=int(proxies) if proxies in map(str, range(MOST_PROXIES + 1)) else -1,
        searches_per_minute=int(searches) if searches.isdecimal() else -1,
        outgoing_allow=frozenset(
            filter(None, map(str.strip, get("outgoing_allow", "").split(",")))
        ),
        smtp_url=get("smtp_url", ""),
        mail_from=get("mail_from", "" if mode == "production" else "hub@demo.example"),
    )
    for name, reason in (*wrong_keys, *wrong_key, *_faults(settings)):
        variable = PREFIX + name.upper()
        faults[variable] = f"{faults[variable]}, and {reason}" if variable in faults else reason
    if faults:
        listed = "; ".join(f"{name} {reason}" for name, reason in sorted(faults.items()))
        raise SettingsInvalid(f"The settings do not fit: {listed}.", faults)
    return settings


Faults = list[tuple[str, str]]


def _ring(text: str, mode: str) -> tuple[Mapping[str, bytes], Faults]:
    """The keys by id, and what is wrong with them."""
    if not text:
        if mode == "production":
            return {}, [("FIELD_KEYS", "must be set, such as k1:… with 32 random bytes in base64")]
        return {DEVELOPMENT_RING: DEVELOPMENT_KEY}, []
    if text.startswith("@"):
        try:
            text = ",".join(Path(text[1:]).read_text(encoding="utf-8").split())
        except (OSError, UnicodeDecodeError):
            return {}, [("FIELD_KEYS", "names a file that cannot be read")]
    ring: dict[str, bytes] = {}
    for entry in filter(None, text.split(",")):
        name, _, written = entry.strip().partition(":")
        key = _key(written)
        if not 0 < len(name.encode()) < MOST_ID_BYTES or key is None or name in ring:
            return {}, [("FIELD_KEYS", "must be id:key, each key 32 bytes in base64, each id once")]
        ring[name] = key
    if not ring:
        return {}, [("FIELD_KEYS", "holds no key")]
    if mode == "production" and DEVELOPMENT_KEY in ring.values():
        return {}, [("FIELD_KEYS", "holds the key of demo mode, which everybody knows")]
    return ring, []


def _audit_key(text: str, mode: str) -> tuple[bytes, Faults]:
    """The key that seals the audit, and what is wrong with it."""
    if not text:
        if mode == "production":
            return b"", [("AUDIT_KEY", "must be set to 32 random bytes in base64")]
        return DEVELOPMENT_KEY, []
    key = _key(text)
    if key is None or (mode == "production" and key == DEVELOPMENT_KEY):
        return b"", [("AUDIT_KEY", "must be 32 random bytes in base64")]
    return key, []


def _key(written: str) -> bytes | None:
    """32 bytes from base64 of either alphabet, with or without padding, or None."""
    plain = written.strip().translate(str.maketrans("-_", "+/")).removesuffix("=")
    try:
        key = b64decode(plain + "=", validate=True)
    except (NotBase64, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _faults(settings: Settings) -> Faults:
    """(setting, reason) for each one that cannot be used."""
    faults = [*_faults_of_addresses(settings), *_faults_of_mail(settings)]
    if settings.mode not in MODES:
        faults.append(("mode", f"must be one of {', '.join(MODES)}"))
    if settings.mode == "production" and (
        len(settings.secret_key) < 32 or settings.secret_key == DEVELOPMENT_SECRET
    ):
        faults.append(("secret_key", "must be set to at least 32 random characters"))
    if settings.audit_key != DEVELOPMENT_KEY and settings.audit_key in settings.field_keys.values():
        faults.append(("audit_key", "must not be one of FIELD_KEYS"))
    if settings.search_engine != "whoosh":
        faults.append(("search_engine", "must be whoosh"))
    if settings.trusted_proxies < 0:
        faults.append(("trusted_proxies", f"must be a whole number from 0 to {MOST_PROXIES}"))
    if settings.searches_per_minute < 0:
        faults.append(("searches_per_minute", "must be a whole number, 0 or more"))
    return faults


def _faults_of_addresses(settings: Settings) -> Faults:
    faults = []
    if settings.mode == "production" and not _is_public(settings.public_url):
        faults.append(("public_url", "must be the https address that people use"))
    if settings.public_url and not _is_site(settings.public_url):
        faults.append(("public_url", "must be scheme, host and port alone, in lower case"))
    for entry in sorted(settings.outgoing_allow):
        if reason := fault_of_exception(entry):
            faults.append(("outgoing_allow", f"{entry} {reason}"))
    return faults


def _faults_of_mail(settings: Settings) -> Faults:
    faults = []
    if settings.smtp_url and not _is_mail_server(settings.smtp_url):
        faults.append(("smtp_url", "must be smtp:// or smtps://, then the host of a mail server"))
    if (settings.smtp_url or settings.mail_from) and not is_email(settings.mail_from):
        faults.append(("mail_from", "must be an e-mail address"))
    if settings.mode == "production" and settings.mail_from and not settings.smtp_url:
        faults.append(("mail_from", "is of no use without SMTP_URL"))
    return faults


def _is_public(address: str) -> bool:
    """Whether people can be sent to an address: by https, or on this machine alone."""
    scheme, host, _ = _parts(address)
    return bool(host) and (scheme == "https" or (scheme == "http" and host in LOOPBACK))


def _is_site(address: str) -> bool:
    """Whether an address is that of a whole site: paths of pages are put behind it."""
    scheme, host, port = _parts(address)
    shown = f"[{host}]" if ":" in host else host
    whole = f"{scheme}://{shown}" + (f":{port}" if port else "")
    return scheme in ("http", "https") and bool(host) and address.removesuffix("/") == whole


def _is_mail_server(address: str) -> bool:
    scheme, host, _ = _parts(address)
    return scheme in ("smtp", "smtps") and bool(host)


def _parts(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address; no host where it is none."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return "", "", None


def describe_settings(
    settings: Settings, environment: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    """(variable, value with secrets masked, where it comes from, meaning), one for each setting."""
    rows = []
    for field in fields(Settings):
        variable = PREFIX + field.name.upper()
        value = _shown(field.name, getattr(settings, field.name))
        origin = "environment" if environment.get(variable) else "default"
        rows.append((variable, value, origin, MEANING[field.name]))
    return rows


def _shown(name: str, value: object) -> str:
    """A setting as it may be printed: of an address the host, of keys the ids, else no secret."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}:***" for key in value)
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value)))
    if name not in SECRETS or not value:
        return str(value)
    if name in ADDRESSES:
        head, at, tail = str(value).rpartition("@")
        return f"{head.partition('://')[0]}://***@{tail}" if at else str(value)
    return f"*** ({len(str(value))} characters)" if isinstance(value, str) else "***"
