"""What came since the last time: each account is proven from where it was proven to."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import bson
from bson import Int64

from core.clock import Clock
from models import ledger as entries, proof as proofs
from services.books import Part, Place, about, documents, strangers
from services.chains import Chain

ACCOUNTS_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Watermarks:
    """A reader of `services.books`: its cost follows the accounts, and the entries that are new."""

    clock: Clock

    def read(self, place: Place) -> Iterator[Part]:
        after = place.get("account", "")
        heads = entries.heads(after)
        while True:
            some = list(islice(heads, ACCOUNTS_AT_A_TIME))
            last = some[-1]["_id"] if some else None
            part = Part({"account": last or after}, accounts=len(some))
            marks = proofs.watermarks(after, last)
            chains = [self._prove(head, marks.pop(head["_id"], None), part) for head in some]
            part.findings += [(one, f"{one} has lost all its entries") for one in marks]
            proofs.raise_watermarks(self._mark(chain) for chain in chains if chain is not None)
            yield part
            if last is None:
                return
            after = last

    def _prove(
        self, head: Mapping[str, Any], mark: Mapping[str, Any] | None, part: Part
    ) -> Chain | None:
        """The account's chain if it is whole and longer than before."""
        account = head["_id"]
        chain = _chain(mark) if mark else Chain(account)
        if (head["seq"], head["digest"]) == (chain.seq, chain.digest):
            return None
        if head["seq"] < chain.seq:
            lost = f"{account} ends at {head['seq']}, it was proven up to {chain.seq}"
            part.findings.append((account, lost))
            return None
        found = len(part.findings)
        part.findings += _changed(chain)
        for batch in entries.stored_of(account, from_seq=chain.seq + 1):
            told = bson.decode_all(batch)
            for entry, stored in zip(told, documents(batch), strict=True):
                part.findings += [about(entry, flaw) for flaw in chain.flaws(entry, stored)]
            part.findings += strangers(told)
            part.entries += len(told)
        return chain if len(part.findings) == found else None

    def _mark(self, chain: Chain) -> dict[str, Any]:
        numbers = {name: Int64(getattr(chain, name)) for name in ("seq", "available", "held")}
        return asdict(chain) | numbers | {"at": self.clock.now()}


def _chain(mark: Mapping[str, Any]) -> Chain:
    facts = {name: mark[name] for name in ("seq", "available", "held", "digest", "holds")}
    return Chain(mark["_id"], **facts)


def _changed(chain: Chain) -> Iterator[tuple[str, str]]:
    """The entry up to which the account was proven must still be the one that was proven."""
    if not chain.seq:
        return
    batch = next(entries.stored_of(chain.account, from_seq=chain.seq), b"")
    now = next(iter(bson.decode_all(batch)), {})
    if (now.get("seq"), now.get("digest")) != (chain.seq, chain.digest):
        yield chain.account, f"{chain.account} entry {chain.seq}: no longer what was proven"
