"""recognise(render(programme)) == programme: the property that holds the project together."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kars_xl.base.place import Place
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
    Target,
)
from kars_xl.model.sources import ColumnSource, Contribution, Given, Sender
from kars_xl.model.units import Unit
from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.audit import audit_documents
from kars_xl.template.layout.evaluate import evaluate
from kars_xl.template.layout.expand import expand
from kars_xl.template.source.read import load
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PROGRAMME_TEMPLATE, template_path
from kars_xl.workbook.verify import verify
from tests.helpers.form_tables import merged_forms
from tests.helpers.generated_programmes import names, programmes
from tests.helpers.template_bench import write

TEMPLATE = load(template_path(PROGRAMME_TEMPLATE))


def render_and_read(programme: Programme, folder: Path) -> Programme:
    place = Place("form.xlsx", "PH", 1, 1)
    columns = [("general", programme.administration), ("transfers", programme.transfers)]
    sources: list[Given] = [
        *(
            Contribution(activity=item.code, costs=item.costs, place=place, sender=Sender(unit=item.units[0]))
            for item in programme.activities
            if item.costs is not None
        ),
        *(ColumnSource(column=name, costs=costs, place=place) for name, costs in columns if costs is not None),
    ]
    layout = expand(TEMPLATE, programme_tree(programme, sources))
    evaluate(layout)
    path = str(folder / "program.xlsx")
    assert verify(layout, programme, "sablon.xlsx") == []
    write(layout, path, created=dt.datetime(2024, 1, 1))
    document = recognise(open_grid(path))
    merged = merged_forms([document])
    assert [found for found in merged.findings if found.is_error] == []
    # People who are counted differently in two general tables are for the merge to warn of, not for the layout.
    assert [found for found in audit_documents([document], [path]).findings if found.is_error] == []
    read = merged.programme
    assert [list(map(str, one.units)) for one in read.activities] == [
        list(map(str, one.units)) for one in programme.activities
    ]
    return read


@given(programmes())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_rendered_programme_is_recognised_as_itself(
    tmp_path_factory: pytest.TempPathFactory, programme: Programme
) -> None:
    assert render_and_read(programme, tmp_path_factory.mktemp("p")) == programme


def test_a_programme_of_full_size_is_recognised_as_itself(tmp_path: Path) -> None:
    """40 targets with 12 indicators and 12 activities each, every amount its own."""
    dice = random.Random(2024)
    units = [Unit(f"{letter} İşleri Müdürlüğü") for letter in "ÇĞİÖŞÜ"]

    def costs() -> Costs:
        return Costs.of({row: dice.randrange(10**12) for row in CostRow if row is not CostRow.RESERVE})

    targets = []
    for index in range(40):
        code = f"{index // 5 + 1}.{index % 5 + 1}"
        values = (
            IndicatorValue(Decimal(dice.randrange(1000))),
            IndicatorValue(Decimal(dice.randrange(100)), True),
            IndicatorValue(None),
        )
        targets.append(
            Target(
                code,
                f"Hedef {index} için çalışmak",
                code[0],
                code,
                "",
                tuple(Indicator(f"PG.{code}.{n}", f"Gösterge {n} (adet)", values) for n in range(1, 13)),
                tuple(
                    Activity(f"F.{code}.{n}", f"Faaliyet {n} yapılması", tuple(dice.sample(units, 2)), costs())
                    for n in range(1, 13)
                ),
            )
        )
    programme = Programme(
        Institution("T.C. IĞDIR BELEDİYE BAŞKANLIĞI"),
        2031,
        goals=tuple(Goal(str(n), f"Amaç metni {n}") for n in range(1, 9)),
        objectives=tuple(Objective(target.code, f"Üst hedef {target.code}") for target in targets),
        targets=tuple(targets),
        administration=costs(),
        transfers=costs(),
        units=tuple(units),
    )
    assert render_and_read(programme, tmp_path) == programme


@given(st.lists(names, min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_activities_of_one_name_keep_their_own_money(
    tmp_path_factory: pytest.TempPathFactory, called: list[str]
) -> None:
    """Codes, not wording, tell activities of the official workbook apart."""
    activities = tuple(
        Activity(f"F.1.1.{n}", called[0], (Unit("Fen İşleri Müdürlüğü"),), Costs.of({CostRow(1): n}))
        for n in range(1, 5)
    )
    target = Target("1.1", called[-1], "1", "1.1", "", (), activities)
    programme = Programme(
        Institution("T.C. ARDAHAN BELEDİYE BAŞKANLIĞI"),
        2025,
        goals=(Goal("1", "Amaç"),),
        objectives=(Objective("1.1", "Hedef metni"),),
        targets=(target,),
        units=(Unit("Fen İşleri Müdürlüğü"),),
    )
    assert render_and_read(programme, tmp_path_factory.mktemp("p")) == programme
