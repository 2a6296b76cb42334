"""How a delivery is signed, and how a signature is checked. Described for senders in docs/sources.md.

    X-Pacesetter-Timestamp: seconds since 1970
    X-Pacesetter-Delivery:  an id of the sender's choice, the same when it sends the same again
    X-Pacesetter-Signature: v1=<hex of HMAC-SHA256 over "v1:{timestamp}:{source}:{delivery}:" and the body>

The source and the delivery are signed too: neither can what was meant for one be sent to another, nor the
same be passed off as new.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

TIMESTAMP = "x-pacesetter-timestamp"
DELIVERY = "x-pacesetter-delivery"
SIGNATURE = "x-pacesetter-signature"
WINDOW_S = 300
"""How far a sender's clock may be from ours, and how long a signature holds."""
DELIVERY_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")

DOES_NOT_FIT = "X-Pacesetter-Signature does not fit the secret, the headers and the body."


class NotSigned(Exception):  # noqa: N818 - an answer
    """The delivery does not prove where it comes from; the sentence is for the sender."""


@dataclass(frozen=True)
class Envelope:
    """What a delivery says around its body."""

    source: str
    timestamp: str
    delivery_id: str
    signature: str


def sign(secret: str, source: str, timestamp: str, delivery_id: str, body: bytes) -> str:
    """The signature's header."""
    signed = f"v1:{timestamp}:{source}:{delivery_id}:".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def check(envelope: Envelope, body: bytes, secrets: Iterable[str], now_s: float) -> None:
    """Any of the secrets will do. Raises NotSigned."""
    if not _TIMESTAMP.fullmatch(envelope.timestamp):
        raise NotSigned("X-Pacesetter-Timestamp must be the seconds since 1970.")
    if abs(now_s - int(envelope.timestamp)) > WINDOW_S:
        raise NotSigned("X-Pacesetter-Timestamp is over five minutes from now: sign again when you send.")
    given = envelope.signature.encode()
    expected = [
        sign(secret, envelope.source, envelope.timestamp, envelope.delivery_id, body).encode()
        for secret in secrets
    ]
    # All of them: the time it takes must say nothing.
    fits = [hmac.compare_digest(given, one) for one in expected]
    if not any(fits):
        raise NotSigned(DOES_NOT_FIT)
