# ruff: noqa: RUF001 - Russian headings are written in Cyrillic
"""What the columns of a table mean, guessed from their headings in three languages."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum


class Column(StrEnum):
    """What a column of a batch can be: the recipient, the parcel, and perhaps the sender."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    COMPANY = "company"
    STREET = "street"
    STREET2 = "street2"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"
    COUNTRY = "country"
    PHONE = "phone"
    EMAIL = "email"
    WEIGHT = "weight"
    POUNDS = "pounds"
    OUNCES = "ounces"
    SIZES = "sizes"
    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"
    SERVICE = "service"
    REFERENCE = "reference"
    FROM_NAME = "from_name"
    FROM_COMPANY = "from_company"
    FROM_STREET = "from_street"
    FROM_STREET2 = "from_street2"
    FROM_CITY = "from_city"
    FROM_STATE = "from_state"
    FROM_ZIP = "from_zip"
    FROM_PHONE = "from_phone"


_OF_ADDRESSES: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "full name", "contact name", "contact", "person", "attention", "attn", "имя",
        "фио", "ф и о", "имя и фамилия", "фамилия и имя", "контактное лицо", "nombre",
        "nombre completo", "nombre y apellidos", "contacto",
    ),
    "first_name": ("first name", "given name", "firstname", "nombre de pila"),
    "last_name": ("last name", "surname", "family name", "lastname", "фамилия", "apellido",
                  "apellidos"),
    "company": (
        "company", "company name", "organization", "organisation", "business", "компания",
        "организация", "фирма", "empresa", "compania", "organizacion", "razon social",
    ),
    "street": (
        "address 1", "address line 1", "address 1 2", "street 1", "street address", "address",
        "street", "addr 1", "addr", "full address", "address line", "адрес 1", "строка адреса 1",
        "адрес", "улица", "улица дом", "улица и дом", "полный адрес", "direccion 1",
        "direccion linea 1", "linea 1", "direccion", "calle", "calle y numero", "domicilio",
    ),
    "street2": (
        "address 2", "address line 2", "street 2", "apt", "apartment", "suite", "unit", "addr 2",
        "apt suite", "apartment suite", "адрес 2", "строка адреса 2", "квартира", "офис",
        "квартира офис", "direccion 2", "direccion linea 2", "linea 2", "apartamento", "piso",
        "depto", "departamento",
    ),
    "city": ("city", "town", "locality", "город", "населенный пункт", "ciudad", "localidad",
             "poblacion", "municipio"),
    "state": (
        "state", "state code", "province code", "state province", "province", "region",
        "state or province", "state name", "штат", "регион", "область", "estado", "provincia",
        "codigo de estado",
    ),
    "zip": (
        "zip", "zip code", "zipcode", "postal code", "postcode", "post code", "zip postal code",
        "zip or postcode", "индекс", "почтовый индекс", "зип", "почтовый код", "codigo postal",
        "cp", "c p", "postal", "codigo zip",
    ),
    "country": ("country", "country code", "country name", "страна", "код страны", "pais",
                "codigo de pais"),
    "phone": (
        "phone", "phone number", "telephone", "tel", "mobile", "cell", "contact phone", "телефон",
        "номер телефона", "тел", "мобильный", "telefono", "numero de telefono", "movil",
        "celular",
    ),
    "email": ("email", "e mail", "mail", "email address", "почта", "электронная почта", "эл почта",
              "имейл", "correo", "correo electronico"),
}  # fmt: skip
_OF_PARCELS: dict[str, tuple[str, ...]] = {
    "pounds": ("pounds", "weight lb", "weight lbs", "weight pounds", "weight in pounds", "lb",
               "lbs", "weight lb s", "вес фунты", "фунты", "peso lb", "libras", "peso libras"),
    "ounces": ("ounces", "weight oz", "weight ounces", "weight in ounces", "oz", "вес унции",
               "унции", "peso oz", "onzas", "peso onzas"),
    "weight": (
        "weight", "parcel weight", "package weight", "weight kg", "weight g", "weight grams",
        "kg", "grams", "total weight", "вес", "вес кг", "вес г", "вес посылки", "масса", "peso",
        "peso kg", "peso g", "peso del paquete",
    ),
    "sizes": ("sizes", "size", "dimensions", "dims", "l x w x h", "lxwxh",
              "package size", "размеры", "размер", "габариты", "дxшxв", "dimensiones", "medidas",
              "tamano"),
    "length": ("length", "l", "длина", "largo", "largo cm",
               "longitud"),
    "width": ("width", "w", "ширина", "ancho"),
    "height": ("height", "h", "depth", "высота", "alto",
               "altura"),
    "service": ("service", "ship service", "carrier service", "mail class", "requested service",
                "сервис", "услуга", "тариф", "служба", "servicio", "servicio de envio"),
    "reference": (
        "order id", "order number", "order no", "order", "reference", "ref", "reference 1",
        "order reference", "sales record number", "id", "номер заказа", "заказ", "номер",
        "referencia", "pedido", "numero de pedido", "orden",
    ),
}  # fmt: skip
_OF_SENDERS = frozenset({"company", "street", "street2", "city", "state", "zip", "phone", "name"})
_RECIPIENTS = (
    "ship to", "deliver to", "recipient s", "recipient", "receiver", "consignee", "shipping",
    "delivery", "destination", "ship", "to", "получателя", "получатель",
    "доставки", "доставка", "кому", "куда", "del destinatario", "destinatario", "de destino",
    "destino", "de entrega", "entrega", "de envio", "envio", "para",
)  # fmt: skip
_BUYERS = ("buyer", "customer", "покупатель", "покупателя", "comprador", "cliente", "del cliente")
"""Often who ships to, and never surer than who is said to receive."""
_SENDERS = (
    "ship from", "return to", "sender s", "sender", "shipper", "return", "origin", "from",
    "отправителя", "отправитель", "от кого", "откуда", "del remitente", "remitente", "de origen",
    "origen",
)  # fmt: skip
_PAYERS = ("billing", "bill to", "payer", "плательщик", "плательщика", "facturacion",
           "de facturacion")  # fmt: skip
