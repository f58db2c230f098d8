"""A picture that carries a number, so that the far end can prove by pixels that it decoded this source.

Eight columns by six rows of blocks, read row by row from the top corner at the picture's left, most significant bit
first. A light warm block is a one, a dark cold block is a zero:

    row 0      sync, 0b10110010
    rows 1-2   identity of the source, 16 bits
    rows 3-4   number of the frame, 16 bits, modulo 65536
    row 5      CRC-8 of rows 1-4 (polynomial 0x07, initial value 0: ITU-T I.432.1 without its final xor)

The blocks are flat and large, so the pattern outlives VP8, scaling, and a change of colour range. It is read from the
inner quarter of each block. Colour is checked too: ones must be redder, zeros bluer, by a margin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk_client.media.picture import HEIGHT, WIDTH, Planes, plane_views

COLUMNS, ROWS = 8, 6
SYNC = 0b10110010

ONE = (196, 104, 156)
ZERO = (60, 156, 104)
"""Luma, blue chroma, red chroma of a block: far from the ends of the range, so that full and limited range both keep
them apart."""

CHROMA_MARGIN = 12
"""How much redder ones, and bluer zeros, must be on average. Drawn 52 apart; VP8 at its worst keeps well over half."""


@dataclass(frozen=True)
class Pattern:
    """What a coded picture says: who sends (`identity`, 0..65535) and which frame (`number`, 0..65535)."""

    identity: int
    number: int


def draw_pattern(pattern: Pattern, *, width: int = WIDTH, height: int = HEIGHT) -> Planes:
    """The coded picture as yuv420p planes of shape (height * 3 / 2, width), both divisible by 16."""
    body = pattern.identity.to_bytes(2, "big") + pattern.number.to_bytes(2, "big")
    code = np.frombuffer(bytes([SYNC]) + body + bytes([crc8(body)]), dtype=np.uint8)
    cells = np.unpackbits(code).reshape(ROWS, COLUMNS).astype(bool)
    planes = np.empty((height * 3 // 2, width), dtype=np.uint8)
    for view, one, zero in zip(plane_views(planes), ONE, ZERO, strict=True):
        rows = np.arange(view.shape[0]) * ROWS // view.shape[0]
        columns = np.arange(view.shape[1]) * COLUMNS // view.shape[1]
        view[:] = np.where(cells, one, zero).astype(np.uint8)[rows][:, columns]
    return planes


def read_pattern(planes: Planes) -> Pattern | None:
    """What `planes` (yuv420p) says, or None where it carries no pattern, a damaged one, or one without its colours."""
    luma_view, blue_view, red_view = plane_views(planes)
    luma = _cell_means(luma_view)
    light, dark = luma.max(), luma.min()
    if light - dark < (ONE[0] - ZERO[0]) / 3:
        return None
    cells = luma > (light + dark) / 2
    sync, *body, check = np.packbits(cells.reshape(-1)).tobytes()
    if sync != SYNC or check != crc8(bytes(body)):
        return None  # before the colours are looked at: this is asked of every picture of a person, too
    blue, red = _cell_means(blue_view), _cell_means(red_view)
    redder = red[cells].mean() - red[~cells].mean()
    bluer = blue[~cells].mean() - blue[cells].mean()
    if min(redder, bluer) < CHROMA_MARGIN:
        return None
    return Pattern(identity=body[0] << 8 | body[1], number=body[2] << 8 | body[3])


def crc8(data: bytes) -> int:
    """CRC-8 with polynomial x^8 + x^2 + x + 1, initial value 0, no reflection."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07) & 0xFF if value & 0x80 else value << 1
    return value


def _cell_means(view: Planes) -> NDArray[np.float64]:
    """Mean of the inner quarter (by area) of each cell, shape (ROWS, COLUMNS)."""
    means = np.empty((ROWS, COLUMNS))
    for row in range(ROWS):
        top, bottom = _inner(row, ROWS, view.shape[0])
        for column in range(COLUMNS):
            left, right = _inner(column, COLUMNS, view.shape[1])
            means[row, column] = view[top:bottom, left:right].mean()
    return means


def _inner(index: int, count: int, length: int) -> tuple[int, int]:
    start, end = index * length / count, (index + 1) * length / count
    quarter = (end - start) / 4
    return int(start + quarter), max(int(end - quarter), int(start + quarter) + 1)
