"""What proves that a payload comes from Slack: a signature (v0), an HMAC by a secret shared with the app."""

import hashlib
import hmac
import time

# The proof before signatures; apps of today do not look at it, the field is still there.
VERIFICATION_TOKEN = "verification-token-of-the-sandbox"  # noqa: S105 - not a secret


def signed_headers(secret: str, body: bytes) -> dict[str, str]:
    """The two headers that prove a body. Their time is the machine's: so is the app's that compares."""
    timestamp = str(int(time.time()))
    signed = b":".join([b"v0", timestamp.encode(), body])
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
