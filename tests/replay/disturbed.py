"""A recorded conversation once more, by a seeded course of everything that may go wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.replay.acts import Act, Edit, Happen, PressAgain, Say
from tests.replay.seen import Screen, screen_of
from tests.replay.stage import Raw, Stage
from tests.replay.walk import Recording

AT_ONCE = 10
DEATHS_OF_A_BURST = 3
"""Of five deaths in one update the bot concludes that it is the update's fault."""
MOMENTS = 18
"""So many there are, roughly, in an update."""


@dataclass
class Tally:
    """What was done to the conversations that were replayed."""

    conversations: int = 0
    updates: int = 0
    duplicates: int = 0
    delays: int = 0
    kills: int = 0
    stalls: int = 0
    ends: int = 0
    pairs: int = 0


@dataclass
class Replay:
    """`deadly` says whether bots may die, stand still, or be ended."""

    stage: Stage
    recording: Recording
    chance: Random
    tally: Tally
    deadly: bool
    unsaid: list[str] = field(init=False)
    """What the neighbour has still to say."""

    def __post_init__(self) -> None:
        self.unsaid = [*self.recording.neighbours_words]

    def run(self) -> None:
        self.tally.conversations += 1
        for burst in self._bursts():
            first = burst[0]
            act = self.recording.acts[first]
            if isinstance(act, Happen):
                self.stage.happen(act)
                continue
            raws = [self.stage.resolve(number, self.recording.acts[number]) for number in burst]
            self._play(self._with_neighbour(raws))
            self._compare(burst)
        self._play(self._rest_of_neighbour())
        self.tally.kills += self.stage.kills
        self.tally.stalls += self.stage.stalls

    def _bursts(self) -> Iterator[Sequence[int]]:
        """What the customer does without waiting for answers; each event is one of its own.

        A button is pressed when it is seen, so it begins a burst.
        """
        burst: list[int] = []
        most = 1
        for number, act in enumerate(self.recording.acts):
            if burst and (len(burst) >= most or not _needs_no_answer(act)):
                yield burst
                burst = []
            if not burst:
                most = 1 if isinstance(act, Happen) else self.chance.randint(1, AT_ONCE)
            burst.append(number)
        yield burst

    def _play(self, raws: list[Raw]) -> None:
        if not raws:
            return
        self.tally.updates += len(raws)
        in_hand = self.chance.random()
        if self.deadly:
            self._threaten(len(raws), in_hand)
        elif in_hand < 0.3:
            self.tally.pairs += 1
            self.stage.second_bot()
        if self.chance.random() < 0.3:
            self.stage.take_in(self._jumbled(raws))
        else:
            self._send(raws)
        self.stage.settle()

    def _with_neighbour(self, raws: list[Raw]) -> list[Raw]:
        """The customer's, and behind some of them words of the neighbour."""
        said = []
        for raw in raws:
            said.append(raw)
            for _ in range(self.chance.choice((0, 0, 0, 1, 2))):
                said += self._neighbours_next(said[-1]["update_id"])
        return said

    def _rest_of_neighbour(self) -> list[Raw]:
        """What is still unsaid."""
        said: list[Raw] = []
        while self.unsaid:
            said += self._neighbours_next(self.stage.newest)
        return said

    def _neighbours_next(self, after: int) -> list[Raw]:
        return [self.stage.overhear(self.unsaid.pop(0), after)] if self.unsaid else []

    def _threaten(self, updates: int, in_hand: float) -> None:
        moments = MOMENTS * updates
        deaths = self.chance.randint(1, DEATHS_OF_A_BURST)
        if in_hand < 0.6:
            self.stage.will_die([self.chance.randint(1, moments) for _ in range(deaths)])
        elif in_hand < 0.75:
            self.stage.will_stall(self.chance.randint(1, moments))

    def _send(self, raws: list[Raw]) -> None:
        """By polling: all in one answer, or in parts, while the bot works or when it rests.

        Only to one that rests in any order: whoever works may look before the first of them is in.
        """
        self.stage.post.unconfirmed += raws
        patient = True
        while self.stage.post.unconfirmed:
            rests, patient = patient, self.chance.random() < 0.5
            self.stage.post.hand = self._jumbled_part if rests and patient else self._part
            self.stage.poll()
            if patient:
                self.stage.settle()
            elif self.deadly and self.chance.random() < 0.1:
                self.tally.ends += 1
                self.stage.restart()
        self.stage.post.hand = list

    def _part(self, raws: list[Raw]) -> list[Raw]:
        """The first ones, each perhaps twice."""
        part = raws[: self.chance.randint(1, len(raws))] if raws else []
        again = [raw for raw in part if self.chance.random() < 0.3]
        self.tally.duplicates += len(again)
        self.tally.delays += len(raws) - len(part)
        return [*part, *again]

    def _jumbled_part(self, raws: list[Raw]) -> list[Raw]:
        return self._jumbled(self._part(raws))

    def _jumbled(self, raws: list[Raw]) -> list[Raw]:
        """In any order, and among them some that were handled long ago."""
        old = self.stage.handled
        again = self.chance.sample(old, min(len(old), self.chance.choice((0, 0, 1, 3))))
        jumbled = [*raws, *again]
        self.chance.shuffle(jumbled)
        self.tally.duplicates += len(again)
        self.tally.delays += sum(was is not now for was, now in zip(raws, jumbled, strict=False))
        return jumbled

    def _compare(self, burst: Sequence[int]) -> None:
        recorded, seen = self.recording.screens[burst[-1]], screen_of(self.stage.talk)
        if recorded != seen:
            acts = [self.recording.acts[number] for number in burst]
            heard = self.stage.talk.draft.heard
            raise AssertionError(f"{_difference(recorded, seen, acts)}\nThe draft heard {heard}")


def _needs_no_answer(act: Act) -> bool:
    return isinstance(act, Say | Edit | PressAgain)


def _difference(recorded: Screen, seen: Screen, acts: Sequence[Act]) -> str:
    return f"after {acts} the customer saw\n{seen}\nand in the recording\n{recorded}"
