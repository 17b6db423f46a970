"""Rows with aligned columns."""

from collections.abc import Iterable, Iterator, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Lines of text; numbers stand at the right of their columns."""
    body = [list(row) for row in rows]
    texts = [list(head), *([str(cell) for cell in row] for row in body)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    right = [
        all(isinstance(row[column], int) for row in body) and bool(body)
        for column in range(len(head))
    ]
    for row in texts:
        cells = (
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        )
        yield "  ".join(cells).rstrip()
