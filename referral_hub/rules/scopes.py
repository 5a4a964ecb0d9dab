"""What an application may ask to do: OAuth scopes, in plain words."""

from enum import StrEnum

from referral_hub.rules.errors import InvalidInput


class Scope(StrEnum):
    """A scope, as applications write it."""

    OPENID = "openid"
    PROFILE = "profile"
    OFFLINE_ACCESS = "offline_access"
    DIRECTORY_READ = "directory.read"
    DIRECTORY_WRITE = "directory.write"
    CLIENTS_READ = "clients.read"
    CLIENTS_WRITE = "clients.write"
    CONSENTS_READ = "consents.read"
    CONSENTS_WRITE = "consents.write"
    REFERRALS_READ = "referrals.read"
    REFERRALS_SEND = "referrals.send"
    REFERRALS_ANSWER = "referrals.answer"
    MESSAGES_WRITE = "messages.write"
    WEBHOOKS_MANAGE = "webhooks.manage"
    REPORTS_READ = "reports.read"


MEANING: dict[Scope, str] = {
    Scope.OPENID: "Know that it is you",
    Scope.PROFILE: "See your name, your agency and your roles",
    Scope.OFFLINE_ACCESS: "Keep this access while you are away",
    Scope.DIRECTORY_READ: "Read the directory of services",
    Scope.DIRECTORY_WRITE: "Change the services of your agency",
    Scope.CLIENTS_READ: "See the clients that you may see",
    Scope.CLIENTS_WRITE: "Add and change clients of your agency",
    Scope.CONSENTS_READ: "See what clients agreed to share",
    Scope.CONSENTS_WRITE: "Record what clients agree to share",
    Scope.REFERRALS_READ: "See the referrals that you may see",
    Scope.REFERRALS_SEND: "Send referrals for your agency",
    Scope.REFERRALS_ANSWER: "Answer referrals for your agency",
    Scope.MESSAGES_WRITE: "Write messages on referrals",
    Scope.WEBHOOKS_MANAGE: "Set where the hub sends news of your agency's referrals",
    Scope.REPORTS_READ: "Read reports of your agency",
}

OF_PEOPLE = frozenset({Scope.OPENID, Scope.PROFILE, Scope.OFFLINE_ACCESS})
"""Scopes that make sense only where a person is there."""


def scopes_of(text: str) -> frozenset[Scope]:
    """The scopes in a list with blanks. Raises InvalidInput naming each unknown one."""
    asked = text.split()
    unknown = sorted(set(asked) - set(Scope))
    if unknown:
        listed = ", ".join(name[:60] for name in unknown[:10])
        raise InvalidInput(f"There is no scope {listed}.", {"scope": "unknown"})
    return frozenset(map(Scope, asked))
