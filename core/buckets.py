"""Token buckets: each word takes a token, and tokens flow in at a steady rate."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens a second, and how many it holds."""

    per_second: float
    size: float

    def needed(self, share: float) -> float:
        """How many must be there for one to be taken, if a share of them all is left alone."""
        return 1 + min(share * self.size, self.size - 1)


@dataclass(slots=True)
class Level:
    """What was in a bucket at a moment, in seconds of any steady clock."""

    tokens: float
    at: float

    def wait(self, bucket: Bucket, now: float, needed: float = 1.0) -> float:
        """Let flow in what has since; the seconds until so many are there."""
        self.tokens = min(bucket.size, self.tokens + (now - self.at) * bucket.per_second)
        self.at = now
        return max(0.0, (needed - self.tokens) / bucket.per_second)
