"""A customer who speaks one of our languages, and plays what a table tells in English.

A line of a table is a verb and what it is about; words are those of the customer's language:

    say      a message, or one of `typed` by its name
    edit     what the customer's newest message says now
    press    the button of this label, in a message that came or changed since the last deed
    see      words in such a message
    times    how many messages with these words have come since the table began
    get      one more file, with this ending
    read     words in the file that has come last
    send     the file of this name, one of `typed`
    sticker  what a customer sends who has no words
    pay      so many dollars of the newest invoice, or all that its button says
    late     likewise, after the invoice has expired
    parcel   what the carrier says of the newest parcel
    refund   what it says of the request to void its label
    invoice  what the payment provider calls the newest one, whatever is paid; dollars that are
    credit   why an operator credits what has arrived of it
    reject   why not
    block    why an operator blocks this customer
    unblock  why that is over
    add      so many dollars that an operator puts on the balance
    take     so many that are taken from it
    discount so many percent off each price from here on
    expire   what was good for a time only: the quote, the label
    freeze   what was found in the customer's books
    thaw     why that is of no matter
    speak    another language from here on
    within   so many deeds since the table began
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from botapp.language import languages, own_name
from tests.botapp.tongues import catalogue, english_labels, english_parts, shown_in
from tests.customer import Customer, Message, Sandbox, buttons, said, wait_for
from tests.journeys.desk import Desk
from tests.journeys.mishaps import Mishaps, wait_until_known

PATIENCE = 60.0
REASON = "so it was agreed"
TEXT, CAPTION, DATA = 4_096, 1_024, 64
QUOTED = ("The carrier says: {reason}", "Reason: {reason}")
"""What others say is in their language."""
NAMES = re.compile(
    r"https?://\S+|[/@]\w+|\b[A-Z]-\w+|[\w.-]+\.(?:csv|pdf|png|zpl|xlsx)|[0-9A-Z]{8,}"
)
"""Pages, commands, numbers of orders and parcels, and files are called the same everywhere."""
DOLLARS = re.compile(r"\$([\d.]+)")
TRACKING = re.compile("[0-9A-Z]{18,}")


@dataclass
class Speaker:
    """`foreign` are words of carriers, services and addresses."""

    sandbox: Sandbox
    desk: Desk
    mishaps: Mishaps
    chat_id: int
    code: str
    typed: Mapping[str, str]
    foreign: frozenset[str]
    deeds: int = 0
    tracking: str = ""
    payment: str = ""
    mine: str = field(init=False)
    customer: Customer = field(init=False)

    def __post_init__(self) -> None:
        self.mine = self.code
        self.customer = Customer(self.sandbox, self.chat_id, "Maria", language=self.code)

    def play(self, table: str) -> None:
        self.deeds = 0
        self.customer.since = max(
            (one["message_id"] for one in self.customer.messages()), default=0
        )
        self.go_on(table)

    def go_on(self, table: str) -> None:
        for line in filter(None, map(str.strip, table.splitlines())):
            verb, _, what = line.partition(" ")
            getattr(self, f"_{verb}")(self._meant(what.strip()))
        for message in self.customer.messages():
            self._check(message)

    def _meant(self, what: str) -> str:
        other = next(code for code in languages() if code != self.code)
        facts = {
            "TRACKING": self.tracking,
            "ANOTHER": other,
            "ITS NAME": own_name(other),
            "MINE": self.mine,
            "MY NAME": own_name(self.mine),
        }
        return self.typed.get(what) or facts.get(what) or what

    def _say(self, text: str) -> None:
        self.deeds += 1
        self.customer.say(text)

    def _edit(self, text: str) -> None:
        self.deeds += 1
        self.customer.edit(text)

    def _press(self, label: str) -> None:
        self.deeds += 1
        self.customer.press(shown_in(self.code, label), PATIENCE, anew=True)

    def _see(self, words: str) -> None:
        self._check(self.customer.wait_for(shown_in(self.code, words), PATIENCE))

    def _times(self, what: str) -> None:
        number, _, words = what.partition(" ")
        wanted = shown_in(self.code, words)

        def come() -> list[Message]:
            return [one for one in self.customer.messages() if wanted.search(said(one))]

        assert wait_for(lambda: len(come()) >= int(number), PATIENCE), self.customer.transcript()
        assert len(come()) == int(number), self.customer.transcript()

    def _get(self, ending: str) -> None:
        found = wait_for(lambda: self._file(ending), PATIENCE)
        assert found, f"No {ending} came:\n{self.customer.transcript()}"
        self._check(found)
        if code := TRACKING.search(said(found)):
            self.tracking = code[0]

    def _read(self, words: str) -> None:
        written = self.customer.documents()[-1][1].decode("utf-8-sig")
        assert shown_in(self.code, words).search(written), written

    def _file(self, ending: str) -> Message | None:
        """One that came since the last deed."""
        for message in self.customer.latest(anew=True):
            if message.get("document", {}).get("file_name", "").endswith(ending):
                return message
        return None

    def _send(self, content: str) -> None:
        self.deeds += 1
        self.customer.send_file("orders.csv", content.encode())

    def _sticker(self, emoji: str) -> None:
        self.deeds += 1
        self.customer.send_sticker(emoji)

    def _pay(self, dollars: str, *, late: bool = False) -> None:
        label, page = self.customer.checkout(PATIENCE)
        [all_of_it] = DOLLARS.findall(label)
        self.sandbox.pay(page, all_of_it if dollars == "all" else dollars, late=late)

    def _late(self, dollars: str) -> None:
        self._pay(dollars, late=True)

    def _parcel(self, status: str) -> None:
        self.sandbox.post(f"/tracking/{self.tracking}", {"status": status})

    def _refund(self, status: str) -> None:
        self.sandbox.post(f"/tracking/{self.tracking}/refund", {"status": status})

    def _invoice(self, told: str) -> None:
        status, _, dollars = told.partition(" ")
        _, page = self.customer.checkout(PATIENCE)
        path = page.removeprefix(self.sandbox.url)
        self.sandbox.post(f"{path}/status", {"status": status})
        if dollars:
            self.sandbox.pay(page, dollars)
        named = {each["id"]: each["order_id"] for each in self.sandbox.books()["invoices"]}
        self.payment = named[path.rpartition("/")[2]]

    def _credit(self, reason: str) -> None:
        self.desk.resolve(self.payment, "credit", reason)

    def _reject(self, reason: str) -> None:
        self.desk.resolve(self.payment, "reject", reason)

    def _add(self, dollars: str) -> None:
        self.desk.adjust(self.chat_id, "credit", dollars, REASON)

    def _take(self, dollars: str) -> None:
        self.desk.adjust(self.chat_id, "debit", dollars, REASON)

    def _discount(self, percent: str) -> None:
        self.desk.discount(self.chat_id, percent, REASON)

    def _expire(self, what: str) -> None:
        ways = {"the quote": self.mishaps.expire_quotes, "the label": self.mishaps.age_labels}
        ways[what](self.chat_id)

    def _freeze(self, finding: str) -> None:
        self.mishaps.freeze(self.chat_id, finding)

    def _thaw(self, reason: str) -> None:
        self.desk.thaw(self.chat_id, reason)
        wait_until_known()

    def _block(self, reason: str) -> None:
        self.desk.block(self.chat_id, reason)

    def _unblock(self, reason: str) -> None:
        self.desk.unblock(self.chat_id, reason)

    def _speak(self, code: str) -> None:
        self.code = code

    def _within(self, number: str) -> None:
        assert self.deeds <= int(number), f"{self.deeds} deeds:\n{self.customer.transcript()}"

    def _check(self, message: Message) -> None:
        """In the customer's language, and short enough for Telegram."""
        if not message["from"]["is_bot"]:
            return
        text, labels = said(message), [button["text"] for button in buttons(message)]
        assert len(text.encode("utf-16-le")) <= 2 * (TEXT if "text" in message else CAPTION)
        assert all(len(each.get("callback_data", "").encode()) <= DATA for each in buttons(message))
        assert [part for part in english_parts(self.code) if part in text] == [], text
        assert [label for label in labels if label in english_labels(self.code)] == []
        assert sorted(self._english("\n".join([text, *labels]))) == [], text

    def _english(self, text: str) -> set[str]:
        """Latin words that a Russian sentence has no reason for."""
        if self.code != "ru":
            return set()
        quoted = [shown_in(self.code, words) for words in QUOTED]
        lines = text.splitlines()
        told = "\n".join(line for line in lines if not any(one.match(line) for one in quoted))
        ours = " ".join(str(message.string) for message in catalogue(self.code))
        return latin(NAMES.sub(" ", told)) - latin(ours) - self.foreign


def latin(text: str) -> frozenset[str]:
    """Words of Latin letters, whatever their size."""
    return frozenset(re.findall(r"\b[a-z]{2,}", text.lower()))
