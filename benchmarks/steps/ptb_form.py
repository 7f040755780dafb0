"""python-telegram-bot: its ConversationHandler, and a persistence in MongoDB as its users write.

By itself it keeps conversations in memory and stores them when it has time. Here it is asked to
store each step once that is answered, as every side does, and may store those of several chats at
once. What was answered just before the process dies is lost. Its documentation has conversations
take one update at a time; a processor keeps each chat in order.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import Any

import uvloop
from pymongo import AsyncMongoClient
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    BaseUpdateProcessor,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    DictPersistence,
    MessageHandler,
    PersistenceInput,
    filters,
)

from benchmarks.steps import crowd
from benchmarks.steps.games import TOKEN, awake, given, play_all

AT_ONCE = 4
"""With more it is slower: its HTTP client looks through all its connections at each call."""
KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton(text, callback_data=data) for text, data in crowd.BUTTONS]]
)


class Kept(DictPersistence):
    """What a user has told, and the state of the conversation, in one document each."""

    def __init__(self, collection: Any) -> None:
        stored = PersistenceInput(bot_data=False, chat_data=False, callback_data=False)
        super().__init__(store_data=stored, update_interval=60)
        self._collection = collection

    async def update_user_data(self, user_id: int, data: dict[Any, Any]) -> None:
        await self._put(user_id, data=data)

    async def update_conversation(
        self,
        name: str,  # noqa: ARG002  there is one
        key: tuple[int | str, ...],
        new_state: object,
    ) -> None:
        await self._put(key[0], state=new_state)

    async def _put(self, user_id: int | str, **facts: object) -> None:
        await self._collection.update_one({"_id": user_id}, {"$set": facts}, upsert=True)


class InOrder(BaseUpdateProcessor):
    """Chats side by side, each one's updates one after another."""

    def __init__(self, store: Callable[[], Awaitable[None]]) -> None:
        super().__init__(AT_ONCE)
        self._store = store
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def do_process_update(self, update: Any, coroutine: Awaitable[Any]) -> None:
        async with self._locks[update.effective_chat.id]:
            await coroutine
            await self._store()

    async def initialize(self) -> None:
        """Nothing is needed."""

    async def shutdown(self) -> None:
        """Nor left."""


async def begin(update: Any, context: ContextTypes.DEFAULT_TYPE) -> int:
    context.user_data.clear()  # type: ignore[union-attr]
    await update.message.reply_text(crowd.reply({}), reply_markup=KEYBOARD)
    return 0


def asking(number: int) -> Callable[[Any, Any], Awaitable[int]]:
    async def hear(update: Any, context: Any) -> int:
        known = context.user_data
        known[crowd.QUESTIONS[number]] = update.message.text.strip()
        said = crowd.reply(known)
        await update.message.reply_text(said, parse_mode="HTML", reply_markup=KEYBOARD)
        return number + 1

    return hear


def conversation() -> ConversationHandler[Any]:
    words = filters.TEXT & ~filters.COMMAND
    return ConversationHandler(
        entry_points=[CommandHandler("form", begin)],
        states={
            **{at: [MessageHandler(words, asking(at))] for at in range(len(crowd.QUESTIONS))},
            len(crowd.QUESTIONS): [],
        },
        fallbacks=[],
        allow_reentry=True,
        name="form",
        persistent=True,
    )


class Side:
    """Made inside the loop that it lives in."""

    def __init__(self) -> None:
        client: Any = AsyncMongoClient(given("MONGO"), w="majority", journal=True)
        self.kept = client[given("DATABASE")]["ptb_conversations"]
        building = Application.builder().token(TOKEN).base_url(f"{given('API')}/bot")
        building = building.persistence(Kept(self.kept)).concurrent_updates(InOrder(self._store))
        self.app = building.build()
        self.app.add_handler(conversation())

    async def _store(self) -> None:
        await self.app.update_persistence()

    async def play(self, game: int, chats: int) -> float:
        await awake(self.kept.database.client)
        chat_ids = crowd.chats(chats)
        await self._feed([crowd.openings(game, chat_ids)])
        polls = crowd.answers(game, chat_ids)
        started = perf_counter()
        await self._feed(polls)
        seconds = perf_counter() - started
        whole = {"data": crowd.ANSWERS, "state": len(crowd.QUESTIONS)}
        assert await self.kept.count_documents(whole) == chats
        return seconds

    async def _feed(self, polls: Iterable[list[crowd.Raw]]) -> None:
        for poll in polls:
            for raw in poll:
                await self.app.update_queue.put(Update.de_json(raw, self.app.bot))
            await asyncio.sleep(0)
        await self.app.update_queue.join()
        await self.app.update_persistence()


async def make() -> Side:
    side = Side()
    await side.app.initialize()
    await side.app.start()
    return side


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        side = runner.run(make())
        play_all(lambda game, chats: runner.run(side.play(game, chats)))
