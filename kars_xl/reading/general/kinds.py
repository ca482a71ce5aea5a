"""What a general table is about, what its rows and columns are, told by their words; the kinds of a programme."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kars_xl.base.text import code_key, fold, sort_key, tidy
from kars_xl.model.programme import ProgrammeTable
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.grid.cells import Cell
from kars_xl.reading.labels import label_of
from kars_xl.reading.row_cells import text_of
from kars_xl.reading.tables import GeneralTable, Text

KINDS = {
    "buildings": "Hizmet binaları",
    "vehicles": "Taşıtlar",
    "hardware": "Kullanıcı donanımları",
    "software": "Yazılımlar",
    "systems": "Sistem donanımları",
    "staff_by_cadre": "Kadroya göre personel",
    "staff_by_unit": "Birimlere göre personel",
    "occupancy": "Kadroya göre doluluk",
    "gender": "Cinsiyete göre personel",
    "education": "Personelin eğitim durumu",
    "age": "Personelin yaş dağılımı",
    "service": "Personelin hizmet süresi",
}
# The kinds that count all of an institution's people.
STAFF = ("staff_by_cadre", "staff_by_unit", "occupancy", "gender", "education", "age", "service")
# The kinds that may be lists without a figure.
LISTS = ("software", "systems", "hardware", "vehicles", "buildings")
# A form and the workbook have room for so many columns of figures.
MOST_COLUMNS = 6
# Tables whose columns are parts of a whole, so that each row has a total of its own.
CROSS = ("vehicles", "staff_by_unit", "occupancy", "gender", "education", "age", "service")
# Of these the rows are what is counted (levels, ages …) and the columns the classes of staff.
CLASSES_IN_COLUMNS = ("occupancy", "gender", "education", "age", "service")
# Words of the names of units that keep such tables, the surest first.
_PROPERTY_KEEPERS = ("destek hizmet", "idari ve mali", "idari isler", "makine ikmal", "emlak", "isletme")
_COMPUTING_KEEPERS = ("bilgi islem", "bilgi teknoloji", "bilisim", "destek hizmet")
_STAFF_KEEPERS = ("insan kaynak", "personel", "ozluk", "yazi isleri")
_CAPTION = re.compile(
    r"(?:ek\s+)?(?:(?P<before>\d{1,3}(?:[.\-]\d{1,3})*)\s*[.):\-]*\s*)?(?:tablo|[çÇ][iİ]zelge|cetvel)\b(?:\s*no\b)?\s*[:.\-–]?\s*"
    r"(?P<after>(?:[a-z][.\-])?\d{1,3}(?:[.\-]\d{1,3})*(?:\.(?=\s|$))?|[ivx]{1,5}\b)?\s*[.:)\-–—]*\s*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"ablo|zelge|etvel", re.IGNORECASE)
# Dots or a tab and a page number: a line of the table of contents.
_CONTENTS = re.compile(r"\.{4,}|…{2,}|\t\s*\d+\s*$")
_NO_CAPTION = re.compile(r"(?:şekil|grafik|resim|harita|kaynak|not)\b", re.IGNORECASE)
_LONGEST = 140


def _says(pattern: str, *, or_sign: bool = False) -> Callable[[str], bool]:
    """Tells of a text whether its folded words hold a pattern, or it has a percent sign."""
    search = re.compile(pattern).search

    @lru_cache(maxsize=4096)
    def says(text: str) -> bool:
        return (or_sign and "%" in text) or search(fold(text)) is not None

    return says


# A row or column named as a total: "TOPLAM", "Toplam Fiziki Alan", "Kapalı Alanlar Toplamı".
is_total = _says(r"\b(?:(?:ara|genel)?toplami?|toplamlari|yekun)\b")
# One that ends a table: not "Ara Toplam" or "Kapalı Alanlar Toplamı".
is_last_total = _says(r"^(?:genel |umum )?(?:toplam|yekun)\b")
# A total and nothing else: "Toplam Yol Uzunluğu" may be a fact among others.
is_plain_total = _says(r"^(?:genel |ara |umum )?(?:toplam|yekun)$")
is_percent = _says(r"\b(?:oran|orani|yuzde|yuzdesi|yuzdelik|pay|payi)\b", or_sign=True)
# A heading of shares of the whole: "Oran (%)", "Toplamdaki pay (%)", not "Kadın Oranı (%)".
is_plain_percent = _says(r"^(?:toplamdaki )?(?:(?:oran|orani|yuzde|yuzdesi|yuzdelik|pay|payi)\b ?)*$")
# A row or column that no total counts: an average, a percentage.
is_no_part = _says(r"\bortalama|\borani?\b|\byuzde", or_sign=True)
# A row that may repeat what another row counts: "Bunlardan engelli olanlar".
is_of_which = _says(r"\b(?:bunlardan|bunun|bunlarin|icinde|icindeki|icerisinde)\b")
# "Sıra No" and the like, and a blank heading.
is_number_heading = _says(r"^(?:s|sn|sira|no|sno|sirano|s no|sira no|sira numarasi)?$")
_is_sex = _says(r"\b(?:kadin|erkek|bayan|bay)\b")
_is_education = _says(
    r"\b(?:ilkokul|ilkogretim|ortaokul|ortaogretim|lise|onlisans|lisans|doktora|universite|yuksekokul|okuryazar|okur)"
)
_is_range = _says(r"^(?:\d+ \d+( (yas|yil).*)?|\d+ (yas |yil )?(ve )?(uzeri?|ustu|alti|yukari).*|\d+)$")
_names_staff = _says(r"\b(?:personel|kadro|calisan|memur|isci|istihdam|sozlesmeli)")
# Part of the people, or other people: no such table need agree with the others.
_names_other_people = _says(
    r"\b(?:engelli|sendika|stajyer|emekli|ayril|atanan|atama|alinan|baslayan|nakl|izin|izne|katil|egitim al|hukumlu"
    r"|terfi|disiplin|ceza|yonetici|mudurlerin|meclis|encumen|nufus|secmen|ogrenci|okul|kursiyer|uye|gorevden|giden"
    r"|gelen|giris|cikis|lojman)"
)
# What a text is, by the first of these that its folded words hold.
_CLASSES = {
    "sozlesmeli": r"\bsozlesmeli",
    "sirket": r"\b(?:sirket|taseron)",
    "gecici isci": r"\b(?:gecici|mevsimlik)",
    "surekli isci": r"^(?=.*\bisci).*\b(?:surekli|daimi|kadrolu)\b",
    "isci": r"\bisci",
    "memur": r"\bmemur",
}
_POSTS = {
    "filled": r"\b(?:dolu|mevcut personel|mevcut calisan)\b",
    "vacant": r"\bbos\b",
    "posts": r"\b(?:norm|kadro (?:sayisi|adedi)|ihdas|tahsis)",
}
_PHYSICAL = {
    "software": r"\byazilim",
    "systems": r"\bsistem donanim",
    "hardware": r"\bdonanim|\bbilgisayar|\bteknolojik kaynak|\bbilisim",
    "vehicles": r"\btasit|\barac(?!ilig)|\bis makine",
    "buildings": r"\bbina|\bgayrimenkul|\btasinmaz|\bfiziki alan|\bhizmet alan|\btesisler",
}


def _first(words: Mapping[str, str], text: str) -> str:
    return next((name for name, pattern in words.items() if re.search(pattern, fold(text))), "")


@lru_cache(maxsize=4096)
def staff_class(text: str) -> str:
    """The class of staff that a row or column counts; "" for any other."""
    return _first(_CLASSES, text)


def classes_in(text: str) -> set[str]:
    """All classes of staff that a caption names: "Memurların Eğitim Durumu"."""
    return set(map(staff_class, text.split())) - {""}


@lru_cache(maxsize=4096)
def post_state(text: str) -> str:
    """ "filled" for Dolu, "vacant" for Boş, "posts" for the sum of both under another name than Toplam."""
    return "" if is_percent(text) else _first(_POSTS, text)


def is_people(text: str) -> bool:
    """A column that counts people of one sort: a class, a sex, an age, a level of education, filled or vacant posts."""
    sort = staff_class(text) or post_state(text)
    return bool(sort) or _is_sex(text) or _is_education(text) or (_is_range(text) and " " in fold(text))


def is_note(heading: str) -> bool:
    """A column of remarks: what stands there is no figure of its own."""
    return label_of(heading)[0] == "note"


def kind_of(caption: str, headings: Sequence[str], labels: Sequence[str]) -> str:
    """The kind of a table from its caption, its column headings and its rows' labels; "" where they tell none."""
    columns = " ".join(headings)
    around = f"{caption} {columns}"
    everything = " ".join((around, *labels))
    if _names_staff(everything) and (kind := _staff_kind(fold(around), fold(everything), headings, labels)):
        return kind if not _names_other_people(around) else ""
    return _first(_PHYSICAL, caption) or _first(_PHYSICAL, columns)


