"""The endpoints of the OAuth 2 and OpenID Connect server."""
