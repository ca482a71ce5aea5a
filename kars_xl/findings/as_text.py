"""A report as plain text, tables and trees laid out by `rich`; and how things are called wherever they are shown."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import PurePath
from textwrap import wrap
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kars_xl.base.file_names import short_names
from kars_xl.base.money import format_decimal, format_signed, format_tl
from kars_xl.base.place import Place
from kars_xl.base.text import clipped, harmless, plain, writable
from kars_xl.findings import blocks
from kars_xl.findings.finding import ADVICE, COUNTED, HEADINGS, SEVERITIES, Finding, kinds

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH, NARROW, WIDE = 100, 80, 120
_SHOWN = 5
_RELATED = 3
_LABEL = 40
_NAME_LINES = 3
_LEAST = 16
_BAR = 8
# Lines that are read at a glance, and kinds of findings of which each has a line there.
_SCREEN, _KINDS = 40, 8
TABLES = {
    "PHT": "Performans Hedefi Tablosu",
    "FMT": "Faaliyet Maliyetleri",
    "İPT": "İdare Performans Tablosu",
    "TKT": "Tablo 11",
    "SHB": "Sorumlu Harcama Birimleri",
}


def as_text(report: blocks.Report, *, everything: bool = False, width: int = WIDTH) -> Iterator[tuple[bool, str]]:
    """(is it a message?, text) of what stands together; with `everything` nothing is left out for its length."""
    size = max(NARROW, min(width, WIDE))
    asked = {blocks.TEXT, *([blocks.ALL] if everything else [])}
    shown = [block for block in report.blocks if asked & block.on]
    whole = list(_joined(shown, everything, size))
    if everything or not any(block.detail for block in shown) or _lines(whole) <= _SCREEN:
        yield from whole
    else:
        left = blocks.Lines(lines=["Kısaltıldı; tümü için --all."], err=shown[-1].err)
        yield from _joined([*(_in_brief(block, size) for block in shown[:-1]), left, shown[-1]], everything, size)


def _lines(texts: Iterable[tuple[bool, str]]) -> int:
    return sum(text.count("\n") + 1 for _, text in texts)


def _joined(shown: Iterable[blocks.Block], everything: bool, size: int) -> Iterator[tuple[bool, str]]:
    made = [(block, text) for block in shown if (text := harmless(_block(block, everything, size)).rstrip())]
    for err, run in groupby(made, key=lambda item: item[0].err):
        text, before = "", None
        for block, part in run:
            close = all(isinstance(one, blocks.Lines) and not one.title for one in (before, block))
            close = close and not isinstance(block, blocks.Verdict)
            text += ("" if before is None else "\n" if close else "\n\n") + part
            before = block
        yield err, text


def _in_brief(block: blocks.Block, width: int) -> blocks.Block:
    """Of a detail nothing, of findings a line of each of the first kinds."""
    if not isinstance(block, blocks.Listed) or not block.detail:
        return blocks.Block() if block.detail else block
    names, lines = names_of(block.files, block.findings), list[str]()
    by_severity = groupby(kinds(block.findings), key=lambda kind: kind[0])
    for severity, (*each,) in by_severity:
        for _, code, _, group in each[:_KINDS] if severity != ADVICE else ():
            place = where(group[0].place._replace(file=names[group[0].place.file]))
            count = f" ({len(group)} yerde)" if len(group) > 1 else ""
            first = ": ".join(filter(None, (place, group[0].message)))
            lines.append(clipped(f"{HEADINGS[severity]} {code}{count} • {first}", width))
        left = sum(len(group) for *_, group in (each if severity == ADVICE else each[_KINDS:]))
        lines += [f"{HEADINGS[severity]}: {left} tane{'' if severity == ADVICE else ' daha'}."] if left else []
    return blocks.Lines(lines=lines, err=block.err)


def _block(block: blocks.Block, everything: bool, width: int) -> str:
    match block:
        case blocks.Verdict():
            lines = [part for line in block.lines for part in _wrapped(line, width)]
        case blocks.Lines():
            most = block.most if block.most is not None and not everything else len(block.lines)
            lines = [f"{block.bullet}{said(line)}" for line in block.lines[:most]]
            lines += _left_out(len(block.lines) - most)
        case blocks.Facts():
            lines = list(_facts(block))
        case blocks.Table():
            return _table(block, everything, width)
        case blocks.Listed():
            return findings_text(block, everything=everything)
        case blocks.Tree():
            return _tree(block.root)
        case _:
            return ""
    return "\n".join([*([block.title] if block.title and lines else []), *lines])


def _wrapped(line: str, width: int) -> list[str]:
    """A sentence on lines of that width; a command stays whole, to be copied."""
    words, mark, command = line.partition(": kars-xl ")
    if len(line) <= width:
        return [line]
    lines = wrap(words + ":" if mark else words, width, break_long_words=False, break_on_hyphens=False)
    return [*lines, f"  kars-xl {command}"] if mark else lines


def _left_out(count: int) -> list[str]:
    return [f"  … ve {count} tane daha (tümü için --all)."] if count > 0 else []


def said(value: object) -> str:
    """Any value of a report in words."""
    match value:
        case None:
            return "-"
        case blocks.Cell():
            return "-" if value.value == 0 and value.look == blocks.NONE else said(value.value)
        case blocks.Tl():
            return format_signed(value.kurus) if value.signed and value.kurus else format_tl(value.kurus)
        case blocks.Filled():
            return f"{bar(value.done, value.of, wrong=value.wrong)} {value.done}/{value.of}" if value.of else ""
        case datetime():
            return f"{value:%d.%m.%Y %H:%M}"
        case Decimal():
            return format_decimal(value)
        case Place():
            return where(value)
    return str(value)


def bar(done: int, of: int, *, wrong: bool = False) -> str:
    """What is done as blocks: full only where all is right, and not empty where one is; "" where there is nothing to
    do."""
    full = done and max(done * _BAR // of - wrong, 1)
    return "█" * full + "░" * (_BAR - full) if of else ""


def _facts(block: blocks.Facts) -> Iterator[str]:
    rows = [[said(value) for value in row] for row in block.rows]
    sizes = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [f"{cell:>{size}}" for cell, size in zip(others, sizes[1:], strict=True)] if len(others) > 1 else others
        yield f"{first:<{sizes[0] + 2}}" + "  ".join(cells)


def _table(block: blocks.Table, everything: bool, width: int) -> str:
    """One grid for the rows between two notes, which are as wide as the table; the first column takes what is left."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    columns = [column for column in block.columns if column.title]
    most = block.most if block.most is not None and not everything else len(block.rows)
    rows = [[_lines_of(column.of(row)) for column in columns] for row in (*block.rows[:most], *block.foot)]
    words = [column.title.split() if rows else [column.title] for column in columns]
    sizes = [max(len(line) for cells in column for line in cells) for column in zip(words, *rows, strict=True)]
    elastic = [number for number, column in enumerate(columns) if number == 0 or column.words]
    while sum(sizes) + 2 * (len(sizes) - 1) > width and max(sizes[number] for number in elastic) > _LEAST:
        sizes[max(elastic, key=sizes.__getitem__)] -= 1
    parts: list[RenderableType] = []

    def add(cells: Sequence[list[str]]) -> None:
        grid = Grid.grid(padding=(0, 2, 0, 0))
        for column, size in zip(columns, sizes, strict=True):
            right = column is not columns[0] and not column.words
            grid.add_column(width=size, justify="right" if right else "left", overflow="fold")
        grid.add_row(*(Text("\n".join(lines)) for lines in cells))
        parts.append(grid)

    size = sum(sizes) + 2 * (len(sizes) - 1)
    rule = Text("─" * size)
    if any(column.title.strip() for column in columns):
        add([[column.title] for column in columns])
        parts.append(rule)
    for number, cells in enumerate(rows):
        if number == most:
            parts.append(rule)
        cells[0] = [clipped(plain(cells[0][0]), _NAME_LINES * sizes[0]), *cells[0][1:]]
        add(cells)
        if number < most:
            notes = [note for note in block.notes(block.rows[number]) if blocks.TEXT in note.on]
            texts = (f"! {plain(note.text)}" if note.look else plain(note.text) for note in notes)
            parts += [Padding(Text(text), (0, 0, 0, 2)) for text in texts]
    parts += map(Text, _left_out(len(block.rows) - most))
    title = block.title + (f" ({len(block.rows)})" if block.counted else "")
    return "\n".join([*([title] if title else []), _drawn(Group(*parts), max(size, width))])