_SIZED = re.compile(r" (?:in|inch|inches|cm|mm|см|мм|дюймы?)$")
_UNITS = (
    (re.compile(r"\b(?:kgs?|кг|kilos?)\b"), "kg"),
    (re.compile(r"\b(?:grams?|g|гр?|gramos)\b"), "g"),
    (re.compile(r"\b(?:cm|см)\b"), "cm"),
    (re.compile(r"\b(?:mm|мм)\b"), "mm"),
)


def guess(heading: Sequence[str]) -> dict[Column, int]:
    """Which column is what, by the numbers of the columns from 0. Each is one thing at most."""
    found: dict[Column, tuple[tuple[int, int, int], int]] = {}
    for number, name in enumerate(heading):
        for column, surer in _meant(name):
            best = found.get(column)
            if best is None or (*surer, number) < best[0]:
                found[column] = ((*surer, number), number)
    taken: set[int] = set()
    guessed: dict[Column, int] = {}
    for column, (_, number) in sorted(found.items(), key=lambda each: each[1][0]):
        if number not in taken:
            taken.add(number)
            guessed[column] = number
    return {column: guessed[column] for column in Column if column in guessed}


def unit_in(heading: str) -> str:
    """The unit that a heading names, as `cm` or `kg`; empty for pounds and inches, or none."""
    name = _sound(heading)
    return next((unit for pattern, unit in _UNITS if pattern.search(name)), "")


def _meant(heading: str) -> Iterator[tuple[Column, tuple[int, int]]]:
    """What it may mean, and how unsure that is: whose it is not said, then how unusual."""
    name = _sound(heading)
    if _without(name, _PAYERS) is not None:
        return
    for whose, sides, unsure in (("from_", _SENDERS, 0), ("", _RECIPIENTS, 0), ("", _BUYERS, 1)):
        rest = _without(name, sides)
        if rest is not None:
            for field, rank in _named(rest or "name"):
                if not whose or field in _OF_SENDERS:
                    yield Column(whose + field), (unsure, rank)
            return
    for field, rank in _named(name):
        yield Column(field), (2, rank)


def _named(name: str) -> Iterator[tuple[str, int]]:
    name = _SIZED.sub("", name)
    for field, names in _KNOWN.items():
        if name in names:
            yield field, names.index(name)


def _without(name: str, sides: tuple[str, ...]) -> str | None:
    """The name without the words that say whose it is; None when none does."""
    for side in sides:
        if name == side:
            return ""
        if name.startswith(f"{side} "):
            return name.removeprefix(f"{side} ")
        if name.endswith(f" {side}"):
            return name.removesuffix(f" {side}")
    return None


def _sound(heading: str) -> str:
    """`ship to address 1` for `ShipTo_Address1`; accents are left out."""
    apart = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])|(?<=[^\W\d_])(?=\d)", " ", heading)
    letters = unicodedata.normalize("NFD", apart.casefold())
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w]|_", " ", bare).split())


_KNOWN = {
    field: tuple(_sound(name) for name in names)
    for field, names in (_OF_ADDRESSES | _OF_PARCELS).items()
}
