"""RSA signatures of webhooks: PKCS #1 v1.5 with SHA-256, only ever checked (RFC 8017, 8.2.2)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEAST_BITS, MOST_BITS = 2048, 8192
LEAST_EXPONENT, MOST_EXPONENT = 3, 2**32
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""How an encoded message names the digest that follows (RFC 8017, 9.2)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What anybody may know of a key pair."""

    modulus: int
    exponent: int

    @classmethod
    def of(cls, jwk: Mapping[str, Any]) -> "PublicKey | None":
        """A key as JSON Web Keys write it; None if it is no RSA key, too weak, or absurd."""
        modulus, exponent = _number(jwk.get("n")), _number(jwk.get("e"))
        fits = (
            jwk.get("kty") == "RSA"
            and LEAST_BITS <= modulus.bit_length() <= MOST_BITS
            and LEAST_EXPONENT <= exponent <= MOST_EXPONENT
        )
        return cls(modulus, exponent) if fits else None

    def signed(self, message: bytes, signature: str) -> bool:
        """True if the owner of this key signed exactly these bytes; `signature` is base64.

        The message is encoded anew and compared whole: nothing of what the signature decodes to
        is ever parsed, which is where such checks have been fooled.
        """
        given, size = _bytes(signature), (self.modulus.bit_length() + 7) // 8
        number = int.from_bytes(given)
        if len(given) != size or number >= self.modulus:
            return False
        digest = _SHA256 + hashlib.sha256(message).digest()
        wanted = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
        opened = pow(number, self.exponent, self.modulus).to_bytes(size)
        return hmac.compare_digest(opened, wanted)


def _number(raw: object) -> int:
    text = raw.replace("-", "+").replace("_", "/") if isinstance(raw, str) else ""
    return int.from_bytes(_bytes(text + "=" * (-len(text) % 4)))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
