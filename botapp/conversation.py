"""One update at a time: read the draft, ask the shop, write the draft, answer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from botapp import again, edits, unfinished, ways
from botapp.answers import Answers
from botapp.courtesies import Courtesies
from botapp.flood import Flood
from botapp.heard import (
    Blocked,
    Command,
    Edit,
    File,
    Heard,
    Person,
    Press,
    Returned,
    Text,
    read_update,
)
from botapp.language import speaking
from botapp.markup import Html, paragraphs
from botapp.refusals import words, words_of_trouble
from botapp.screens.base import Screen
from botapp.shop import Shop
from botapp.sitting import Sitting
from botapp.standing import still_standing
from botapp.states import LABEL_PLACES, TOLD_AT, Place, place_named
from botapp.texts import common
from botapp.texts.unfinished import undo as undo_button
from botapp.turns import Turn, plain
from botapp.views import Action, Choice, Row, View
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from models.base import NotFound
from models.draft import Draft
from models.inbox import Update
from models.user import User
from services.drafts import DraftMoved
from services.inbox import is_handled

log = structlog.get_logger()

ROUNDS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Conversation:
    """Handling an update twice is harmless: the draft knows those that it heard last."""

    shop: Shop
    screens: Mapping[Place, Screen]
    courtesies: Courtesies | None = None
    flood: Flood | None = None

    @contextmanager
    def sit(self) -> Iterator[Callable[[Update], None]]:
        """What handles the updates of a chat, one after another, while nobody else does.

        It raises Unavailable or Doubtful when the answer could not be given: handle it again.
        Likewise TooQuick, for a customer who floods.
        """
        sitting = Sitting(self.shop.users, self.shop.drafts)
        try:
            yield partial(self._handle, sitting)
        finally:
            sitting.end()

    def _handle(self, sitting: Sitting, update: Update) -> None:
        read = read_update(update.raw)
        if read is None:
            log.info("update_ignored", update_id=update.update_id)
            return
        person, heard = read
        sitting.hear(heard)
        if isinstance(heard, Blocked):
            self.shop.users.mark_unreachable(person.user_id)
            return
        if self.flood:
            self.flood.hold(person.user_id, partial(self._tell, person, common.one_moment))
        user = sitting.meet(person)
        if isinstance(heard, Returned):
            return
        if user.blocked_at:
            self._turn_away(user, heard)
            return
        working = self.courtesies.working(user.id) if self.courtesies else nullcontext()
        with speaking(user.language, user.zone), working:
            self._stop_spinning(heard)
            self._converse(sitting, user.id, update, heard)

    def _turn_away(self, user: User, heard: Heard) -> None:
        """Once: a customer whom an operator has blocked is heard by nobody here."""
        self._stop_spinning(heard)
        if user.block_told_at is None:
            with speaking(user.language):
                self.shop.chat.send_text(user.id, common.blocked(self.shop.contact))
            self.shop.users.told_of_block(user.id)

    def _stop_spinning(self, heard: Heard) -> None:
        if isinstance(heard, Press):
            (self.courtesies or self.shop.chat).answer_press(heard.callback_id)

    def apologise(self, update: Update) -> None:
        """Say that this update is given up."""
        read = read_update(update.raw)
        if read is not None:
            self._tell(read[0], common.sorry)

    def _tell(self, person: Person, say: Callable[[], Html]) -> None:
        with speaking(self.shop.users.language_of(person.user_id, person.language)):
            self.shop.chat.send_text(person.user_id, say())

    def _converse(self, sitting: Sitting, chat_id: int, update: Update, heard: Heard) -> None:
        for _ in range(ROUNDS_AT_MOST):
            draft = sitting.draft(chat_id)
            turn = Turn.of(draft, self.shop, update.update_id)
            here = place_named(draft.screen)
            is_last = draft.last_update_id == update.update_id
            if not is_last and update.update_id in draft.heard:
                return
            if is_last:
                # Whoever obeyed it may have answered, too, before it could say so.
                self._show(sitting, turn, draft, here, draft.message_id)
                return
            if _is_stale(heard, draft):
                self._show(sitting, turn, draft, here, _answered_in(heard))
                return
            # Ids may start anew, so a smaller one is old only if somebody has handled it.
            if update.update_id < draft.last_update_id and is_handled(update):
                return
            if isinstance(heard, Edit) and edits.is_no_change(turn, heard):
                return
            place = self._move(turn, here, heard)
            crash_at("bot.after_ask")
            try:
                self._write(sitting, turn, draft, place, heard)
            except DraftMoved:
                sitting.begin_again(draft)
                continue
            crash_at("bot.after_draft")
            self._show(sitting, turn, draft, place, _answered_in(heard))
            self._retire(chat_id, heard)
            return
        raise DraftMoved(chat_id=chat_id)

    def _move(self, turn: Turn, here: Place, heard: Heard) -> Place:
        """Where to go next; on any refusal the customer stays, with the draft as it was."""
        asked = again.repeated(heard, turn.data.get("again"))
        turn.forget_remarks()
        before = plain(turn.data)
        self._say_busy(turn, here, asked)
        place = self._go(turn, here, asked, before)
        edits.remember(turn, before, place, asked)
        return place

    def _go(self, turn: Turn, here: Place, asked: Heard, before: dict[str, Any]) -> Place:
        try:
            place = self._ask(turn, here, asked)
        except Refusal as refusal:
            log.info("refused", chat_id=turn.user_id, why=refusal.code)
            turn.data = before
            turn.remark(words(refusal))
            return here
        except Unavailable as trouble:
            log.warning("shop_unavailable", chat_id=turn.user_id, why=trouble.code)
            turn.data = before
            turn.remark(words_of_trouble(trouble))
            turn.data["again"] = again.kept(asked)
            return here
        except NotFound as gone:
            log.info("draft_outlived_its_subject", chat_id=turn.user_id, why=str(gone))
            turn.data = before
            turn.remark(common.gone())
            return Place.MENU
        if place in LABEL_PLACES:
            turn.label.kept["at"] = place.value
        unfinished.remember(turn, before, here)
        return place

    def _ask(self, turn: Turn, here: Place, heard: Heard) -> Place:
        if isinstance(heard, Command):
            turn.rest = heard.rest
            return self._obey(turn, here, heard.name)
        if isinstance(heard, Text):
            return self.screens[here].hear(turn, heard.text)
        if isinstance(heard, Edit):
            return ways.EDIT.go(turn, heard, self.screens)
        if isinstance(heard, Press):
            return self._press(turn, here, heard)
        if isinstance(heard, File):
            return ways.FILE.go(turn, heard)
        turn.remark(common.only_text())
        return here

    def _press(self, turn: Turn, here: Place, heard: Press) -> Place:
        if heard.action in ways.EVERYWHERE:
            return ways.EVERYWHERE[heard.action].go(turn)
        if heard.action in ways.TO_SUBJECTS:
            return ways.TO_SUBJECTS[heard.action].go(turn, heard.argument)
        if heard.under_note:
            return here
        if heard.action in ways.ON_A_SCREEN:
            return ways.ON_A_SCREEN[heard.action].go(turn)
        if heard.action == Action.BACK:
            return self.screens[here].back(turn)
        return self.screens[here].press(turn, heard.action, heard.argument)

    def _obey(self, turn: Turn, here: Place, command: str) -> Place:
        if command in ways.COMMANDS:
            return ways.COMMANDS[command].go(turn)
        turn.remark(common.unknown_command(command))
        return here

    def _say_busy(self, turn: Turn, here: Place, heard: Heard) -> None:
        if isinstance(heard, File):
            self.shop.chat.typing(turn.user_id)
        if isinstance(heard, Press) and not heard.under_note:
            told = self.screens[here].busy(turn, heard.action)
            if told:
                Answers(self.shop.chat).say_busy(turn.user_id, heard, told)

    def _write(
        self, sitting: Sitting, turn: Turn, draft: Draft, place: Place, heard: Heard
    ) -> None:
        into = _answered_in(heard)
        standing = still_standing(draft, turn.data.pop("standing", ()), into)
        sitting.write(
            draft,
            may_wait={turn.here, place} <= TOLD_AT,
            update_id=turn.update_id,
            screen=place.value,
            data={**turn.data, "standing": standing} if standing else turn.data,
            message_id=into,
        )

    def _show(
        self, sitting: Sitting, turn: Turn, draft: Draft, place: Place, into: int | None
    ) -> None:
        view = self._view(turn, place)
        message_id = Answers(self.shop.chat).put(
            turn.user_id,
            into,
            paragraphs(turn.notice, view.text),
            again.rows_with(turn.data.get("again"), self._with_undo(turn, place, view.rows)),
            draft.version,
        )
        sitting.shown_in(draft, message_id)
        self.screens[place].shown(turn)
        over = turn.shown_in
        if self.courtesies and over and over != message_id and not self.screens[turn.here].lasts:
            self.courtesies.take_buttons(turn.user_id, over)

    def _retire(self, chat_id: int, heard: Heard) -> None:
        if not self.courtesies or not isinstance(heard, Press) or not heard.under_note:
            return
        if heard.action in ways.LEADS_ONCE:
            self.courtesies.take_buttons(chat_id, heard.message_id)

    def _with_undo(self, turn: Turn, place: Place, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Where something of the label can be taken back, a button for it beside Back."""
        if place not in TOLD_AT or not rows or not unfinished.can_undo(turn):
            return rows
        back, *others = rows[-1]
        return (*rows[:-1], (back, Choice(undo_button(), Action.UNDO), *others))

    def _view(self, turn: Turn, place: Place) -> View:
        """The menu instead of a screen whose subject is gone, and why."""
        try:
            return self.screens[place].show(turn)
        except (NotFound, Refusal) as gone:
            log.info("screen_outlived_its_subject", place=place.value, why=str(gone))
            turn.remark(words(gone) if isinstance(gone, Refusal) else common.gone())
            return self.screens[Place.MENU].show(turn)


def _answered_in(heard: Heard) -> int | None:
    """The message whose button was pressed, unless it is a note; a word has a new one."""
    return heard.message_id if isinstance(heard, Press) and not heard.under_note else None


def _is_stale(heard: Heard, draft: Draft) -> bool:
    """A button of an older screen: it shows the current one and does nothing else."""
    return isinstance(heard, Press) and not heard.under_note and heard.version != str(draft.version)
