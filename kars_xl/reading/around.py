"""What stands around tables: words that say that amounts are no single Turkish lira ("(Bin TL)", "x1000 TL", "USD",
"Kuruş": KX115), and figures that no table has read (KX126), so that no money is passed over in silence."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from kars_xl.base.text import fold, lower, tidy
from kars_xl.findings.finding import Effect, Finding, finding
from kars_xl.reading.cell_values import CellReader
from kars_xl.reading.grid.cells import Cell, Unseen
from kars_xl.reading.row_cells import figure_of, number_of
from kars_xl.reading.rows.table_rows import TableRows
from kars_xl.reading.tables import Table, TargetTable

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
_LONGEST_QUOTE = 100
# "Giderler (225.000 TL)", "Döner Sermaye: 5000 TL": an amount, and what may stand behind it at a label's end.
_IN_WORDS = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{5,}(?:,\d+)?|\d[\d.,]*(?=\s*(?:tl|₺|try|lira)))")
_AT_THE_END = re.compile(r"[\s(:=–-]*(tl|₺|try|lira)?[\s).*-]*")
# What figures are by the words beside them: no money, or money however small.
_NO_MONEY = re.compile(
    r"\b(?:tel|telefon\w*|faks|fax|gsm|dahili|tarih\w*|sayi\w*|sayfa\w*|no|numara\w*|sicil|kod\w*|yil\w*|tc|iban|nufus\w*|kisi\w*"
    r"|adet|posta|revizyon|surum\w*|ada|parsel|pafta|km|metre\w*|m2|ton|oran\w*|yuzde|gun|saat|evrak|dosya|madde\w*)\b"
)
_MONEY = re.compile(r"\b(?:tutar|oden|butce|maliyet|gider|toplam|kdv|tl|lira|bedel|ucret|ilave|ek|talep|fark)")
# Figures of its own, and other places, within a formula; one over figures of its sheet has them looked at themselves.
_NOT_DERIVED = re.compile(r"(?<![A-Za-z$\d])\d|!|\[")
_LIKE_YEARS = range(1900, 2101)
_LEAST, _LEAST_OF_A_HEADING, _LONGEST_LABEL = 1000, 100, 100  # less may be a page or running number, or a code


def other_money(rows: list[list[Cell]], tables: list[Table], seen: set[tuple[int, int]]) -> Iterator[Finding]:
    """KX115: the amounts are no single lira. A name, or what an indicator is measured in, says nothing of them."""
    notes = [table.heading.texts.get("note") for table in tables]
    named = [text.place for table in tables for text in table.texts if text not in notes]
    told = seen | {(place.row, place.column) for place in named}
    measured = {row.name.place.row for table in tables if isinstance(table, TargetTable) for row in table.indicators}
    for cell in (cell for row in rows for cell in row if cell.row not in measured and isinstance(cell.value, str)):
        if (cell.row, cell.column) not in told and is_other_money(cell.value):
            yield finding("KX115", cell.place, found=tidy(cell.text)[:_LONGEST_QUOTE])


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


class Strays:
    """Looks at each row of a sheet after it was read; in `found` is what of it no table has taken."""

    def __init__(self, reader: CellReader, *, of_form: bool) -> None:
        self.reader = reader
        self.of_form = of_form  # then its sheets hold nothing else
        self.found: list[Finding] = []
        self.last = -1  # the last row of a table, or of figures right below it

    def look(self, row: list[Cell], table: TableRows | None, how: str, told: Sequence[Finding]) -> None:
        """`how` it was taken: a "row" of `table`, a heading's "label" or "columns", "" not; `told` was said of it."""
        number, near = row[0].row, row[0].row <= self.last + 1
        within = bool(how) or (table is not None and not table.ended)
        self.last = number if how else self.last
        if any(found.has(Effect.UNPLACED | Effect.UNREAD) for found in told):
            return
        seen = self.reader.seen
        left = [cell for cell in row if (cell.row, cell.column) not in seen and cell.has_digit]
        given = [figure_of(cell) for cell in row if (cell.row, cell.column) in seen] if left else []
        strays = []
        for cell in left if within or near or self.of_form else ():
            value = figure_of(cell)
            if cell.formula and not _NOT_DERIVED.search(cell.formula):
                continue
            if value is None:
                worded = within and isinstance(cell.value, str)
                is_stray = worded and how != "label" and _is_in_words(cell, row, [*filter(None, given)], table, how)
            elif within:
                known = how == "row" and table is not None and cell.column in table.known
                is_stray = not known and _is_within(cell, row, value, is_heading=how in ("label", "columns"))
            else:
                is_stray = _is_beside(row, value, near=near)
            if is_stray and cell.unseen is Unseen.COVERED:
                self.found.append(finding("KX109", cell.place, found=cell.text[:60], reason=cell.unseen))
            elif is_stray:
                strays.append(cell)
        if strays:
            short, key = (table.short, table.key) if table is not None and within else ("", "")
            places = [cell.place for cell in strays[1:]]
            found = strays[0].text[:60]
            self.found.append(finding("KX126", strays[0].place, table=short, key=key, related=places, found=found))
            self.last = number if near else self.last


def _is_within(cell: Cell, row: list[Cell], value: Decimal, *, is_heading: bool) -> bool:
    """Whether a figure among a table's rows is neither a year or code of a heading, nor a running or page number."""
    if is_heading:
        return value >= _LEAST_OF_A_HEADING and value not in _LIKE_YEARS
    named = any(other.column < cell.column and figure_of(other) is None for other in row)
    return value != 0 and (named or value >= _LEAST or value != int(value))


def _is_beside(row: list[Cell], value: Decimal, *, near: bool) -> bool:
    """Whether a figure beside or below a table may be money by its size and the words in its row."""
    words = fold(" ".join(other.text for other in row if figure_of(other) is None))
    if value == 0 or value in _LIKE_YEARS or _NO_MONEY.search(words):
        return False
    return abs(value) >= _LEAST or (bool(words) and (near or _MONEY.search(words) is not None))


def _is_in_words(cell: Cell, row: list[Cell], given: Sequence[Decimal], table: TableRows | None, how: str) -> bool:
    """An amount at the end of a label, or beside a row without an amount; one that was read is no other."""
    text = lower(cell.text)
    *_, last = (None, *_IN_WORDS.finditer(text))
    if last is None or len(text) > _LONGEST_LABEL or (number_of(last[0]) or 0) in (0, *given):
        return False
    end = _AT_THE_END.fullmatch(text[last.end() :])
    if table is not None and table.named and how == "row":
        return end is not None and bool(end[1]) and not given  # an activity's name may tell of money
    return end is not None or (how == "row" and not given and cell is row[-1])
