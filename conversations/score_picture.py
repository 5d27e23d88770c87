"""A small bar chart of how many pairs have how many points, drawn by hand: a PNG of few colours needs only zlib."""

import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from conversations.cards import Picture
from conversations.fit_words import FITS, fit
from conversations.people_words import counted

WIDTH, HEIGHT = 320, 120
MARGIN, GAP = 10, 4
SCALE = 2  # pixels of the file for each of ours, for screens with fine ones
TOP, FLOOR = 14, 102  # where the tallest bar ends, and where all begin
MOST_BARS, FEW_BARS = 16, 5  # fewer than these are not blown up
WIDTHS = (10, 20, 50, 100, 200, 500, 1000)  # points of a bar: the first with which the bars fit

WHITE, INK = 0, 1
# White, the figures, then one colour a fit, the strongest first; told apart by their brightness as well.
COLOURS = ("ffffff", "5a6472", "0f5e59", "3a9d8f", "e0a33b", "c9604a")
BAR = {words: at for at, (_, words) in enumerate(FITS, INK + 1)}
# Three columns and five lines each, a bit a dot.
DOTS = (
    (7, 5, 5, 5, 7), (2, 6, 2, 2, 7), (7, 1, 7, 4, 7), (7, 1, 7, 1, 7), (5, 5, 7, 1, 1),
    (7, 4, 7, 1, 7), (7, 4, 7, 5, 7), (7, 1, 1, 1, 1), (7, 5, 7, 5, 7), (7, 5, 7, 1, 7),
)  # fmt: skip

Canvas = list[bytearray]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture, from its upper left corner."""

    left: int
    top: int
    width: int
    height: int


def score_picture(scores: Sequence[int]) -> Picture:
    """One bar for every ten points (more where they spread far): its pairs above, its least points below.

    Its colour is the fit of its least points. Scores are never negative, and there is at least one.
    """
    wide = _wide(scores)
    counts = Counter(score // wide for score in scores)
    canvas = [bytearray(WIDTH) for _ in range(HEIGHT)]
    first, last, most = min(counts), max(counts), max(counts.values())
    bars = last - first + 1
    step = (WIDTH - 2 * MARGIN) // max(bars, FEW_BARS)
    left = (WIDTH - bars * step + GAP) // 2
    # A digit is three dots wide and one apart.
    dot = 2 if 2 * 4 * len(str(max(most, last * wide))) <= step else 1
    for at in range(first, last + 1):
        tall = max(2, round(counts[at] * (FLOOR - TOP) / most)) if counts[at] else 0
        bar = Box(left + (at - first) * step, FLOOR - tall, step - GAP, tall)
        _fill(canvas, bar, BAR[fit(at * wide)])
        middle = bar.left + bar.width // 2
        if counts[at]:
            _number(canvas, middle, bar.top - 5 * dot - 2, dot, counts[at])
        _number(canvas, middle, FLOOR + 5, dot, at * wide)
    _fill(canvas, Box(MARGIN - GAP, FLOOR, WIDTH - 2 * (MARGIN - GAP), 1), INK)
    return Picture(_png(canvas), _words(counts, wide))


def _wide(scores: Sequence[int]) -> int:
    low, high = min(scores), max(scores)
    return next((wide for wide in WIDTHS if high // wide - low // wide < MOST_BARS), max(1, high - low + 1))


def _words(counts: Counter[int], wide: int) -> str:
    bars = (f"{at * wide} to {(at + 1) * wide - 1}: {counts[at]}" for at in sorted(counts))
    return f"Points of the {counted(counts.total(), 'pair', 'pairs')}: {', '.join(bars)}."


def _number(canvas: Canvas, middle: int, top: int, dot: int, number: int) -> None:
    """Its digits three dots wide and one apart; `dot`: how large one is."""
    digits = str(number)
    left = middle - dot * (4 * len(digits) - 1) // 2
    for place, digit in enumerate(digits):
        for line, dots in enumerate(DOTS[int(digit)]):
            for column in range(3):
                if dots >> (2 - column) & 1:
                    _fill(canvas, Box(left + dot * (4 * place + column), top + dot * line, dot, dot), INK)


def _fill(canvas: Canvas, box: Box, colour: int) -> None:
    for line in canvas[box.top : box.top + box.height]:
        line[box.left : box.left + box.width] = bytes([colour]) * box.width


def _png(canvas: Canvas) -> bytes:
    """PNG (ISO 15948): a palette, and one byte a pixel."""
    lines = (b"\0" + bytes(colour for colour in line for _ in range(SCALE)) for line in canvas for _ in range(SCALE))
    head = struct.pack(">IIBBBBB", WIDTH * SCALE, HEIGHT * SCALE, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", bytes.fromhex("".join(COLOURS))),
        (b"IDAT", zlib.compress(b"".join(lines), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
