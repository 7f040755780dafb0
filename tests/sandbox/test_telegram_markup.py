"""HTML of the Bot API as the sandbox reads it. The refusals are Telegram's own words."""

import pytest

from sandbox.telegram.composing import formatted
from sandbox.telegram.errors import BotApiError
from sandbox.telegram.markup import from_html


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("&lt;b&gt; &amp;amp; &copy; &#65;&#x42; & x", "<b> &amp; &copy; AB & x", []),
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        ("😀<i>b</i>", "😀b", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>x", "x", []),
        ("<SPAN class='tg-spoiler'>s</SPAN>", "s", [("spoiler", 0, 1)]),
        ("<pre><code class=language-py>x</code></pre>", "x", [("pre", 0, 1)]),
        ("<a>no link</a>", "no link", []),
        ("<blockquote expandable>q</blockquote>", "q", [("blockquote", 0, 1)]),
        ("<tg-emoji emoji-id='5'>👍</tg-emoji>", "👍", [("custom_emoji", 0, 2)]),
    ],
)
def test_tags_become_entities_at_utf16_places(source, text, entities):
    read, found = from_html(source)

    assert read == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("ы<ZIP>", 'Unsupported start tag "zip" at byte offset 2'),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_with_its_place(source, words):
    with pytest.raises(BotApiError) as refused:
        from_html(source)

    assert refused.value.code == 400
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_edges_are_cut_and_entities_move_along():
    assert formatted("  <b> a</b>  <i>  </i>", "HTML", []) == (
        "a", [{"type": "bold", "offset": 0, "length": 1}],
    )  # fmt: skip


def test_links_and_commands_are_found_outside_of_other_entities():
    text, found = formatted(
        "See https://a.example/x?y=1, <code>https://b.example</code> or /help. And/or", "html", []
    )

    assert [(one["type"], text[one["offset"] :][: one["length"]]) for one in found] == [
        ("url", "https://a.example/x?y=1"), ("code", "https://b.example"), ("bot_command", "/help"),
    ]  # fmt: skip


def test_a_parse_mode_that_the_sandbox_does_not_read_is_said():
    with pytest.raises(BotApiError, match="the sandbox reads HTML, not MarkdownV2"):
        formatted("*x*", "MarkdownV2", [])
