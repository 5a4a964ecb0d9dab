"""The receiving agency's own record of a client, made when it accepts."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Need, Referral
from referral_hub.rules.disclosures import from_snapshot
from referral_hub.rules.errors import InvalidInput
from referral_hub.use_cases.steps.client_keys import add_keys
from referral_hub.use_cases.steps.clients import seal_profile
from referral_hub.use_cases.steps.disclosures import disclosed_to_receiver
from referral_hub.use_cases.steps.referrals import Act


def receive_client(
    session: Session, vault: Vault, referral: Referral, act: Act, known_client_id: UUID | None
) -> Client:
    """Give the receiver a record that it owns: the one that it names, or a new one from what was
    disclosed. Raises InvalidInput for a record that is not its own."""
    if known_client_id is not None:
        client = session.get(Client, known_client_id)
        if client is None or client.agency_id != referral.to_agency_id:
            message = "Choose a client of your own agency, or let a new record be made."
            raise InvalidInput(message, {"receiver_client_id": message})
    else:
        client = _new_record(session, vault, referral, act)
    session.add(
        Need(
            id=uuid4(), client_id=client.id, need_code=referral.need_code, opened_at=act.now,
            **_as_sent(session, referral),
        )
    )  # fmt: skip
    referral.receiver_client_id = client.id
    return client


def _new_record(session: Session, vault: Vault, referral: Referral, act: Act) -> Client:
    disclosed = disclosed_to_receiver(session, vault, referral, now=act.now)
    profile = from_snapshot(disclosed.values)
    client = Client(
        id=uuid4(), agency_id=referral.to_agency_id, team_id=referral.to_team_id,
        worker_id=referral.assignee_id, opened_at=act.now, changed_at=act.now,
        received_from=referral.id,
    )  # fmt: skip
    seal_profile(vault, client, profile)
    session.add(client)
    session.flush()
    add_keys(session, vault, [(client, profile)])
    return client


def _as_sent(session: Session, referral: Referral) -> dict[str, int]:
    need = session.get_one(Need, referral.need_id)
    return {"urgency": need.urgency, "importance": need.importance, "acuity": need.acuity}
