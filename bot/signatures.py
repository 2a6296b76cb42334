"""Whether a request over HTTP comes from Slack, and just now.

https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

DIGITS_OF_A_TIMESTAMP = 12


class Signatures:
    """Without a signing secret nothing fits: an empty one would let anybody sign."""

    def __init__(self, secret: str | None) -> None:
        self._verifier = SignatureVerifier(secret) if secret else None

    def fit(self, req: BoltRequest) -> bool:
        """A signature of this very body, made in the last five minutes."""
        timestamp = req.headers.get("x-slack-request-timestamp", [""])[0]
        signature = req.headers.get("x-slack-signature", [""])[0]
        if self._verifier is None or not _is_timestamp(timestamp) or not signature.isascii():
            return False  # Slack's verifier stumbles over what is no number, and over what is beyond ASCII
        return self._verifier.is_valid(req.raw_body, timestamp, signature)


def _is_timestamp(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS_OF_A_TIMESTAMP
