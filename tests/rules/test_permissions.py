"""Who may do what: the whole table, cell by cell."""

from uuid import UUID

import pytest

from referral_hub.rules.actor import Anonymous, Application, Link, Person, System
from referral_hub.rules.errors import NotFound, NotPermitted, SignInNeeded
from referral_hub.rules.permissions import ALLOWED, MEANING, Permission, is_allowed, require

AGENCY, OTHER = UUID(int=1), UUID(int=9)


def person(*roles: str, agency: UUID | None = AGENCY) -> Person:
    return Person(UUID(int=2), agency, frozenset(roles))


ACTORS = {
    "anonymous": Anonymous(),
    "without a role": person(agency=None),
    "without second factor": Person(UUID(int=3), AGENCY, frozenset(), second_factor_missing=True),
    "case manager": person("case_manager"),
    "intake worker": person("intake_worker"),
    "supervisor": person("supervisor"),
    "administrator": person("agency_administrator"),
    "steward": person("network_steward", agency=None),
    "application": Application("app", AGENCY, frozenset({"directory.read"})),
    "application without scope": Application("app", AGENCY, frozenset()),
    "directory writer": Application("app", AGENCY, frozenset({"directory.write"})),
    "clients reader": Application("app", AGENCY, frozenset({"clients.read"})),
    "clients writer": Application("app", AGENCY, frozenset({"clients.write"})),
    "consents reader": Application("app", AGENCY, frozenset({"consents.read"})),
    "consents writer": Application("app", AGENCY, frozenset({"consents.write"})),
    "referrals reader": Application("app", AGENCY, frozenset({"referrals.read"})),
    "sender": Application("app", AGENCY, frozenset({"referrals.send"})),
    "answerer": Application("app", AGENCY, frozenset({"referrals.answer"})),
    "writer": Application("app", AGENCY, frozenset({"messages.write"})),
    "reporter": Application("app", AGENCY, frozenset({"reports.read"})),
    "hooker": Application("app", AGENCY, frozenset({"webhooks.manage"})),
    "sender for an intake worker": Application(
        "app", AGENCY, frozenset({"referrals.send", "clients.read"}), person("intake_worker")
    ),
    "reader for an administrator": Application(
        "app", AGENCY, frozenset({"clients.read", "referrals.read"}), person("agency_administrator")
    ),
    "link": Link(UUID(int=4), "answer-referral"),
    "system": System(),
}
STAFF = {"case manager", "intake worker", "supervisor", "administrator"}
EDITORS = STAFF - {"case manager"}
WORKERS = {"case manager", "intake worker"}
APPLICATIONS = {name for name, actor in ACTORS.items() if isinstance(actor, Application)}
PEOPLE = {"without a role", "steward", *STAFF}
EXPECTED = {
    Permission.DIRECTORY_SEARCH: set(ACTORS),
    Permission.DIRECTORY_READ: set(ACTORS),
    Permission.DIRECTORY_IMPORT: {"steward", "system"},
    Permission.DIRECTORY_EXPORT: {"steward", "application", "system"},
    Permission.LISTING_READ: {"steward", "system", *STAFF},
    Permission.LISTING_CHANGE: {"steward", "system", *EDITORS},
    Permission.LISTING_REVIEW: {"steward", "system"},
    Permission.LISTING_IMPORT: {"steward", "system", "administrator"},
    Permission.FEED_MANAGE: {"steward", "system"},
    Permission.FEED_PULL: {"system"},
    Permission.LISTING_VERIFY: {"steward", "system", *EDITORS},
    Permission.CORRECTION_PROPOSE: set(ACTORS),
    Permission.CORRECTION_DECIDE: {"steward", "system", *EDITORS},
    Permission.DUPLICATES_FIND: {"system"},
    Permission.DUPLICATE_DECIDE: {"steward", "administrator", "system"},
    Permission.QUALITY_READ: {"steward", "system"},
    Permission.CAPACITY_RECORD: {"steward", "system", "directory writer", *STAFF},
    Permission.LOCATION_PROTECT: {"steward", "administrator", "system"},
    Permission.LOCATION_UNPROTECT: {"steward"},
    Permission.LOCATION_READ: STAFF,
    Permission.LOCATION_SEAL: {"system"},
    Permission.INDEX_MAINTAIN: {"system"},
    Permission.SEARCHES_COUNT: {"system"},
    Permission.READINESS_READ: set(ACTORS),
    Permission.SIGN_IN: set(ACTORS),
    Permission.ACCOUNT_USE: PEOPLE | {"without second factor"},
    Permission.ACCOUNT_MANAGE: {"system"},
    Permission.ACCOUNT_RECOVER: {"steward", "system"},
    Permission.NETWORK_READ: {"steward", "system"},
    Permission.NETWORK_CHANGE: {"steward", "system"},
    Permission.AGENCY_READ: {"steward", "system", *STAFF},
    Permission.AGENCY_ADD: {"steward", "system"},
    Permission.AGENCY_DECIDE: {"steward", "system"},
    Permission.AGENCY_CHANGE: {"administrator"},
    Permission.AGREEMENT_SIGN: {"administrator"},
    Permission.AGREEMENT_END: {"steward", "system"},
    Permission.PEOPLE_READ: {"steward", "administrator", "system"},
    Permission.PEOPLE_INVITE: {"steward", "administrator", "system"},
    Permission.PEOPLE_CHANGE: {"administrator", "system"},
    Permission.PEOPLE_RECOVER: {"administrator"},
    Permission.STEWARDS_CHANGE: {"steward", "system"},
    Permission.TEAM_READ: {"administrator", "supervisor"},
    Permission.TEAM_CHANGE: {"administrator", "system"},
    Permission.PROVIDER_CHANGE: {"administrator"},
    Permission.APPLICATION_READ: {"steward", "administrator", "system"},
    Permission.APPLICATION_REGISTER: {"administrator", "system"},
    Permission.APPLICATION_REVOKE: {"steward", "administrator", "system"},
    Permission.APPLICATION_DECIDE: {"steward", "system"},
    Permission.APPLICATION_ALLOW: PEOPLE,
    Permission.AUDIT_READ: {"steward", "system"},
    Permission.AUDIT_EXPORT: {"steward", "system"},
    Permission.AUDIT_SEAL: {"system"},
    Permission.KEYS_ROTATE: {"system"},
    Permission.MAIL_DELIVER: {"system"},
    Permission.DEMO_LOAD: {"system"},
    Permission.DEMO_MAIL_READ: set(ACTORS),
    Permission.REFUSAL_NOTE: {
        *PEOPLE,
        *APPLICATIONS,
        "without second factor",
    },
    Permission.EXPIRED_FORGET: {"system"},
    Permission.CLIENT_READ: {
        *WORKERS,
        "supervisor",
        "clients reader",
        "sender for an intake worker",
    },
    Permission.CLIENT_CHANGE: {*WORKERS, "clients writer"},
    Permission.CONSENT_READ: {*WORKERS, "supervisor", "consents reader"},
    Permission.CONSENT_RECORD: {*WORKERS, "consents writer"},
    Permission.DISCLOSURE_READ: {*WORKERS, "supervisor"},
    Permission.REFERRAL_READ: {*WORKERS, "supervisor", "referrals reader"},
    Permission.REFERRAL_PREPARE: {"case manager", "sender"},
    Permission.REFERRAL_MOVE: {*WORKERS, "supervisor", "steward", "system", "sender", "answerer"},
    Permission.MESSAGE_WRITE: {*WORKERS, "writer"},
    Permission.CONTACT_RECORD: {*WORKERS, "answerer"},
    Permission.APPOINTMENT_RECORD: {*WORKERS, "answerer"},
    Permission.CLIENT_ANSWER_RECORD: {*WORKERS, "sender"},
    Permission.NOTICE_READ: PEOPLE | {"without second factor"},
    Permission.WEBHOOK_MANAGE: {"administrator", "hooker"},
    Permission.PERSON_ACT_FOR: {"system"},
    Permission.REFERRAL_OVERSEE: {"steward"},
    Permission.DECLINE_RULE: {"supervisor", "administrator"},
    Permission.DECLINE_REVIEW: {"supervisor"},
    Permission.CHECK_IN_KEEP: STAFF,
    Permission.CHECK_IN_LEAD: {"supervisor"},
    Permission.REFERRALS_KEEP_TIME: {"system"},
    Permission.EVENTS_HAND_ON: {"system"},
    Permission.REQUEST_REPEAT: set(APPLICATIONS),
    Permission.FIGURES_READ: {"steward", "supervisor", "reporter"},
    Permission.NETWORK_FIGURES_READ: {"steward", "reporter", *STAFF},
    Permission.FIGURES_COUNT: {"system"},
    Permission.CASELOAD_READ: {"supervisor"},
    Permission.OWN_CASELOAD_READ: WORKERS,
    Permission.CALENDAR_KEEP: WORKERS,
    Permission.CASELOADS_KEEP: {"system"},
    Permission.CASE_REASSIGN: {"supervisor"},
    Permission.FIGURES_FOLLOW: {"steward", "supervisor"},
    Permission.LINKS_SEND: {"system"},
}
OF_THEIR_AGENCY = [
    Permission.LISTING_READ,
    Permission.LISTING_CHANGE,
    Permission.LISTING_VERIFY,
    Permission.CORRECTION_DECIDE,
    Permission.DUPLICATE_DECIDE,
    Permission.CAPACITY_RECORD,
    Permission.AGENCY_READ,
    Permission.AGENCY_CHANGE,
    Permission.AGREEMENT_SIGN,
    Permission.PEOPLE_READ,
    Permission.PEOPLE_INVITE,
    Permission.PEOPLE_CHANGE,
    Permission.TEAM_READ,
    Permission.TEAM_CHANGE,
    Permission.PROVIDER_CHANGE,
    Permission.APPLICATION_READ,
    Permission.APPLICATION_REGISTER,
    Permission.APPLICATION_REVOKE,
    Permission.CLIENT_READ,
    Permission.CLIENT_CHANGE,
    Permission.CONSENT_READ,
    Permission.CONSENT_RECORD,
    Permission.DISCLOSURE_READ,
    Permission.REFERRAL_READ,
    Permission.REFERRAL_PREPARE,
    Permission.REFERRAL_MOVE,
    Permission.MESSAGE_WRITE,
    Permission.CONTACT_RECORD,
    Permission.APPOINTMENT_RECORD,
    Permission.CLIENT_ANSWER_RECORD,
    Permission.WEBHOOK_MANAGE,
]


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("name", list(ACTORS))
def test_each_actor_may_do_exactly_this(permission: Permission, name: str) -> None:
    assert is_allowed(ACTORS[name], permission) is (name in EXPECTED[permission])


