"""Generated programmes: any number of targets, indicators and activities, shared ones too, in every Turkish letter."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from kars_xl.base.text import tidy
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import (
    Activity,
    Costs,
    Goal,
    Indicator,
    IndicatorValue,
    Institution,
    Objective,
    Programme,
    ProgrammeTable,
    ProgrammeTableRow,
    Target,
)
from kars_xl.model.units import Unit

LETTERS = "abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZâîûqwx0123456789 .,;:'\"()/&%+-=@<>!?"
TEN_BILLION_TL = 10_000_000_000 * 100

# A wording has a letter in it, as every name has; it may begin with what a spreadsheet takes for a formula.
_WORD = st.text(LETTERS, min_size=1, max_size=60).map(tidy)
_PREFIX = st.sampled_from(["", "", "", "=", "+", "-", "@", "'"])
_LABELS = ["Toplam", "Genel Toplam", "Amaç", "Hedef", "Bütçe", "Personel Giderleri"]
_CODES = [
    "F.1.1.1 Yol yapımı",
    "PG.2.1.1 ile ilgili",
    "1/5000 Nazım İmar Planı",
    "2024 yılı işleri",
    "3 adet park",
    "Kaynak İhtiyacı",
]
names = st.one_of(
    st.builds(lambda prefix, word: tidy(f"{prefix}Öğe {word} işi"), _PREFIX, _WORD),
    st.sampled_from(_LABELS + _CODES),
)
amounts = st.one_of(st.just(0), st.integers(0, TEN_BILLION_TL), st.integers(0, 100_000).map(lambda lira: lira * 100))
unit_names = st.builds(
    lambda word: tidy(f"Şube {word.replace(';', '')} Müdürlüğü"), _WORD.filter(lambda w: ";" not in w)
)

_plain = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2, allow_nan=False)
_percent = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False)
indicator_values = st.one_of(
    st.builds(lambda amount: IndicatorValue(Decimal(amount)), _plain),
    st.builds(lambda amount: IndicatorValue(Decimal(amount), True), _percent),
    st.just(IndicatorValue(None)),
)


def costs(codes: int = 8) -> st.SearchStrategy[Costs]:
    """Costs with money under the first `codes` economic codes: a cost table has no row for the reserve (9)."""
    rows = {row: amounts for row in CostRow if row.code is None or row.code <= codes}
    return st.builds(Costs.of, st.fixed_dictionaries(rows))


_CLASSES = ["Memur", "İşçi", "Sözleşmeli Personel", "Geçici İşçi", "Şirket Personeli", "Sürekli İşçi"]
_THINGS = [f"{name} {number}" for name in ("Iğdır Binası", "Çöp Kamyonu", "Ölçüm Cihazı") for number in (1, 2, 3)]
# kind: caption, heading of the labels, possible labels (the first two always), possible columns
_GENERAL_TABLES = {
    "buildings": ("Hizmet Binaları", "Bina", _THINGS, ["m²"]),
    "vehicles": ("Hizmet Taşıtları", "Taşıtın Cinsi", _THINGS, ["Resmî", "Kiralık", "Özmal", "Tahsisli"]),
    "hardware": ("Kullanıcı Donanımları", "Donanım", _THINGS, ["Adet"]),
    "software": ("Kullanılan Yazılımlar", "Yazılım", _THINGS, []),
    "staff_by_cadre": ("Kadroya Göre Personel", "Kadro", _CLASSES, ["Personel Sayısı"]),
    "occupancy": ("Kadroya Göre Doluluk", "Kadro", ["Dolu", "Boş"], _CLASSES),
    "gender": ("Cinsiyete Göre Personel", "Kadro", ["Kadın", "Erkek"], _CLASSES),
    "education": ("Personel Eğitim Durumu", "Kadro", ["Lise", "Lisans", "İlköğretim", "Doktora"], _CLASSES),
    "age": ("Personel Yaş Dağılımı", "Kadro", ["18-25 Yaş", "26-35 Yaş", "36 ve üzeri"], _CLASSES),
}
_counts = st.one_of(st.none(), st.integers(0, 99_999).map(Decimal))


@st.composite
def general_tables(draw: st.DrawFn) -> tuple[ProgrammeTable, ...]:
    """Any of the general tables, with any of the classes of staff, blanks and remarks among them."""
    tables = []
    kinds = draw(st.lists(st.sampled_from(list(_GENERAL_TABLES)), unique=True, max_size=5))
    for number, kind in enumerate(sorted(kinds, key=list(_GENERAL_TABLES).index), start=1):
        caption, heading, labels, headings = _GENERAL_TABLES[kind]
        columns = draw(st.lists(st.sampled_from(headings), min_size=1, max_size=6, unique=True)) if headings else []
        more = draw(st.lists(st.sampled_from(labels[2:]), unique=True)) if labels[2:] else []
        remarks = st.sampled_from(["", "", "kiralık", "24500m2 (Kapalı+Açık Toplam)"])
        rows = tuple(
            ProgrammeTableRow(
                label,
                tuple(draw(_counts) for _ in columns),
                draw(remarks) if kind in ("buildings", "software") else "",
            )
            for label in [*labels[:2], *more]
        )
        tables.append(ProgrammeTable(kind, caption, str(number), heading, tuple(columns), rows))
    return tuple(tables)


@st.composite
def programmes(draw: st.DrawFn, max_targets: int = 6, max_rows: int = 4) -> Programme:
    """A programme as the official workbook can hold it: codes numbered without gaps within their parent."""
    pool = draw(st.lists(unit_names.map(Unit), min_size=1, max_size=5, unique=True))
    goals: list[Goal] = []
    objectives: list[Objective] = []
    targets: list[Target] = []
    for _ in range(draw(st.integers(1, max_targets))):
        if not goals or draw(st.booleans()):
            goals.append(Goal(str(len(goals) + 1), draw(names)))
        goal = goals[-1].code
        number = 1 + sum(item.goal == goal for item in targets)
        code = f"{goal}.{number}"
        objectives.append(Objective(code, draw(names)))
        indicators = tuple(
            Indicator(f"PG.{code}.{index}", draw(names), draw(st.tuples(*[indicator_values] * 3)))
            for index in range(1, draw(st.integers(0, max_rows)) + 1)
        )
        activities = tuple(
            Activity(
                f"F.{code}.{index}",
                draw(names),
                tuple(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))),
                draw(costs()),
            )
            for index in range(1, draw(st.integers(0, max_rows)) + 1)
        )
        note = draw(st.one_of(st.just(""), names))
        targets.append(Target(code, draw(names), goal, code, note, indicators, activities))
    used = {unit for target in targets for activity in target.activities for unit in activity.units}
    return Programme(
        Institution(f"T.C. {draw(_WORD)} BELEDİYE BAŞKANLIĞI"),
        draw(st.integers(2000, 2099)),
        goals=tuple(goals),
        objectives=tuple(objectives),
        targets=tuple(targets),
        administration=draw(costs(9)),
        transfers=draw(costs(9)),
        units=tuple(sorted(used)),
        general_tables=draw(general_tables()),
    )
