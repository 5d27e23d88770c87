"""A CSV that a spreadsheet opens as text: no cell of it becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula or a control, also in full width (OWASP: CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# Excel reads UTF-8 only with this mark in front.
MARK = "\ufeff"


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark, CRLF; a cell that could be a formula begins with an apostrophe."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows([[_inert(str(cell)) for cell in row] for row in rows])
    return (MARK + sheet.getvalue()).encode()


def _inert(cell: str) -> str:
    bare = cell.replace("\0", "")
    # A space or a mark in front of it does not stop a spreadsheet.
    return f"'{bare}" if bare.lstrip(" \ufeff\u200b").startswith(DANGEROUS) or cell.startswith("\0") else bare
