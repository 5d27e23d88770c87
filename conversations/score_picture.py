"""A small bar chart of how many pairs have how many points, drawn by hand: a PNG of few colours needs only zlib."""

import struct
import zlib
from collections import Counter
from collections.abc import Sequence

from conversations.cards import Picture
from conversations.fit_words import FITS, fit
from conversations.people_words import counted

WIDTH, HEIGHT = 320, 120
MARGIN, GAP = 10, 4
SCALE = 2  # pixels of the file for each of ours, for screens with fine ones
TOP, FLOOR = 14, 102  # where the tallest bar ends, and where all begin
MOST_BARS = 16
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


def score_picture(scores: Sequence[int]) -> Picture:
    """One bar for every ten points (more where they spread far): its pairs above, its least points below.

    Its colour is the fit of its least points. Scores are never negative, and there is at least one.
    """
    wide = _wide(scores)
    counts = Counter(score // wide for score in scores)
    canvas = [bytearray(WIDTH) for _ in range(HEIGHT)]
    first, bars = min(counts), max(counts) - min(counts) + 1
    step = (WIDTH - 2 * MARGIN) // max(bars, 10)  # a few bars are not blown up
    for at in range(bars):
        _bar(canvas, MARGIN + at * step, step - GAP, (first + at) * wide, counts[first + at], max(counts.values()))
    _fill(canvas, MARGIN - GAP, FLOOR, WIDTH - 2 * (MARGIN - GAP), 1, INK)
    return Picture(_png(canvas), _words(counts, wide))


def _wide(scores: Sequence[int]) -> int:
    low, high = min(scores), max(scores)
    return next((wide for wide in WIDTHS if high // wide - low // wide < MOST_BARS), max(1, high - low + 1))


def _words(counts: Counter[int], wide: int) -> str:
    bars = (f"{at * wide} to {(at + 1) * wide - 1}: {counts[at]}" for at in sorted(counts))
    return f"Points of the {counted(counts.total(), 'pair', 'pairs')}: {', '.join(bars)}."


def _bar(canvas: Canvas, left: int, width: int, points: int, count: int, most: int) -> None:
    tall = max(2, round(count * (FLOOR - TOP) / most)) if count else 0
    _fill(canvas, left, FLOOR - tall, width, tall, BAR[fit(points)])
    if count:
        _number(canvas, left + width // 2, FLOOR - tall - 8, count)
    _number(canvas, left + width // 2, FLOOR + 6, points)


def _number(canvas: Canvas, middle: int, top: int, number: int) -> None:
    digits = str(number)
    left = middle - (4 * len(digits) - 1) // 2
    for digit in digits:
        for line, dots in enumerate(DOTS[int(digit)]):
            for column in range(3):
                if dots >> (2 - column) & 1:
                    _fill(canvas, left + column, top + line, 1, 1, INK)
        left += 4


def _fill(canvas: Canvas, left: int, top: int, width: int, height: int, colour: int) -> None:
    for line in canvas[top : top + height]:
        line[left : left + width] = bytes([colour]) * width


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
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
