"""Turkish text: letters, folding for comparison, sorting, and codes as people write them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

# Letters that PDF extraction puts in place of Turkish ones ("geliřtirmek", "sađlamak", "yapıлып").
_PDF_DAMAGE = str.maketrans(
    {"ř": "ş", "Ř": "Ş", "đ": "ğ", "Đ": "Ğ", "ţ": "ş", "Ţ": "Ş", "ș": "ş", "Ș": "Ş", "ý": "ı", "Ý": "İ", "þ": "ş"}
    | {"Þ": "Ş", "ð": "ğ", "Ð": "Ğ", "Ġ": "İ", "ġ": "Ş", "Ģ": "ş", "ģ": "ş"}
    | dict(zip("аАеЕоОрРсСхХуУлЛыЫпПнНкКмМтТвВ", "aAeEoOpPcCxXyYlLıIpPnNkKmMtTbB", strict=True))
)
# Đ stands for Ğ, which follows a vowel, or for İ, which hardly ever does.
_DOTTED = re.compile("(?<![AEIİOÖUÜÂÎÛaeıioöuüâîû])Đ")
# Of these nobody can be sure: Đ is Ğ or İ, and Ġ some fonts' Ş.
_DOUBTFUL = re.compile("[ĐĠ]")
_UPPER = str.maketrans({"i": "İ", "ı": "I"})
_LOWER = str.maketrans({"İ": "i", "I": "ı"})
_ASCII = str.maketrans("çğıöşüâîû", "cgiosuaiu")
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
_ALPHABET = {letter: index for index, letter in enumerate("0123456789abcçdefgğhıijklmnoöpqrsştuüvwxyz")}
# No Turkish suffix has ı after e, i, ö, ü: "Kentın" is what a PDF made of "Kentin".
_DISHARMONY = re.compile(r"[eiöü][^aeıioöuü\s]*ı")
# What XML and HTML can't hold: control characters but tab and line ends, halves of surrogate pairs, non-characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_SHOWN = 120
# What nobody sees: marks without a width, soft hyphens, byte-order marks.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_DIGITS = re.compile(r"[0-9]{1,6}")
_CODE_AND_NAME = re.compile(r"((?:PG|P\.G|F)\s*[.\-]?\s*\d+(?:\.\d+)+)(?:\s*[.:)–-]\s*|\s+|$)(.*)", re.DOTALL)
_CODE = re.compile(
    r"(?:(?P<kind>p\.?\s?g|performans\s+göstergesi|gösterge|f|faaliyet|p\.?\s?h|performans\s+hedefi|hedef|h|amaç|a)"
    r"\s*[.:\-–]?\s*)?(?P<number>\d{1,3}(?:\s?\.\s?\d{1,3})*)\s*[.:]?"
)
_KINDS = {"f": "F", "fa": "F", "pg": "PG", "pe": "PG", "gö": "PG", "ph": "PH", "he": "H", "h": "H", "am": "A", "a": "A"}


def tidy(text: str) -> str:
    """`text` with every run of white space as one space, and none at the ends."""
    return " ".join(text.split())


def writable(text: str) -> str:
    """`text` with U+FFFD for every character that a workbook or a page can't hold. Bytes of a file's name that are no
    UTF-8 are the letters that Windows' Turkish has for them."""
    return _UNWRITABLE.sub(_written, text)


def _written(sign: re.Match[str]) -> str:
    code = ord(sign[0]) - 0xDC00  # as Python keeps such a byte
    return bytes([code]).decode("cp1254", "replace") if 0x80 <= code <= 0xFF else "\ufffd"


def shown(text: str) -> str:
    """One line of at most 120 letters without what changes a terminal or turns the direction of writing about."""
    one_line = tidy(writable(text[:4000]))
    plain = "".join(letter for letter in one_line if unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp"))
    # The end of a file's name says most of what it is.
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[: _LONGEST_SHOWN - 21]}…{plain[-20:]}"


