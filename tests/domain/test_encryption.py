"""Tokens in the database can be read with a key, and with none but its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.encryption import Vault, is_key, new_key
from domain.errors import BadInput

OLD, NEW = new_key(), new_key()


@given(st.text())
def test_what_was_encrypted_comes_back(text: str) -> None:
    assert Vault([OLD]).decrypt(Vault([OLD]).encrypt(text)) == text


def test_nothing_of_the_text_shows() -> None:
    assert "xoxb" not in Vault([OLD]).encrypt("xoxb-1-2-abc")


def test_an_old_key_still_decrypts_behind_a_new_one() -> None:
    encrypted = Vault([OLD]).encrypt("xoxb-1")

    assert Vault([NEW, OLD]).decrypt(encrypted) == "xoxb-1"


def test_a_key_is_replaced_by_encrypting_anew() -> None:
    encrypted = Vault([OLD]).encrypt("xoxb-1")

    renewed = Vault([NEW, OLD]).encrypt_anew(encrypted)

    assert Vault([NEW]).decrypt(renewed) == "xoxb-1"


@pytest.mark.parametrize(
    "encrypted",
    ["", "gAAAA", Vault([OLD]).encrypt("xoxb-1")],
    ids=["nothing", "a beginning", "another key's"],
)
def test_without_the_key_a_sentence_says_what_to_do(encrypted: str) -> None:
    for unlock in (Vault([NEW]).decrypt, Vault([NEW]).encrypt_anew):
        with pytest.raises(BadInput, match="PACESETTER_ENCRYPTION_KEY does not fit"):
            unlock(encrypted)


@pytest.mark.parametrize(
    "text",
    ["", "short", "ü" * 44, "!" * 44, NEW[:-4]],
    ids=["nothing", "short", "not ASCII", "not base64", "cut off"],
)
def test_not_everything_is_a_key(text: str) -> None:
    assert is_key(NEW)
    assert not is_key(text)
