"""The bar chart of a proposal's scores: what it says in words, and what can be seen."""

import struct
import zlib
from collections.abc import Sequence

import pytest

from conversations.score_picture import COLOURS, HEIGHT, MOST_BARS, SCALE, WIDTH, score_picture


def seen(scores: Sequence[int]) -> list[bytes]:
    """The lines of the picture, a colour's number each pixel; every chunk is whole."""
    png = score_picture(scores).png
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = dict[bytes, bytes](), 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + body) == int.from_bytes(png[at + 8 + length : at + 12 + length], "big")
        chunks[kind], at = body, at + 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    wide, high, depth, kind_of_colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (wide, high, depth, kind_of_colour) == (WIDTH * SCALE, HEIGHT * SCALE, 8, 3)
    assert len(chunks[b"PLTE"]) == 3 * len(COLOURS)
    drawn = zlib.decompress(chunks[b"IDAT"])
    return [drawn[line * (wide + 1) + 1 : (line + 1) * (wide + 1)] for line in range(high)]


def bars(scores: Sequence[int]) -> list[tuple[int, int]]:
    """Colour and height in pixels of each bar, from left to right."""
    lines = seen(scores)
    found: list[tuple[int, int]] = []
    before = 0
    for column in zip(*lines, strict=True):
        colour = next((dot for dot in column if dot > 1), 0)
        if colour and not before:
            found.append((colour, sum(dot > 1 for dot in column)))
        before = colour
    return found


def test_the_words_say_all_that_the_bars_show() -> None:
    shown = score_picture([36, 47, 52, 58, 71])
    assert shown.alt == "Points of the 5 pairs: 30 to 39: 1, 40 to 49: 1, 50 to 59: 2, 70 to 79: 1."


def test_bars_are_as_high_as_they_have_pairs_and_coloured_by_fit() -> None:
    drawn = bars([36, 52, 58, 71, 72, 73, 74])
    colours, heights = zip(*drawn, strict=True)
    assert colours == (4, 3, 2)
    assert heights[0] * 2 == heights[1]
    assert heights[0] * 4 == heights[2]


def test_one_pair_among_a_thousand_still_shows() -> None:
    assert [height for _, height in bars([50] * 1000 + [90])][1] >= 2


@pytest.mark.parametrize(
    "scores", [[0], [50] * 5, [0, 5, 120, 300, 1500], [0, 123_456], list(range(0, 2_000_000, 999))]
)
def test_scores_of_any_spread_fit_into_the_picture(scores: list[int]) -> None:
    assert 1 <= len(bars(scores)) <= MOST_BARS
    assert all(len(line) == WIDTH * SCALE for line in seen(scores))
    assert len(score_picture(scores).png) < 10_000
