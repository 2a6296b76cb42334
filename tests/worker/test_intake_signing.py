"""Signatures: what proves where a delivery comes from, and everything that does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.intake.rate import Rate
from worker.intake.signing import Envelope, NotSigned, check, sign

BUSY = settings(deadline=None)
"""Other tests may run beside it."""
NOW = 1_780_000_000
SECRET, NEXT = "open sesame, and wide", "shut sesame, and tight"


def envelope(body: bytes = b"{}", secret: str = SECRET, **changes: str) -> Envelope:
    given = {"source": "crm", "timestamp": str(NOW), "delivery_id": "d1"}
    signature = sign(secret, body=body, **given)
    return Envelope(**{**given, "signature": signature, **changes})


def test_the_signature_is_what_the_documentation_says() -> None:
    signature = sign("secret", "crm", "1780000000", "d1", b'{"records": []}')

    assert signature == "v1=60f79482589877f14ea1416e081ab05920378cf034322916b2c049796a866af4"


@BUSY
@given(st.binary(), st.text(min_size=1), st.integers(-300, 300))
def test_what_is_signed_is_taken_within_five_minutes(body: bytes, secret: str, off_s: int) -> None:
    check(envelope(body, secret), body, [secret], NOW + off_s)


def test_either_of_two_secrets_will_do_while_one_is_changed() -> None:
    check(envelope(), b"{}", [SECRET, NEXT], NOW)
    check(envelope(secret=NEXT), b"{}", [SECRET, NEXT], NOW)

    with pytest.raises(NotSigned, match="does not fit"):
        check(envelope(), b"{}", [NEXT], NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "erp"},
        {"delivery_id": "d2"},
        {"timestamp": str(NOW + 1)},
        {"signature": ""},
        {"signature": "v1="},
        {"signature": sign(SECRET, "crm", str(NOW), "d1", b"{} ")},
        {"signature": sign(SECRET, "crm", str(NOW), "d1", b"{}").replace("v1", "v0")},
        {"signature": "v1=ü"},
    ],
)
def test_nothing_that_is_signed_can_be_changed(changes: dict[str, str]) -> None:
    with pytest.raises(NotSigned, match="does not fit"):
        check(envelope(**changes), b"{}", [SECRET], NOW)


@pytest.mark.parametrize("off_s", [-301, 301, 10**9])
def test_an_old_signature_proves_nothing(off_s: int) -> None:
    with pytest.raises(NotSigned, match="over five minutes from now"):
        check(envelope(), b"{}", [SECRET], NOW + off_s)


@pytest.mark.parametrize("timestamp", ["", "now", "1.5", "-1", "1e9", "١٢٣", "9" * 400, "1780000000\n"])
def test_a_malformed_timestamp_proves_nothing(timestamp: str) -> None:
    with pytest.raises(NotSigned, match="must be the seconds since 1970"):
        check(envelope(timestamp=timestamp), b"{}", [SECRET], NOW)


def test_a_bucket_fills_again_by_the_minute() -> None:
    now = [0.0]
    rate = Rate(per_minute=60, at_once=3, now_s=lambda: now[0])

    assert [rate.wait_s("crm") for _ in range(4)] == [0, 0, 0, 1]
    assert rate.wait_s("erp") == 0, "each source has its own"
    now[0] = 2.0
    assert [rate.wait_s("crm") for _ in range(3)] == [0, 0, 1]
    now[0] = 1000.0
    assert [rate.wait_s("crm") for _ in range(4)] == [0, 0, 0, 1], "and no more than it holds"
