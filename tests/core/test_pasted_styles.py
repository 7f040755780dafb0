"""What share of 340 addresses, in the styles people use, is read right; no slip goes unmarked."""

import re
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from core.addresses import FIELDS, REQUIRED
from core.pasting import Pasted, read_pasted

STYLES = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted(Path(__file__).with_name("pasted").glob("*.yaml"))
}
HELD_OUT = {
    name: yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8"))
    for name in ("pasted_held_out", "pasted_held_out_again")
}
SHORT = {"st": "saint", "ft": "fort", "mt": "mount", "n": "north", "w": "west"}


@dataclass(slots=True)
class Score:
    """Fields in the address or in the reading; every one of them is right or not."""

    fields: int = 0
    right: int = 0
    needlessly_doubted: int = 0
    slips: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        doubted = self.needlessly_doubted / self.fields
        return f"{self.right}/{self.fields} = {self.right / self.fields:.1%}, doubted {doubted:.1%}"


def score(samples: list[dict]) -> Score:
    """A required field that was not found is asked for; anything else wrong must be doubted."""
    total = Score()
    for sample in samples:
        pasted = read_pasted(sample["text"])
        must_doubt = set(sample.get("doubtful", []))
        for name in FIELDS:
            expected, found = sample["fields"].get(name, ""), pasted.fields.get(name, "")
            if not expected and not found:
                continue
            total.fields += 1
            slip = f"{sample['text']!r}: {name} is {expected!r}, read as {found!r}"
            marked = name in pasted.doubtful or _is_asked_or_shown(name, expected, found, pasted)
            right = _same(name, expected, found)
            total.right += right
            total.needlessly_doubted += right and marked and name not in must_doubt
            if not right:
                total.slips.append(slip)
            if not marked and (not right or name in must_doubt):
                total.silent.append(slip)
    return total


def tell(style: str, found: Score) -> None:
    """For `pytest -rP`: the score is a result of its own."""
    sys.stdout.write("\n  ".join([f"{style}: {found}", *found.slips]) + "\n")


def _is_asked_or_shown(name: str, expected: str, found: str, pasted: Pasted) -> bool:
    """Whether a field that was not found is asked for, or stands within a doubted one."""
    doubted = [_bare(name, pasted.fields[other]) for other in pasted.doubtful]
    return not found and (name in REQUIRED or any(_bare(name, expected) in d for d in doubted))


def _same(name: str, expected: str, found: str) -> bool:
    """Equal but for case, commas and full stops; in a city also for accents and short words."""
    return _bare(name, expected) == _bare(name, found)


def _bare(name: str, value: str) -> str:
    words = re.sub(r"[.,]+ ?(?=\s|$)|,", " ", value).casefold().split()
    if name != "city":
        return " ".join(words)
    plain = unicodedata.normalize("NFKD", " ".join(SHORT.get(word, word) for word in words))
    return "".join(char for char in plain if not unicodedata.combining(char))


def test_there_are_at_least_three_hundred_different_addresses_of_twelve_styles():
    texts = [sample["text"] for samples in STYLES.values() for sample in samples]

    assert len(STYLES) >= 12
    assert len(set(texts)) == len(texts) >= 300


@pytest.mark.parametrize("style", STYLES)
def test_of_each_style_at_least_nine_fields_in_ten_are_right_and_no_slip_is_silent(style):
    found = score(STYLES[style])

    tell(style, found)
    assert found.silent == []
    assert found.right >= 0.9 * found.fields


@pytest.mark.parametrize("name", HELD_OUT)
def test_addresses_written_after_the_parser_are_read_as_well(name):
    """At their first reading 325 of 332 fields were right (97.9%), two slips silent; then, of the
    second set, 217 of 225 (96.4%), four silent. What they showed has been mended since.
    """
    found = score(HELD_OUT[name])

    tell(name, found)
    assert found.silent == []
    assert found.right >= 0.95 * found.fields


def test_at_least_95_of_100_fields_are_right_and_few_are_doubted_for_nothing():
    found = score([sample for samples in STYLES.values() for sample in samples])

    tell("all styles", found)
    assert found.silent == []
    assert found.right >= 0.95 * found.fields
    assert found.needlessly_doubted <= 0.03 * found.fields
