"""Why the server closes a socket.

All from 4000 to 4999, which RFC 6455 leaves to applications: autobahn refuses to send the protocol's own codes
(1011, 1013) on behalf of one.
"""

BAD_MESSAGE = 4400
NOT_ALLOWED = 4401
FOREIGN_ORIGIN = 4403
UNKNOWN_HOST = 4404
NO_FIRST_MESSAGE = 4408
INTERNAL_ERROR = 4500
TRY_AGAIN_LATER = 4503
