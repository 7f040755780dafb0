# ruff: noqa: RUF001 - Russian units are written in Cyrillic
"""Units of weight and length under the names that our customers give them."""

from decimal import Decimal

OUNCES_PER_POUND = Decimal(16)
GRAMS_IN_OUNCE = Decimal("28.349523125")
GRAMS_IN_POUND = GRAMS_IN_OUNCE * OUNCES_PER_POUND
GRAMS_IN_KILO = Decimal(1000)
MILLIMETRES_IN_INCH = Decimal("25.4")

_POUNDS = ("lb", "lbs", "pound", "pounds", "#", "libra", "libras", "фунт", "фунта", "фунтов")
_OUNCES = ("oz", "ozs", "ounce", "ounces", "onza", "onzas", "унция", "унции", "унций")
_KILOS = ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramo", "kilogramos")
_RUSSIAN_KILOS = ("кг", "кило", "килограмм", "килограмма", "килограммов")
_GRAMS = ("g", "gr", "gm", "gram", "grams", "gramo", "gramos")
_RUSSIAN_GRAMS = ("г", "гр", "грамм", "грамма", "граммов")
_INCHES = ("in", "ins", "inch", "inches", '"', "pulgada", "pulgadas", "дюйм", "дюйма", "дюймов")

IN_GRAMS = {
    **dict.fromkeys(_POUNDS, GRAMS_IN_POUND),
    **dict.fromkeys(_OUNCES, GRAMS_IN_OUNCE),
    **dict.fromkeys(_KILOS + _RUSSIAN_KILOS, GRAMS_IN_KILO),
    **dict.fromkeys(_GRAMS + _RUSSIAN_GRAMS, Decimal(1)),
}
IN_MILLIMETRES = {
    **dict.fromkeys(_INCHES, MILLIMETRES_IN_INCH),
    **dict.fromkeys(("cm", "cms", "см"), Decimal(10)),
    **dict.fromkeys(("mm", "мм"), Decimal(1)),
}
TWO_UNITS = ((GRAMS_IN_POUND, GRAMS_IN_OUNCE), (GRAMS_IN_KILO, Decimal(1)))

BETWEEN_WEIGHTS = frozenset({"and", "y", "и"})
# Russian keyboards have the Cyrillic letter where ours have x.
BETWEEN_SIZES = frozenset({"x", "х", "×", "*", "by", "por", "на"})
INCH_MARKS = str.maketrans(dict.fromkeys("″“”", '"'))
