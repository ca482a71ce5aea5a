"""Finds the general tables of a sheet: from blocks of rows to tables with columns, rows and totals."""

from collections.abc import Iterator, Sequence

from kars_xl.base.place import Place
from kars_xl.base.text import fold, tidy
from kars_xl.reading.general import blocks, kinds
from kars_xl.reading.general.blocks import Block, Row
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import cost_row_of, label_of
from kars_xl.reading.row_cells import at, here, starts_with_code, text_of
from kars_xl.reading.tables import GeneralColumn, GeneralRow, GeneralTable, Text

# Labels that stand in tables of every sort; any other label of labels.py is a sign of one of the five official tables.
_COMMON = {"", "total", "grand_total", "subtotal", "unit", "year", "note", "lira", "share", "responsibles"}
# A caption further above than this is another table's.
_NEAR = 6
_HEADING_ROWS = 3
_LONGEST_LABEL = 160
# With these a form marks its entry cells and links.
_MARKS = ("◄", "►")
_BLANK = kinds.Caption(Text("", Place("")))


def take_general_tables(rows: list[Row]) -> tuple[list[GeneralTable], list[Row]]:
    """The general tables among the rows of a sheet, and the rows that are in none of them."""
    tables: list[GeneralTable] = []
    taken: set[int] = set()
    written = ([cell for cell in row if not (isinstance(cell.value, str) and cell.value in _MARKS)] for row in rows)
    sides = [
        side
        for block in blocks.blocks_of([row for row in written if row])
        # The first rows already show most of the five tables.
        if not any(map(_is_official, block.rows[:2]))
        for side in blocks.side_by_side(block)
    ]
    captions = [(_caption(block, below=False), _caption(block, below=True)) for block in sides]
    numbered = (pair for block, pair in zip(sides, captions, strict=True) if len(block.rows) > 1)
    # The first table of a sheet shows whether captions stand above or below.
    below = next((not above.number for above, under in numbered if above.number or under.number), False)
    for block, (above, under) in zip(sides, captions, strict=True):
        caption = under if below and under.number else above
        if not any(map(_is_official, block.rows)) and (table := _table(block, caption)):
            tables.append(table)
            taken.update(id(cell) for row in block.rows for cell in row)
    left = ([cell for cell in row if id(cell) not in taken] for row in rows)
    return tables, [row for row in left if row] if taken else rows


def _is_official(row: Row) -> bool:
    texts = [cell.value for cell in row if isinstance(cell.value, str)]
    named = any(label_of(text)[0] not in _COMMON or cost_row_of(text) is not None for text in texts)
    return named or starts_with_code(row)


def _caption(block: Block, *, below: bool) -> kinds.Caption:
    """The caption with a number that is nearest to the block, else the line right above it; a blank one for none."""
    lines = block.below[:2] if below else block.above[::-1]
    edge = block.rows[-1 if below else 0][0].row
    for line in lines:
        found = kinds.captions_of(line)
        if found and abs(line[0].row - edge) <= _NEAR:
            left = min(cell.column for row in block.rows for cell in row)
            return min(found, key=lambda caption: abs(caption.text.place.column - left))
    if block.above and edge - block.above[-1][0].row <= 2 and not below:
        return kinds.loose_caption(block.above[-1]) or _BLANK
    return _BLANK


def _table(block: Block, caption: kinds.Caption) -> GeneralTable | None:
    """The block as a general table; None where nothing shows that it is one."""
    heads = _heading_rows(block)
    data = [row for row in block.rows[len(heads) :] if not any(blocks.repeats(row, head) for head in heads)]
    if not data or not (heads or caption.number):
        return None
    columns = tuple(_columns(heads, data))
    if not any(column.role == "label" for column in columns):
        return None
    headings = [column.heading.value for column in columns if column.role != "number"]
    counts = any(column.counts for column in columns)
    if not counts and kinds.kind_of(caption.text.value, headings, ()) not in kinds.LISTS:
        return None
    table = GeneralTable("", caption.text, caption.number, block.rows[0][0].place, columns)
    for row in (_row(row, columns) for row in data):
        others = [cell for cell, column in zip(row.cells, columns, strict=True) if column.role != "number"]
        # Not a numbered row that nobody has filled in, but for the zero of its total.
        if any(cell.value or cell.place == row.label.place for cell in others):
            table.rows.append(row)
    table.kind = kinds.kind_of(caption.text.value, headings, [row.label.value for row in table.rows])
    # Where nothing is named as a total, "Kadro Sayısı" beside Dolu and Boş is one.
    if table.kind == "occupancy" and not any(row.total for row in table.rows):
        table.rows = [row._replace(total=kinds.post_state(row.label.value) == "posts") for row in table.rows]
    if table.kind == "occupancy" and not any(column.total for column in columns):
        table.columns = tuple(_marked(column, kinds.post_state(column.heading.value) == "posts") for column in columns)
    return table if _is_general(table, bool(caption.number)) else None


def _marked(column: GeneralColumn, total: bool) -> GeneralColumn:
    """The column as a total, if it can be one."""
    return column._replace(total=total and column.counts and not kinds.is_no_part(column.heading.value))


