"""The chat page: a messenger in the browser, for people who try the shop."""

from flask import Blueprint, render_template

from sandbox.telegram.bot import NAME
from sandbox.telegram.settings import TelegramSettings


def register_page(routes: Blueprint, settings: TelegramSettings) -> None:
    def chat_page() -> str:
        return render_template("chat.html", bot_name=NAME, admin_url=settings.admin_url)

    routes.add_url_rule("/", view_func=chat_page)
