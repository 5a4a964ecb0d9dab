"""Who may do what: one table. What is not in the table is denied.

`referral-hub permissions` prints it for people who do not read Python.
"""

from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

from referral_hub.rules.actor import Actor, Anonymous, Application, Link, Person, System
from referral_hub.rules.errors import NotFound, NotPermitted, SignInNeeded
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope


class Permission(StrEnum):
    """One thing that can be done, said as an act on a noun."""

    DIRECTORY_SEARCH = "directory:search"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_IMPORT = "directory:import"
    DIRECTORY_EXPORT = "directory:export"
    LISTING_READ = "listing:read"
    LISTING_CHANGE = "listing:change"
    LISTING_REVIEW = "listing:review"
    LISTING_VERIFY = "listing:verify"
    LISTING_IMPORT = "listing:import"
    FEED_MANAGE = "feed:manage"
    FEED_PULL = "feed:pull"
    CORRECTION_PROPOSE = "correction:propose"
    CORRECTION_DECIDE = "correction:decide"
    DUPLICATES_FIND = "duplicates:find"
    DUPLICATE_DECIDE = "duplicate:decide"
    QUALITY_READ = "quality:read"
    CAPACITY_RECORD = "capacity:record"
    LOCATION_PROTECT = "location:protect"
    LOCATION_UNPROTECT = "location:unprotect"
    LOCATION_READ = "location:read-address"
    LOCATION_SEAL = "location:seal"
    INDEX_MAINTAIN = "index:maintain"
    SEARCHES_COUNT = "searches:count"
    READINESS_READ = "readiness:read"
    SIGN_IN = "sign-in:try"
    ACCOUNT_USE = "account:use"
    ACCOUNT_MANAGE = "account:manage"
    ACCOUNT_RECOVER = "account:recover"
    NETWORK_READ = "network:read"
    NETWORK_CHANGE = "network:change"
    AGENCY_READ = "agency:read"
    AGENCY_ADD = "agency:add"
    AGENCY_DECIDE = "agency:decide"
    AGENCY_CHANGE = "agency:change"
    AGREEMENT_SIGN = "agreement:sign"
    AGREEMENT_END = "agreement:end"
    PEOPLE_READ = "people:read"
    PEOPLE_INVITE = "people:invite"
    PEOPLE_CHANGE = "people:change"
    PEOPLE_RECOVER = "people:recover"
    STEWARDS_CHANGE = "stewards:change"
    TEAM_READ = "team:read"
    TEAM_CHANGE = "team:change"
    PROVIDER_CHANGE = "provider:change"
    APPLICATION_READ = "application:read"
    APPLICATION_REGISTER = "application:register"
    APPLICATION_REVOKE = "application:revoke"
    APPLICATION_DECIDE = "application:decide"
    APPLICATION_ALLOW = "application:allow"
    AUDIT_READ = "audit:read"
    AUDIT_EXPORT = "audit:export"
    AUDIT_SEAL = "audit:seal"
    KEYS_ROTATE = "keys:rotate"
    MAIL_DELIVER = "mail:deliver"
    DEMO_LOAD = "demo:load"
    DEMO_MAIL_READ = "demo-mail:read"
    REFUSAL_NOTE = "refusal:note"
    EXPIRED_FORGET = "expired:forget"
    CLIENT_READ = "client:read"
    CLIENT_CHANGE = "client:change"
    CONSENT_READ = "consent:read"
    CONSENT_RECORD = "consent:record"
    DISCLOSURE_READ = "disclosure:read"
    REFERRAL_READ = "referral:read"
    REFERRAL_PREPARE = "referral:prepare"
    REFERRAL_MOVE = "referral:move"
    REFERRAL_OVERSEE = "referral:oversee"
    DECLINE_RULE = "decline:rule"
    DECLINE_REVIEW = "decline:review"
    CHECK_IN_KEEP = "check-in:keep"
    CHECK_IN_LEAD = "check-in:lead"
    MESSAGE_WRITE = "message:write"
    CONTACT_RECORD = "contact:record"
    APPOINTMENT_RECORD = "appointment:record"
    CLIENT_ANSWER_RECORD = "client-answer:record"
    NOTICE_READ = "notice:read"
    WEBHOOK_MANAGE = "webhook:manage"
    PERSON_ACT_FOR = "person:act-for"
    REFERRALS_KEEP_TIME = "referrals:keep-time"
    EVENTS_HAND_ON = "events:hand-on"
    REQUEST_REPEAT = "request:repeat"
    FIGURES_READ = "figures:read"
    NETWORK_FIGURES_READ = "figures:read-network"
    FIGURES_COUNT = "figures:count"
    CASELOAD_READ = "caseload:read"
    OWN_CASELOAD_READ = "caseload:read-own"
    CALENDAR_KEEP = "calendar:keep"
    CASELOADS_KEEP = "caseloads:keep"
    CASE_REASSIGN = "case:reassign"
    FIGURES_FOLLOW = "figures:follow"
    LINKS_SEND = "links:send"


