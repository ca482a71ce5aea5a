"""The same programme in every form in which programmes circulate gives the same findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path

import docx
import pytest
import xlsxwriter

from kars_xl.reports.audit import audit
from tests.helpers import oracles
from tests.helpers.cli_runs import run
from tests.helpers.repository import PUBLISHED

_MARKS = re.compile(r"</?b>|\*\*|^#+ ")
_NUMBER = re.compile(r"\d{1,3}(\.\d{3})*,\d\d( ?%)?|\d+%|\d+")


def lines() -> list[str]:
    return [_MARKS.sub("", line) for line in PUBLISHED.read_text(encoding="utf-8").splitlines()]


def said(files: Sequence[Path]) -> Counter[tuple[str, str, str]]:
    outcome = audit([str(path) for path in files])
    # Text in number cells is read, and said to be text (KX102): that is the one difference between the sources.
    return Counter((item.severity, item.code, item.key) for item in outcome.findings if item.code != "KX102")


@pytest.fixture(scope="module")
def expected() -> Counter[tuple[str, str, str]]:
    found = said([PUBLISHED])
    assert sum(severity == "error" for severity, _, _ in found.elements()) == 35
    return found


def blocks() -> Iterator[tuple[bool, list[str]]]:
    """Runs of lines with tabs, which are tables, and of lines without."""
    for is_table, group in groupby(lines(), key=lambda line: "\t" in line):
        yield is_table, list(group)


def word(path: Path) -> Path:
    document = docx.Document()
    for is_table, group in blocks():
        if not is_table:
            for line in group:
                document.add_paragraph(line)
            continue
        rows = [line.split("\t") for line in group]
        table = document.add_table(len(rows), max(map(len, rows)))
        cells = table._cells
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    cells[number * len(table.columns) + column].text = text
    document.save(str(path))
    return path


def workbook(path: Path) -> Path:
    """As somebody in Excel would have it: figures as numbers, a sheet for each kind of table."""
    with xlsxwriter.Workbook(str(path)) as book:
        money, share = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "0.00%"})
        sheet = book.add_worksheet("Sayfa1")
        for row, line in enumerate(lines()):
            for column, text in enumerate(line.split("\t")):
                if _NUMBER.fullmatch(text) and column > 1:
                    value = float(text.rstrip(" %").replace(".", "").replace(",", "."))
                    sheet.write_number(
                        row, column, value / 100 if "%" in text else value, share if "%" in text else money
                    )
                elif text:
                    sheet.write_string(row, column, text)
    return path


def test_word(expected: Counter[tuple[str, str, str]], tmp_path: Path) -> None:
    assert said([word(tmp_path / "program.docx")]) == expected


# A cell of a workbook has no way to write "1000,00" beside "1.250,00".
NOT_IN_NUMBERS = {("advice", "KX111", "PG.2.2.3"), ("advice", "KX111", "PG.6.1.2")}


def test_workbooks(expected: Counter[tuple[str, str, str]], tmp_path: Path) -> None:
    path = workbook(tmp_path / "program.xlsx")
    wanted = Counter({item: count for item, count in expected.items() if item not in NOT_IN_NUMBERS})
    assert said([path]) == wanted
    for kind in ("ods", "xls"):
        folder = tmp_path / kind
        folder.mkdir()
        assert said(oracles.convert([path], folder, kind)) == wanted, kind


def test_a_programme_in_several_files(expected: Counter[tuple[str, str, str]], tmp_path: Path) -> None:
    text = lines()
    cuts = [
        0,
        *(index for index, line in enumerate(text) if line.startswith(("C- Perf", "D- İdare", "E- İdare"))),
        len(text),
    ]
    files = []
    for number, (low, high) in enumerate(pairwise(cuts)):
        files.append(tmp_path / f"bolum_{number}.txt")
        files[-1].write_text("\n".join(text[low:high]), encoding="utf-8")
    assert len(files) > 3
    assert said(files) == expected


def test_nothing_to_audit_is_said(tmp_path: Path) -> None:
    empty = tmp_path / "bos.txt"
    empty.write_text("Sayın meclis üyeleri,\n", encoding="utf-8")
    for arguments in ([str(empty)], [str(tmp_path / "yok.xlsx")], [str(tmp_path)]):
        answer = run("audit", *arguments)
        assert answer.exit_code == 1
        assert "Traceback" not in answer.output
        assert "KX00" in answer.output