def _staff_kind(around: str, everything: str, headings: Sequence[str], labels: Sequence[str]) -> str:
    axes = [[text for text in axis if not is_total(text)] for axis in (labels, headings)]
    in_rows, in_columns = (len(set(map(staff_class, axis)) - {""}) for axis in axes)
    if any({"filled", "vacant"} <= set(map(post_state, axis)) for axis in axes):
        return "occupancy"
    if any(sum(map(_is_education, axis)) >= 2 for axis in axes):
        return "education"
    if any(sum(map(_is_range, axis)) >= 2 for axis in axes):
        if re.search(r"\byas", around) or "yas" in everything.split():
            return "age"
        return "service" if re.search(r"\b(?:hizmet|kidem|calisma)", around) else ""
    words = [set(fold(" ".join(axis)).split()) for axis in axes]
    if any(axis & {"kadin", "bayan"} and axis & {"erkek", "bay"} for axis in words):
        return "gender"
    if in_rows >= 2:
        return "staff_by_cadre"
    if in_columns >= 2 and re.search(r"\b(?:birim|mudurluk|mudurlug)", around):
        return "staff_by_unit"
    return "staff_by_cadre" if in_columns >= 2 and len(axes[0]) == 1 else ""


def name_of(table: GeneralTable) -> str:
    """What a finding calls a table: "Tablo 6", else its caption, else what it is about."""
    number = table.number and f"Tablo {table.number}"
    return number or table.caption.value or KINDS.get(table.kind, "Genel tablo")