def _lines_of(value: object) -> list[str]:
    notes = value.notes if isinstance(value, blocks.Cell) else ()
    return [said(value), *(note.text for note in notes if blocks.TEXT in note.on)]


def _tree(root: blocks.Branch) -> str:
    """A line is as long as it is: where a figure comes from can be looked for in it."""
    from rich.console import Group
    from rich.text import Text
    from rich.tree import Tree as Drawn

    def label(branch: blocks.Branch) -> "RenderableType":
        return Group(*map(Text, (branch.text, *branch.lines)))

    tree = Drawn(label(root))
    waiting = [(tree, root)]
    while waiting:
        drawn, branch = waiting.pop()
        waiting += [(drawn.add(label(child)), child) for child in branch.children]
    return _drawn(tree, 100_000)


def _drawn(what: "RenderableType", width: int) -> str:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False, force_terminal=False).print(what)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def findings_text(block: blocks.Listed, *, everything: bool) -> str:
    """Findings by kind, worst first; of each kind the first few, with what to do. A kind has one remedy."""
    names = names_of(block.files, block.findings)
    lines: list[str] = []
    for severity, code, fix, group in kinds(block.findings):
        if severity != ADVICE or block.advice or everything:
            lines += ["", *_group(f"{HEADINGS[severity]} {code}", fix, group, names, everything)]
    if not block.advice and not everything and (count := sum(found.severity == ADVICE for found in block.findings)):
        lines += ["", f"{HEADINGS[ADVICE]}: {count} tane; görmek için kars-xl check ya da --all."]
    return "\n".join([block.title, *lines] if block.title and lines else lines[1:])


