"""aiogram 3: its own storage in MongoDB, its own isolation that keeps a chat's updates in order.

An answer is stored by the majority before it is answered. An update that is being handled when
the process dies is lost, and one that Telegram brings twice is counted twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import Any

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import SimpleEventIsolation
from aiogram.fsm.storage.pymongo import PyMongoStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from pymongo import AsyncMongoClient

from benchmarks.steps import crowd
from benchmarks.steps.games import TOKEN, awake, given, play_all

KEPT = "aiogram_states"
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text=text, callback_data=data) for text, data in crowd.BUTTONS]
    ]
)


class Form(StatesGroup):
    """The question that waits for its answer."""

    name = State()
    company = State()
    street = State()
    street2 = State()
    zip = State()
    phone = State()
    done = State()


async def begin(message: Message, state: FSMContext) -> None:
    await state.set_data({})
    await state.set_state(Form.name)
    await message.answer(crowd.reply({}), reply_markup=KEYBOARD)


def asking(field: str, following: State) -> Callable[[Message, FSMContext], Awaitable[None]]:
    async def hear(message: Message, state: FSMContext) -> None:
        known = await state.update_data({field: (message.text or "").strip()})
        await state.set_state(following)
        await message.answer(crowd.reply(known), reply_markup=KEYBOARD)

    return hear


class Side:
    """Made inside the loop that it lives in."""

    def __init__(self) -> None:
        client: Any = AsyncMongoClient(given("MONGO"), w="majority", journal=True)
        self.kept = client[given("DATABASE")][KEPT]
        session = AiohttpSession(api=TelegramAPIServer.from_base(given("API")))
        self.bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
        self.dispatcher = Dispatcher(
            storage=PyMongoStorage(client, db_name=given("DATABASE"), collection_name=KEPT),
            events_isolation=SimpleEventIsolation(),
        )
        self.dispatcher.message.register(begin, Command("form"))
        states = Form.__states__
        for field, state, following in zip(crowd.QUESTIONS, states, states[1:], strict=False):
            self.dispatcher.message.register(asking(field, following), state)

    async def play(self, game: int, chats: int) -> float:
        await awake(self.kept.database.client)
        chat_ids = crowd.chats(chats)
        await self._feed([crowd.openings(game, chat_ids)])
        polls = crowd.answers(game, chat_ids)
        started = perf_counter()
        await self._feed(polls)
        seconds = perf_counter() - started
        whole = {"data": crowd.ANSWERS, "state": Form.done.state}
        assert await self.kept.count_documents(whole) == chats
        return seconds

    async def _feed(self, polls: Iterable[list[crowd.Raw]]) -> None:
        """As its polling does: a task for each update, none waited for."""
        tasks = []
        for poll in polls:
            feeding = self.dispatcher.feed_raw_update
            tasks += [asyncio.create_task(feeding(self.bot, raw)) for raw in poll]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)


async def make() -> Side:
    return Side()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        side = runner.run(make())
        play_all(lambda game, chats: runner.run(side.play(game, chats)))
