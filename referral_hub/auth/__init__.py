"""Who is calling: the hub as OAuth 2 and OpenID Connect server.

Authlib runs the flows; what it stores and whom it believes is decided here. Nothing in this
package knows of the web framework: requests come in as parameters, answers go out as `Answer`.
"""

import logging

# At DEBUG the library writes whole tokens into the log.
logging.getLogger("authlib").setLevel(logging.INFO)
