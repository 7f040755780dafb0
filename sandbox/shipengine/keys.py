"""RSA keys with which webhooks are signed: PKCS #1 v1.5 over SHA-256."""

import secrets
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from threading import RLock
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sandbox.journal import Event, Journal

PART = "shipengine.keys"
BITS = 2048
EXPONENT = 65537


@dataclass(frozen=True, slots=True)
class KeyPair:
    kid: str
    private: rsa.RSAPrivateKey

    @classmethod
    def of(cls, event: Event) -> "KeyPair":
        private = load_pem_private_key(event["pem"].encode(), password=None)
        return cls(event["kid"], cast("rsa.RSAPrivateKey", private))

    def signature(self, message: bytes) -> str:
        """In base64."""
        return b64encode(self.private.sign(message, PKCS1v15(), SHA256())).decode()

    def jwk(self) -> dict[str, str]:
        public = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": _base64url(public.n.to_bytes(BITS // 8)),
            "e": _base64url(public.e.to_bytes(3)),
        }


class Keyring:
    """Made when first needed. After a change the older keys are still published."""

    def __init__(self, journal: Journal) -> None:
        self._lock = RLock()
        self._pairs: list[KeyPair] = []
        self._journal = journal
        journal.subscribe(PART, self._apply)

    def current(self) -> KeyPair:
        with self._lock:
            return self._pairs[-1] if self._pairs else self.change()

    def change(self) -> KeyPair:
        with self._lock:
            event = _new()
            self._journal.record(PART, event)
            self._apply(event)
            return self._pairs[-1]

    def jwks(self) -> dict[str, Any]:
        with self._lock:
            self.current()
            return {"keys": [pair.jwk() for pair in reversed(self._pairs)]}

    def _apply(self, event: Event) -> None:
        self._pairs.append(KeyPair.of(event))


def _new() -> dict[str, str]:
    private = rsa.generate_private_key(EXPONENT, BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"kid": secrets.token_hex(8), "pem": pem.decode()}


def _base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