def _group(head: str, fix: str, group: list[Finding], names: Mapping[str, str], everything: bool) -> Iterable[str]:
    yield head + (f" ({len(group)} yerde)" if len(group) > 1 else "")
    shown = group if everything else group[:_SHOWN]
    for found in shown:
        place = where(found.place._replace(file=names[found.place.file]))
        # As much of a row's name as tells which row it is.
        whole = found.label
        row = row_of(replace(found, label=whole if len(whole) <= _LABEL else f"{whole[:_LABEL].rsplit(' ', 1)[0]} …"))
        yield "  • " + ": ".join(filter(None, (" – ".join(filter(None, (place, row))), found.message)))
        if others := _related(found, names):
            yield f"    İlgili yer: {others}"
    if len(group) > len(shown):
        yield f"  … ve {len(group) - len(shown)} yer daha (tümü için --all)."
    yield f"  ➜ {fix}"


def _related(found: Finding, names: Mapping[str, str]) -> str:
    """The first few of the other places; their file where it is another one than the finding's."""
    places = [place._replace(file=names[place.file]) for place in found.related]
    own = found.place._replace(file=names[found.place.file])
    bare = [place._replace(file="") if place.file == own.file and place.row else place for place in places]
    shown = [words for words in dict.fromkeys(map(where, bare)) if words != where(own._replace(file=""))]
    if len(shown) > _RELATED:
        shown[_RELATED:] = [f"ve {len(shown) - _RELATED} yer daha"]
    return "; ".join(shown)


def where(place: Place) -> str:
    """A place as a clerk finds it: file ▸ sheet ▸ cell, or a text file's line."""
    cell = place.cell if place.sheet or not place.row else f"satır {place.row}"
    return writable(" ▸ ".join(filter(None, (PurePath(place.file).name, place.sheet, cell))))


def row_of(found: Finding) -> str:
    """What a finding is about, as it stands in the form: table ▸ code ▸ the row's name."""
    return " ▸ ".join(filter(None, (TABLES.get(found.table, found.table), found.key, found.label)))


def count_line(findings: Iterable[Finding]) -> str:
    """ "2 hata, 5 uyarı" or "Sorun bulunmadı."."""
    counts = Counter(found.severity for found in findings)
    parts = [f"{counts[severity]} {COUNTED[severity].lower()}" for severity in SEVERITIES if counts[severity]]
    return ", ".join(parts) if parts else "Sorun bulunmadı."


def names_of(files: Iterable[str], findings: Iterable[Finding]) -> Mapping[str, str]:
    """What each file is called: `files`, and those that findings are about; no two alike."""
    places = [place for found in findings for place in (found.place, *found.related)]
    named = [file for file in dict.fromkeys([*files, *(place.file for place in places)]) if file]
    return {"": "", **{file: " ▸ ".join(parts) for file, parts in short_names(named).items()}}