Predicate = Callable[[Actor, UUID | None], bool]
"""Whether an actor may, of the agency that the thing belongs to (None: of none in particular)."""


def anybody(actor: Actor, agency_id: UUID | None) -> bool:
    """Everybody, signed in or not."""
    return isinstance(actor, Anonymous | Person | Application | Link | System)


def the_hub_itself(actor: Actor, agency_id: UUID | None) -> bool:
    """The operator at the command line, or the worker."""
    return isinstance(actor, System)


def a_signed_in_person(actor: Actor, agency_id: UUID | None) -> bool:
    """Whoever is signed in."""
    return isinstance(actor, Person)


def a_person_with_every_proof(actor: Actor, agency_id: UUID | None) -> bool:
    """Whoever is signed in, with a second factor where their role needs one."""
    return isinstance(actor, Person) and not actor.second_factor_missing


def a_person_of_the_agency(actor: Actor, agency_id: UUID | None) -> bool:
    """Whoever has a role in the agency for which they act."""
    return isinstance(actor, Person) and bool(actor.roles) and _is_own(actor, agency_id)


def a_supervisor_of_the_agency(actor: Actor, agency_id: UUID | None) -> bool:
    """A supervisor, in their own agency."""
    return _has(actor, Role.SUPERVISOR) and _is_own(actor, agency_id)


def an_administrator_of_the_agency(actor: Actor, agency_id: UUID | None) -> bool:
    """An agency administrator, in their own agency."""
    return _has(actor, Role.AGENCY_ADMINISTRATOR) and _is_own(actor, agency_id)


def a_network_steward(actor: Actor, agency_id: UUID | None) -> bool:
    """A person who looks after the whole network."""
    return _has(actor, Role.NETWORK_STEWARD)


def an_application(actor: Actor, agency_id: UUID | None) -> bool:
    """A partner system with a valid token."""
    return isinstance(actor, Application)


def an_application_that_may_read_the_directory(actor: Actor, agency_id: UUID | None) -> bool:
    """A partner system whose token has the scope directory.read."""
    return isinstance(actor, Application) and Scope.DIRECTORY_READ in actor.scopes


def _named(predicate: Predicate, name: str, meaning: str) -> Predicate:
    """The predicate, as `referral-hub permissions` prints it."""
    predicate.__name__, predicate.__doc__ = name, meaning
    return predicate


def _with_role(*roles: Role) -> Predicate:
    def holds(actor: Actor, agency_id: UUID | None) -> bool:
        return any(_has(actor, role) for role in roles) and _is_own(actor, agency_id)

    return holds


def _for_application(scope: Scope, *roles: Role) -> Predicate:
    """With the scope, for its own agency; one that acts for a person needs the person's role."""

    def holds(actor: Actor, agency_id: UUID | None) -> bool:
        return (
            isinstance(actor, Application)
            and scope in actor.scopes
            and (agency_id is None or actor.agency_id == agency_id)
            and (actor.person is None or any(_has(actor.person, role) for role in roles))
        )

    return holds


