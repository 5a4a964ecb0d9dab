"""Proof key for code exchange (RFC 7636): S256, and for every application."""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7636 import CodeChallenge

METHOD = "S256"
_LETTERS = 43  # of a SHA-256 in base64url


class ProofKey(CodeChallenge):  # type: ignore[misc]
    """Asked for when people are sent to the hub already, not only when the code is traded."""

    DEFAULT_CODE_CHALLENGE_METHOD = METHOD
    SUPPORTED_CODE_CHALLENGE_METHOD = (METHOD,)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse to begin without an S256 challenge."""
        sent = grant.request.parameters
        if sent.get("code_challenge_method") != METHOD:
            raise InvalidRequestError("A code_challenge with the method S256 is needed.")
        if len(sent.get("code_challenge", "")) != _LETTERS:
            raise InvalidRequestError("The code_challenge is missing or not one of S256.")
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: Any, result: object) -> None:
        """Refuse a code whose verifier does not come along."""
        if "code_verifier" not in grant.request.parameters:
            raise InvalidRequestError("The code_verifier is missing.")
        super().validate_code_verifier(grant, result)

    def get_authorization_code_challenge(self, authorization_code: Any) -> str:
        """The challenge of a code; each has one."""
        challenge: str = authorization_code.row.challenge
        return challenge

    def get_authorization_code_challenge_method(self, authorization_code: Any) -> str:
        """How the challenge is made."""
        return METHOD
