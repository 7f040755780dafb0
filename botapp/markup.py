"""Text on its way into Telegram's HTML: whatever is quoted is escaped, always."""

from html import escape


class Html(str):
    """Text that may be sent as HTML: its quotations are escaped already."""

    __slots__ = ()


def fill(template: str, **facts: object) -> Html:
    """The template with its facts, each escaped unless it is Html itself."""
    return Html(template.format(**{name: safe(fact) for name, fact in facts.items()}))


def safe(fact: object) -> Html:
    return fact if isinstance(fact, Html) else Html(escape(str(fact), quote=False))


def bold(fact: object) -> Html:
    return Html(f"<b>{safe(fact)}</b>")


def code(fact: object) -> Html:
    return Html(f"<code>{safe(fact)}</code>")


def link(url: str, shown: object) -> Html:
    return Html(f'<a href="{escape(url)}">{safe(shown)}</a>')


def unbroken(words: str) -> str:
    """Kept together where a line ends."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def lines(*parts: str) -> Html:
    """One under the other, empty ones left out."""
    return Html("\n".join(safe(part) for part in parts if part))


def paragraphs(*parts: str) -> Html:
    return Html("\n\n".join(safe(part) for part in parts if part))