@pytest.mark.parametrize("permission", OF_THEIR_AGENCY)
@pytest.mark.parametrize("name", sorted(STAFF))
def test_people_of_an_agency_may_do_nothing_for_another(permission: Permission, name: str) -> None:
    assert is_allowed(ACTORS[name], permission, AGENCY) is (name in EXPECTED[permission])
    assert not is_allowed(ACTORS[name], permission, OTHER)


def test_every_permission_is_in_the_table_and_has_a_meaning() -> None:
    assert set(ALLOWED) == set(MEANING) == set(Permission) == set(EXPECTED)


def test_an_unknown_permission_is_denied_to_everybody() -> None:
    assert not any(is_allowed(actor, "referral:teleport") for actor in ACTORS.values())  # type: ignore[arg-type]


def test_a_refusal_says_what_was_refused() -> None:
    with pytest.raises(NotPermitted, match="import a directory file"):
        require(person("case_manager"), Permission.DIRECTORY_IMPORT)


def test_nobody_is_asked_to_sign_in_first() -> None:
    with pytest.raises(SignInNeeded):
        require(Anonymous(), Permission.PEOPLE_READ)


def test_what_is_anothers_is_answered_like_what_is_not_there() -> None:
    with pytest.raises(NotFound):
        require(person("agency_administrator"), Permission.PEOPLE_READ, OTHER)


def test_who_may_not_do_it_at_all_learns_nothing_of_whose_it_is() -> None:
    for agency in (AGENCY, OTHER):
        with pytest.raises(NotPermitted):
            require(person("case_manager"), Permission.PEOPLE_READ, agency)
