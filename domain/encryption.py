"""Encrypting what the database must not give away: tokens.

Fernet (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec) by the `cryptography` library. Of
several keys the first encrypts and all decrypt: a key can be replaced while the old one is still in use.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from domain.errors import BadInput


def new_key() -> str:
    return Fernet.generate_key().decode()


def is_key(text: str) -> bool:
    """Whether it is 32 bytes in URL-safe base64."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


class Vault:
    """Encrypts and decrypts texts with the keys of PACESETTER_ENCRYPTION_KEY, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Raises BadInput where none of the keys fits."""
        try:
            return self._fernet.decrypt(encrypted).decode()
        except InvalidToken:
            raise _no_key_fits() from None

    def encrypt_anew(self, encrypted: str) -> str:
        """The same text under the newest key. Raises BadInput where none of the keys fits."""
        try:
            return self._fernet.rotate(encrypted).decode()
        except InvalidToken:
            raise _no_key_fits() from None


def _no_key_fits() -> BadInput:
    return BadInput(
        "PACESETTER_ENCRYPTION_KEY does not fit the token in the database: add the key that it was encrypted "
        "with behind the new one, or install the app again."
    )
