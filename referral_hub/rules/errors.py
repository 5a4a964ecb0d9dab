"""Everything that can go wrong by rule: named errors with a stable code and what to do next.

The web layer maps each class to a status once; nothing here knows of HTTP.
"""

from collections.abc import Mapping
from uuid import UUID


class HubError(Exception):
    """A rule said no. `message` tells a person what to do next; `fields` names each wrong input."""

    code = "error"

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class InvalidInput(HubError):
    """What was sent cannot be used as it is; `fields` says why, one by one."""

    code = "invalid-input"


class UnknownParameter(InvalidInput):
    """A parameter that this address does not have."""

    code = "unknown-parameter"


class ControlCharacters(InvalidInput):
    """A text with control characters, which nobody types and no database need hold."""

    code = "control-characters"


class NotFound(HubError):
    """There is no such thing, or it is not for this caller: the answer is the same."""

    code = "not-found"


class NotPermitted(HubError):
    """The caller may know the thing but may not do this to it."""

    code = "not-permitted"


class SignInNeeded(HubError):
    """Nobody is signed in, or no valid token came along."""

    code = "sign-in-needed"


class TokenInvalid(HubError):
    """A token came along that is none, or counts no more."""

    code = "token-invalid"


class ScopeMissing(HubError):
    """A token is good, but not for this; `scope` is what it lacks."""

    code = "scope-missing"

    def __init__(self, message: str, scope: str) -> None:
        super().__init__(message)
        self.scope = scope


class ProofNeeded(HubError):
    """A sensitive act: the person must prove anew who they are."""

    code = "proof-needed"


class SecondFactorNeeded(HubError):
    """The person's role needs a second factor, and there was none at this sign-in."""

    code = "second-factor-needed"


class SignInStateInvalid(HubError):
    """An answer to a sign-in that this browser did not begin, or that is over."""

    code = "sign-in-state-invalid"


class SingleSignOnRefused(HubError):
    """A provider did not answer as it must; `reason` says in which respect, for the audit."""

    code = "single-sign-on-refused"

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class AccountUnknown(HubError):
    """Somebody proved at their agency who they are, but is not known here or has no role there."""

    code = "account-unknown"


class TooManyTries(HubError):
    """Too much of this lately; `seconds` is how long to wait. Only one in a row is the first."""

    code = "too-many-tries"

    def __init__(self, message: str, seconds: int, *, is_first: bool = False) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.is_first = is_first


class Conflict(HubError):
    """The thing is in a state in which this cannot be done."""

    code = "conflict"


class IllegalMove(Conflict):
    """A referral cannot do this from where it is, or not by this caller; nothing was changed."""

    code = "illegal-move"

    def __init__(self, message: str, status: str, move: str) -> None:
        super().__init__(message)
        self.status = status
        self.move = move


class ReviewNeeded(IllegalMove):
    """The agency wants a supervisor to decide this: a worker can only propose it."""

    code = "review-needed"


class VersionConflict(Conflict):
    """Somebody else changed the thing since the caller saw it; `version` is what it has now."""

    code = "version-conflict"

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


class PreviewChanged(Conflict):
    """What would be shared is no longer what the caller looked at; nothing was sent."""

    code = "preview-changed"


class CannotMerge(Conflict):
    """These two records may not become one; the message says why, and what to do instead."""

    code = "cannot-merge"


class ChangedSinceMerge(Conflict):
    """A merge cannot be taken back, since what it changed was changed again; `fields` says what."""

    code = "changed-since-merge"


class KeyReused(HubError):
    """An idempotency key came with another request before."""

    code = "idempotency-key-reused"


class VersionNeeded(HubError):
    """A change must name the version that it is made on."""

    code = "version-needed"


class LikelyDuplicate(Conflict):
    """Clients of the agency may be the same person; `clients` says by id which, and why."""

    code = "likely-duplicate"

    def __init__(self, message: str, clients: Mapping[UUID, str]) -> None:
        super().__init__(message)
        self.clients = dict(clients)


class ConsentMissing(HubError):
    """The client's consent does not cover what would be shared; `fields` says in which respect."""

    code = "consent-missing"


class FormExpired(HubError):
    """A form that this browser did not get from the hub, or too long ago."""

    code = "form-expired"


class KeyMissing(HubError):
    """What was sealed cannot be opened with the keys at hand."""

    code = "key-missing"


class AuditBroken(HubError):
    """The chain of the audit lacks what was sealed before: nothing more is sealed."""

    code = "audit-broken"


class FetchRefused(HubError):
    """An address that the hub does not fetch from, or that did not answer as it should.

    `reason` is "refused" where nothing was asked, "failed" or "slow" where the answer was at fault.
    """

    code = "fetch-refused"

    def __init__(self, message: str, reason: str = "refused") -> None:
        super().__init__(message)
        self.reason = reason


class IndexNotReady(HubError):
    """The search index is being built; the directory itself is whole."""

    code = "index-not-ready"


class FiguresNotReady(HubError):
    """The figures of referrals are being counted for the first time."""

    code = "figures-not-ready"


class WorkerBehind(HubError):
    """Work has waited too long for the worker: it does not run, or cannot keep up."""

    code = "worker-behind"


class ImportFailed(HubError):
    """A file could not be imported at all; nothing was changed."""

    code = "import-failed"


class SettingsInvalid(HubError):
    """The environment does not make a runnable hub; `fields` lists every setting at fault."""

    code = "settings-invalid"
