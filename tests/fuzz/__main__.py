"""`make fuzz UPDATES=100000 SEED=1`: prints one JSON object, exits 1 when anything is wrong."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.stand import a_stand
from sandbox.children import CannotStart
from tests.fuzz.run import Outcome, run

DESCRIPTION = Path(__file__).parents[3] / "shared/contracts/telegram/api.json"
WELL, BADLY = 0, 1


def main() -> int:
    options = _options()
    if not options.api.exists():
        sys.stderr.write(f"{options.api} is not on this machine: name one with --api\n")
        return BADLY
    description = json.loads(options.api.read_text(encoding="utf-8"))
    try:
        with a_stand() as stand:
            outcome = run(
                description,
                stand.url,
                stand.redis(),
                updates=options.updates,
                seed=options.seed,
                chats=options.chats,
                progress=_tell_how_far,
            )
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return BADLY
    return _told(outcome)


def _tell_how_far(outcome: Outcome) -> None:
    """One line, written over and over, and each failure as it comes."""
    while outcome.words:
        sys.stderr.write(f"\n{outcome.words.pop(0)}\n")
    sys.stderr.write(f"\r{outcome.updates} updates, {outcome.failures} failures ")


def _told(outcome: Outcome) -> int:
    facts = outcome.told()
    sys.stderr.write("\n")
    for words in facts.pop("words"):
        sys.stderr.write(f"{words}\n")
    sys.stdout.write(f"{json.dumps(facts)}\n")
    return BADLY if outcome.failures else WELL


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    add = parser.add_argument
    add("--updates", type=int, default=1_500, help="fuzzed updates, beside the steps between")
    add("--seed", type=int, default=1, help="draws what is said, and by whom")
    add("--chats", type=int, default=48, help="customers at a time")
    add("--api", type=Path, default=DESCRIPTION, help="the description of the Bot API")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
