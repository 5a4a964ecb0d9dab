"""The roles that people hold, and what a person who holds one does."""

from enum import StrEnum


class Role(StrEnum):
    """What a person does for an agency, or for the network."""

    CASE_MANAGER = "case_manager"
    INTAKE_WORKER = "intake_worker"
    SUPERVISOR = "supervisor"
    AGENCY_ADMINISTRATOR = "agency_administrator"
    NETWORK_STEWARD = "network_steward"


AGENCY_ROLES = tuple(role for role in Role if role is not Role.NETWORK_STEWARD)
"""Roles held in an agency; a network steward belongs to none."""

MEANING: dict[Role, str] = {
    Role.CASE_MANAGER: "Finds services and sends referrals for clients",
    Role.INTAKE_WORKER: "Answers the referrals that an agency receives",
    Role.SUPERVISOR: "Sees the work of the teams they supervise",
    Role.AGENCY_ADMINISTRATOR: "Looks after people and settings of an agency, not its clients",
    Role.NETWORK_STEWARD: "Looks after agencies and the network, never sees clients",
}
LABEL: dict[Role, str] = {role: role.replace("_", " ").capitalize() for role in Role}
