"""pyTelegramBotAPI's own dispatch of a handler that does nothing: no storage, no answer."""

from itertools import count
from time import perf_counter

from telebot import TeleBot
from telebot.types import Message, Update

from benchmarks.steps import crowd
from benchmarks.steps.games import TOKEN, play_all

bot = TeleBot(TOKEN, threaded=False)
handled = count()


@bot.message_handler(content_types=["text"])
def nothing(message: Message) -> None:  # noqa: ARG001  see above
    next(handled)


def play(game: int, chats: int) -> float:
    polls = crowd.answers(game, crowd.chats(chats))
    before = next(handled)
    started = perf_counter()
    for poll in polls:
        bot.process_new_updates([Update.de_json(raw) for raw in poll])
    seconds = perf_counter() - started
    assert next(handled) - before - 1 == sum(map(len, polls))
    return seconds


if __name__ == "__main__":
    play_all(play)
