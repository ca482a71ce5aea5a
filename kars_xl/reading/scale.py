"""Words that say that amounts are no single Turkish lira: "(Bin TL)", "x1000 TL", "Birim: 1.000 TL", "USD", "Kuruş"."""

import re
from functools import lru_cache

from kars_xl.base.text import fold

_SIGNS = str.maketrans({"₺": " tl ", "€": " euro ", "$": " usd ", "£": " gbp ", "×": " x ", "¥": " jpy "})
_WORD = r"bin(?:ler|lerce)?|yuz ?bin|milyon(?:lar)?|milyar(?:lar)?|mn|mio|mln|mlyn|mlr|mlyr|mr"
_ENGLISH = r"(?:in )?(?:thousand|million|billion)s?(?: of)?"
_LIRA = r"(?:tl|try|ytl|(?:turk )?liras?i?(?:dir)?|turkish liras?)"
_ABROAD = (
    r"(?:us ?)?usd|us dollars?|(?:(?:abd|amerikan) )?dolar(?:i|lari)?|dollars?|eur|euro|avro|gbp"
    r"|(?:ingiliz )?sterlin(?:i)?|chf|jpy|ruble|kurus|krs|cents?"
)
_1000 = r"1 ?000(?: ?000){0,2}"
_ZEROS = rf"(?:x ?)?{_1000}|(?:x ?)?000(?: ?000){{0,2}}"
_TIMES = rf"{_WORD}|{_ENGLISH}|x ?{_1000}"
_SURE = rf"(?:{_TIMES}) ?{_LIRA}|{_LIRA} (?:{_TIMES}|000(?: 000)*)|(?:bin |milyon )?(?:{_ABROAD})"
_UNIT = rf"{_SURE}|{_TIMES}|(?:{_ZEROS}) ?{_LIRA}|{_LIRA} {_1000}|[mbk] ?tl"
_ENDING = r"(?: (?:dir|tir|dur|si|lik|cinsi|cinsinden|cinsindendir|olarak|uzerinden|uzerindendir|bazinda))*"
# "000" or "kr" is a unit only in brackets.
_IS_UNIT = re.compile(rf"(?:(?P<anywhere>{_UNIT})|000(?: 000)*|kr|k){_ENDING}")
# What names amounts in a heading; nothing else may stand there beside the unit.
_HEADING = re.compile(
    r"(?:t|1|yil|yili|mali|butce|butcesi|ic|ici|dis|disi|tutar|tutari|tutarlar|tutarlari|odenek|odenegi|toplam|toplami|genel|ara"
    r"|kaynak|ihtiyaci|maliyet|maliyeti|maliyetler|maliyetleri|gider|gideri|giderler|giderleri|teklif|teklifi|tahmin|tahmini"
    r"|faaliyet|faaliyetler|faaliyetleri|tablo|tablosu|performans|program|programi|hedef|hedefi|para|birim|birimi|deger"
    r"|degerler|degeri|rakamlar|not|olcu|tum|butun|tl|lira|dir|ve|in|amounts?)(?: |$)"
)
_BESIDE = re.compile(rf"(?:^| )(?:{_SURE}|{_TIMES}|000(?: 000)* {_LIRA}|[mbk]tl){_ENDING}(?= |$)")
_YEARS = re.compile(r"(?:^| )(?:19|20)\d\d(?= |$)")
# Before a unit these make an amount of it: "beş bin TL".
_COUNTED = re.compile(
    r"(?:^|[ \d])(?:\d|bir|iki|uc|dort|bes|alti|yedi|sekiz|dokuz|on|yirmi|otuz|kirk|elli|altmis|yetmis|seksen|doksan"
    r"|yuz|bin|milyon|milyar|bucuk|yarim|birkac|kac)$"
)
_ABOUT = re.compile(
    r"(?:^| )(?:tutar|rakam|degerler|odenekler|maliyetler|giderler|fiyatlar|butce|birim|amounts(?: |$)|figures(?: |$))"
)
_SAID = re.compile(
    rf"(?:^| )(?P<unit>{_SURE}|(?:{_ZEROS}) {_LIRA})(?= (?:dir|tir|dur|cins\w*|olarak|olup|uzerinden\w*|bazinda|esas\w*"
    r"|ile|y[ea] yuvarla\w*|yazil\w*|veril\w*|goster\w*|ifade|belirt\w*)(?: |$)|$)"
)
_ZEROS_LEFT_OUT = re.compile(r"(?:^| )(?:uc|3|alti|6) (?:sifir|hane)")
_ENGLISH_SAID = re.compile(rf"(?:^| )in (?:{_ENGLISH}|{_LIRA} {_ENGLISH})(?: |$)")
_HINT = re.compile(
    r"b[iıİ]n|m[iıİ]l|m[nr]\b|mio|ml|tl|000|x|us|dol|eur|avro|gbp|ster|chf|jpy|ruble|kuru|kr|cent|thous|f[ıi]r|hane|[€$£¥]",
    re.I,
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_LONGEST_HEADING = 100


@lru_cache(maxsize=1 << 13)
def is_other_money(text: str) -> bool:
    """Whether a cell says that the amounts beside it are in thousands, millions, kuruş or another currency. An amount
    in running text ("5 milyon TL'lik yatırım", "1.000 TL altındaki işler") says nothing of the others."""
    if not _HINT.search(text):
        return False
    plain = text.translate(_SIGNS)
    words = fold(plain)
    alone = (_IS_UNIT.fullmatch(part) for part in (words, *map(fold, plain.split(":")[1:])))
    if any(unit is not None and unit["anywhere"] for unit in alone):
        return True
    if any(_IS_UNIT.fullmatch(part) or _is_heading(part) for part in map(fold, _BRACKETS.findall(plain))):
        return True
    return (len(words) <= _LONGEST_HEADING and _is_heading(words)) or _is_said(words)


def _is_heading(words: str) -> bool:
    """ "2024 Bin TL", "Toplam tutar USD": a unit among words that name amounts, and no others."""
    named = _YEARS.sub(" yil", words).strip()
    for unit in _BESIDE.finditer(named):
        rest = f"{named[: unit.start()].strip()} {named[unit.end() :].strip()}".strip()
        if rest and not _COUNTED.search(named[: unit.start()]) and not _HEADING.sub("", rest):
            return True
    return False


def _is_said(words: str) -> bool:
    """ "Tutarlar bin TL'dir", "Rakamlar USD cinsinden olup …"."""
    if _ENGLISH_SAID.search(words) or not _ABOUT.search(words):
        return _ENGLISH_SAID.search(words) is not None
    before = (words[: unit.start("unit")].strip() for unit in _SAID.finditer(words))
    return bool(_ZEROS_LEFT_OUT.search(words)) or not all(map(_COUNTED.search, before))
