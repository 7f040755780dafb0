"""Buttons that a messenger would take."""

import pytest

from core.keyboards import BadButton, Button


def test_a_button_sends_data_or_opens_an_address():
    assert Button("Pay", data="pay:1").url == ""
    assert Button("Pay", url="https://pay.example").data == ""
    assert Button("Pay", data="ж" * 32).data == "ж" * 32


@pytest.mark.parametrize(
    "told",
    [
        {"label": "", "data": "x"},
        {"label": "Pay"},
        {"label": "Pay", "data": "x", "url": "https://pay.example"},
        {"label": "Pay", "data": "x" * 65},
        {"label": "Pay", "data": "ж" * 33},
    ],
)
def test_a_button_no_messenger_would_take_cannot_be_made(told):
    with pytest.raises(BadButton):
        Button(**told)