def _is_general(table: GeneralTable, numbered: bool) -> bool:
    """Figures under a caption or of a known kind, or with a total; a list only where its heading or caption says so."""
    if any(column.counts for column in table.columns):
        closed = any(row.total and kinds.is_last_total(row.label.value) for row in table.rows) and len(table.rows) > 2
        return numbered or bool(table.kind) or (closed and bool(table.columns[-1].heading.value))
    listed = numbered or any(column.role == "number" for column in table.columns)
    short = all(len(row.label.value) <= _LONGEST_LABEL for row in table.rows)
    return table.kind in kinds.LISTS and listed and short and len(table.columns) <= 3


def _heading_rows(block: Block) -> list[Row]:
    """The rows above the first figure; in a list, the first row. None where figures begin at once."""
    first, *rest = block.rows
    years = [cell.text for cell in first if blocks.is_figure(cell)]
    # "Kadro | 2022 | 2023"
    heads_years = all(len(year) == 4 and year[:2] in ("19", "20") for year in years) and len({*years}) == len(years)
    if years and (blocks.is_figure(first[0]) or not heads_years):
        return []
    heads = [first]
    if not any(blocks.has_figures(row[1:]) for row in block.rows):
        return heads
    left = first[0].column
    for row in rest[: _HEADING_ROWS - 1]:
        # A row of dashes is one of data, and a line of one cell names a group of them.
        if blocks.has_figures(row) or len(row) < 2 or any(not fold(cell.text) for cell in row) or row[0].column == left:
            break
        heads.append(row)
    return heads


def _columns(heads: list[Row], data: list[Row]) -> Iterator[GeneralColumn]:
    has_label = False
    for number in sorted({cell.column for row in (*heads, *data) for cell in row}):
        heading = _heading(heads, here(heads[-1] if heads else data[0], number))
        cells = [cell for row in data for cell in row if cell.column == number]
        numbered = [cell for cell in cells if cell.text.strip(" .)-").isdigit()]
        # A column of numbers of rows, and names of totals.
        counts_up = bool(numbered) and all(kinds.is_total(cell.text) for cell in cells if cell not in numbered)
        if has_label or not cells:
            role = _role(heading.value, cells)
        else:
            role = "number" if counts_up and kinds.is_number_heading(heading.value) else "label"
            has_label = role == "label"
        yield _marked(GeneralColumn(heading, role), kinds.is_total(heading.value))


def _heading(heads: list[Row], place: Place) -> Text:
    """The words above a column; in a heading of two rows a group's name goes with each of its columns."""
    words: list[str] = []
    number = place.column
    for depth, row in enumerate(heads):
        own = at(row, number)
        place = own.place if own else place
        if own is None and any(cell.column == number for line in heads[depth + 1 :] for cell in line):
            own = next((cell for cell in reversed(row[1:]) if cell.column < number), None)
        words += [own.text] if own else []
    return Text(tidy(" ".join(words)), place)


def _role(heading: str, cells: Sequence[Cell]) -> str:
    """What a column right of the labels holds: more figures than words, or not; remarks are words."""
    if kinds.is_note(heading):
        return "text"
    read = [blocks.read_cell(cell, cell.place) for cell in cells]
    figures = [cell for cell in read if cell.readings]
    words = [cell for cell in read if not cell.readings and not cell.blank]
    if not figures or len(words) > len(figures):
        return "text"
    shares = sum(cell.percent for cell in figures)
    return "percent" if kinds.is_percent(heading) or 2 * shares > len(figures) else "figure"


def _row(row: Row, columns: Sequence[GeneralColumn]) -> GeneralRow:
    """A row by columns. The label is what stands left of the figures, in the number column too ("TOPLAM")."""
    roles = {column.number: column.role for column in columns}
    valued = [number for number, role in roles.items() if role in ("figure", "percent")]
    left = [cell for cell in row if not valued or cell.column < valued[0]]
    named = [cell for cell in left if not blocks.is_figure(cell) and fold(cell.text)]
    labels = [cell for cell in named if roles[cell.column] == "label"]
    label = next(iter((*labels, *named, *left[:1])), None)
    # A numbered row is one of the things counted, whatever its name: "11 | Toplam Ölçüm Cihazı".
    numbers = [cell.text.strip(" .)-") for cell in row if roles[cell.column] == "number" and cell is not label]
    by_column = {cell.column: cell for cell in row}
    total = label is not None and kinds.is_total(label.text) and not numbers
    if label is not None and total:
        figures = [cell for cell in row if cell.column > label.column]
        if len(figures) == len(valued) and figures and figures[-1].column != valued[-1]:
            # A text may lack the blanks between a total and its figures: these are of the last columns.
            by_column = {label.column: label} | dict(zip(valued, figures, strict=True))
    cells = [blocks.read_cell(by_column.get(column.number), here(row, column.number)) for column in columns]
    remarks = [cell.text for cell, column in zip(cells, columns, strict=True) if kinds.is_note(column.heading.value)]
    said = blocks.read_text(remarks[0]) if remarks else None
    if said and said.parts and sum(column.counts for column in columns) == 1:
        # The row's only figure, and beside it its parts: 10000 | 10000(100m2Kapalı+…)m2.
        only = next(index for index, column in enumerate(columns) if column.counts)
        if cells[only].value == said.value:
            cells[only] = cells[only]._replace(readings=said.readings, parts=said.parts)
    return GeneralRow(text_of(label, here(row, columns[0].number)), "".join(numbers[-1:]), tuple(cells), total)
