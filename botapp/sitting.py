"""What is known of a chat while its updates are handled, one after another."""

from dataclasses import dataclass

from botapp.heard import Heard, Person, Text
from models.draft import Draft
from models.user import User
from services.drafts import Drafts
from services.users import Users


@dataclass(slots=True)
class Sitting:
    """Of words that came at once only the first have customer and draft read.

    Nothing is decided by what is remembered: a draft that somebody else has written meanwhile
    can't be written any more. A press may have a draft shown without writing it, and may change
    what is known of a customer: before and after it all is read anew, and after what went wrong.
    """

    users: Users
    drafts: Drafts
    _heard: Heard | None = None
    _goes_on: bool = False
    _user: User | None = None
    _draft: Draft | None = None
    _shown: Draft | None = None

    def hear(self, heard: Heard) -> None:
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
            self._draft = self.drafts.load(chat_id)
        return self._draft

    def shown_in(self, draft: Draft, message_id: int) -> None:
        """Words may be followed by others: their answer's message is kept when all are heard."""
        draft.message_id = message_id
        self._shown = draft
        self._goes_on = isinstance(self._heard, Text)
        if not self._goes_on:
            self.end()

    def forget(self) -> None:
        """Something has changed that may be remembered otherwise."""
        self.end()
        self._user = self._draft = None

    def end(self) -> None:
        if self._shown:
            self.drafts.show(self._shown)
            self._shown = None