_WORKERS = (Role.CASE_MANAGER, Role.INTAKE_WORKER)
_CONTENT = (*_WORKERS, Role.SUPERVISOR)
a_worker = _named(
    _with_role(*_WORKERS), "a_worker", "A case manager or intake worker, in their own agency."
)
a_case_manager = _named(
    _with_role(Role.CASE_MANAGER), "a_case_manager", "A case manager, in their own agency."
)
an_editor_of_listings = _named(
    _with_role(Role.AGENCY_ADMINISTRATOR, Role.INTAKE_WORKER, Role.SUPERVISOR),
    "an_editor_of_listings",
    "Whoever answers for an agency's services: not a case manager alone, in their own agency.",
)
an_application_that_writes_the_directory = _named(
    _for_application(Scope.DIRECTORY_WRITE, *Role), "an_application_that_writes_the_directory",
    "A partner system with the scope directory.write, for its agency.",
)  # fmt: skip
somebody_who_works_there = _named(
    _with_role(*_CONTENT, Role.AGENCY_ADMINISTRATOR), "somebody_who_works_there",
    "Whoever works for the agency, in whatever role.",
)  # fmt: skip
an_application_that_reads_clients = _named(
    _for_application(Scope.CLIENTS_READ, *_CONTENT), "an_application_that_reads_clients",
    "A partner system with the scope clients.read, for its agency.",
)  # fmt: skip
an_application_that_changes_clients = _named(
    _for_application(Scope.CLIENTS_WRITE, *_WORKERS), "an_application_that_changes_clients",
    "A partner system with the scope clients.write, for its agency.",
)  # fmt: skip
an_application_that_reads_consents = _named(
    _for_application(Scope.CONSENTS_READ, *_CONTENT), "an_application_that_reads_consents",
    "A partner system with the scope consents.read, for its agency.",
)  # fmt: skip
an_application_that_records_consents = _named(
    _for_application(Scope.CONSENTS_WRITE, *_WORKERS), "an_application_that_records_consents",
    "A partner system with the scope consents.write, for its agency.",
)  # fmt: skip
an_application_that_reads_referrals = _named(
    _for_application(Scope.REFERRALS_READ, *_CONTENT), "an_application_that_reads_referrals",
    "A partner system with the scope referrals.read, for its agency.",
)  # fmt: skip
an_application_that_sends = _named(
    _for_application(Scope.REFERRALS_SEND, Role.CASE_MANAGER), "an_application_that_sends",
    "A partner system with the scope referrals.send, for its agency.",
)  # fmt: skip
an_application_that_answers = _named(
    _for_application(Scope.REFERRALS_ANSWER, *_WORKERS), "an_application_that_answers",
    "A partner system with the scope referrals.answer, for its agency.",
)  # fmt: skip
an_application_that_writes_messages = _named(
    _for_application(Scope.MESSAGES_WRITE, *_WORKERS), "an_application_that_writes_messages",
    "A partner system with the scope messages.write, for its agency.",
)  # fmt: skip
an_application_that_reads_reports = _named(
    _for_application(Scope.REPORTS_READ, Role.SUPERVISOR), "an_application_that_reads_reports",
    "A partner system with the scope reports.read, for its agency.",
)  # fmt: skip
an_application_that_manages_webhooks = _named(
    _for_application(Scope.WEBHOOKS_MANAGE, Role.AGENCY_ADMINISTRATOR),
    "an_application_that_manages_webhooks",
    "A partner system with the scope webhooks.manage, for its agency.",
)  # fmt: skip

