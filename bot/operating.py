"""What the operator's commands say: backup, restore, resume and copy, in lines."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.restore import Restored, Resumed

AGES = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def age(words: str) -> timedelta | None:
    """`90m`, `12h` or `2d`; None for anything else."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})([mhd])", words.strip().lower())
    return int(found[1]) * AGES[found[2]] if found else None


def backup_lines(file: Path, rows: Mapping[str, int]) -> Iterator[str]:
    yield f"Wrote {file} ({_size(file)}, {_rows(rows)}); it was read back and is sound."


def restore_lines(done: Restored) -> Iterator[str]:
    yield f"Restored: {_rows(done.rows)}."
    if done.aside is not None:
        yield f"What was there before is kept as {done.aside}."
    yield "Nothing is sent until you say so: start Flipside, give it a minute, then run `flipside resume`."


def resume_lines(done: Resumed, now: datetime, *, look_only: bool) -> Iterator[str]:
    if done.behind:
        yield "Not yet: messages that fell due since the backup were not looked up, and some may have been sent."
        yield "Start Flipside, give it a minute, and run this again. With `--anyway` they go out, perhaps twice."
        if not look_only:
            return
    if not done.was_held:
        yield "The outbox is not on hold; messages go out as they come."
    elif look_only:
        yield "The outbox is on hold: nothing is sent until `flipside resume`."
    if done.dropped:
        yield f"Dropped {_messages(done.dropped)} that {'was' if done.dropped == 1 else 'were'} too old."
    total = sum(each.many for each in done.waiting)
    if done.was_held or total:
        yield f"{_messages(total).capitalize()} may go out {'then' if done.behind else 'now'}{':' if total else '.'}"
    for each in done.waiting:
        doubt = f", {each.doubtful} of them looked for in the chat first" if each.doubtful else ""
        yield f"  {each.many:>6}  {each.kind}, the oldest written {_ago(now - each.oldest)} ago{doubt}"
    if done.was_held and not look_only:
        yield "Sending goes on within seconds of a running Flipside."


def copy_lines(rows: Mapping[str, int]) -> Iterator[str]:
    yield f"Copied {_rows(rows)}. Rows and checksums are the same on both sides."
    yield "Set FLIPSIDE_DATABASE_URL to the new database before the next start; the old one is as it was."


def _rows(rows: Mapping[str, int]) -> str:
    total = sum(rows.values())
    return f"{total:,} {'row' if total == 1 else 'rows'} in {len(rows)} tables"


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number or 'no'} messages"


def _size(file: Path) -> str:
    size = file.stat().st_size
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(size // 1000, 1)} kB"


def _ago(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h" if hours >= 2 else f"{max(int(age.total_seconds() // 60), 0)} min"
