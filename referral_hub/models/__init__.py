"""What is stored: tables and constraints, no decisions.

`DIRECTORY` maps each HSDS table to its class, in loading order.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table

from referral_hub.models.agency import Agency, AgencyOrganization, Agreement
from referral_hub.models.audit import AuditRow
from referral_hub.models.base import Base, DirectoryRecord, ListedRecord
from referral_hub.models.calendar_link import CalendarLink
from referral_hub.models.capacity import ServiceCapacity, Unit
from referral_hub.models.caseload import CaseAssignment, CaseloadDay, CaseloadSignal
from referral_hub.models.client import (
    Client,
    ClientKey,
    ClientNote,
    Goal,
    GoalStep,
    HouseholdMember,
    Need,
    Task,
)
from referral_hub.models.concealed import ConcealedRecord
from referral_hub.models.consent import Consent, ConsentRecipient, Disclosure
from referral_hub.models.contact import Contact, Language, Phone, Url
from referral_hub.models.correction import Correction
from referral_hub.models.duplicate import (
    DuplicateCandidate,
    MatchedRecord,
    MatchingKey,
    MatchingSweep,
)
from referral_hub.models.eligibility import ServiceCriterion
from referral_hub.models.feed import PartnerFeed
from referral_hub.models.figure_link import FigureLink
from referral_hub.models.idempotency import IdempotentAnswer
from referral_hub.models.improvement import (
    FigureNote,
    ImprovementCycle,
    ImprovementMark,
    ImprovementNote,
)
from referral_hub.models.intake_question import IntakeQuestion
from referral_hub.models.listing_ask import LinkedListing, ListingAsk, ListingLink
from referral_hub.models.listing_change import EditedField, ListingChange
from referral_hub.models.listing_import import (
    ImportMapping,
    ListingImport,
    ListingImportPage,
)
from referral_hub.models.listing_review import ListingReview
from referral_hub.models.location import Accessibility, Address, Location
from referral_hub.models.metadata import Metadata, MetaTableDescription
from referral_hub.models.network import NetworkSetting
from referral_hub.models.notice import Notice, NoticePreference
from referral_hub.models.oauth import (
    Application,
    ApplicationGrant,
    AuthorizationCode,
    SigningKey,
    Token,
    UsedAssertion,
)
from referral_hub.models.organization import Funding, Organization, OrganizationIdentifier
from referral_hub.models.outbox import OutboxMessage
from referral_hub.models.pending_index import PendingIndex
from referral_hub.models.person import Invitation, Membership, Person
from referral_hub.models.program import Program
from referral_hub.models.publication import Publication
from referral_hub.models.rate_count import RateCount
from referral_hub.models.referral import (
    AgencyEvent,
    ContactAttempt,
    Message,
    Referral,
    ReferralClock,
    ReferralEvent,
    ServiceClock,
)
from referral_hub.models.schedule import Schedule
from referral_hub.models.search_count import SearchCount
from referral_hub.models.service import CostOption, RequiredDocument, Service, ServiceArea
from referral_hub.models.service_at_location import ServiceAtLocation
from referral_hub.models.service_need import ServiceNeed
from referral_hub.models.service_state import PopulationState, ServiceState
from referral_hub.models.shortlist import ShortlistEntry
from referral_hub.models.sign_in import (
    AuthenticatorApp,
    Identity,
    IdentityProvider,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    SignInAttempt,
    SignInSession,
)
from referral_hub.models.source import Source, SourceRule, SourceWord, UnresolvedReference
from referral_hub.models.stored_card import StoredCard
from referral_hub.models.supervision import (
    CheckIn,
    CheckInAction,
    CheckInPoint,
    DeclineLook,
    FeedbackNote,
)
from referral_hub.models.taxonomy import Attribute, Taxonomy, TaxonomyTerm
from referral_hub.models.team import Team, TeamMember
from referral_hub.models.webhook import Webhook, WebhookAttempt, WebhookDelivery
from referral_hub.rules.hsds import TABLES

__all__ = [
    "DIRECTORY",
    "Accessibility",
    "Address",
    "Agency",
    "AgencyEvent",
    "AgencyOrganization",
    "Agreement",
    "Application",
    "ApplicationGrant",
    "Attribute",
    "AuditRow",
    "AuthenticatorApp",
    "AuthorizationCode",
    "Base",
    "CalendarLink",
    "CaseAssignment",
    "CaseloadDay",
    "CaseloadSignal",
    "CheckIn",
    "CheckInAction",
    "CheckInPoint",
    "Client",
    "ClientKey",
    "ClientNote",
    "ConcealedRecord",
    "Consent",
    "ConsentRecipient",
    "Contact",
    "ContactAttempt",
    "Correction",
    "CostOption",
    "DeclineLook",
    "DirectoryRecord",
    "Disclosure",
    "DuplicateCandidate",
    "EditedField",
    "FeedbackNote",
    "FigureLink",
    "FigureNote",
    "Funding",
    "Goal",
    "GoalStep",
    "HouseholdMember",
    "IdempotentAnswer",
    "Identity",
    "IdentityProvider",
    "ImportMapping",
    "ImprovementCycle",
    "ImprovementMark",
    "ImprovementNote",
    "IntakeQuestion",
    "Invitation",
    "Language",
    "LinkedListing",
    "ListedRecord",
    "ListingAsk",
    "ListingChange",
    "ListingImport",
    "ListingImportPage",
    "ListingLink",
    "ListingReview",
    "Location",
    "MatchedRecord",
    "MatchingKey",
    "MatchingSweep",
    "Membership",
    "Message",
    "MetaTableDescription",
    "Metadata",
    "Need",
    "NetworkSetting",
    "Notice",
    "NoticePreference",
    "OneTimeLink",
    "Organization",
    "OrganizationIdentifier",
    "OutboxMessage",
    "PartnerFeed",
    "Passkey",
    "PendingIndex",
    "Person",
    "Phone",
    "PopulationState",
    "Program",
    "Publication",
    "RateCount",
    "RecoveryCode",
    "Referral",
    "ReferralClock",
    "ReferralEvent",
    "RequiredDocument",
    "Schedule",
    "SearchCount",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "ServiceClock",
    "ServiceCriterion",
    "ServiceNeed",
    "ServiceState",
    "ShortlistEntry",
    "SignInAttempt",
    "SignInSession",
    "SigningKey",
    "Source",
    "SourceRule",
    "SourceWord",
    "StoredCard",
    "Task",
    "Taxonomy",
    "TaxonomyTerm",
    "Team",
    "TeamMember",
    "Token",
    "Unit",
    "UnresolvedReference",
    "Url",
    "UsedAssertion",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "columns",
    "table_of",
]

_CLASSES: dict[str, type[DirectoryRecord]] = {
    record.__tablename__: record
    for record in (
        Accessibility,
        Address,
        Attribute,
        Contact,
        CostOption,
        Funding,
        Language,
        Location,
        MetaTableDescription,
        Metadata,
        Organization,
        OrganizationIdentifier,
        Phone,
        Program,
        RequiredDocument,
        Schedule,
        Service,
        ServiceArea,
        ServiceAtLocation,
        ServiceCapacity,
        Taxonomy,
        TaxonomyTerm,
        Unit,
        Url,
    )
}

DIRECTORY: dict[str, type[DirectoryRecord]] = {name: _CLASSES[name] for name in TABLES}


def columns(model: type[DirectoryRecord]) -> Sequence[Column[Any]]:
    """The columns of a directory table, for statements that need rows and no objects."""
    return tuple(table_of(model).columns)


def table_of(model: type[DirectoryRecord | Base]) -> Table:
    """The table of a class."""
    return Base.metadata.tables[model.__tablename__]
