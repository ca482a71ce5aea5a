"""Makes a large programme and all its forms: N units, the proportions of the real ones in `inputs/`, from a seed.

    python benchmarks/generate.py --forms 1000 --seed 1 -o DIR

DIR then holds plan.xlsx, the finance form and N forms, filled, as `kars-xl forms --filled` writes them: through
the same templates and the same renderer, the form's template read once. The same seed gives the same bytes. On every
25 forms there are about 87 activities, 28 targets and 168 indicators, as in `inputs/`; one activity in twelve may be
shared by two units, each with a cost table of its own. General tables (Tablo 1–10) are left out: there are about ten
however many forms there are. The totals that a merge of DIR must find are printed as JSON, added up from the integers
of the generator itself.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from kars_xl.base.atomic import deliver
from kars_xl.base.file_names import FINANCE_FORM, file_stem
from kars_xl.base.place import Place
from kars_xl.model.cost_rows import EXTRA_ROWS, CostRow
from kars_xl.model.programme import (
    Activity,
    Costs,
    Goal,
    Indicator,
    IndicatorValue,
    Institution,
    Objective,
    Programme,
    Target,
    total_costs,
)
from kars_xl.model.sources import Contribution, Sender
from kars_xl.model.units import Unit
from kars_xl.template.layout.evaluate import evaluate
from kars_xl.template.layout.expand import expand
from kars_xl.template.output.write import compose
from kars_xl.template.source.read import load
from kars_xl.workbook.nodes.programme import form_trees, programme_tree
from kars_xl.workbook.render import FINANCE_TEMPLATE, FORM_TEMPLATE, PLAN_TEMPLATE, render, template_path

YEAR = 2031
PLAN = "plan.xlsx"
MOST_PARTS = 999  # a part of a code has three digits at most

# Each cycle of these has the mean of the real forms: 3,5 activities a unit, 6 indicators a target.
_ACTIVITIES = (1, 2, 3, 3, 3, 4, 5, 7)
_INDICATORS = (1, 4, 5, 5, 6, 7, 8, 12)
_MOST_ACTIVITIES_OF_A_TARGET = 5
_SHARED = 12
_TARGETS_OF_A_GOAL = 4

_TOWNS = (
    "Merkez", "Akyaka", "Arpaçay", "Digor", "Kağızman", "Sarıkamış", "Selim", "Susuz", "Göle", "Çıldır", "Posof",
    "Hanak", "Damal", "Tuzluca", "Aralık", "Karakoyunlu", "Şenkaya", "Olur", "Oltu", "Narman", "Horasan", "Köprüköy",
    "Pasinler", "Tortum", "Uzundere", "İspir", "Pazaryolu", "Aşkale", "Çat", "Hınıs", "Tekman", "Karayazı", "Eleşkirt",
    "Taşlıçay", "Diyadin", "Doğubayazıt", "Hamur", "Tutak", "Patnos", "Iğdır",
)  # fmt: skip
_OFFICES = (
    "Bilgi İşlem", "Destek Hizmetleri", "Fen İşleri", "Hukuk İşleri", "İmar ve Şehircilik", "İnsan Kaynakları",
    "İtfaiye", "Kadın ve Aile Hizmetleri", "Kültür ve Sosyal İşler", "Gelirler", "Muhtarlık İşleri", "Özel Kalem",
    "Park ve Bahçeler", "Sağlık Hizmetleri", "Su ve Kanalizasyon İşleri", "Temizlik İşleri", "Ulaşım Hizmetleri",
    "Veteriner İşleri", "Yazı İşleri", "Zabıta", "İklim Değişikliği ve Sıfır Atık", "Emlak ve İstimlak",
    "Afet İşleri", "Kırsal Hizmetler", "Basın Yayın ve Halkla İlişkiler",
)  # fmt: skip
_THINGS = (
    "yol ve kaldırım", "içme suyu hattı", "yağmur suyu kanalı", "park ve oyun alanı", "hizmet binası", "araç filosu",
    "arşiv ve evrak düzeni", "bilgi işlem altyapısı", "çağrı merkezi", "kütüphane", "hayvan bakımevi", "pazar yeri",
    "toplu taşıma durağı", "sokak aydınlatması", "çöp toplama düzeni", "itfaiye istasyonu", "spor salonu", "fidanlık",
)  # fmt: skip
_WORKS = (
    "yenilenmesi", "bakım ve onarımının yapılması", "genişletilmesi", "denetlenmesi", "erişilebilir kılınması",
    "enerji verimliliğinin artırılması", "kayıtlarının sayısal ortama aktarılması", "vatandaşlara tanıtılması",
)  # fmt: skip
_REASONS = (
    "vatandaşların memnuniyetinin artırılması ve hizmetin zamanında ulaştırılması sağlanacak",
    "ilgili birimlerle eş güdüm içinde yıl boyunca yürütülecek, sonuçlar üçer aylık dönemlerde izlenecek",
    "yürürlükteki mevzuata uygun biçimde ihale edilecek ve iş bitiminde geçici kabulü yapılacak",
)
# Rows of a cost table besides goods and services, with how often they have money.
_CHANCES = {
    CostRow.PERSONNEL: 0.1,
    CostRow.SOCIAL_SECURITY: 0.1,
    CostRow.CURRENT_TRANSFERS: 0.1,
    CostRow.CAPITAL: 0.3,
    CostRow.CAPITAL_TRANSFERS: 0.05,
    **dict.fromkeys(EXTRA_ROWS, 0.05),
}
_GENERAL = {
    CostRow.PERSONNEL: 3_000_000_00,
    CostRow.SOCIAL_SECURITY: 500_000_00,
    CostRow.GOODS_AND_SERVICES: 40_000_000_00,
    CostRow.INTEREST: 1_500_000_00,
    CostRow.CURRENT_TRANSFERS: 2_000_000_00,
    CostRow.CAPITAL: 9_000_000_00,
}
_TRANSFERS = {
    CostRow.CURRENT_TRANSFERS: 800_000_00,
    CostRow.CAPITAL_TRANSFERS: 250_000_00,
    CostRow.RESERVE: 2_000_000_00,
}
_UNITS_OF_MEASURE = ("adet", "km", "m²", "kişi", "saat", "ton")


@dataclass(frozen=True, slots=True)
class Made:
    """A generated programme and the cost tables of its units, in whole kuruş."""

    programme: Programme
    contributions: tuple[Contribution, ...]

    def totals(self) -> dict[str, dict[str, str]]:
        """What a merge must answer as `totals`, added up from the units' own figures."""
        general, transfers = self.programme.administration or Costs(), self.programme.transfers or Costs()
        parts = {
            "activities": [given.costs for given in self.contributions],
            "general": [general],
            "transfers": [transfers],
        }
        sums = {
            name: [sum(costs.budget_total for costs in given), sum(costs.extra_total for costs in given)]
            for name, given in parts.items()
        }
        sums["grand"] = [sum(own) for own in zip(*sums.values(), strict=True)]
        return {
            name: {"budget": _lira(budget), "extra_budget": _lira(extra), "total": _lira(budget + extra)}
            for name, (budget, extra) in sums.items()
        }


