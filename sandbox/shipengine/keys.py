"""RSA keys with which webhooks are signed: PKCS #1 v1.5 over SHA-256, in plain integers.

Nothing but the sandbox trusts them, so this need not withstand whoever measures its time.
"""

import hashlib
import secrets
from base64 import b64encode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from threading import RLock
from typing import Any

from sandbox.journal import Event, Journal

PART = "shipengine.keys"
BITS = 2048
EXPONENT = 65537
ROUNDS = 6
SMALL_PRIMES = [2] + [n for n in range(3, 2000, 2) if all(n % d for d in range(3, 45, 2) if d < n)]
# The encoding of "SHA-256, no parameters" that stands before the digest.
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Its two primes are written in hexadecimal digits."""

    kid: str
    first: str
    second: str

    @property
    def primes(self) -> tuple[int, int]:
        return int(self.first, 16), int(self.second, 16)

    def signature(self, message: bytes) -> str:
        """In base64. By the Chinese remainder theorem, four times as fast as without."""
        p, q = self.primes
        encoded = int.from_bytes(padded(message, BITS // 8))
        private = pow(EXPONENT, -1, (p - 1) * (q - 1))
        of_p, of_q = (pow(encoded, private % (prime - 1), prime) for prime in (p, q))
        signed = of_q + q * ((of_p - of_q) * pow(q, -1, p) % p)
        return b64encode(signed.to_bytes(BITS // 8)).decode()

    def jwk(self) -> dict[str, str]:
        p, q = self.primes
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": _base64url((p * q).to_bytes(BITS // 8)),
            "e": _base64url(EXPONENT.to_bytes(3)),
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
            event = asdict(new_pair())
            self._journal.record(PART, event)
            self._apply(event)
            return self._pairs[-1]

    def jwks(self) -> dict[str, Any]:
        with self._lock:
            self.current()
            return {"keys": [pair.jwk() for pair in reversed(self._pairs)]}

    def _apply(self, event: Event) -> None:
        self._pairs.append(KeyPair(**event))


def new_pair() -> KeyPair:
    return KeyPair(secrets.token_hex(8), f"{_prime(BITS // 2):x}", f"{_prime(BITS // 2):x}")


def padded(message: bytes, size: int) -> bytes:
    """The digest as it is signed, `size` bytes long."""
    end = SHA256_PREFIX + hashlib.sha256(message).digest()
    return b"\x00\x01" + b"\xff" * (size - len(end) - 3) + b"\x00" + end


def _prime(bits: int) -> int:
    """Its two highest bits are set, so that the product of two has full length."""
    while True:
        candidate = secrets.randbits(bits) | 3 << (bits - 2) | 1
        if candidate % EXPONENT != 1 and is_prime(candidate):
            return candidate


def is_prime(number: int) -> bool:
    """Miller and Rabin's test; wrong once in 4 ** ROUNDS at most."""
    if any(number % prime == 0 for prime in SMALL_PRIMES):
        return number in SMALL_PRIMES
    odd, twos = number - 1, 0
    while not odd % 2:
        odd, twos = odd // 2, twos + 1
    return all(_passes(number, odd, twos) for _ in range(ROUNDS))


def _passes(number: int, odd: int, twos: int) -> bool:
    power = pow(secrets.randbelow(number - 3) + 2, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = pow(power, 2, number)
        if power == number - 1:
            return True
    return False


def _base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
