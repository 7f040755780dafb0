"""A customer and a tester of the sandbox, over its fixed HTTP interface."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Any

import requests

Message = dict[str, Any]
Wanted = str | re.Pattern[str]
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.05
HTTP_SECONDS = 30.0


def wait_for(look: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """What `look` finds, as soon as it finds something; nothing of the kind after `seconds`."""
    deadline = monotonic() + seconds
    while not (found := look()) and monotonic() < deadline:
        Event().wait(LOOK_SECONDS)
    return found


def ask(method: str, url: str, **what: Any) -> requests.Response:
    """Without a look at the environment, which pytest changes while customers' threads are busy."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=HTTP_SECONDS, **what)


@dataclass(frozen=True)
class Sandbox:
    url: str

    def customer(self, chat_id: int = 1001, first_name: str = "Maria") -> "Customer":
        return Customer(self, chat_id, first_name)

    def books(self) -> dict[str, Any]:
        return self.get("/world/books").json()

    def misbehave(self, service: str, call: str, fault: str, **more: Any) -> None:
        """Order a fault; `more` may hold `times` and `seconds`."""
        wish = {"service": service, "call": call, "fault": fault, "times": 1, **more}
        self.post("/world/faults", [wish])

    def behave(self) -> None:
        ask("DELETE", f"{self.url}/world/faults").raise_for_status()

    def pay(
        self, checkout: str, amount: str, confirmations: str = "now", *, late: bool = False
    ) -> None:
        """Pay the invoice whose checkout page has this address, or let it expire and then pay."""
        paying = {"amount": amount, "confirmations": confirmations}
        door = f"{checkout}/pay{'?late' if late else ''}"
        answer = ask("POST", door, json=paying)
        answer.raise_for_status()

    def get(self, path: str, **params: Any) -> requests.Response:
        answer = ask("GET", self.url + path, params=params)
        answer.raise_for_status()
        return answer

    def post(self, path: str, body: Any) -> requests.Response:
        answer = ask("POST", self.url + path, json=body)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text}"
        return answer


@dataclass
class Customer:
    """One chat. What was there before the last thing said or pressed is not news."""

    sandbox: Sandbox
    chat_id: int
    first_name: str
    language: str = "en"
    since: int = 0
    """What is no newer than this message is not looked at."""
    _old: dict[int, Message] = field(default_factory=dict)

    def say(self, text: str) -> Message:
        self._remember()
        return self._post("messages", {"text": text, "from": self._person()})

    def edit(self, text: str) -> Message:
        """Have the newest message say something else."""
        mine = [one["message_id"] for one in self.messages() if not one["from"]["is_bot"]]
        self._remember()
        return self._post("edit", {"message_id": mine[-1], "text": text})

    def send_sticker(self, emoji: str) -> Message:
        self._remember()
        return self._post("messages", {"sticker": emoji, "from": self._person()})

    def send_file(self, name: str, data: bytes) -> Message:
        self._remember()
        answer = ask(
            "POST",
            f"{self.sandbox.url}/chats/{self.chat_id}/messages",
            files={"document": (name, data)},
            data={"from": json.dumps(self._person())},
        )
        assert answer.ok, answer.text
        return answer.json()

    def press(
        self, label: Wanted, seconds: float = PATIENCE_SECONDS, *, anew: bool = False
    ) -> Message:
        """Press the newest button whose label has `label` in it, once there is one."""
        message = wait_for(lambda: self._with_button(label, anew=anew), seconds)
        assert message, f"No button {label!r} came:\n{self.transcript()}"
        named = [button["text"] for button in buttons(message) if has(button["text"], label)]
        self._remember()
        return self._post(
            "press", {"message_id": message["message_id"], "text": min(named, key=len)}
        )

    def wait_for(
        self, words: Wanted, seconds: float = PATIENCE_SECONDS, *, anew: bool = True
    ) -> Message:
        """The bot's newest message with these words, new or changed since the last action."""
        found = wait_for(lambda: self._with_words(words, anew=anew), seconds)
        assert found, f"Nothing with {words!r} came:\n{self.transcript()}"
        return found

    def link(self, label: str) -> str:
        """Where the newest URL button with this label leads."""
        message = wait_for(lambda: self._with_button(label))
        assert message, f"No button {label!r} came:\n{self.transcript()}"
        return next(button["url"] for button in buttons(message) if label in button["text"])

    def checkout(self, seconds: float = PATIENCE_SECONDS) -> tuple[str, str]:
        """The newest button that leads to where an invoice is paid, once there is one.

        Its label, its page.
        """

        def button() -> tuple[str, str] | None:
            links = (each for message in self.latest() for each in buttons(message))
            return next(((each["text"], each["url"]) for each in links if "url" in each), None)

        found = wait_for(button, seconds)
        assert found, f"No page to pay on came:\n{self.transcript()}"
        return found

    def messages(self) -> list[Message]:
        path = f"/chats/{self.chat_id}/messages"
        return self.sandbox.get(path, after=self.since).json()["messages"]

    def answers(self) -> list[dict[str, Any]]:
        """The bot's answers to presses."""
        return self.sandbox.get(f"/chats/{self.chat_id}/messages").json()["answers"]

    def documents(self) -> list[tuple[str, bytes]]:
        """Names and bytes of all the files that came, oldest first."""
        sent = [message["document"] for message in self._from_bot() if "document" in message]
        return [(document["file_name"], self._file(document["file_id"])) for document in sent]

    def transcript(self) -> str:
        return "\n".join(_line(message) for message in self.messages())

    def _person(self) -> dict[str, str]:
        return {"first_name": self.first_name, "language_code": self.language}

    def _remember(self) -> None:
        self._old = {message["message_id"]: message for message in self.messages()}

    def _from_bot(self) -> list[Message]:
        return [message for message in self.messages() if message["from"]["is_bot"]]

    def _with_words(self, words: Wanted, *, anew: bool) -> Message | None:
        found = (each for each in self.latest(anew=anew) if has(said(each), words))
        return next(found, None)

    def _with_button(self, label: Wanted, *, anew: bool = False) -> Message | None:
        for message in self.latest(anew=anew):
            if any(has(button["text"], label) for button in buttons(message)):
                return message
        return None

    def latest(self, *, anew: bool = False) -> list[Message]:
        """The bot's, the newest first; `anew` leaves out what was there before."""
        sent = reversed(self._from_bot())
        return [each for each in sent if not anew or self._old.get(each["message_id"]) != each]

    def _file(self, file_id: str) -> bytes:
        return self.sandbox.get(f"/chats/{self.chat_id}/files/{file_id}").content

    def _post(self, action: str, body: dict[str, Any]) -> Message:
        return self.sandbox.post(f"/chats/{self.chat_id}/{action}", body).json()


def has(text: str, wanted: Wanted) -> bool:
    return wanted in text if isinstance(wanted, str) else bool(wanted.search(text))


def said(message: Message) -> str:
    return message.get("text") or message.get("caption") or ""


def buttons(message: Message) -> Iterable[dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return (button for row in rows for button in row)


def _line(message: Message) -> str:
    who = "bot" if message["from"]["is_bot"] else "customer"
    labels = " ".join(f"[{button['text']}]" for button in buttons(message))
    document = message.get("document", {}).get("file_name", "")
    return f"{message['message_id']} {who}: {said(message)} {document} {labels}".rstrip()
