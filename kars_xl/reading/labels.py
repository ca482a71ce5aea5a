"""The labels of the official tables, recognised however they were typed, pasted or damaged by a PDF."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import fuzz, process

from kars_xl.base.text import fold, squeeze
from kars_xl.model.cost_rows import CostRow, CostTotal

# Spellings by label. Differences in capitals, marks, punctuation and spacing need no entry of their own.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "institution": ("İdare Adı", "İdarenin Adı", "İdare", "Kurum Adı"),
    "goal": ("Amaç", "Stratejik Amaç"),
    "objective": ("Hedef", "Stratejik Hedef"),
    "target": ("Performans Hedefi",),
    "note": ("Açıklamalar", "Açıklama"),
    "indicators": ("Performans Göstergeleri", "Performans Göstergesi", "Göstergeler"),
    "activities": ("Faaliyetler", "Faaliyetler ve Projeler", "Faaliyetler/Projeler", "Faaliyet/Projeler"),
    "activity": ("Faaliyet", "Faaliyet/Proje", "Faaliyet ve Proje"),
    "need": ("Kaynak İhtiyacı", "Kaynak İhtiyacı (TL)", "Kaynak İhtiyacı (t+1) (TL)"),
    "budget": ("Bütçe", "Bütçe İçi"),
    "extra": ("Bütçe Dışı",),
    "total": ("Toplam",),
    "subtotal": ("Ara Toplam",),
    "grand_total": (CostTotal.GRAND.title,),
    "activity_name": ("Faaliyet Adı", "Faaliyetin Adı"),
    "responsible": (
        "Sorumlu Harcama Birimi", "Sorumlu Harcama Birimi veya Birimleri", "Sorumlu Birim", "Sorumlu Harcama Birimleri",
    ),
    "responsibles": ("Sorumlu Birimler", "Sorumlu Birimi", "Harcama Birimleri"),
    "economic_code": ("Ekonomik Kod", "Ekonomik Kodlar", "Ekonomik Kodu"),
    "budget_total": (CostTotal.BUDGET.title, "Bütçe Kaynak İhtiyacı Toplamı", "Toplam Bütçe İçi Kaynak İhtiyacı"),
    "extra_total": (CostTotal.EXTRA.title, "Bütçe Dışı Kaynak İhtiyacı Toplamı"),
    "need_total": (CostTotal.NEED.title,),
    "activities_total": ("Performans Hedefleri Maliyetleri Toplamı", "Performans Hedefleri Maliyet Toplamı"),
    "general": ("Genel Yönetim Giderleri", "Genel Yönetim Giderleri Toplamı"),
    "transfers": (
        "Diğer İdarelere Transfer + Yedek Ödenek",
        "Diğer İdarelere Transfer Edilecek Kaynaklar Toplamı",
        "Diğer İdarelere Transfer Edilecek Kaynaklar",
        "Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı",
    ),
    "activity_column": ("Faaliyet Toplamı", "Faaliyetler Toplamı"),
    "share": ("PAY (%)", "Pay", "Pay Yüzde", "PAY (Genel Toplamda %)", "Genel Toplamdaki Pay (%)"),
    "lira": ("TL", "Tutar"),
    "year": ("Program Yılı", "Mali Yıl", "Yıl"),
    "unit": ("Harcama Birimi", "Birim", "Birim Adı", "Müdürlük"),
    "filled_by": ("Formu Dolduran", "Dolduran"),
    "revision": ("Revizyon No", "Revizyon", "Revizyon Numarası"),
}  # fmt: skip
# What is said of an institution, by folded words.
CONTACT = {"adres": "address", "telefon": "phone", "web": "web", "e mail": "email", "e posta": "email"}
# How the rows of a cost table are called besides their official wording.
_OTHER_NAMES: dict[CostRow, tuple[str, ...]] = {
    CostRow.SOCIAL_SECURITY: (
        "Sosyal Güvenlik Kurumlarına Devlet Primi Giderleri",
        "SGK'ya Devlet Primi Giderleri",
        "Sosyal Güvenlik Devlet Primi Giderleri",
    ),
    CostRow.GOODS_AND_SERVICES: ("Mal ve Hizmet Alımları",),
    CostRow.INTEREST: ("Faiz Gideri",),
    CostRow.CURRENT_TRANSFERS: ("Cari Transfer",),
    CostRow.CAPITAL: ("Sermaye Gideri",),
    CostRow.CAPITAL_TRANSFERS: ("Sermaye Transferi",),
    CostRow.RESERVE: ("Yedek Ödenekler",),
}

_T = TypeVar("_T")
_EXACT = {squeeze(text): label for label, texts in _SPELLINGS.items() for text in texts}
_EXACT_ROWS = {squeeze(text): row for row in CostRow for text in (row.label, *_OTHER_NAMES.get(row, ()))}
# "Faaliyet/Proje Adı", "Alt Faaliyetin Tanımı"
_ACTIVITY_NAME = re.compile(
    r"(?:alt )?faaliyet(?:in)?(?: (?:ve|veya|ya da))?(?: proje(?:nin)?)? (?:adi|ismi|tanimi|basligi)"
)
_WITH_CODE = re.compile(r"(amac|hedef|performans hedefi|faaliyet adi)((?: \d{1,3})+)")
_LEADING_NUMBER = re.compile(r"^0?([1-9]) (?=[a-z])")
_LONGEST = max(map(len, (*_EXACT, *_EXACT_ROWS))) + 8
_SHORTEST_FUZZY, _CUTOFF, _MARGIN = 8, 88, 5


@lru_cache(maxsize=16384)
def label_of(text: str) -> tuple[str, str]:
    """(label, code that stood with it): "Amaç 1" → ("goal", "1"), "Toplam" → ("total", ""); ("", "") for other text."""
    if len(text) > 2 * _LONGEST:
        return "", ""
    folded = fold(text)
    squeezed = folded.replace(" ", "")
    if squeezed in _EXACT:
        return _EXACT[squeezed], ""
    coded = _WITH_CODE.fullmatch(folded)
    if coded:
        return _EXACT[coded[1].replace(" ", "")], ".".join(str(int(part)) for part in coded[2].split())
    return "activity_name" if _ACTIVITY_NAME.fullmatch(folded) else _nearest(squeezed, _EXACT) or "", ""


def display_name(label: str) -> str:
    """How the official tables write a label: "need_total" → "Toplam Kaynak İhtiyacı"."""
    return _SPELLINGS[label][0]


@lru_cache(maxsize=4096)
def cost_row_of(text: str) -> CostRow | None:
    """The row of a cost table that a name means, with or without its code in front; None for any other text."""
    if len(text) > 2 * _LONGEST:
        return None
    squeezed = _LEADING_NUMBER.sub("", fold(text)).replace(" ", "")
    return _EXACT_ROWS.get(squeezed) or _nearest(squeezed, _EXACT_ROWS)


def _nearest(squeezed: str, known: Mapping[str, _T]) -> _T | None:
    """The label that a misspelt text must mean: close to one, and clearly closer than to any other."""
    if not _SHORTEST_FUZZY <= len(squeezed) <= _LONGEST:
        return None
    ranked = process.extract(squeezed, list(known), scorer=fuzz.ratio, score_cutoff=_CUTOFF - _MARGIN, limit=4)
    if not ranked or ranked[0][1] < _CUTOFF:
        return None
    best = known[ranked[0][0]]
    rivals = [score for name, score, _ in ranked[1:] if known[name] != best]
    return None if rivals and ranked[0][1] - rivals[0] < _MARGIN else best
