"""What an indicator's name says: its unit of measure, and whether it measures several things at once."""

import re
from functools import lru_cache
from itertools import pairwise

from kars_xl.base.text import fold, lower, tidy

PERCENT = "%"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Units that mean themselves wherever they stand, as `fold` leaves them (m² is m2).
_MEASURES = _words(
    """adet ad km kilometre m mt metre cm mm m2 metrekare km2 m3 metrekup ton kg kilogram gr gram lt l litre ml
    da dekar donum ha hektar gun is gunu saat dakika dk saniye sn ay yil hafta tl lira try kurus usd eur
    kez defa sefer puan kwh mwh kw mw kva db mbps gb tb ppm derece yatak koltuk"""
)
# Things that are counted: a unit only in brackets, since outside them they are what the indicator is about.
_COUNTED = _words(
    """kisi kisiler ogrenci hane aile cocuk kadin personel calisan uye abone vatandas hasta basvuru sikayet talep
    dosya evrak belge rapor karar proje plan etkinlik egitim toplanti organizasyon denetim bina konut daire isyeri
    isletme tesis park arac makine cihaz fidan agac hayvan kopek konteyner koli paket takim cift parsel ada pafta
    sokak cadde mahalle durak istasyon merkez kurs seans oturum oyun konser kitap brosur afis haber video sayi
    sayisi birim tane parca numune olcum islem hizmet ihale ilan sube"""
)
_PERCENT_ENDINGS = _words("yuzde yuzdesi yuzdelik")
_PERCENT_WORDS = _PERCENT_ENDINGS | _words("oran orani")
_BESIDE_UNITS = _words("bin milyon milyar basina x")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
# Not the percent sign of a figure: "En Az %10 Tasarruf Sağlanan Bina Sayısı" counts buildings.
_PERCENT_SIGN = re.compile(r"(?<!\d)%(?!\s*\d)")


@lru_cache(maxsize=4096)
def unit_of(name: str) -> str:
    """The unit in brackets in `name`, or its last word if that is one; "%" for all ways to say percent; "" for none."""
    for text in reversed(_bracketed(name)):
        if _PERCENT_SIGN.search(text):
            return PERCENT
        if _is_unit(text, _MEASURES | _COUNTED | _PERCENT_WORDS):
            return PERCENT if set(fold(text).split()) & _PERCENT_WORDS else text
    plain = _BRACKETS.sub(" ", name)
    last = re.split(r"[\s,;:/–-]+", plain.strip(" .,:;*"))[-1]
    if _PERCENT_SIGN.search(plain) or fold(last) in _PERCENT_ENDINGS:
        return PERCENT
    return last if last != tidy(plain) and _is_unit(last, _MEASURES - {"is"}) else ""


def has_unit(name: str) -> bool:
    """True for a known unit, and for a word in brackets at the end that may be one: (öğretmen), but not (Kreş)."""
    if unit_of(name):
        return True
    ending = _bracketed(name)[-1] if name.rstrip(" .:;*").endswith((")", "]")) and _bracketed(name) else ""
    return ending[:1].isalpha() and ending[0] == lower(ending[0]) and len(ending.split()) <= 2


def _bracketed(name: str) -> list[str]:
    return [tidy(text) for text in _BRACKETS.findall(name)]


def _is_unit(text: str, known: frozenset[str]) -> bool:
    """True for a unit, and for units put together: m²/kişi, 1000 TL, kişi x saat."""
    words = {word for word in fold(text.replace("₺", "TL")).split() if not word.isdigit()}
    return bool(words & known) and words <= known | _BESIDE_UNITS


# Words that close a measured thing: "… Seminer Sayısı". Not Alanı, which as often is the thing itself (Park Alanı).
_RATES = _words("orani oranlari yuzdesi suresi")
_MEASURED = _RATES | _words("sayisi sayilari adedi miktari miktarlari uzunlugu tutari")
# "yapılan", "düzenlenen", "dikilecek": a passive participle, after which the thing stands that it was done to.
_PARTICIPLE = re.compile(r"\w+[aeıioöuü][ln](?:[ae]n|acak|ecek)")
_NO_PARTICIPLE = _words("gelecek alacak kalacak")
_WITH_NOUN = _words("edilen edilecek")
# Active participles that take an object: "eğitim alan kişi".
_TAKES_OBJECT = _words("alan eden olan goren yapan veren giden gelen")
# With one of these the participle says how, why or where something is done, not what is measured.
_RELATIONS = _words(
    """icin ile sonucu sonucunda sonrasi kapsaminda amaciyla nedeniyle gore iliskin yonelik dair hakkinda arasinda
    icinde uzerinde tarafindan"""
)
_AND = re.compile(r"\s+ve\s+|\s*[,;]\s*")
_AND_WITH = re.compile(r"\s+(?:ve|ile)\s+|\s*[,;]\s*")


@lru_cache(maxsize=4096)
def measures_several(name: str) -> bool:
    """True where `name` certainly measures more than one thing: two measures, or two things each with its participle.
    So "Seminer Sayısı ve Basılan Broşür Sayısı" and "Kurulan Ev ve Düzenlenen Etkinlik Sayısı". What may as well be one
    thing is neither: "Bakım ve Onarımı Yapılan Araç Sayısı", "Hazırlanan ve Sunulan Kitap Sayısı", "Konser ve Festival
    Sayısı", "Planlanan İş ve Tamamlanan İş Oranı"."""
    plain = lower(tidy(_BRACKETS.sub(" ", name)))
    if sum(_is_measure(part.split()) for part in _AND_WITH.split(plain)) > 1:
        return True
    parts = [part.split() for part in _AND.split(plain)]
    own = sum(_has_own_participle(part, first=index == 0) for index, part in enumerate(parts))
    return own > 1 and fold(parts[-1][-1]) not in _RATES


def _is_measure(words: list[str]) -> bool:
    """True for "basılan broşür sayısı", not for "miktarı belirlenen ceza sayısı" nor "işçi sayısı oranı". In the one
    "ve" joins what was determined, in the other the two sides of a ratio."""
    folded = [fold(word) for word in words]
    inner = any(
        fold(word) in _MEASURED and (_is_participle(after) or fold(after) in _MEASURED)
        for word, after in pairwise(words)
    )
    return bool(folded) and folded[-1] in _MEASURED and not inner


def _is_participle(word: str) -> bool:
    return len(word) > 5 and _PARTICIPLE.fullmatch(word) is not None and fold(word) not in _NO_PARTICIPLE


def _has_own_participle(words: list[str], *, first: bool) -> bool:
    """One participle with what it was done to after it. Only the first part may have words before the participle."""
    at = [index for index, word in enumerate(words) if _is_participle(word)]
    if len(at) != 1:
        return False
    begins = at[0] == 0 or (at[0] == 1 and words[1] in _WITH_NOUN)
    after = [fold(word) for word in words[at[0] + 1 :]]
    takes_object = any(word in _TAKES_OBJECT and other not in _MEASURED for word, other in pairwise(after))
    return (first or begins) and bool(set(after) - _MEASURED) and not takes_object and not _RELATIONS & set(after)
