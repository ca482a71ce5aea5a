"""What the reconciliation comes to, in words: which tables agree, and what is said beside each figure.

What is said comes with how it is to look: SAME, DIFFERS, or ALONE where there is nothing to hold a figure against.
"""

from __future__ import annotations

from kars_xl.base.money import format_signed
from kars_xl.base.text import lower
from kars_xl.reports.audit.reconcile import MEASURES, Reconciliation, TotalsLine

SAME, DIFFERS, ALONE = "same", "differs", ""


def verdict(totals: Reconciliation) -> tuple[str, str]:
    """Whether any two tables' totals differ, as a sentence."""
    looks = {measure: result(totals, measure)[0] for measure in MEASURES if totals.agreeing(measure)}
    differing = [lower(MEASURES[measure]) for measure, look in looks.items() if look == DIFFERS]
    if differing:
        names = " ve ".join(filter(None, (", ".join(differing[:-1]), differing[-1])))
        return DIFFERS, f"✗ Tablolar birbirini tutmuyor: {names} farklı."
    if SAME not in looks.values():
        return ALONE, "Karşılaştırılacak ikinci bir tablo yok."
    if ALONE in looks.values():
        return SAME, "✓ Birden çok tabloda bulunan toplamlar birbirini tutuyor."
    return SAME, "✓ Bütün tabloların toplamları birbirini tutuyor."


def agreement(totals: Reconciliation, measure: str) -> str:
    """Which tables have the same total, as a sentence; "" where no table has one."""
    groups = totals.agreeing(measure)
    name = MEASURES[measure]
    if not groups:
        return ""
    if len(groups) == 1 and len(groups[0]) == 1:
        return f"{name}: yalnız bir tabloda var ({groups[0][0].name}), karşılaştırılamadı."
    if len(groups) == 1:
        return f"{name}: {', '.join(line.name for line in groups[0])} aynı."
    same = [" = ".join(line.name for line in group) for group in groups if len(group) > 1]
    rest = f"birbirini tutanlar {'; '.join(same)}" if same else "birbirini tutan tablo yok"
    return f"{name}: {len(groups)} ayrı tutar var; {rest}."


def result(totals: Reconciliation, measure: str) -> tuple[str, str]:
    """Whether the tables agree on a measure, in a few words for the foot of its column."""
    groups = totals.agreeing(measure)
    if len(groups) > 1:
        return DIFFERS, f"✗ {len(groups)} ayrı tutar"
    if not groups:
        return ALONE, "–"
    return (SAME, "✓ hepsi aynı") if len(groups[0]) > 1 else (ALONE, "yalnız bir tabloda")


def remark(totals: Reconciliation, line: TotalsLine, measure: str) -> tuple[str, str]:
    """What is said of a line's figure; "" where it stands alone."""
    difference = totals.difference(line, measure)
    if difference:
        return DIFFERS, f"✗ fark {format_signed(difference)}"
    groups = totals.agreeing(measure)
    own = next((group for group in groups if line in group), [])
    if len(own) > 1:
        return SAME, "✓ tutuyor"
    return ALONE, "esas alınan" if len(groups) > 1 else ""