ALLOWED: dict[Permission, tuple[Predicate, ...]] = {
    Permission.DIRECTORY_SEARCH: (anybody,),
    Permission.DIRECTORY_READ: (anybody,),
    Permission.DIRECTORY_IMPORT: (the_hub_itself, a_network_steward),
    Permission.DIRECTORY_EXPORT: (
        the_hub_itself,
        a_network_steward,
        an_application_that_may_read_the_directory,
    ),
    Permission.LISTING_READ: (
        the_hub_itself,
        a_network_steward,
        a_person_of_the_agency,
    ),
    Permission.LISTING_CHANGE: (the_hub_itself, a_network_steward, an_editor_of_listings),
    Permission.LISTING_REVIEW: (the_hub_itself, a_network_steward),
    Permission.LISTING_VERIFY: (the_hub_itself, a_network_steward, an_editor_of_listings),
    Permission.LISTING_IMPORT: (
        the_hub_itself,
        a_network_steward,
        an_administrator_of_the_agency,
    ),
    Permission.FEED_MANAGE: (the_hub_itself, a_network_steward),
    Permission.FEED_PULL: (the_hub_itself,),
    Permission.CORRECTION_PROPOSE: (anybody,),
    Permission.CORRECTION_DECIDE: (the_hub_itself, a_network_steward, an_editor_of_listings),
    Permission.DUPLICATES_FIND: (the_hub_itself,),
    Permission.DUPLICATE_DECIDE: (
        the_hub_itself,
        a_network_steward,
        an_administrator_of_the_agency,
    ),
    Permission.QUALITY_READ: (the_hub_itself, a_network_steward),
    Permission.CAPACITY_RECORD: (
        the_hub_itself,
        a_network_steward,
        a_person_of_the_agency,
        an_application_that_writes_the_directory,
    ),
    Permission.LOCATION_PROTECT: (
        the_hub_itself,
        a_network_steward,
        an_administrator_of_the_agency,
    ),
    Permission.LOCATION_UNPROTECT: (a_network_steward,),
    Permission.LOCATION_READ: (somebody_who_works_there,),
    Permission.LOCATION_SEAL: (the_hub_itself,),
    Permission.INDEX_MAINTAIN: (the_hub_itself,),
    Permission.SEARCHES_COUNT: (the_hub_itself,),
    Permission.READINESS_READ: (anybody,),
    Permission.SIGN_IN: (anybody,),
    Permission.ACCOUNT_USE: (a_signed_in_person,),
    Permission.ACCOUNT_MANAGE: (the_hub_itself,),
    Permission.ACCOUNT_RECOVER: (the_hub_itself, a_network_steward),
    Permission.NETWORK_READ: (the_hub_itself, a_network_steward),
    Permission.NETWORK_CHANGE: (the_hub_itself, a_network_steward),
    Permission.AGENCY_READ: (the_hub_itself, a_network_steward, a_person_of_the_agency),
    Permission.AGENCY_ADD: (the_hub_itself, a_network_steward),
    Permission.AGENCY_DECIDE: (the_hub_itself, a_network_steward),
    Permission.AGENCY_CHANGE: (an_administrator_of_the_agency,),
    Permission.AGREEMENT_SIGN: (an_administrator_of_the_agency,),
    Permission.AGREEMENT_END: (the_hub_itself, a_network_steward),
    Permission.PEOPLE_READ: (the_hub_itself, a_network_steward, an_administrator_of_the_agency),
    Permission.PEOPLE_INVITE: (the_hub_itself, a_network_steward, an_administrator_of_the_agency),
    Permission.PEOPLE_CHANGE: (the_hub_itself, an_administrator_of_the_agency),
    Permission.PEOPLE_RECOVER: (an_administrator_of_the_agency,),
    Permission.STEWARDS_CHANGE: (the_hub_itself, a_network_steward),
    Permission.TEAM_READ: (an_administrator_of_the_agency, a_supervisor_of_the_agency),
    Permission.TEAM_CHANGE: (the_hub_itself, an_administrator_of_the_agency),
    Permission.PROVIDER_CHANGE: (an_administrator_of_the_agency,),
    Permission.APPLICATION_READ: (
        the_hub_itself,
        a_network_steward,
        an_administrator_of_the_agency,
    ),
    Permission.APPLICATION_REGISTER: (the_hub_itself, an_administrator_of_the_agency),
    Permission.APPLICATION_REVOKE: (
        the_hub_itself,
        a_network_steward,
        an_administrator_of_the_agency,
    ),
    Permission.APPLICATION_DECIDE: (the_hub_itself, a_network_steward),
    Permission.APPLICATION_ALLOW: (a_person_with_every_proof,),
    Permission.AUDIT_READ: (the_hub_itself, a_network_steward),
    Permission.AUDIT_EXPORT: (the_hub_itself, a_network_steward),
    Permission.AUDIT_SEAL: (the_hub_itself,),
    Permission.KEYS_ROTATE: (the_hub_itself,),
    Permission.MAIL_DELIVER: (the_hub_itself,),
    Permission.DEMO_LOAD: (the_hub_itself,),
    Permission.DEMO_MAIL_READ: (anybody,),
    Permission.REFUSAL_NOTE: (a_signed_in_person, an_application),
    Permission.EXPIRED_FORGET: (the_hub_itself,),
    Permission.CLIENT_READ: (
        a_worker,
        a_supervisor_of_the_agency,
        an_application_that_reads_clients,
    ),
    Permission.CLIENT_CHANGE: (a_worker, an_application_that_changes_clients),
    Permission.CONSENT_READ: (
        a_worker,
        a_supervisor_of_the_agency,
        an_application_that_reads_consents,
    ),
    Permission.CONSENT_RECORD: (a_worker, an_application_that_records_consents),
    Permission.DISCLOSURE_READ: (a_worker, a_supervisor_of_the_agency),
    Permission.REFERRAL_READ: (
        a_worker,
        a_supervisor_of_the_agency,
        an_application_that_reads_referrals,
    ),
    Permission.REFERRAL_PREPARE: (a_case_manager, an_application_that_sends),
    Permission.REFERRAL_MOVE: (
        the_hub_itself,
        a_worker,
        a_supervisor_of_the_agency,
        a_network_steward,
        an_application_that_sends,
        an_application_that_answers,
    ),
    Permission.DECLINE_RULE: (an_administrator_of_the_agency, a_supervisor_of_the_agency),
    Permission.DECLINE_REVIEW: (a_supervisor_of_the_agency,),
    Permission.CHECK_IN_KEEP: (somebody_who_works_there,),
    Permission.CHECK_IN_LEAD: (a_supervisor_of_the_agency,),
    Permission.REFERRAL_OVERSEE: (a_network_steward,),
    Permission.MESSAGE_WRITE: (a_worker, an_application_that_writes_messages),
    Permission.CONTACT_RECORD: (a_worker, an_application_that_answers),
    Permission.APPOINTMENT_RECORD: (a_worker, an_application_that_answers),
    Permission.CLIENT_ANSWER_RECORD: (a_worker, an_application_that_sends),
    Permission.NOTICE_READ: (a_signed_in_person,),
    Permission.WEBHOOK_MANAGE: (
        an_administrator_of_the_agency,
        an_application_that_manages_webhooks,
    ),
    Permission.PERSON_ACT_FOR: (the_hub_itself,),
    Permission.REFERRALS_KEEP_TIME: (the_hub_itself,),
    Permission.EVENTS_HAND_ON: (the_hub_itself,),
    Permission.REQUEST_REPEAT: (an_application,),
    Permission.FIGURES_READ: (
        a_network_steward,
        a_supervisor_of_the_agency,
        an_application_that_reads_reports,
    ),
    Permission.NETWORK_FIGURES_READ: (
        a_network_steward,
        somebody_who_works_there,
        an_application_that_reads_reports,
    ),
    Permission.FIGURES_COUNT: (the_hub_itself,),
    Permission.CASELOAD_READ: (a_supervisor_of_the_agency,),
    Permission.OWN_CASELOAD_READ: (a_worker,),
    Permission.CALENDAR_KEEP: (a_worker,),
    Permission.CASELOADS_KEEP: (the_hub_itself,),
    Permission.CASE_REASSIGN: (a_supervisor_of_the_agency,),
    Permission.FIGURES_FOLLOW: (a_network_steward, a_supervisor_of_the_agency),
    Permission.LINKS_SEND: (the_hub_itself,),
}
"""Each permission with its alternatives: one true predicate is enough."""

