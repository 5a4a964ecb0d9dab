"""Who is calling: everything about OAuth, OpenID Connect and sessions belongs here."""
