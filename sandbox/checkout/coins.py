"""The coins a payer can choose, and what the sandbox says they are worth."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Coin:
    """`rate` is US dollars for one."""

    symbol: str
    network: str
    rate: Decimal


COINS = {
    coin.symbol: coin
    for coin in (
        Coin("USDT", "Tron Network", Decimal(1)),
        Coin("BTC", "Bitcoin Network", Decimal("97412.50")),
        Coin("TRX", "Tron Network", Decimal("0.2766")),
        Coin("POL", "Polygon Network", Decimal("0.36839")),
    )
}
EIGHT_PLACES = Decimal("0.00000001")


def coins_for(amount: Decimal, coin: Coin) -> Decimal:
    return (amount / coin.rate).quantize(EIGHT_PLACES)