MEANING: dict[Permission, str] = {
    Permission.DIRECTORY_SEARCH: "Search the public directory",
    Permission.DIRECTORY_READ: "Read a published service",
    Permission.DIRECTORY_IMPORT: "Import a directory file",
    Permission.DIRECTORY_EXPORT: "Export the directory to a file",
    Permission.LISTING_READ: "See the listings of an agency, drafts and history among them",
    Permission.LISTING_CHANGE: "Change, publish, pause and retire listings of an agency",
    Permission.LISTING_REVIEW: "Review what agencies want to publish",
    Permission.LISTING_VERIFY: "Say that a listing is still true",
    Permission.LISTING_IMPORT: "Import a file with listings of an agency, and take it back",
    Permission.FEED_MANAGE: "Say which partners' directories are pulled, and which source wins",
    Permission.FEED_PULL: "Pull the directories of partners that are due",
    Permission.CORRECTION_PROPOSE: "Propose a correction of a listing",
    Permission.CORRECTION_DECIDE: "Accept or refuse corrections of a listing",
    Permission.DUPLICATES_FIND: "Look for records that are listed twice",
    Permission.DUPLICATE_DECIDE: "Merge records that are listed twice, or take that back",
    Permission.QUALITY_READ: "See how fresh and complete the directory is",
    Permission.CAPACITY_RECORD: "Say whether a service takes referrals",
    Permission.LOCATION_PROTECT: "Keep the address of a location confidential",
    Permission.LOCATION_UNPROTECT: "Make the address of a confidential location public",
    Permission.LOCATION_READ: "See where a confidential location of the agency is",
    Permission.LOCATION_SEAL: "Seal what older versions kept of confidential locations",
    Permission.INDEX_MAINTAIN: "Rebuild, catch up or verify the search index",
    Permission.SEARCHES_COUNT: "Count searches by need, area and day",
    Permission.READINESS_READ: "See whether the hub is fit to serve",
    Permission.SIGN_IN: "Try to sign in, accept an invitation, or set a new password by link",
    Permission.ACCOUNT_USE: "Look after one's own account, sessions and applications",
    Permission.ACCOUNT_MANAGE: "Make an account without an invitation, or close any account",
    Permission.ACCOUNT_RECOVER: "Reset the second factor of anybody who lost it",
    Permission.NETWORK_READ: "See the settings of the network",
    Permission.NETWORK_CHANGE: "Change the settings of the network",
    Permission.AGENCY_READ: "See how an agency takes part",
    Permission.AGENCY_ADD: "Add an agency and invite its first administrator",
    Permission.AGENCY_DECIDE: "Approve, suspend or resume an agency, and say what it owns",
    Permission.AGENCY_CHANGE: "Say when an agency works, and how long its services take",
    Permission.AGREEMENT_SIGN: "Sign the network agreement for an agency",
    Permission.AGREEMENT_END: "End the network agreement of an agency",
    Permission.PEOPLE_READ: "See the people of an agency and their roles",
    Permission.PEOPLE_INVITE: "Invite people to an agency",
    Permission.PEOPLE_CHANGE: "Change what people do for an agency, or end it",
    Permission.PEOPLE_RECOVER: "Reset the second factor of people who work for the agency alone",
    Permission.STEWARDS_CHANGE: "Invite network stewards, or end their role",
    Permission.TEAM_READ: "See the teams of an agency",
    Permission.TEAM_CHANGE: "Change the teams of an agency",
    Permission.PROVIDER_CHANGE: "Set up an agency's own single sign-on",
    Permission.APPLICATION_READ: "See the applications of an agency",
    Permission.APPLICATION_REGISTER: "Register an application of an agency",
    Permission.APPLICATION_REVOKE: "End an application",
    Permission.APPLICATION_DECIDE: "Approve or refuse an application",
    Permission.APPLICATION_ALLOW: "Let an application act in one's own name",
    Permission.AUDIT_READ: "Search the audit",
    Permission.AUDIT_EXPORT: "Export the audit",
    Permission.AUDIT_SEAL: "Seal and verify the audit",
    Permission.KEYS_ROTATE: "Make new keys and seal everything with them",
    Permission.MAIL_DELIVER: "Deliver mail that is waiting",
    Permission.DEMO_LOAD: "Load the demo network's agencies and people",
    Permission.DEMO_MAIL_READ: "Read the mail of a demo network",
    Permission.REFUSAL_NOTE: "Have it noted in the audit that one was refused",
    Permission.EXPIRED_FORGET: "Delete what has expired, such as links, tokens and counts of tries",
    Permission.CLIENT_READ: "See clients of an agency; supervisors those of their teams",
    Permission.CLIENT_CHANGE: "Add and change clients of an agency",
    Permission.CONSENT_READ: "See what clients agreed to share",
    Permission.CONSENT_RECORD: "Record what clients agree to share, or take back",
    Permission.DISCLOSURE_READ: "List what was shared about a client, with whom",
    Permission.REFERRAL_READ: "See referrals that an agency sent or received",
    Permission.REFERRAL_PREPARE: "Prepare a referral for a client of the agency",
    Permission.REFERRAL_MOVE: "Make a move on a referral, as the table of moves allows it",
    Permission.DECLINE_RULE: "Say whether supervisors decide on declines of the agency",
    Permission.DECLINE_REVIEW: "Decide on declines that workers of one's teams propose",
    Permission.CHECK_IN_KEEP: "Take part in check-ins of a supervisor and a worker",
    Permission.CHECK_IN_LEAD: "Plan and hold check-ins with workers of one's teams",
    Permission.REFERRAL_OVERSEE: "See of all referrals between whom they are and where they stand",
    Permission.MESSAGE_WRITE: "Write to the other agency of a referral",
    Permission.CONTACT_RECORD: "Record a try to reach a client of a referral",
    Permission.APPOINTMENT_RECORD: "Make an appointment for a referral, and say what came of it",
    Permission.CLIENT_ANSWER_RECORD: "Record whether a client of a referral says they got help",
    Permission.NOTICE_READ: "Read one's own news, and choose how to hear of it",
    Permission.WEBHOOK_MANAGE: "Say where news of an agency's referrals are sent",
    Permission.PERSON_ACT_FOR: "Do at the command line what somebody asked its operator for",
    Permission.REFERRALS_KEEP_TIME: "Expire referrals whose time is over, and remind",
    Permission.REQUEST_REPEAT: "Send a request again with the same key, to be answered alike",
    Permission.FIGURES_READ: "See what becomes of the referrals that one oversees",
    Permission.NETWORK_FIGURES_READ: "See what the network publishes of its referrals",
    Permission.FIGURES_COUNT: "Keep the figures of referrals up to date",
    Permission.CASELOAD_READ: "See how the work of the teams that one supervises is shared",
    Permission.OWN_CASELOAD_READ: "See one's own caseload and what of it asks for a talk",
    Permission.CALENDAR_KEEP: "Have one's own tasks and appointments shown in a calendar program",
    Permission.CASELOADS_KEEP: "Keep what each worker carried, day by day",
    Permission.CASE_REASSIGN: "Move cases of the teams that one supervises to another worker",
    Permission.FIGURES_FOLLOW: "Try improvements, pin notes to charts and have links mailed",
    Permission.LINKS_SEND: "Mail links to figures to those who asked for them",
    Permission.EVENTS_HAND_ON: "Hand events on to people and partner systems",
}


