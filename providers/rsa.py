"""RSA signatures of webhooks: PKCS #1 v1.5 with SHA-256, only ever checked."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

LEAST_BITS, MOST_BITS = 2048, 8192
LEAST_EXPONENT, MOST_EXPONENT = 3, 2**32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What anybody may know of a key pair."""

    key: RSAPublicKey

    @classmethod
    def of(cls, jwk: Mapping[str, Any]) -> "PublicKey | None":
        """A key as JSON Web Keys write it; None if it is no RSA key, too weak, or absurd."""
        modulus, exponent = _number(jwk.get("n")), _number(jwk.get("e"))
        fits = (
            jwk.get("kty") == "RSA"
            and LEAST_BITS <= modulus.bit_length() <= MOST_BITS
            and LEAST_EXPONENT <= exponent <= MOST_EXPONENT
        )
        try:
            return cls(RSAPublicNumbers(exponent, modulus).public_key()) if fits else None
        except ValueError:
            return None

    def signed(self, message: bytes, signature: str) -> bool:
        """True if the owner of this key signed exactly these bytes; `signature` is base64."""
        try:
            self.key.verify(_bytes(signature), message, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def _number(raw: object) -> int:
    text = raw.replace("-", "+").replace("_", "/") if isinstance(raw, str) else ""
    return int.from_bytes(_bytes(text + "=" * (-len(text) % 4)))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
