"""A text as a square code (QR, ISO/IEC 18004), drawn on the server: the secret in it goes nowhere else."""

from dataclasses import dataclass

QUIET = 4


@dataclass(frozen=True, slots=True)
class SquareCode:
    """Side in modules with its quiet edge, and the path of the dark modules, one unit each."""

    size: int
    path: str


def square_code(text: str) -> SquareCode:
    """The code of ``text``, error correction M; runs of dark modules in a row are one stroke of the path."""
    import segno  # here: one page in many draws a code

    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    strokes = []
    for down, row in enumerate(rows):
        across = 0
        while across < len(row):
            wide = next((n for n, dark in enumerate(row[across:]) if not dark), len(row) - across)
            if wide:
                strokes.append(f"M{across + QUIET} {down + QUIET}h{wide}v1h-{wide}z")
            across += max(wide, 1)
    return SquareCode(size=len(rows) + 2 * QUIET, path="".join(strokes))