def make(forms: int, seed: int = 1) -> Made:
    """A valid programme of as many units as `forms` (2 … 1.000), with a cost table for each unit of each activity."""
    if not 2 <= forms <= len(_TOWNS) * len(_OFFICES):
        raise ValueError(f"between 2 and {len(_TOWNS) * len(_OFFICES)} forms can be made, not {forms}")
    random = Random(seed)
    names = [f"{town} {office} Müdürlüğü" for town in _TOWNS for office in _OFFICES][:forms]
    units = [Unit(name, f"{file_stem(name)}@example.org") for name in names]
    plots = [(unit, count) for unit, total in zip(units, _cycle(_ACTIVITIES, forms, random), strict=True)
             for count in _split(total)]  # fmt: skip
    lengths = _cycle(_INDICATORS, len(plots), random)
    codes = _target_codes(len(plots))
    targets: list[Target] = []
    contributions: list[Contribution] = []
    number = 0
    for (unit, count), length, code in zip(plots, lengths, codes, strict=True):
        activities = []
        for at in range(1, count + 1):
            number += 1
            sharing = [unit] if number % _SHARED else sorted({unit, random.choice(units)})
            given = [
                Contribution(activity=f"F.{code}.{at}", costs=_costs(random), place=Place(""), sender=Sender(unit=unit))
                for unit in sharing
            ]
            contributions += given
            costs = total_costs(item.costs for item in given)
            activities.append(Activity(f"F.{code}.{at}", _activity_name(random), tuple(sharing), costs))
        name = f"{_start(random.choice(_THINGS))} hizmetlerinin {random.choice(_WORKS)} ({unit})"
        indicators = _indicators(code, length, random)
        targets.append(Target(code, name, code.split(".")[0], code, "", indicators, tuple(activities)))
    goals = dict.fromkeys(target.goal for target in targets)
    programme = Programme(
        Institution("T.C. SERHAT BELEDİYELER BİRLİĞİ BAŞKANLIĞI", "KARS"),
        YEAR,
        goals=tuple(
            Goal(code, f"{_start(_THINGS[int(code) % len(_THINGS)])} alanında nitelikli hizmet") for code in goals
        ),
        objectives=tuple(
            Objective(item.code, f"{item.name.split(' (')[0]} ile yaşam kalitesini artırmak") for item in targets
        ),
        targets=tuple(targets),
        administration=Costs.of(_GENERAL),
        transfers=Costs.of(_TRANSFERS),
        units=tuple(sorted(units)),
    )
    return Made(programme, tuple(contributions))


