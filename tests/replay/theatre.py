"""Where conversations are recorded and replayed: stages over one MongoDB, one after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from unittest.mock import patch

import mongoengine

from models import connection
from tests import fakes
from tests.batches import page
from tests.replay.books import books, differences, unheard
from tests.replay.disturbed import Replay, Tally
from tests.replay.fate import Fate
from tests.replay.neighbour import left_of
from tests.replay.seen import files_of, told_of
from tests.replay.stage import Stage
from tests.replay.walk import Recording, record
from tests.stores import build_indexes

DEADLY = 0.7


@dataclass(frozen=True)
class Theatre:
    """`seed` draws all conversations and what befalls them; `length` is of their free part."""

    fate: Fate
    tally: Tally
    seed: int
    length: int

    def play(self, number: int) -> list[str]:
        """Record the conversation of this number, replay it disturbed, and tell what differs.

        Of some only the updates are disturbed; then everything is compared to the letter.
        """
        with self._stage() as stage:
            recording = record(stage, number, self.seed, self.length)
        chance = Random(f"replay {self.seed} {number}")
        with self._stage() as stage:
            deadly = chance.random() < DEADLY
            replay = Replay(stage, recording, chance, self.tally, deadly)
            try:
                replay.run()
            except AssertionError as wrong:
                return [f"{recording.theme}: {wrong}"]
            return [f"{recording.theme}: {wrong}" for wrong in compared(stage, recording)]

    @contextmanager
    def _stage(self) -> Iterator[Stage]:
        stage = Stage(self.fate)
        yield stage
        stage.close()


def compared(stage: Stage, recording: Recording) -> list[str]:
    """What differs at the end, by its words; where bots died, more was perhaps said twice."""
    lives = stage.kills + stage.stalls > 0
    wrong = [f"not handled: {each}" for each in unheard()]
    wrong += differences(recording.books[lives], books(with_lives=lives))
    if files_of(stage.talk) != recording.files:
        wrong.append(f"other files came: {files_of(stage.talk)}")
    said = told_of(stage.talk)
    if set(said) != set(recording.told) or (not lives and said != recording.told):
        wrong.append("other things were said")
    if left_of(stage.chat) != recording.left_of_neighbour:
        wrong.append(f"the neighbour was left with {left_of(stage.chat)}")
    if stage.talk.shop.verification.verify().mismatches:
        wrong.append("the ledger does not add up")
    return wrong


@contextmanager
def theatre(mongo_url: str, *, seed: int, length: int) -> Iterator[Theatre]:
    """Over a connection as the shop's, to which a fate listens."""
    fate = Fate()
    listening = partial(mongoengine.connect, event_listeners=[fate])
    with patch.object(mongoengine, "connect", listening), patch.object(fakes, "PDF", page()):
        client = connection.connect(mongo_url)
        build_indexes(mongo_url)
        # By the shop's clock all is new; by MongoDB's own, exports are old enough to be erased.
        client.admin.command("setParameter", 1, ttlMonitorEnabled=False)
        yield Theatre(fate, Tally(), seed, length)
        client.admin.command("setParameter", 1, ttlMonitorEnabled=True)
        connection.disconnect()
        client.close()