def clipped(text: str, width: int) -> str:
    """`text` on one line of at most `width` characters."""
    line = tidy(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def plain(text: str) -> str:
    """Text of a form or a file's name, on one line and with nothing that a terminal would obey."""
    return harmless(tidy(unicodedata.normalize("NFC", text)))


def harmless(text: str) -> str:
    """`text` with U+FFFD for what a terminal would obey; its lines stay, and half signs of a file's name, too."""
    obeyed = {"Cc", "Cf", "Cn", "Co"}
    return "".join("\ufffd" if unicodedata.category(sign) in obeyed and sign != "\n" else sign for sign in text)


def upper(text: str) -> str:
    """Turkish capitals: i → İ, ı → I."""
    return text.translate(_UPPER).upper()


def lower(text: str) -> str:
    """Turkish small letters: İ → i, I → ı."""
    return text.translate(_LOWER).lower()


def mend_letters(text: str) -> str:
    """`text` with the foreign letters that PDF extraction leaves put back to the Turkish ones."""
    return _DOTTED.sub("İ", text).translate(_PDF_DAMAGE) if not text.isascii() else text


def is_doubtful(text: str) -> bool:
    """True where a foreign letter of `text` can stand for more than one Turkish letter."""
    return _DOUBTFUL.search(text) is not None


def is_damaged(text: str) -> bool:
    """True where `text` holds letters which Turkish has not and PDF extraction leaves."""
    return mend_letters(text) != text


_FOLDED = {
    letter: lower(mend_letters(chr(letter))).translate(_ASCII)
    for letter in {*_PDF_DAMAGE, *_UPPER, *_LOWER, *_ASCII, *map(ord, "ÇĞÖŞÜÂÎÛ")}
}


@lru_cache(maxsize=1 << 17)
def fold(text: str) -> str:
    """The words of `text` in small ASCII letters and digits, one space between: for labels that people mistype."""
    normal = unicodedata.normalize("NFKC", text)
    if "Đ" in normal:
        normal = mend_letters(normal)
    # One pass for the letters that Turkish texts are made of; others take the long way.
    plain = normal.translate(_FOLDED)
    if plain.isascii():
        plain = plain.lower()
    else:
        plain = lower(mend_letters(normal)).translate(_ASCII)
        plain = "".join(ch for ch in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(ch))
    return _NOT_ALNUM.sub(" ", plain).strip()


def squeeze(text: str) -> str:
    """`fold` without spaces: equal for wordings that differ only in letters' marks, spacing and punctuation."""
    return fold(text).replace(" ", "")


@lru_cache(maxsize=1 << 14)
def sort_key(text: str) -> tuple[int, ...]:
    """Order of the Turkish alphabet (ç after c, ı before i), capitals and small letters alike."""
    return tuple(_ALPHABET.get(letter, 100 + ord(letter)) for letter in lower(text))


def _plainest(text: str) -> str:
    """A code as it is seen, full-width letters as plain ones."""
    return text if text.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=1 << 17)
def read_code(text: str) -> tuple[str, str] | None:
    """(kind, number) of a code as people write it, e.g. "PG. 1.1.1" → ("PG", "1.1.1"); kind "" where none is given."""
    if len(text) > 40 or not any(ch.isdigit() for ch in text):
        return None
    match = _CODE.fullmatch(lower(tidy(_plainest(text))))
    if match is None:
        return None
    kind = (match["kind"] or "").replace(".", "").replace(" ", "")
    if kind.startswith("performanshedefi"):
        kind = "ph"
    number = ".".join(str(int(part)) for part in match["number"].replace(" ", "").split("."))
    return _KINDS.get(kind[:2], ""), number


def read_revision(text: str) -> int | None:
    """The number of a revision as people write it, "2" or "Rev. 2"; 0 for nothing, None where it can't be told."""
    numbers = _DIGITS.findall(text)
    if len(numbers) == 1:
        return None if text.strip().startswith(("-", "−", "–")) else int(numbers[0])
    return None if any(map(str.isalnum, text)) else 0


def split_code(text: str) -> tuple[str, str, str] | None:
    """(kind, number, wording) of a cell with a code before its name: "F.1.2.3 – Kömür" → ("F", "1.2.3", "Kömür")."""
    match = _CODE_AND_NAME.fullmatch(_plainest(text).strip())
    found = read_code(match[1]) if match else None
    return (*found, tidy(match[2])) if match and found else None


@lru_cache(maxsize=1 << 17)
def code_key(code: str) -> tuple[int, ...]:
    """Numeric order of codes: F.1.10 comes after F.1.9."""
    return tuple(int(part) for part in re.findall(r"\d+", code))


@lru_cache(maxsize=1 << 17)
def parent_code(code: str) -> str:
    """The number of a code without its last part: "F.1.2.3" → "1.2"; "1" → ""."""
    return ".".join(str(part) for part in code_key(code)[:-1])


def clean_spelling(variants: Iterable[str]) -> str:
    """Of wordings that mean the same, the one most often written with sound letters; the first of equals."""
    counted = Counter(filter(None, variants))
    if sound := [variant for variant in counted if not is_damaged(variant)]:
        return max(sound, key=lambda variant: (-len(_DISHARMONY.findall(lower(variant))), counted[variant]))
    return mend_letters(next(iter(counted), ""))


def few(names: Sequence[str], most: int = 5) -> str:
    """The first of several names, and how many more there are."""
    return ", ".join(names[:most]) + (f" ve {len(names) - most} tane daha" if len(names) > most else "")


def command_line(argv: Iterable[str]) -> str:
    """A command of kars-xl as it is typed in a command window."""
    return " ".join(["kars-xl", *(f'"{part}"' if " " in part else part for part in argv)])
