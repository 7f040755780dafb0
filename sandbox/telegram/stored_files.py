"""The bytes of files, by their SHA-256: next to the journal, or in memory without one."""

import hashlib
from pathlib import Path


class StoredFiles:
    def __init__(self, journal: Path | None) -> None:
        self._folder = journal.with_name(f"{journal.name}.files") if journal else None
        self._memory: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep the bytes before anything refers to them; answer their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        if self._folder is None:
            self._memory[digest] = content
            return digest
        self._folder.mkdir(parents=True, exist_ok=True)
        final = self._folder / digest
        if not final.exists():
            half = final.with_suffix(".part")
            half.write_bytes(content)
            half.rename(final)
        return digest

    def get(self, digest: str) -> bytes:
        if self._folder is None:
            return self._memory[digest]
        return (self._folder / digest).read_bytes()
