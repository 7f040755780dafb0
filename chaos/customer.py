"""A customer: looks at the newest screen, does what leads on, and never gives up early."""

from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import Any

import requests

from chaos import goods
from chaos.feed import Feed
from chaos.plan import Buyer, Payer, Purchase
from chaos.screen import NOTE, Button, Screen, newest, said
from chaos.tally import Tally

PATIENCE_SECONDS = 20.0
MONEY_SECONDS = 45.0
PURCHASE_SECONDS = 300.0
REGRET_SECONDS = 60.0
STEPS_AT_MOST = 60
HTTP_SECONDS = 60.0
EXTRA = Decimal(5)
CENT = Decimal("0.01")
PLACED = ("Buying your label", "Bought:", "Order L-")
REFUSED = 400
REFUND_STATUS = "Refund status"
WALLET = "/cryptopay/"
"""It pays the whole of an open invoice or nothing."""


@dataclass(slots=True)
class Customer:
    buyer: Buyer
    sandbox: str
    feed: Feed
    tally: Tally
    session: requests.Session
    acted: int = 0
    topped_up: bool = False
    paying: Screen | None = None

    def live(self) -> None:
        """From the first word to the last label asked for."""
        self.feed.join(self.buyer.chat_id)
        self._say("/start")
        self._look()
        if self.buyer.topup_cents:
            self._top_up()
        for purchase in self.buyer.purchases:
            self.tally.end(placed=self._buy(purchase))
        if self.buyer.regrets:
            self._give_back()
        self.feed.leave(self.buyer.chat_id)

    def _top_up(self) -> None:
        self._say("/topup")
        for _ in range(STEPS_AT_MOST):
            screen = self._look()
            if screen.link:
                self._pay_invoice(screen)
                return
            if button := screen.button("again") or self._provider(screen):
                self._press(screen, button)
            else:
                self._say(f"{self.buyer.topup_cents / 100:.2f}")

    def _buy(self, purchase: Purchase) -> bool:
        """True when the shop has taken the order; what becomes of it the books will tell."""
        self.paying = None
        self._say("/new")
        until = monotonic() + PURCHASE_SECONDS
        for step in range(STEPS_AT_MOST):
            screen = self._look()
            if self._is_placed():
                return True
            if monotonic() > until:
                return False
            if step == purchase.cancel_at and self.paying is None:
                self._say("/cancel")
                self._look()
                self._say("/new")
            elif step == purchase.garbage_at and self.paying is None:
                self._say(goods.GARBAGE[purchase.recipient % len(goods.GARBAGE)])
            else:
                self._go_on(screen, purchase)
        return False

    def _give_back(self) -> None:
        """Ask for the price of the newest label: no more than that can be done in the chat."""
        self.paying = None
        until = monotonic() + REGRET_SECONDS
        self._say("/orders")
        for _ in range(STEPS_AT_MOST):
            screen = self._look()
            if REFUND_STATUS in screen.labels or monotonic() > until:
                return
            if button := screen.button("void", "open"):
                self._press(screen, button)
            else:
                self.feed.wait(monotonic() + 1)
                self._say("/orders")

    def _go_on(self, screen: Screen, purchase: Purchase) -> None:
        """Do what this screen asks for."""
        if pay := screen.button("pay"):
            self._pay(screen, pay, purchase.taps)
        elif screen.link:
            self._pay_invoice(screen)
        elif answer := self._answer(screen, purchase):
            self._say(answer)
        elif button := self._leading_on(screen, purchase):
            self._press(screen, button)
        else:
            self._say("/new")

    def _answer(self, screen: Screen, purchase: Purchase) -> str:
        """What is typed on this screen, if anything is."""
        if screen.button("again"):
            return ""
        if "Where do you ship from" in screen.text and not screen.button("choose"):
            return _one_of(goods.SENDERS, purchase.sender)
        if "Where does it go" in screen.text:
            return _one_of(goods.RECIPIENTS, purchase.recipient)
        if "How heavy" in screen.text:
            return _one_of(goods.PARCELS, purchase.parcel)
        if "How large" in screen.text:
            return "10x8x4"
        return "30" if "How much" in screen.text else ""

    def _provider(self, screen: Screen) -> Button | None:
        """Where the customer likes to pay, when there is a choice."""
        offered = screen.all("provider")
        return offered[self.buyer.provider % len(offered)] if offered else None

    def _leading_on(self, screen: Screen, purchase: Purchase) -> Button | None:
        rates = screen.all("choose") if screen.text.startswith("Rates to") else []
        if rates:
            return rates[min(purchase.rate, len(rates) - 1)]
        known = ("again", "accept", "buy", "amount", "resume", "rates", "choose", "skip")
        first = self._provider(screen) or screen.button(*known)
        return first or next(iter(screen.unknown), None)

    def _pay(self, screen: Screen, pay: Button, taps: int) -> None:
        self.paying = screen
        self.tally.pay(self.buyer.chat_id, f"{screen.message_id} {pay.data}")
        for _ in range(taps):
            self._press(screen, pay)

    def _pay_invoice(self, screen: Screen) -> None:
        """At the checkout; then go on as soon as the shop has something to say about it."""
        asked = next(button.text for button in screen.buttons if button.url)
        amount = Decimal(asked.partition("$")[2].replace(",", ""))
        before = self._last_message()
        plainly = self.topped_up or WALLET in screen.link
        payer = Payer.EXACT if plainly else self.buyer.payer
        self.topped_up = True
        self._check_out(screen.link, amount, payer)
        until = monotonic() + MONEY_SECONDS
        while not said(self._messages(), "", before) and monotonic() < until:
            self.feed.wait(min(until, monotonic() + 1))
        self._press_note(before)

    def _check_out(self, page: str, amount: Decimal, payer: Payer) -> None:
        half = (amount / 2).quantize(CENT)
        match payer:
            case Payer.EXACT:
                self._send_coins(page, amount)
            case Payer.SLOWLY:
                self._send_coins(page, amount, "later")
            case Payer.PART:
                self._send_coins(page, half)
            case Payer.PARTS:
                self._send_coins(page, half)
                self._send_coins(page, amount - half)
            case Payer.TOO_MUCH:
                self._send_coins(page, amount + EXTRA)
            case Payer.LATE:
                self._post(f"{page}/expire", {})
                self._send_coins(page, amount)
            case Payer.TWICE:
                self._send_coins(page, amount)
                self._send_coins(page, amount)

    def _send_coins(self, page: str, amount: Decimal, confirmations: str = "now") -> None:
        self._post(f"{page}/pay", {"amount": str(amount), "confirmations": confirmations})

    def _press_note(self, before: int) -> None:
        """Use the button under the news, or ask for a label in words."""
        for message in reversed(self._messages()):
            screen = newest([message])
            button = screen.button("resume", "new")
            if message["message_id"] > before and button and button.data.startswith(NOTE):
                self._press(screen, button)
                return
        self._say("/new")

    def _is_placed(self) -> bool:
        if self.paying is None:
            return False
        since = self.paying.message_id - 1
        return any(said(self._messages(), words, since) for words in PLACED)

    def _look(self) -> Screen:
        """The screen that answers what was done last, or after a while whatever there is."""
        until = monotonic() + PATIENCE_SECONDS
        while True:
            screen = newest(self._messages())
            if screen.version > self.acted or self._is_placed() or monotonic() > until:
                return screen
            self.feed.wait(until)

    def _messages(self) -> list[dict[str, Any]]:
        return self.feed.messages(self.buyer.chat_id)

    def _last_message(self) -> int:
        return max((message["message_id"] for message in self._messages()), default=0)

    def _say(self, text: str) -> None:
        person = {"first_name": self.buyer.first_name, "language_code": "en"}
        self.acted = newest(self._messages()).version
        self._act("messages", {"text": text, "from": person})

    def _press(self, screen: Screen, button: Button) -> None:
        self.acted = screen.version or newest(self._messages()).version
        self._act("press", {"message_id": screen.message_id, "data": button.data})

    def _act(self, action: str, body: dict[str, Any]) -> None:
        chat_id = self.buyer.chat_id
        if self._post(f"{self.sandbox}/chats/{chat_id}/{action}", body):
            self.tally.step(chat_id)

    def _post(self, url: str, body: dict[str, Any]) -> bool:
        """Whether the world took it; a keyboard may have changed under the finger."""
        try:
            answer = self.session.post(url, json=body, timeout=HTTP_SECONDS)
        except requests.RequestException:
            self.tally.doubt(self.buyer.chat_id)
            return False
        return answer.status_code < REFUSED


def _one_of(choices: tuple[str, ...], number: int) -> str:
    return choices[number % len(choices)]
