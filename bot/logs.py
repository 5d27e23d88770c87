"""What the process writes to standard error: lines for people, or JSON objects for machines.

Our own lines never hold a message, a name or an e-mail. Libraries do not know that rule: of theirs only warnings pass,
as written in their source, without what was filled in.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Literal

OURS = "flipside"
FIELD = re.compile(r"\b([a-z_]+)=(\S+)")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
# Of a library's message; the rest may quote what went through it.
MOST_CHARACTERS = 200


def write_logs(style: Literal["text", "json"], level: int = logging.INFO) -> None:
    """From now on; `level` is that of our own lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(level)


class TextLines(logging.Formatter):
    """Moment, level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(_one_line(part) for part in (_moment(record), record.levelname, record.name, _whole(record)))


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger, message; and the `key=value` parts of the message as fields."""

    def format(self, record: logging.LogRecord) -> str:
        said = message(record)
        line: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": said,
        }
        if found := {key: _value(words) for key, words in FIELD.findall(said)}:
            line["fields"] = found
        if where := _where(record):
            line["fault"] = where
        return json.dumps(line, ensure_ascii=False)


def message(record: logging.LogRecord) -> str:
    """What may be written of a record."""
    if record.name == OURS or record.name.startswith(f"{OURS}."):
        return record.getMessage()
    return str(record.msg).partition("\n")[0][:MOST_CHARACTERS]


def _whole(record: logging.LogRecord) -> str:
    where = _where(record)
    return f"{message(record)} ({where})" if where else message(record)


def _where(record: logging.LogRecord) -> str:
    """The kind of a fault and where it was, never its words: they may quote what somebody wrote."""
    fault = record.exc_info[1] if record.exc_info else None
    if fault is None:
        return ""
    frames = traceback.extract_tb(fault.__traceback__)
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return " < ".join([type(fault).__name__, *places])


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(words: str) -> object:
    return float(words) if NUMBER.fullmatch(words) else words


def _one_line(words: str) -> str:
    return " ".join(words.split())
