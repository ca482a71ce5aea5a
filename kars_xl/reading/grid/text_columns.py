"""Cells of a text whose columns are kept apart by tabs, by bars, or by blanks as `pdftotext -layout` writes them."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from kars_xl.reading.grid.cells import UnreadableFile

_BARS = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"[\s|:+=-]*")
_CHUNK = re.compile(r"\S+(?: \S+)*")
# Amounts and values; a year heads columns, and a code or a single digit may stand among words.
_FIGURE = re.compile(r"(?!(?:19|20)\d\d$)[%₺+-]?\s?\d[\d.,]*\s?(?:%|₺|,?-?\s?TL)?|-")
_NEAR = 8  # letters between a heading and the figures that it stands over

Cells = list[tuple[int, str]]
Columns = list[tuple[int, int]]


class _Chunk(NamedTuple):
    start: int
    end: int
    text: str

    def meets(self, column: tuple[int, int]) -> bool:
        """Whether it stands in a column; a wording that begins far left of it only runs on into it."""
        runs_on = self.start < column[0] - _NEAR and not self.is_figure
        return self.start < column[1] and column[0] < self.end and not runs_on

    @property
    def is_figure(self) -> bool:
        return _FIGURE.fullmatch(self.text) is not None


def rows_of_text(text: str) -> Iterator[Cells]:
    """(column, text) of each line's cells. Raises UnreadableFile (KX001) for columns that are not in line."""
    lines = re.split("\r\n?|\n", text)
    if any("\t" in line for line in lines) or not any("  " in line.strip() for line in lines):
        yield from (_bars(line, list(enumerate(line.split("\t"), start=1))) for line in lines)
        return
    number, columns = 1, Columns()
    for blank, group in groupby(lines, key=lambda line: not line.strip(" \f")):
        block = list(group)
        found = ([] if blank else _CHUNK.finditer(line.replace("\f", " ")) for line in block)
        chunks = [[_Chunk(match.start(), match.end(), match[0]) for match in matches] for matches in found]
        # Two lines of cells, or one of three: prose may have two blanks somewhere.
        if sum(len(line) > 1 for line in chunks) > 1 or any(len(line) > 2 for line in chunks):
            if not all(_fits(line, columns) for line in chunks):
                columns = _columns(chunks, number)
            yield from (_bars(line, _placed(cells, columns)) for line, cells in zip(block, chunks, strict=True))
        else:
            yield from (_bars(line, [(1, line)]) for line in block)
        number += len(block)


def _bars(line: str, other: Cells) -> Cells:
    """The cells of "| a | b |", none of a rule between them; `other` for any other line."""
    if not _BARS.fullmatch(line):
        return other
    cells = re.split(r"(?<!\\)\|", line.strip()[1:-1]) if not _RULE.fullmatch(line) else []
    return [(column, cell.replace("\\|", "|")) for column, cell in enumerate(cells, start=1)]


def _fits(line: Sequence[_Chunk], columns: Columns) -> bool:
    met = [[at for at, column in enumerate(columns) if chunk.meets(column)] for chunk in line]
    return all(len(found) == 1 for found in met) and len({found[0] for found in met}) == len(met)


def _columns(lines: Sequence[Sequence[_Chunk]], number: int) -> Columns:
    """From the figures of the fullest lines on; a wording that stands in no column, or near one, has its own. Raises
    UnreadableFile where a cell that is longer than its column has pushed what follows it."""
    figures = [[chunk for chunk in line if chunk.is_figure] for line in lines]
    full = [line for line in figures if len(line) == max(map(len, figures))]
    columns = [(min(it.start for it in cells), max(it.end for it in cells)) for cells in zip(*full, strict=True)]
    if any(before[1] > after[0] for before, after in pairwise(columns)):
        raise UnreadableFile("KX001", f"{number}. satırdan başlayarak sütunlar boşlukla ayrılmış, hizaları tutmuyor")
    for cells in sorted(lines, key=len, reverse=True):
        for chunk in cells:
            met = [at for at, column in enumerate(columns) if chunk.meets(column)]
            end = min([chunk.end, *(column[0] for column in columns if column[0] > chunk.start)])
            if len(met) == 1:
                start, last = columns[met[0]]
                columns[met[0]] = min(start, chunk.start), max(last, end)
            elif not met and not _beside(chunk, cells, columns):
                columns.append((chunk.start, end))
            columns.sort()
    return columns


def _beside(chunk: _Chunk, line: Sequence[_Chunk], columns: Columns) -> list[int]:
    """The column that a cell without one stands near, nearest first, where no other cell of the line is in it."""
    free = [at for at, column in enumerate(columns) if not any(other.meets(column) for other in line)]
    gaps = {at: max(columns[at][0] - chunk.end, chunk.start - columns[at][1]) for at in free}
    # What stands over a column without meeting it runs on into it.
    return sorted((at for at in free if 0 <= gaps[at] <= _NEAR), key=gaps.__getitem__)


def _placed(line: Sequence[_Chunk], columns: Columns) -> Cells:
    """Each cell in the first column that it meets, or stands near."""
    found: Cells = []
    for chunk in line:
        met = [at for at, column in enumerate(columns) if chunk.meets(column)] or _beside(chunk, line, columns)
        found.append((max(met[0] + 1 if met else 1, found[-1][0] + 1 if found else 1), chunk.text))
    return found
