"""What a general table is about, and what its rows and columns are, told by their words and never by a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kars_xl.base.text import fold
from kars_xl.reading.labels import label_of
from kars_xl.reading.tables import GeneralTable

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

_TOTAL = re.compile(r"\b(?:(?:ara|genel)?toplami?|toplamlari|yekun)\b")
_LAST = re.compile(r"(?:genel |umum )?(?:toplam|yekun)\b")
_PLAIN_TOTAL = re.compile(r"(?:genel |ara |umum )?(?:toplam|yekun)")
_PERCENT = re.compile(r"\b(?:oran|orani|yuzde|yuzdesi|yuzdelik|pay|payi|doluluk orani)\b")
_NO_PART = re.compile(r"\bortalama|\borani?\b|\byuzde")
_OF_WHICH = re.compile(r"\b(?:bunlardan|bunun|bunlarin|icinde|icindeki|icerisinde)\b")
_NUMBER = re.compile(r"(?:s|sn|sira|no|sno|sirano|s no|sira no|sira numarasi)?")
_EDUCATION = re.compile(
    r"\b(?:ilkokul|ilkogretim|ortaokul|ortaogretim|lise|onlisans|lisans|doktora|universite|yuksekokul|okuryazar|okur)"
)
_RANGE = re.compile(r"\d+ \d+( (yas|yil).*)?|\d+ (yas |yil )?(ve )?(uzeri?|ustu|alti|yukari).*|\d+")
_STAFF_WORD = re.compile(r"\b(?:personel|kadro|calisan|memur|isci|istihdam|sozlesmeli)")
# Part of the people, or other people: no such table need agree with the others.
_OTHER_PEOPLE = re.compile(
    r"\b(?:engelli|sendika|stajyer|emekli|ayril|atanan|atama|alinan|baslayan|nakl|izin|izne|katil|egitim al|hukumlu"
    r"|terfi|disiplin|ceza|yonetici|mudurlerin|meclis|encumen|nufus|secmen|ogrenci|okul|kursiyer|uye|gorevden|giden"
    r"|gelen|giris|cikis|lojman)"
)
_PHYSICAL = (
    ("software", re.compile(r"\byazilim")),
    ("systems", re.compile(r"\bsistem donanim")),
    ("hardware", re.compile(r"\bdonanim|\bbilgisayar|\bteknolojik kaynak|\bbilisim")),
    ("vehicles", re.compile(r"\btasit|\barac(?!ilig)|\bis makine")),
    ("buildings", re.compile(r"\bbina|\bgayrimenkul|\btasinmaz|\bfiziki alan|\bhizmet alan|\btesisler")),
)


@lru_cache(maxsize=4096)
def is_total(text: str) -> bool:
    """A row or column named as a total: "TOPLAM", "Toplam Fiziki Alan", "Kapalı Alanlar Toplamı"."""
    return _TOTAL.search(fold(text)) is not None


@lru_cache(maxsize=4096)
def is_last_total(text: str) -> bool:
    """A total that ends a table: not "Ara Toplam" or "Kapalı Alanlar Toplamı"."""
    return _LAST.match(fold(text)) is not None


def is_plain_total(text: str) -> bool:
    """A total and nothing else: "Toplam Yol Uzunluğu" may be a fact among others."""
    return _PLAIN_TOTAL.fullmatch(fold(text)) is not None


def is_plain_percent(text: str) -> bool:
    """A heading of shares of the whole: "Oran (%)", not "Kadın Oranı (%)"."""
    return all(_PERCENT.fullmatch(word) for word in fold(text).split())


def is_percent(text: str) -> bool:
    return "%" in text or _PERCENT.search(fold(text)) is not None


def is_no_part(text: str) -> bool:
    """A row or column that no total counts: an average, a percentage."""
    return "%" in text or _NO_PART.search(fold(text)) is not None


def is_of_which(text: str) -> bool:
    """A row that may repeat what another row counts: "Bunlardan engelli olanlar"."""
    return _OF_WHICH.search(fold(text)) is not None


@lru_cache(maxsize=4096)
def is_number_heading(text: str) -> bool:
    """ "Sıra No" and the like, and a blank heading."""
    return _NUMBER.fullmatch(fold(text)) is not None


def is_note(heading: str) -> bool:
    """A column of remarks: what stands there is no figure of its own."""
    return label_of(heading)[0] == "note"


@lru_cache(maxsize=4096)
def staff_class(text: str) -> str:
    """The class of staff that a row or column counts; "" for any other."""
    folded = fold(text)
    for word, name in (
        ("sozlesmeli", "sozlesmeli"),
        ("sirket", "sirket"),
        ("taseron", "sirket"),
        ("gecici", "gecici isci"),
        ("mevsimlik", "gecici isci"),
    ):
        if re.search(rf"\b{word}", folded):
            return name
    if re.search(r"\bisci", folded):
        return "surekli isci" if re.search(r"\b(?:surekli|daimi|kadrolu)\b", folded) else "isci"
    return "memur" if re.search(r"\bmemur", folded) else ""


def classes_in(text: str) -> set[str]:
    """All classes of staff that a caption names: "Memurların Eğitim Durumu"."""
    return {staff_class(word) for word in text.split()} - {""}


@lru_cache(maxsize=4096)
def post_state(text: str) -> str:
    """ "filled" for Dolu, "vacant" for Boş, "posts" for the sum of both under another name than Toplam."""
    folded = fold(text)
    if is_percent(text):
        return ""
    if re.search(r"\b(?:dolu|mevcut personel|mevcut calisan)\b", folded):
        return "filled"
    if re.search(r"\bbos\b", folded):
        return "vacant"
    return "posts" if re.search(r"\b(?:norm|kadro (?:sayisi|adedi)|ihdas|tahsis)", folded) else ""


def is_people(text: str) -> bool:
    """A column that counts people of one sort: a class, a sex, an age, a level of education, filled or vacant posts."""
    folded = fold(text)
    if staff_class(text) or post_state(text) or re.search(r"\b(?:kadin|erkek|bayan|bay)\b", folded):
        return True
    return _EDUCATION.search(folded) is not None or (" " in folded and _RANGE.fullmatch(folded) is not None)


def kind_of(caption: str, headings: Sequence[str], labels: Sequence[str]) -> str:
    """The kind of a table from its caption, its column headings and its rows' labels; "" where they tell none."""
    around = fold(" ".join((caption, *headings)))
    everything = f"{around} {fold(' '.join(labels))}"
    if _STAFF_WORD.search(everything) and (kind := _staff_kind(around, headings, labels)):
        return kind if not _OTHER_PEOPLE.search(around) else ""
    for text in (fold(caption), fold(" ".join(headings))):
        for kind, words in _PHYSICAL:
            if words.search(text):
                return kind
    return ""


