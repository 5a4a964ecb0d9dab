"""All addresses of the hub, blueprint by blueprint."""

from flask import Flask

from referral_hub.blueprints.api import capacity as api_capacity
from referral_hub.blueprints.api import clients as api_clients
from referral_hub.blueprints.api import consents as api_consents
from referral_hub.blueprints.api import hsds, operation
from referral_hub.blueprints.api import referrals as api_referrals
from referral_hub.blueprints.api import reports as api_reports
from referral_hub.blueprints.api import search as api_search
from referral_hub.blueprints.api import webhooks as api_webhooks
from referral_hub.blueprints.oauth import authorize, logout, metadata, tokens
from referral_hub.blueprints.pages import (
    account,
    agency,
    agency_declines,
    agency_people,
    agency_teams,
    agency_time,
    api_docs,
    applications,
    appointments,
    audit,
    calendar,
    capacity,
    check_ins,
    client_case,
    client_import,
    client_notes,
    client_plan,
    client_search,
    clients,
    confidential,
    consents,
    corrections,
    decline_proposals,
    declines,
    demo_mail,
    disclosures,
    duplicates,
    feeds,
    figure_links,
    figure_notes,
    find,
    home,
    improvements,
    inbox,
    invitation,
    linked_accounts,
    listing_edit,
    listing_import,
    listings,
    network,
    network_listings,
    network_quality,
    network_referrals,
    network_settings,
    network_stewards,
    notices,
    own_caseload,
    passkeys,
    passwords,
    profile,
    published,
    recovery,
    refer,
    referrals,
    security,
    services,
    share_more,
    sign_in,
    sign_in_agency,
    single_sign_on,
    supervision,
    supervision_files,
    team_caseloads,
    unmet_need,
    verify,
    webhooks,
)
from referral_hub.web.api_description import DescribedOnDemand

ENDPOINTS = (authorize, tokens, metadata, logout)
PAGES = (
    account, agency, agency_declines, agency_people, agency_teams, agency_time, api_docs,
    applications, appointments, audit, calendar, capacity, check_ins, client_case, client_import,
    client_notes, client_plan, client_search, clients, confidential, consents, corrections,
    decline_proposals, declines, demo_mail, disclosures, duplicates, feeds, figure_links,
    figure_notes, find, home, improvements, inbox, invitation, linked_accounts, listing_edit,
    listing_import, listings, network, network_listings, network_quality, network_referrals,
    network_settings, network_stewards, notices, own_caseload, passkeys, passwords, profile,
    published, recovery, refer, referrals, security, services, share_more, sign_in,
    sign_in_agency, single_sign_on, supervision, supervision_files, team_caseloads, unmet_need,
    verify, webhooks, operation, hsds,
)  # fmt: skip
API = (
    api_search, api_capacity, api_clients, api_consents, api_referrals, api_reports, api_webhooks,
)  # fmt: skip


def register_addresses(app: Flask) -> None:
    """Give the application its pages, its endpoints and its API."""
    for part in (*PAGES, *ENDPOINTS):
        app.register_blueprint(part.blueprint)
    api = DescribedOnDemand(app)
    for part in API:
        api.register_blueprint(part.blueprint)
