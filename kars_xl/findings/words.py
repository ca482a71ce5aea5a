"""How things are called wherever they are shown: places, rows, files, programmes, counts."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from kars_xl.base.file_names import short_names
from kars_xl.base.place import Place
from kars_xl.base.text import tidy
from kars_xl.findings.finding import COUNTED, SEVERITIES, Finding
from kars_xl.model.programme import Programme

TABLES = {
    "PHT": "Performans Hedefi Tablosu",
    "FMT": "Faaliyet Maliyetleri",
    "İPT": "İdare Performans Tablosu",
    "TKT": "Tablo 11",
    "SHB": "Sorumlu Harcama Birimleri",
}
_OBEYED = {"Cc", "Cf", "Cn", "Co"}
NOTHING_WRITTEN = "Hiçbir dosya yazılmadı."


def programme_title(programme: Programme) -> str:
    """How a programme is called above a report; without what could not be read of its name and year."""
    what = f"{programme.year} Mali Yılı Performans Programı" if programme.year else "Performans Programı"
    return " – ".join(part for part in (programme.institution.name, what) if part)


def where(place: Place) -> str:
    """A place as a clerk finds it: file ▸ sheet ▸ cell."""
    cell = place.cell if place.sheet or not place.row else f"satır {place.row}"
    return " ▸ ".join(part for part in (PurePath(place.file).name, place.sheet, cell) if part)


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


def clipped(text: str, width: int) -> str:
    """`text` on one line of at most `width` characters."""
    plain = " ".join(text.split())
    return plain if len(plain) <= width else plain[: width - 1].rstrip() + "…"


def plain(text: str) -> str:
    """Text of a form or a file's name, on one line and with nothing that a terminal would obey."""
    return harmless(tidy(unicodedata.normalize("NFC", text)))


def harmless(text: str) -> str:
    """`text` with U+FFFD for what a terminal would obey; its lines stay, and half signs of a file's name, too."""
    return "".join("\ufffd" if unicodedata.category(sign) in _OBEYED and sign != "\n" else sign for sign in text)