class Caption(NamedTuple):
    text: Text
    number: str = ""


def is_contents(row: list[Cell]) -> bool:
    """A line of the table of contents: "Tablo 1 Hizmet Binaları ..... | 16"."""
    text = row[0].value
    if not isinstance(text, str):
        return False
    if ("...." in text or "……" in text or "\t" in text) and _CONTENTS.search(text):
        return True
    return len(row) > 1 and _numbered(text) is not None and row[-1].text.strip(" .").isdigit()


def captions_of(row: list[Cell]) -> list[Caption]:
    """The captions with a number that a row holds, and nothing else; more than one where tables stand side by side."""
    if len(row) > 4 or not isinstance(row[0].value, str):
        return []
    found: list[Caption] = []
    for cell in row:
        numbered = _numbered(cell.text)
        if not isinstance(cell.value, str) or not (found or numbered):
            return []
        if numbered:
            found.append(Caption(Text(tidy(numbered[1]), cell.place), numbered[0]))
        elif not found[-1].text.value:
            # "Tablo 6" in one cell and its words in the next.
            found[-1] = Caption(text_of(cell, cell.place), found[-1].number)
    return found


@lru_cache(maxsize=4096)
def _numbered(text: str) -> tuple[str, str] | None:
    """(number, wording) of a caption with "Tablo"; None for prose that begins with the word."""
    if len(text) > _LONGEST or not _WORD.search(text):
        return None
    match = _CAPTION.fullmatch(text.strip())
    if match is None or _CONTENTS.search(text):
        return None
    number, wording = (match["after"] or match["before"] or "").rstrip("."), match["text"]
    if not number or wording[:1] in ("'", "’", "`") or (wording.endswith(".") and len(wording.split()) > 8):
        return None
    return number, wording


def loose_caption(row: list[Cell]) -> Caption | None:
    """A line above a table that may name it: short, and no sentence."""
    cell = row[0]
    if len(row) > 1 or not isinstance(cell.value, str) or len(cell.text) > _LONGEST or not fold(cell.text):
        return None
    text = tidy(cell.text)
    if text.endswith((".", ";", ",", ":")) or _NO_CAPTION.match(text) or text.isdigit() or text.startswith("■"):
        return None
    return Caption(Text(text, cell.place))


def in_order(tables: Sequence[ProgrammeTable]) -> tuple[ProgrammeTable, ...]:
    """By kind as the official programme has them, then by number and caption."""
    kinds = list(KINDS)
    return tuple(sorted(tables, key=lambda it: (kinds.index(it.kind), code_key(it.number), sort_key(it.caption))))


def keeper(kind: str, units: Sequence[Unit]) -> Unit:
    """The unit that by its name keeps such tables; nobody where none or more than one does."""
    keepers = _PROPERTY_KEEPERS if kind in ("buildings", "vehicles") else _COMPUTING_KEEPERS
    for words in _STAFF_KEEPERS if kind in STAFF else keepers:
        if fitting := [unit for unit in units if words in fold(unit.name)]:
            return fitting[0] if len(fitting) == 1 else NO_UNIT
    return NO_UNIT
