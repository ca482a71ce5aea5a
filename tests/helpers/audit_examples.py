"""For the codes that only an audit yields the smallest spoiled programme: code → a function to be run in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from kars_xl.findings.finding import Finding
from kars_xl.reports.audit import audit
from tests.helpers.printed_programmes import Printed, printed

SEED = 8


def spoiled_programme(folder: Path, *key: str, text: str) -> Iterable[Finding]:
    """The findings of an invented town's printed programme with another text in one cell."""
    page = printed(SEED, targets=2)
    page.set(text, *key)
    return audited(folder, page)


def audited(folder: Path, page: Printed) -> Iterable[Finding]:
    path = folder / "performans_programi.txt"
    path.write_text("\n".join("\t".join(row) for row in page.rows), encoding="utf-8")
    return audit([str(path)]).findings


def without_units(folder: Path) -> Iterable[Finding]:
    """The programme up to its last table, the list of responsible units."""
    page = printed(SEED, targets=2)
    del page.rows[next(at for at, row in enumerate(page.rows) if "SORUMLU BİRİMLER" in row) :]
    return audited(folder, page)


ITEM = printed(SEED, targets=2).items[0]  # Çeşme temizlenmesi
CODE = ITEM.code

AUDIT_EXAMPLES: dict[str, Callable[[Path], Iterable[Finding]]] = {
    "KX304": lambda folder: spoiled_programme(folder, "SHB", CODE, "unit", text="Denizcilik Müdürlüğü"),
    "KX306": lambda folder: spoiled_programme(folder, "FMT", CODE, "total", text="1.250,00"),
    "KX307": lambda folder: spoiled_programme(folder, "İPT", CODE, "total share", text="77,77%"),
    "KX308": lambda folder: spoiled_programme(folder, "TKT", "3", "activities", text="1.250.000,00"),
    "KX309": lambda folder: spoiled_programme(folder, "İPT", "Genel Toplam", "total", text="1.250.000,00"),
    "KX312": lambda folder: spoiled_programme(folder, "TKT", "9", "general", text="1.250.000,00"),
    "KX318": without_units,
    "KX409": lambda folder: spoiled_programme(folder, "FMT", CODE, "name", text=ITEM.name.replace("ş", "ř")),
}