def _cycle(values: tuple[int, ...], length: int, random: Random) -> list[int]:
    """As many values as asked for, each of `values` as often as the others, in any order."""
    found = [values[at % len(values)] for at in range(length)]
    random.shuffle(found)
    return found


def _split(total: int) -> list[int]:
    """A unit's activities by target."""
    most = _MOST_ACTIVITIES_OF_A_TARGET
    return [most] * (total // most) + [total % most] * (total % most > 0)


def _target_codes(count: int) -> list[str]:
    """ "1.1", "1.2", …, as many targets to a goal as the real programme has."""
    assert count <= MOST_PARTS * _TARGETS_OF_A_GOAL
    return [f"{at // _TARGETS_OF_A_GOAL + 1}.{at % _TARGETS_OF_A_GOAL + 1}" for at in range(count)]


def _lira(kurus: int) -> str:
    return f"{kurus // 100}.{kurus % 100:02d}"


def _start(words: str) -> str:
    return {"i": "İ", "ı": "I"}.get(words[0], words[0].upper()) + words[1:]


def _activity_name(random: Random) -> str:
    things = " ve ".join(random.sample(_THINGS, 2))
    return f"{_start(things)} çalışmalarının {random.choice(_WORKS)} ile {random.choice(_REASONS)}."


def _costs(random: Random) -> Costs:
    """Most of it for goods and services, as in the real forms; kuruş here and there."""
    most = random.randrange(10_000, 5_000_000) * 100 + random.choice((0, 0, 0, 50, 75))
    amounts: dict[CostRow, int | None] = {CostRow.GOODS_AND_SERVICES: most}
    for row, chance in _CHANCES.items():
        if random.random() < chance:
            amounts[row] = random.randrange(1_000, 500_000 if row.is_budget else 300_000) * 100
    return Costs.of(amounts)


def _indicators(code: str, count: int, random: Random) -> tuple[Indicator, ...]:
    """Each with a unit of measure and a value that grows, so that there is nothing to advise upon."""
    found = []
    for at, thing in enumerate(random.sample(_THINGS, count), start=1):
        percent = random.random() < 0.4
        base = random.randrange(10, 60) if percent else random.randrange(100, 5_000)
        step = random.randrange(1, 10)
        amounts = [IndicatorValue(Decimal(base + year * step), percent) for year in range(3)]
        name = f"İyileştirilen {thing} ({'%' if percent else random.choice(_UNITS_OF_MEASURE)})"
        found.append(Indicator(f"PG.{code}.{at}", name, (amounts[0], amounts[1], amounts[2])))
    return tuple(found)


def write_forms(made: Made, folder: Path) -> list[Path]:
    """The plan, the finance form and every unit's form; the files written, in this order."""
    programme = made.programme
    plan, finance = folder / PLAN, folder / FINANCE_FORM
    extra = {"birim": {"ad": "Mali Hizmetler", "eposta": ""}, "revizyon": 0, "dolduran": None}
    for template, tree, target in (
        (PLAN_TEMPLATE, programme_tree(programme, made.contributions), plan),
        (FINANCE_TEMPLATE, programme_tree(programme, extra=extra), finance),
    ):
        if findings := render(template_path(template), tree, str(target)):
            raise SystemExit("\n".join(found.message for found in findings))
    written = [plan, finance]
    form = load(template_path(FORM_TEMPLATE))
    created = dt.datetime(programme.year, 1, 1)
    for unit, tree in form_trees(programme, made.contributions, filled=True):
        layout = expand(form, tree)
        evaluate(layout)
        written.append(folder / f"{file_stem(unit.name)}.xlsx")
        deliver(written[-1], compose(layout, created))
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=1000, help="number of units (2 … 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write into")
    arguments = parser.parse_args()
    made = make(arguments.forms, arguments.seed)
    files = write_forms(made, arguments.output)
    count = len(made.programme.activities)
    print(f"{len(files)} files, {count} activities: {arguments.output}", file=sys.stderr)
    print(json.dumps(made.totals()))


if __name__ == "__main__":
    main()
