# ruff: noqa: RUF001 - Russian names are written in Cyrillic
"""Files as people really send them: what is in them, or why they can't be read."""

import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st
from openpyxl import Workbook

from botapp.refusals import words
from core.tables import BadTable, Limits, Table, TableKind, read_table, write_table
from core.tables.base import Line

LIMITS = Limits(size=200_000, rows=5)
HEADING = ("Name", "Street", "ZIP")
ANN = ("Ann Lee", "1 Main St", "02139")


def cells(data, limits=LIMITS):
    table = read_table(data, limits)
    return [table.heading, *(line.cells for line in table.lines)]


def xlsx(*rows, formats=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, number_format in formats:
        book.active[place].number_format = number_format
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parts(data, **changes):
    """The same file with some of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_whatever_cuts_its_cells_and_lines(delimiter, ending):
    lines = [HEADING, ANN]

    data = ending.join(delimiter.join(line) for line in lines).encode()

    assert cells(data) == lines


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Имя,Город\nАнна Ли,Бостон", "utf-8"),
        ("Имя,Город\nАнна Ли,Бостон", "utf-8-sig"),
        ("Имя,Город\nАнна Ли,Бостон", "utf-16"),
        ("Имя,Город\nАнна Ли,Бостон", "cp1251"),
        ("Nombre,Dirección\nJosé Muñoz,Calle Peñón 5", "latin-1"),
        ("Nombre,Dirección\nJosé “Pepe” Muñoz,Calle Peñón 5", "cp1252"),
    ],
)
def test_letters_are_read_in_the_encoding_they_were_saved_in(text, encoding):
    expected = [tuple(line.split(",")) for line in text.split("\n")]

    assert cells(text.encode(encoding)) == expected


def test_quoted_newlines_empty_lines_and_excels_own_marks_are_read():
    data = b'sep=;\n\nName;Street;ZIP\n;;\n"Ann\nLee";"1 ""Main"" St; 5";="02139"\n\n'

    table = read_table(data, LIMITS)

    assert table.lines == (Line(4, ("Ann\nLee", '1 "Main" St; 5', "02139")),)
    assert table.delimiter == ";"


def test_a_sheet_is_read_as_it_is_shown():
    data = xlsx(
        ("Name", "ZIP", "Pounds", "Day", None),
        (None,),
        ("Ann Lee", 2139, 2.50, date(2026, 11, 3)),
        formats=[("B3", "00000")],
    )

    table = read_table(data, LIMITS)

    assert table.kind is TableKind.XLSX
    assert table.heading == ("Name", "ZIP", "Pounds", "Day")
    assert table.lines == (Line(3, ("Ann Lee", "02139", "2.5", "2026-11-03T00:00:00")),)


def test_a_number_beyond_all_numbers_is_a_cell_like_others():
    sheet = "xl/worksheets/sheet1.xml"
    data = xlsx(["Weight"], [12345.5])
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        endless = whole.read(sheet).replace(b"12345.5", b"1e999")

    assert cells(parts(data, **{sheet: endless}))[1:] == [("inf",)]


def test_the_first_sheet_with_anything_on_it_is_read():
    book = Workbook()
    hidden = book.create_sheet()
    hidden.append(["a secret"])
    hidden.sheet_state = "hidden"
    for row in (HEADING, ANN):
        book.create_sheet("Orders").append(row) if row is HEADING else book["Orders"].append(row)
    file = io.BytesIO()
    book.save(file)

    assert cells(file.getvalue()) == [HEADING, ANN]


def refusal(data, limits=LIMITS):
    with pytest.raises(BadTable) as refused:
        read_table(data, limits)
    assert words(refused.value).endswith((".", "?"))
    return refused.value.facts


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        (b"", {"reason": "empty"}),
        (b"\n \n;;", {"reason": "empty"}),
        (b"Name,ZIP\n\n,\n", {"reason": "no_rows"}),
        (b"x" * 200_001, {"reason": "too_large", "limit": 200_000}),
        (b"Name\n" + b"Ann\n" * 6, {"reason": "too_many_rows", "limit": 5}),
        (b"Name\n" + b"\n" * 130, {"reason": "too_many_rows", "limit": 5}),
        (b"x," * 100 + b"x\n", {"reason": "too_many_columns", "limit": 100}),
        (b"Name\n" + b"x" * 1001, {"reason": "long_cell", "row": 2, "limit": 1000}),
        (b'Name,ZIP\nAnn,1\n"Bo,2\n', {"reason": "broken_quotes", "row": 3}),
        (b"Name,Zip,name \nAnn,1,2", {"reason": "same_heading", "name": "name"}),
        (b"Name,ZIP\nAnn,1 Main St, 02139", {"reason": "ragged", "row": 2}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {"reason": "old_office"}),
        (b"%PDF-1.4", {"reason": "not_a_table"}),
        (b"PK\x03\x04 and no more", {"reason": "broken"}),
        (b"Name\n\x00\x01\x02", {"reason": "not_text"}),
        (xlsx((None,)), {"reason": "empty"}),
        (xlsx(HEADING), {"reason": "no_rows"}),
        (xlsx(("Name", "ZIP"), ("Ann", "=1+1")), {"reason": "formula", "cell": "B2"}),
        (xlsx(("ZIP", "zip"), ("1", "2")), {"reason": "same_heading", "name": "zip"}),
        (xlsx(("Name",), *[("Ann",)] * 6), {"reason": "too_many_rows", "limit": 5}),
        (xlsx(range(101), range(101)), {"reason": "too_many_columns", "limit": 100}),
    ],
)
def test_what_is_wrong_with_a_file_is_named(data, facts):
    assert refusal(data) == facts


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked():
    bomb = parts(xlsx(HEADING, ANN), **{"xl/worksheets/sheet1.xml": b" " * 30_000_001})

    assert len(bomb) < 200_000
    assert refusal(bomb) == {"reason": "unpacks_too_large"}


def test_a_zip_that_lies_about_its_size_is_broken():
    packed = bytearray(parts(xlsx(HEADING, ANN), **{"xl/worksheets/sheet1.xml": b" " * 30_000_001}))
    while (at := packed.find((30_000_001).to_bytes(4, "little"))) >= 0:
        packed[at : at + 4] = (100).to_bytes(4, "little")

    assert refusal(bytes(packed)) == {"reason": "broken"}


def test_an_xml_bomb_is_broken_and_costs_nothing():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet>&b;'

    assert refusal(parts(xlsx(HEADING, ANN), **{"xl/worksheets/sheet1.xml": laughs})) == {
        "reason": "broken"
    }


def test_a_zip_of_something_else_is_no_table():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("word/document.xml", "<x/>")

    assert refusal(file.getvalue()) == {"reason": "not_a_table"}


def test_a_row_far_down_is_too_far():
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    )

    assert refusal(parts(xlsx(HEADING), **{"xl/worksheets/sheet1.xml": sheet})) == {
        "reason": "too_many_rows",
        "limit": 5,
    }


@pytest.mark.parametrize("kind", list(TableKind))
def test_what_is_written_is_read_again_and_is_no_formula(kind):
    lines = (Line(2, ("=HYPERLINK(1)", "+1 415 555 0132", "00501")), Line(3, ("a\nb", "'", "-")))
    table = Table(kind, HEADING, lines)

    data = write_table(table)

    assert read_table(data, LIMITS) == table
    assert b"\n=" not in data


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"a,b\n"]))
def test_no_bytes_do_worse_than_a_refusal(tail, head):
    with suppress(BadTable):
        assert read_table(head + tail, LIMITS).lines


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_no_damaged_sheet_does_worse_than_a_refusal(at, noise):
    data = bytearray(xlsx(HEADING, ANN))
    data[at % len(data) : at % len(data) + len(noise)] = noise
    with suppress(BadTable):
        assert read_table(bytes(data), LIMITS).lines
