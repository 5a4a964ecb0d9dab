"""Clients from a file of another system: looked through first, then loaded as a whole or not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.formats.client_csv import ClientFile, ClientRow, read_client_file
from referral_hub.formats.errors import FormatError
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client
from referral_hub.rules.actor import Actor
from referral_hub.rules.client_keys import phones_of
from referral_hub.rules.client_matching import likeness
from referral_hub.rules.client_profile import LABEL, Profile, full_name
from referral_hub.rules.errors import ImportFailed, InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.profile_check import check_profile
from referral_hub.use_cases.client_views import BadRow, ClientImport, DoubleRow
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_duplicates import duplicates_of_all
from referral_hub.use_cases.steps.client_keys import add_keys
from referral_hub.use_cases.steps.client_staff import require_worker, team_for
from referral_hub.use_cases.steps.clients import agency_of, local_day, seal_profile
from referral_hub.use_cases.steps.responsibility import note_added
from referral_hub.use_cases.transaction import transaction

MOST_COMPARED = 50
"""With how many earlier rows of the same birth date or phone a row is compared."""
Checked = tuple[int, Profile]
"""A row's line and its profile, as it would be kept."""


def preview_clients(
    session: Session,
    actor: Actor,
    content: bytes,
    vault: Vault,
    *,
    columns: Mapping[str, str] | None = None,
    now: datetime,
) -> ClientImport:
    """What importing a CSV file would do: each bad row by line with its reason, each row that may
    be there already. Raises ImportFailed where the file cannot be read at all."""
    require(actor, Permission.CLIENT_CHANGE)
    agency_id = agency_of(actor)
    file = _file(content, columns)
    good, bad = _checked(file.rows, local_day(session, agency_id, now))
    doubles = _doubles(session, vault, agency_id, good, _repeated(good))
    with transaction(session):
        detail = f"{len(file.rows)} rows looked through"
        add_audit(session, actor, "client:preview", agency_id=agency_id, detail=detail, now=now)
    return _told(file, bad, doubles, added=0)


def import_clients(
    session: Session,
    actor: Actor,
    content: bytes,
    vault: Vault,
    *,
    columns: Mapping[str, str] | None = None,
    team_id: UUID | None = None,
    worker_id: UUID | None = None,
    doubles_too: bool = False,
    now: datetime,
) -> ClientImport:
    """Add the clients of a CSV file, all or none; rows that may be there already only when
    `doubles_too`.

    Raises ImportFailed where the file cannot be read, and InvalidInput naming the bad rows.
    """
    require(actor, Permission.CLIENT_CHANGE)
    agency_id = agency_of(actor)
    file = _file(content, columns)
    good, bad = _checked(file.rows, local_day(session, agency_id, now))
    if bad:
        raise _refusal(bad)
    above = _repeated(good)  # nobody else needs to wait for this
    with transaction(session):
        team = team_for(session, actor, agency_id, team_id)
        if worker_id is not None:
            require_worker(session, agency_id, worker_id, "worker_id")
        doubles = _doubles(session, vault, agency_id, good, above)
        left_out = set() if doubles_too else {double.line for double in doubles}
        added = [profile for line, profile in good if line not in left_out]
        made = []
        for profile in added:
            client = Client(
                agency_id=agency_id, team_id=team, worker_id=worker_id, version=1,
                opened_at=now, changed_at=now,
            )  # fmt: skip
            seal_profile(vault, client, profile)
            session.add(client)
            made.append((client, profile))
        add_keys(session, vault, made)
        for client, _ in made:
            note_added(session, client)
            add_audit(session, actor, "client:add", client, agency_id=agency_id, now=now)
        detail = f"{len(added)} added, {len(left_out)} left out"
        add_audit(session, actor, "client:import", agency_id=agency_id, detail=detail, now=now)
    return _told(file, bad, doubles, added=len(added))


def _file(content: bytes, columns: Mapping[str, str] | None) -> ClientFile:
    try:
        return read_client_file(content, columns)
    except FormatError as error:
        raise ImportFailed(str(error), {"file": str(error)}) from error


def _checked(rows: Sequence[ClientRow], today: date) -> tuple[list[Checked], tuple[BadRow, ...]]:
    good: list[Checked] = []
    bad: list[BadRow] = []
    for row in rows:
        faults = dict(row.faults)
        try:
            profile = check_profile(row.profile, today)
        except InvalidInput as error:
            faults = error.fields | faults
        if faults:
            bad.append(BadRow(row.line, "; ".join(_reason(*fault) for fault in faults.items())))
        else:
            good.append((row.line, profile))
    return good, tuple(bad)


def _reason(field: str, reason: str) -> str:
    label = LABEL.get(field)
    return f"{label}: {reason}" if label else reason


def _refusal(bad: Sequence[BadRow]) -> InvalidInput:
    named = {f"line {row.line}": row.reason for row in bad[:50]}
    count = "1 row" if len(bad) == 1 else f"{len(bad)} rows"
    return InvalidInput(f"Nothing was imported: {count} cannot be read. Mend the file.", named)


def _doubles(
    session: Session,
    vault: Vault,
    agency_id: UUID,
    good: Sequence[Checked],
    above: Mapping[int, int],
) -> tuple[DoubleRow, ...]:
    """Rows that may tell of somebody who is there, in the agency or further up in the file."""
    found = duplicates_of_all(session, vault, agency_id, [profile for _, profile in good])
    return tuple(
        DoubleRow(line, full_name(profile), duplicates, above.get(line))
        for (line, profile), duplicates in zip(good, found, strict=True)
        if duplicates or line in above
    )


def _repeated(good: Sequence[Checked]) -> Mapping[int, int]:
    """Lines with the earlier line that may tell of the same person."""
    found: dict[int, int] = {}
    seen: dict[object, list[Checked]] = defaultdict(list)
    for line, profile in good:
        marks = [*phones_of(profile), *([profile.birth_date] if profile.birth_date else [])]
        earlier = [each for mark in marks for each in seen[mark][:MOST_COMPARED]]
        first = min((at for at, other in earlier if likeness(profile, other)), default=None)
        if first is not None:
            found[line] = first
        for mark in marks:
            seen[mark].append((line, profile))
    return found


def _told(
    file: ClientFile, bad: tuple[BadRow, ...], doubles: tuple[DoubleRow, ...], *, added: int
) -> ClientImport:
    return ClientImport(
        columns=dict(file.columns),
        unused=file.unused,
        rows=len(file.rows),
        bad=bad,
        doubles=doubles,
        added=added,
        remarks=file.remarks,
    )