def is_allowed(actor: Actor, permission: Permission, agency_id: UUID | None = None) -> bool:
    """Whether one of the permission's alternatives holds; unknown permissions are denied.

    `agency_id` is the agency that the thing belongs to; None asks for any agency at all.
    """
    return any(predicate(actor, agency_id) for predicate in ALLOWED.get(permission, ()))


def require(actor: Actor, permission: Permission, agency_id: UUID | None = None) -> None:
    """Raise unless the actor holds the permission, for things of an agency if one is given.

    SignInNeeded when nobody is signed in. NotFound when the actor may do this, but not for that
    agency: what is not one's own is answered like what is not there. NotPermitted otherwise.
    """
    if is_allowed(actor, permission, agency_id):
        return
    if isinstance(actor, Anonymous):
        raise SignInNeeded("Sign in to go on.")
    if agency_id is not None and is_allowed(actor, permission):
        raise NotFound(NOTHING_HERE)
    meaning = MEANING.get(permission, str(permission))
    raise NotPermitted(f"You may not do this: {meaning.lower()}. Ask your administrator.")


def require_another(actor: Actor, person_id: UUID, message: str) -> None:
    """Raise NotPermitted with the message for what nobody does to themselves."""
    if isinstance(actor, Person) and actor.person_id == person_id:
        raise NotPermitted(message)


NOTHING_HERE = "There is nothing here, or it is not yours to see."
"""The one sentence for what does not exist and for what is not the caller's."""


def _has(actor: Actor, role: Role) -> bool:
    return isinstance(actor, Person) and role in actor.roles


def _is_own(actor: Actor, agency_id: UUID | None) -> bool:
    return isinstance(actor, Person) and (
        agency_id is None or (actor.agency_id is not None and actor.agency_id == agency_id)
    )