def _staff_kind(around: str, headings: Sequence[str], labels: Sequence[str]) -> str:
    axes = [[text for text in axis if not is_total(text)] for axis in (labels, headings)]
    if any({"filled", "vacant"} <= {post_state(text) for text in axis} for axis in axes):
        return "occupancy"
    if any(_count(_EDUCATION, axis) >= 2 for axis in axes):
        return "education"
    if any(sum(_RANGE.fullmatch(fold(text)) is not None for text in axis) >= 2 for axis in axes):
        if "yas" in f"{around} {fold(' '.join(labels))}".split() or re.search(r"\byas", around):
            return "age"
        return "service" if re.search(r"\b(?:hizmet|kidem|calisma)", around) else ""
    if any(_is_gender(axis) for axis in axes):
        return "gender"
    if len({staff_class(text) for text in axes[0]} - {""}) >= 2:
        return "staff_by_cadre"
    if len({staff_class(text) for text in axes[1]} - {""}) >= 2:
        if re.search(r"\b(?:birim|mudurluk|mudurlug)", around):
            return "staff_by_unit"
        return "staff_by_cadre" if len(axes[0]) == 1 else ""
    return ""


def _count(words: re.Pattern[str], texts: Iterable[str]) -> int:
    return sum(words.search(fold(text)) is not None for text in texts)


def _is_gender(texts: Sequence[str]) -> bool:
    words = {word for text in texts for word in fold(text).split()}
    return bool(words & {"kadin", "bayan"} and words & {"erkek", "bay"})


def name_of(table: GeneralTable) -> str:
    """What a finding calls a table: "Tablo 6", else its caption, else what it is about."""
    if table.number:
        return f"Tablo {table.number}"
    return table.caption.value or KINDS.get(table.kind, "Genel tablo")
