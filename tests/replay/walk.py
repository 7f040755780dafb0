"""A seeded walk over the real conversation, by which it is recorded.

Each walk first goes to one screen or plays one flow, so that every one has its walk, and then
goes on as people do: mostly forward, sometimes astray.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from botapp import ways
from botapp.states import Place
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT, STEPS, TERRITORY_TEXT
from tests.botapp.tongues import in_tongue
from tests.replay.acts import FILES, Act, Edit, Happen, Press, PressAgain, Say
from tests.replay.books import Books, books
from tests.replay.neighbour import left_of, words_of
from tests.replay.seen import Screen, files_of, notes_of, screen_of, told_of
from tests.replay.stage import Stage

PAIR_TEXT = f"{SENDER_TEXT}\n{RECIPIENT_TEXT}"
NONSENSE = ("asdf", "?", "🙂", "0", "-5", "/nosuch", "1e9", "x" * 200)
EDITED = (
    PAIR_TEXT.replace("388", "390"), SENDER_TEXT.replace("St", "Ave"), RECIPIENT_TEXT,
    "3 lb", "3 lb 12x9x5", "12x9x5", "30", "what?", "/help",
)  # fmt: skip
COMMANDS = [f"/{name}" for name in (*ways.COMMANDS, "new", "new")]
STICKER = {"sticker": {"file_id": "s"}}
WORDS: Mapping[str, Sequence[str]] = {
    Place.SENDER: (SENDER_TEXT, PAIR_TEXT, "Ann Lee\n1 Market St\nSan Francisco, CA 94105"),
    Place.RECIPIENT: (RECIPIENT_TEXT, TERRITORY_TEXT, "Bo Ray\n11 Wall St\nNew York, NY"),
    Place.ADDRESS: ("Ann Lee\n1 Market St\nSan Francisco, CA 94105",),
    Place.WEIGHT: ("2 lb", "35 oz", "1,5 kg", "2 lb 10x8x4", "200 lb"),
    Place.SIZES: ("10x8x4", "25x20x10 cm", "12 10 2", "200x1x1"),
    Place.ITEM: ("2 T-shirts 30 USD 1 lb", "3 mugs 12 USD"),
    Place.TOPUP: ("25", "$40", "7", "1000000"),
    Place.INSUFFICIENT: ("50",),
    Place.NAME: ("Weekly box", "Gifts", "weekly BOX", "x" * 41),
    Place.FIND: ("940000000000", "9400 0000 0001"),
    Place.ORDERS: ("940000000000",),
    Place.BATCH_SENDER: (SENDER_TEXT,),
    Place.BATCH_WEIGHT: ("2 lb",),
    Place.BATCH_SIZES: ("10x8x4",),
}
FIELDS: Mapping[str, str] = {
    "name": "Ann Lee", "company": "Lee & Co", "street": "1 Market St", "street2": "Apt 4",
    "city": "San Francisco", "state": "CA", "zip": "94105", "phone": "+1 415 555 2671",
    "email": "ann@example.com",
}  # fmt: skip
FORWARD: Mapping[str, int] = {
    "right": 6, "accept": 6, "rates": 6, "choose": 4, "pay": 12, "buy": 8, "amount": 3, "save": 4,
    "buy_all": 9, "buy_first": 9, "void": 4, "delete": 3, "pick": 4, "done": 4, "open": 3,
    "new": 8, "resume": 9, "by_field": 3, "topup": 3, "orders": 3,
    "back": 1, "cancel": 1, "menu": 1, "balance": 1, "help": 1, "batch": 1, "column": 1,
    "settings": 1, "language": 1, "template": 1,
}  # fmt: skip
OTHERWISE = 2
WORLDLY = (*["work"] * 4, "hours", "pay", "pay", "pay_half", "take_back", "scan", "credit")
FLOWS: Mapping[str, Sequence[str]] = {
    "a file": (
        "!credit", "file:orders.csv", "press:Looks right", SENDER_TEXT, "!work",
        "press:Buy all 2 · $15.00", "!work", "!hours",
    ),
    "a file with prices that are over": (
        "!credit", "file:orders.csv", "press:Looks right", SENDER_TEXT, "!work", "!hours",
        "press:Buy all 2 · $15.00", "!work", "press:Buy all 2 · $15.00", "!work",
    ),
    "an odd file": ("file:odd.csv", "press:Change a column", "press:Name", "press:Who"),
    "a short file": ("file:short.csv", "press:Looks right", SENDER_TEXT, "2 lb", "10x8x4", "!work"),
    "too little money": (*STEPS[Place.INSUFFICIENT], "press:$25", "!pay", "!work"),
    "money back": (
        "!credit", *STEPS[Place.BUYING], "!work", "/orders", "press:1", "press:Refund",
        "press:Yes, give it back for $7.50", "!take_back",
    ),
    "a refusal": ("!credit", "!refuse", *STEPS[Place.BUYING], "!work"),
    "a way": ("!credit", *STEPS[Place.BUYING], "!work", "!scan", "/orders", "press:1"),
    "a template twice": (
        *STEPS[Place.SAVED_ONE], "press:New label from it", "press:Save as template", "Weekly box",
    ),
    "leaving": (*STEPS[Place.SAVED_ONE], "/export", "!work", "/forget", "press:Yes, erase them"),
}  # fmt: skip
NEEDED: Mapping[str, str] = {
    Place.PAY: "!credit",
    Place.BUYING: "!credit",
    Place.PROVIDER: "!second_provider",
    Place.VERDICT: "!correct",
}
THEMES: Mapping[str, Sequence[str]] = {
    **FLOWS,
    **{place: (*filter(None, [NEEDED.get(place)]), *steps) for place, steps in STEPS.items()},
}


@dataclass
class Recording:
    """What was done, what was seen after each act, and what is left at the end."""

    theme: str
    acts: list[Act] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    books: dict[bool, Books] = field(default_factory=dict)
    neighbours_words: Sequence[str] = ()
    left_of_neighbour: Sequence[str] = ()


def record(stage: Stage, number: int, seed: int, length: int) -> Recording:
    """The conversation of this number, played undisturbed. `length` is of its free part.

    The neighbour speaks when it is over.
    """
    theme = [*THEMES][number % len(THEMES)]
    walk = _Walk(stage, Random(f"walk {seed} {number}"), Recording(theme))
    for step in THEMES[theme]:
        walk.take(walk.scripted(step))
    for _ in range(length):
        walk.take(walk.free())
    walk.take(Happen("hours"))
    recording = walk.recording
    recording.told, recording.files = told_of(stage.talk), files_of(stage.talk)
    recording.books = {lives: books(with_lives=lives) for lives in (False, True)}
    recording.neighbours_words = words_of(walk.chance, 2 + length // 2)
    for text in recording.neighbours_words:
        stage.send(stage.overhear(text, stage.newest))
    recording.left_of_neighbour = left_of(stage.chat)
    return recording


@dataclass
class _Walk:
    stage: Stage
    chance: Random
    recording: Recording

    def take(self, act: Act) -> None:
        number = len(self.recording.acts)
        if isinstance(act, Happen):
            self.stage.happen(act)
        else:
            self.stage.send(self.stage.resolve(number, act))
        self.recording.acts.append(act)
        self.recording.screens.append(screen_of(self.stage.talk))

    def scripted(self, step: str) -> Act:
        """`!work` happens, `file:orders.csv` is sent, `press:Back` pressed, the rest is said."""
        kind, _, word = step.partition(":")
        if step.startswith("!"):
            return Happen(step[1:])
        if kind == "file":
            return self._file(word)
        if kind != "press":
            return Say({"text": step})
        label = in_tongue(word, self.stage.talk.language)
        live = [button.label for _, button in screen_of(self.stage.talk).buttons]
        number = next(n for n, each in enumerate(live) if label in {each, each.split(" · ")[0]})
        return Press(number, live[number])

    def free(self) -> Act:
        """Mostly what brings the customer on."""
        likely = [(weight, acts) for weight, acts in self._ways() if acts]
        [acts] = self.chance.choices([acts for _, acts in likely], [weight for weight, _ in likely])
        return self.chance.choice(acts)

    def _ways(self) -> list[tuple[int, Sequence[Act]]]:
        acts = self.recording.acts
        texts = [(40, self._fitting()), (6, COMMANDS), (3, NONSENSE)]
        return [
            *((weight, [Say({"text": text}) for text in said]) for weight, said in texts),
            (25, self._presses()),
            (16, [Happen(what) for what in WORLDLY]),
            (5, [PressAgain(number) for number, act in enumerate(acts) if isinstance(act, Press)]),
            (5, self._edits()),
            (5, self._presses_under_notes()),
            (1, [self._file(name) for name in FILES]),
            (1, [Say(STICKER)]),
        ]

    def _edits(self) -> Sequence[Act]:
        """The last three messages, told otherwise."""
        acts = self.recording.acts
        texts = [n for n, act in enumerate(acts) if isinstance(act, Say) and "text" in act.message]
        return [Edit(number, text) for number in texts[-3:] for text in EDITED]

    def _presses(self) -> Sequence[Act]:
        """The buttons of the screen, each as often as it is liked."""
        return [
            Press(number, button.label)
            for number, (_, button) in enumerate(screen_of(self.stage.talk).buttons)
            for _ in range(FORWARD.get(button.data.split(":")[1], OTHERWISE))
        ]

    def _presses_under_notes(self) -> Sequence[Act]:
        notes = enumerate(notes_of(self.stage.talk))
        return [Press(number, button.label, under_note=True) for number, (_, button) in notes]

    def _fitting(self) -> Sequence[str]:
        place = screen_of(self.stage.talk).place
        if place != Place.FIELD:
            return WORDS.get(place, ())
        asked = self.stage.talk.draft.data["label"]["asking"][0]
        return (FIELDS[asked],)

    def _file(self, name: str) -> Act:
        document = {"file_id": name, "file_name": name, "file_size": len(FILES[name])}
        return Say({"document": document})
