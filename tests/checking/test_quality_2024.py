"""The findings on the real 2024 programme, each of which was held against the published text by hand."""

from __future__ import annotations

from pathlib import Path

from kars_xl.checking.rules import run_checks
from kars_xl.merging.consolidate import consolidate
from kars_xl.pipeline import check_forms
from kars_xl.reading.files import read_files
from kars_xl.reading.grid.plain import read_plain
from kars_xl.reading.recognise import recognise
from tests.helpers.found import keys
from tests.helpers.repository import PUBLISHED

SAME_IN_2024 = """
    1.1.1 1.1.2 1.1.3 1.1.5 1.1.6 1.1.8 1.1.11 1.2.1 1.2.2 1.2.4 1.3.2 1.3.5 1.4.1 1.4.2 1.4.3 1.4.4 1.4.5 1.4.6 1.4.7
    1.5.1 1.5.2 1.5.3 1.5.5 1.5.6 1.5.7 1.5.8 1.5.11 1.5.12 1.5.13 1.5.14 1.5.15 1.5.16 2.1.1 2.1.2 2.1.4 3.1.1 3.1.2
    3.2.1 3.3.1 3.3.2 3.3.3 3.3.4 4.1.2 4.1.3 4.2.1 4.2.3 4.2.4 4.2.5 4.3.2 4.3.3 4.3.4 4.3.5 4.3.6 4.3.7 4.4.1 4.4.2
    4.4.3 5.1.1 5.1.2 5.1.3 5.1.4 5.1.5 5.3.1 5.3.2 5.3.3 5.3.4 5.3.5 5.3.6 6.2.2 6.2.3 6.2.4 6.2.5 6.3.7 6.3.8 6.3.9
    6.3.10 7.1.4 7.1.5 7.2.1 7.2.2 7.2.3 7.2.4 7.3.6 8.1.1 8.1.2 8.1.4 8.1.7 8.1.8 8.2.1 8.2.2 8.2.3 8.2.6
"""
ZERO_IN_2024 = """
    1.3.1 1.5.4 1.5.9 1.5.10 1.5.17 1.5.18 2.2.4 4.2.2 4.3.1 5.3.7 7.1.1 7.1.2 7.1.3 7.3.3 7.3.4 8.1.6 8.3.2
"""
REVIEWED = {
    # 0,70 and 1,00 beside 70% and 100%, in the forms of both units of the target.
    "KX111": ["PG.1.3.6", "PG.1.3.7", "PG.1.3.8", "PG.1.3.9"] * 2,
    # 10000(100m2Kapalı+900m2Açık)m2, a subtotal without a figure, and 156 people in Tablo 9 who are 172 elsewhere.
    "KX311": ["Asfalt Tesisi", "Kapalı Alanlar Toplamı", "Toplam"],
    # 40.000.000 under the general administration expenses, as printed.
    "KX312": ["9 Yedek Ödenek"],
    "KX401": [f"PG.{code}" for code in ZERO_IN_2024.split()],
    # "Güncellenen Hâlihazır Harita Oranı", the only one of 162 without a unit.
    "KX402": ["PG.7.1.3"],
    # "Yapılan Güncelleme Sayısı (adet)", as PG.1.5.13.
    "KX403": ["PG.1.5.14"],
    "KX404": [f"PG.{code}" for code in SAME_IN_2024.split()],
    # F.4.4.1–3 and F.4.5.1 are printed with 0,00 in every table.
    "KX405": ["4.4", "4.5"],
    # İtfaiye Binası 60%, 40%, 0% and Kapalı Halk Pazarı 50%, 50%, 0%, with 23 million.
    "KX406": ["PG.7.3.1", "PG.7.3.5"],
    "KX407": ["PG.3.2.1", "PG.4.2.3", "PG.4.4.1"],
}


def test_the_findings_on_the_real_programme_are_the_reviewed_ones(inputs: Path) -> None:
    found = check_forms(read_files([str(inputs)])).findings
    by_code: dict[str, list[str]] = {}
    for item in found:
        by_code.setdefault(item.code, []).append(item.key)
    assert by_code == REVIEWED


def test_the_published_text_itself_has_the_same_quality() -> None:
    """Read as one document, before it became forms: the same advice on its target tables."""
    source = PUBLISHED
    whole = recognise(read_plain(str(source), source.read_bytes()))
    found = run_checks([whole], consolidate([whole]))
    for code in ("KX401", "KX402", "KX403", "KX404", "KX406", "KX407"):
        assert keys(found, code) == REVIEWED[code], code
    assert keys(found, "KX111") == REVIEWED["KX111"][:4]
    assert keys(found, "KX208") == []
