"""Proof that the ledger is whole: every chain, every sum, every order and every top-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import structlog

from core.clock import Clock
from core.ids import new_id
from core.jobs import Job
from models import ledger as entries
from models.proof import Proof, ProofKind, ProofState
from services import books
from services.anchors import Anchors, anchors
from services.attempts import DEATHS_AT_MOST
from services.books import Part, Reader
from services.freezes import Freezes
from services.ports import Jobs
from services.watermarks import Watermarks

log = structlog.get_logger()

SHOWN_AT_MOST = 100
SLICE = timedelta(seconds=45)
"""A worker's share of a long proof, well within a task's time."""
LEASE = timedelta(seconds=150)
"""Longer than any task may run: after this, whoever was at it has ended."""
PER_SWEEP = 10
WAIT_SECONDS = 0.2

Progress = Callable[[Proof], None]


def _nobody(_: Proof) -> None:
    """Watches without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Finds, says and freezes; never repairs."""

    freezes: Freezes
    jobs: Jobs
    clock: Clock

    def verify(
        self, kind: ProofKind = ProofKind.FULL, *, by: str = "", progress: Progress = _nobody
    ) -> Proof:
        """Prove it here and now, to the end."""
        proof = self._record(kind, by)
        while proof.status is ProofState.RUNNING:
            moved = self.go_on(proof.id, progress=progress)
            if moved is None:
                Event().wait(WAIT_SECONDS)
            proof = moved or self.get(proof.id)
        return proof

    def ask(self, kind: ProofKind, *, by: str) -> Proof:
        """Have workers prove it; the document that is answered says how far they are."""
        proof = self._record(kind, by)
        self.jobs.ask(Job.PROVE_LEDGER, proof.id)
        return proof

    def go_on(self, proof_id: str, *, progress: Progress = _nobody) -> Proof | None:
        """Do a slice of a proof, from where the last one ended; None if somebody else is at it."""
        now = self.clock.now()
        proof: Proof | None = Proof.objects.advance(
            proof_id,
            when=ProofState.RUNNING,
            to=ProofState.RUNNING,
            at=now,
            guard={"next_at": {"$lte": now}},
            set__next_at=now + LEASE,
            inc__unended=1,
        )
        if proof is None:
            return None
        if proof.unended > DEATHS_AT_MOST:
            return self._give_up(proof)
        readers = self._readers(proof.kind)
        while proof.stage < len(readers):
            for part in readers[proof.stage](proof.place):
                proof = self._note(proof, part)
                progress(proof)
                if self.clock.now() >= now + SLICE:
                    return self._leave(proof)
            proof = self._change(proof, inc__stage=1, set__place={})
        return self._end(proof)

    def resume(self) -> None:
        """Have gone on with what was left half-way: the sweep behind every lost job."""
        for proof_id in Proof.objects.due(self.clock.now(), PER_SWEEP):
            self.jobs.ask(Job.PROVE_LEDGER, proof_id)

    def get(self, proof_id: str) -> Proof:
        """Raises models.base.NotFound."""
        found: Proof = Proof.objects.fetch(proof_id)
        return found

    def latest(self, kind: ProofKind) -> Proof | None:
        found: Proof | None = Proof.objects(kind=kind).order_by("-created_at").first()
        return found

    def _record(self, kind: ProofKind, by: str) -> Proof:
        now = self.clock.now()
        expected = 0 if kind is ProofKind.NEW else entries.expected()
        proof: Proof = Proof.objects.get_or_insert(
            new_id("P"),
            kind=kind,
            by=by or "command line",
            expected=expected,
            next_at=now,
            created_at=now,
            moved_at=now,
        )
        return proof

    def _readers(self, kind: ProofKind) -> tuple[Reader, ...]:
        readers: Mapping[ProofKind, tuple[Reader, ...]] = {
            ProofKind.FULL: (books.chains, books.orders, books.payments, anchors),
            ProofKind.SUMS: (books.sums,),
            ProofKind.NEW: (Watermarks(self.clock).read,),
        }
        return readers[kind]

    def _note(self, proof: Proof, part: Part) -> Proof:
        """Freeze whom a part concerns, then write down what was counted and where to go on."""
        by_account: dict[str, list[str]] = {}
        for account, words in part.findings:
            by_account.setdefault(account, []).append(words)
        for account, found in by_account.items():
            if account:
                self.freezes.freeze(account, found)
        told = [words for _, words in part.findings]
        return self._change(
            proof,
            set__place=dict(part.place),
            inc__accounts=part.accounts,
            inc__entries=part.entries,
            inc__mismatches=len(told),
            set__unended=0,
            push_all__findings=told[: max(0, SHOWN_AT_MOST - len(proof.findings))],
        )

    def _leave(self, proof: Proof) -> Proof:
        """Enough for one task: the next one goes on at once."""
        left = self._change(proof, set__next_at=self.clock.now())
        self.jobs.ask(Job.PROVE_LEDGER, left.id)
        return left

    def _give_up(self, proof: Proof) -> Proof:
        """What can't be read is not proven."""
        where = f"stage {proof.stage} from {dict(proof.place)}"
        words = f"the proof could not be ended: {where} kills its worker"
        return self._end(self._note(proof, Part(proof.place, findings=[("", words)])))

    def _end(self, proof: Proof) -> Proof:
        ended = self._change(proof, set__status=ProofState.DONE, unset__next_at=True)
        if ended.kind is ProofKind.NEW:
            Anchors(self.clock).lay()
        facts = {"proof_id": ended.id, "kind": ended.kind.value, "entries": ended.entries}
        if ended.mismatches:
            log.error("ledger_mismatch", **facts, findings=ended.findings)
        else:
            log.info("ledger_verified", **facts, seconds=ended.seconds)
        return ended

    def _change(self, proof: Proof, **changes: object) -> Proof:
        changed: Proof = Proof.objects(pk=proof.id).modify(
            new=True, set__moved_at=self.clock.now(), **changes
        )
        return changed
