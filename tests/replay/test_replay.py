"""Whatever happens to a conversation's updates and to the bot, it ends as if nothing had.

docs/replay.md says what befalls them; `make replay` does it to 500 that are longer.
"""

import pytest

from tests.replay import broken
from tests.replay.theatre import theatre

CONVERSATIONS = range(4, 44, 2)


def test_disturbed_conversations_end_as_undisturbed_ones(mongo_url):
    with theatre(mongo_url, seed=1, length=0) as plays:
        wrong = [each for number in CONVERSATIONS for each in plays.play(number)]

    assert wrong == []
    assert plays.tally.conversations == len(CONVERSATIONS)
    assert min(plays.tally.duplicates, plays.tally.delays, plays.tally.kills) > 0


@pytest.mark.parametrize("rule", ["last_update", "kept_once", "order"])
def test_with_a_rule_switched_off_differences_are_found(mongo_url, rule):
    with theatre(mongo_url, seed=1, length=0) as plays, broken.RULES[rule]():
        found = any(plays.play(number) for number in CONVERSATIONS)

    assert found
