"""A key pair of these tests alone, and webhooks signed with it as ShipEngine signs them."""

import base64
import hashlib
import re
from typing import Any

KEY_ID = "key-of-these-tests"
EXPONENT = 65537
MODULUS = int(
    re.sub(
        r"\s",
        "",
        """
bbde681157575b3c17d10ff02880fe6691e8cd27d8f72774b98c3fc8a9fb83d7c02e7451715040a8bc7cd070b1b7e598
91c5bd863482cefc9705616e1d7fc46e8d53e3ce2a6d220b4ede31df1649acb746948b6c5197631f415930d54d4c0cf6
3b59cd2219bdd786efeb2d2d06ac53d606093f93071cadeeae98ca8325ad0ae9a9d068f48fc1533fb0c90a263143a6ef
246e5855495bc3f03c05d3661c0ee6a5baf51d67c18aa7bbbea9bd5289fb5f24871566a5346cc504222fc6b9260b24e7
29438d039020844e3ca3fef58444835919a0046567076b3cccae58b536e662fba452a400789a275fd539c1d3a400b1ee
3234f462d7620e538eabc1c3d49e671f
""",
    ),
    16,
)
SECRET = int(
    re.sub(
        r"\s",
        "",
        """
46079e38549bf21ce0ede3e88c58a53c3bc8916cf8a20cb9a48ec499facf1032e4e70c21edc0d211740d7caf7d77c4e4
8df62d7330f0cfd2754322b1e6da21316a8a2a61480c5d43e4d6cbb5527c0d1f567679d05b4bb8bdc660c664c487044f
e708cf0016a35f0b643480a70795463d020c01803f86efc9089958e7f12be3645974c54599eabb4a62ee49212a1ee581
84969f2965d8b087068f5fe5b2cbe5c37f9a09e77467d4033e8fff78044c8a2f5d3c6c8ac2ec796cd4a432c353f300f7
27d552e26c694e7977b4ff5b95dd7404f23529f7845fbe3312b488fcfafa21a11a1d5d7ae7e2911c5407eb89fce77b86
63df01f23cfe7fc774d5e180ba1ceaed
""",
    ),
    16,
)
SIZE = 256
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def encoded(message: bytes) -> bytes:
    digest = DIGEST_INFO + hashlib.sha256(message).digest()
    return b"\x00\x01" + b"\xff" * (SIZE - len(digest) - 3) + b"\x00" + digest


def sealed(block: bytes) -> str:
    """What this block becomes under the secret exponent, in base64."""
    number = pow(int.from_bytes(block), SECRET, MODULUS)
    return base64.b64encode(number.to_bytes(SIZE)).decode()


def signature(message: bytes) -> str:
    return sealed(encoded(message))


def url_number(number: int) -> str:
    size = (number.bit_length() + 7) // 8
    return base64.urlsafe_b64encode(number.to_bytes(size)).decode().rstrip("=")


def published(**changes: Any) -> dict[str, Any]:
    """The key as a set of JSON Web Keys has it."""
    key = {"kty": "RSA", "kid": KEY_ID, "n": url_number(MODULUS), "e": url_number(EXPONENT)}
    return key | {"use": "sig", "alg": "RS256"} | changes


def signed(body: bytes, stamp: str, *, key_id: str = KEY_ID) -> dict[str, str]:
    """The headers of a webhook sent at `stamp`."""
    return {
        "X-ShipEngine-RSA-SHA256-Key-Id": key_id,
        "X-ShipEngine-RSA-SHA256-Signature": signature(f"{stamp}.".encode() + body),
        "X-ShipEngine-Timestamp": stamp,
    }
