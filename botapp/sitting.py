"""What is known of a chat while its updates are handled, one after another."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from botapp.heard import Heard, Person, Text
from models.draft import Draft
from models.user import User
from services.drafts import DraftMoved, Drafts, WordsLost
from services.users import Users

UNWRITTEN_SECONDS = 1.0


@dataclass(slots=True)
class Sitting:
    """Of words that came at once only the first have customer and draft read.

    Words that change nothing but the draft need not have it written one by one: until they are
    marked as handled the inbox tells them again. Nothing is decided by what is remembered: a draft
    that somebody else has written meanwhile can't be written any more. A press may have a draft
    shown without writing it, and may change what is known of a customer: before and after it all
    is read anew, and after what went wrong.
    """

    users: Users
    drafts: Drafts
    _heard: Heard | None = None
    _goes_on: bool = False
    _user: User | None = None
    _draft: Draft | None = None
    _unwritten_since: float = 0.0
    _shown: bool = False

    def hear(self, heard: Heard) -> None:
        """Raises WordsLost."""
        if not (self._goes_on and isinstance(heard, Text)):
            self.forget()
        self._heard, self._goes_on = heard, False

    def meet(self, person: Person) -> User:
        known = self._user if self._user and self._user.id == person.user_id else None
        self._user = self.users.meet(
            person.user_id,
            first_name=person.first_name,
            username=person.username,
            language=person.language,
            known=known,
        )
        return self._user

    def draft(self, chat_id: int) -> Draft:
        """Where the customer stands."""
        if self._draft is None or self._draft.id != chat_id:
            self.forget_draft()
            self._draft = self.drafts.load(chat_id)
        return self._draft

    def write(self, draft: Draft, *, may_wait: bool, **changes: Any) -> None:
        """Move the draft on; `may_wait` if nothing else was changed. Raises DraftMoved."""
        if not draft.unwritten:
            self._unwritten_since = monotonic()
        self.drafts.move(draft, **changes)
        self._shown = False
        late = monotonic() - self._unwritten_since > UNWRITTEN_SECONDS
        if late or not (may_wait and isinstance(self._heard, Text)):
            self.drafts.keep(draft)

    def begin_again(self, draft: Draft) -> None:
        """Forget a draft that could not be written. Raises WordsLost."""
        if draft.unwritten > 1:
            raise WordsLost(chat_id=draft.id)
        self._draft = None

    def shown_in(self, draft: Draft, message_id: int) -> None:
        """Which message shows the draft; words may be followed by others, and have it kept last."""
        draft.message_id = message_id
        self._shown = True
        self._goes_on = isinstance(self._heard, Text)
        if not self._goes_on:
            self.end()

    def forget(self) -> None:
        """Something has changed that may be remembered otherwise."""
        self._user = None
        self.forget_draft()

    def forget_draft(self) -> None:
        self.end()
        self._draft = None

    def end(self) -> None:
        """Raises WordsLost."""
        if self._draft and self._draft.unwritten:
            self._keep(self._draft)
        elif self._draft and self._shown:
            self.drafts.show(self._draft)
        self._shown = False

    def _keep(self, draft: Draft) -> None:
        try:
            self.drafts.keep(draft)
        except DraftMoved as moved:
            raise WordsLost(chat_id=draft.id) from moved
