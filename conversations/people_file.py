"""The people file: the roster as CSV, read whole, with every fault named by line, column and fix."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .people_cells import Cells, Fault, PersonRow, forget
from .people_known import nearest, shown

__all__ = ["COLUMNS", "Fault", "PeopleFile", "PersonRow", "read_people_file"]

REQUIRED = ("email", "name")
COLUMNS = (
    *REQUIRED,
    *("department", "team", "manager_email", "level", "location", "country", "timezone", "languages"),
    *("role", "capacity", "offers", "wants", "interests", "goals", "avoid", "hours"),
    *("reviewers", "working_style", "guest", "away_until"),
)
LARGEST_FILE = 64 * 1024 * 1024  # bytes; 100,000 people with long answers need about 30 MB
HEADER_LINE = 1
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """The rows without an error, and all that was found; `columns` are the known ones of the header."""

    rows: tuple[PersonRow, ...] = ()
    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    columns: frozenset[str] = frozenset()


Record = tuple[int, list[str]]  # the line on which it begins, and its cells


def read_people_file(data: bytes | str) -> PeopleFile:
    """Reads UTF-8 with or without a byte order mark; whatever the content, it answers with faults and never raises."""
    text = _decode(data)
    if isinstance(text, Fault):
        return PeopleFile(errors=(text,))
    errors: list[Fault] = []
    warnings: list[Fault] = []
    records = _records(text, errors)
    first = next(records, None)
    if first is None:
        empty = Fault(HEADER_LINE, "", "the file is empty", f"begin with a line that names {_required()}")
        return PeopleFile(errors=tuple(errors) or (empty,))
    header = [_column_name(cell) for cell in first[1]]
    errors += _header_errors(first, header)
    if errors:
        return PeopleFile(errors=tuple(errors))
    warnings += _unknown_columns(first[0], header)
    rows = _rows(records, header, errors, warnings)
    forget()
    return PeopleFile(tuple(rows), _by_line(errors), _by_line(warnings), frozenset(header).intersection(COLUMNS))


def _by_line(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line))


def _required() -> str:
    return " and ".join(REQUIRED)


def _decode(data: bytes | str) -> str | Fault:
    save = "save it as CSV UTF-8"
    # Half a surrogate pair in text that somebody decoded carelessly becomes a fault below.
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > LARGEST_FILE:
        limit = LARGEST_FILE // 1024 // 1024
        return Fault(HEADER_LINE, "", f"the file is larger than {limit} MB", "split it into several files")
    if raw.startswith(UTF_16):
        return Fault(HEADER_LINE, "", "the file is UTF-16", save)
    # Taken off by hand: the "utf-8-sig" codec counts positions from behind the mark.
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        return Fault(line, "", f"this line is not UTF-8 (byte 0x{raw[fault.start]:02X})", save)
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        return Fault(line, "", "this line holds a NUL character", f"remove it, or open the file again and {save}")
    return text


def _records(text: str, errors: list[Fault]) -> Iterator[Record]:
    """The lines that are not blank; reading ends at one that is no CSV, since nothing after it can be trusted."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            errors.append(_unreadable(line, str(fault)))
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _unreadable(line: int, message: str) -> Fault:
    close = "close every quote, and write a quote inside a cell twice"
    if "field limit" in message:
        limit = csv.field_size_limit()
        return Fault(line, "", f"a cell is longer than {limit:,} characters, or a quote never ends", close)
    if "end of data" in message:
        return Fault(line, "", "a quote that opens here never ends", close)
    return Fault(line, "", "the quotes on this line do not fit together", close)


def _column_name(cell: str) -> str:
    """ "Manager Email" and "manager-email" are manager_email."""
    return "_".join(cell.replace("-", " ").replace("_", " ").casefold().split())


def _header_errors(first: Record, header: Sequence[str]) -> Iterator[Fault]:
    line, cells = first
    if len(cells) == 1 and any(mark in cells[0] for mark in ";\t"):
        problem = "the columns are not separated by commas"
        yield Fault(line, "", problem, "save the file with commas; semicolons only separate items in a cell")
        return
    for column in dict.fromkeys(header):
        if column in COLUMNS and header.count(column) > 1:
            yield Fault(line, column, "this column is there twice", "keep one of them")
    for column in REQUIRED:
        if column not in header:
            similar = nearest(column, [name for name in header if name and name not in COLUMNS])
            fix = f"rename {shown(similar)}" if similar else "the first line must name the columns: add it"
            yield Fault(line, column, "this column is missing", fix)


def _unknown_columns(line: int, header: Sequence[str]) -> Iterator[Fault]:
    for column in dict.fromkeys(header):
        if column not in COLUMNS:
            similar = nearest(column, COLUMNS)
            fix = f"rename it to {similar} if you meant that" if similar else "remove it if nobody needs it"
            yield Fault(line, column[:40] or "(no name)", "this column is not known and was not read", fix)


def _rows(
    records: Iterator[Record], header: Sequence[str], errors: list[Fault], warnings: list[Fault]
) -> list[PersonRow]:
    rows: list[PersonRow] = []
    line_of: dict[str, int] = {}
    for line, cells in records:
        if len(cells) > len(header):
            problem = f"{len(cells)} cells, but the first line names {len(header)} columns"
            errors.append(Fault(line, "", problem, "put a cell with a comma in it between quotes"))
            continue
        if len(cells) < len(header):
            problem = f"{len(cells)} cells, but the first line names {len(header)} columns"
            warnings.append(Fault(line, "", problem, "the missing ones were read as empty: check the line"))
        found = Cells(line, _named(header, cells))
        row = found.person()
        errors += found.errors
        warnings += found.warnings
        double = line_of.setdefault(row.email, line) if row.email else line
        if double != line:
            problem = f"{row.email} is already on line {double}"
            errors.append(Fault(line, "email", problem, "keep one line for each person"))
        elif not found.errors:
            rows.append(row)
    return rows


def _named(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    return dict(zip(header, cells, strict=False))
