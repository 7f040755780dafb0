# ruff: noqa: RUF001, ISC004 - Russian headings are written in Cyrillic
"""Headings of the usual exports, in three languages, and what is guessed of them."""

import pytest

from core.tables.columns import Column, guess, unit_in

SHOPIFY = (
    "Name,Email,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,"
    "Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,"
    "Shipping Phone,Shipping Method,Billing Name,Billing Street,Billing City,Id"
)
AMAZON = (
    "order-id,buyer-name,recipient-name,ship-address-1,ship-address-2,ship-city,ship-state,"
    "ship-postal-code,ship-country,ship-phone-number,ship-service-level"
)
WOOCOMMERCE = (
    "Order Number,First Name (Billing),First Name (Shipping),Last Name (Shipping),"
    "Address 1&2 (Shipping),City (Shipping),State Code (Shipping),Postcode (Shipping)"
)
PIRATE = "Name,Address,Address Line 2,City,State,Zipcode,Pounds,Ounces,Length,Width,Height,Order ID"
RUSSIAN = (
    "Имя получателя,Адрес,Город получателя,Штат,Почтовый индекс,Мобильный,Вес (кг),Габариты (см),"
    "Отправитель,Улица отправителя,Индекс отправителя"
)
SPANISH = "Nombre del destinatario,Dirección,Ciudad,Estado,Código Postal,Teléfono,Peso,Medidas"


@pytest.mark.parametrize(
    ("heading", "guessed"),
    [
        (SHOPIFY, "name=2 company=6 street=4 street2=5 city=7 state=9 zip=8 country=10 phone=11 "
                  "email=1 reference=16"),
        (AMAZON, "name=2 street=3 street2=4 city=5 state=6 zip=7 country=8 phone=9 reference=0"),
        (WOOCOMMERCE, "first_name=2 last_name=3 street=4 city=5 state=6 zip=7 reference=0"),
        (PIRATE, "name=0 street=1 street2=2 city=3 state=4 zip=5 pounds=6 ounces=7 length=8 "
                 "width=9 height=10 reference=11"),
        (RUSSIAN, "name=0 street=1 city=2 state=3 zip=4 phone=5 weight=6 sizes=7 from_name=8 "
                  "from_street=9 from_zip=10"),
        (SPANISH, "name=0 street=1 city=2 state=3 zip=4 phone=5 weight=6 sizes=7"),
        ("shipToName,SHIP_TO_ADDRESS_1,shipToCity", "name=0 street=1 city=2"),
        ("SKU,Price,Notes", ""),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_headings(heading, guessed):
    found = guess(heading.split(","))

    assert " ".join(f"{column}={number}" for column, number in found.items()) == guessed


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("Weight (kg)", "kg"), ("Вес, г", "g"), ("Largo cm", "cm"), ("Weight", ""), ("Length in", "")],
)
def test_a_unit_in_a_heading_is_seen(heading, unit):
    assert unit_in(heading) == unit


def test_one_column_is_one_thing_only():
    found = guess(("Name", "Contact name", "To"))

    assert found == {Column.NAME: 2}
