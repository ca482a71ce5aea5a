"""What kind a source is: forms, one published programme or a plan; and what each is taken for."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from kars_xl.base.place import Place
from kars_xl.checking.source import Source, forms, forms_of, of_documents, published, read_source, source_of
from kars_xl.findings.finding import Merged, finding
from kars_xl.model.programme import Institution, Programme
from kars_xl.reading.files import Reading
from kars_xl.reading.tables import CostTable, Document
from tests.helpers.source_forms import costs, finance, unit_form
from tests.helpers.tables_by_hand import form


def kind(source: Source) -> str:
    return "nothing" if source.merged is None else "forms" if source.is_forms else "one"


def test_what_a_source_is_shows_in_what_was_read() -> None:
    own_plan = Merged(
        Programme(Institution("Kars"), 2024),
        findings=(finding("KX103", Place("plan.xlsx"), found="x", why="rakam yok"),),
    )
    unnamed = replace(unit_form(), identity={})
    assert kind(source_of(Reading())) == "nothing"
    assert kind(source_of(Reading(documents=[unit_form()]))) == "forms"
    assert kind(source_of(Reading(documents=[unnamed]))) == "one"
    assert kind(source_of(Reading(documents=[unnamed, replace(unnamed, file="b.xlsx")]))) == "forms"
    assert kind(source_of(Reading(documents=[replace(finance(), identity={})]))) == "forms"
    assert kind(source_of(Reading(documents=[unnamed], plan=own_plan))) == "one"
    reading = Reading(plan=own_plan)
    source = source_of(reading)
    assert (source.merged, source.strict, source.is_forms) == (own_plan, own_plan.findings, False)
    assert (source.reading, source.plan) == (reading, own_plan.programme)
    assert source.trust.lost == own_plan.findings
    assert kind(forms(reading)) == "nothing"


def test_the_highest_revision_counts_where_that_is_asked_for() -> None:
    def revised(number: str, file: str) -> Document:
        document = unit_form(file=file)
        return replace(document, identity=document.identity | form(file=file, revision=number).identity)

    documents = [revised("1", "a.xlsx"), revised("2", "b.xlsx"), finance()]
    latest = source_of(Reading(documents=documents), latest=True)
    assert [it.file for it in latest.documents] == ["b.xlsx", "mali.xlsx"]
    assert forms(Reading(documents=documents), latest=True).documents == latest.documents
    both = source_of(Reading(documents=documents), latest=False)
    assert [it.file for it in both.documents] == ["a.xlsx", "b.xlsx", "mali.xlsx"]
    assert latest.trust.unread == frozenset()
    assert both.trust.unread == {"F.1.1.1"}


def test_what_was_merged_before_is_taken_away_from_among_the_forms() -> None:
    reading = Reading(documents=[unit_form(), finance(), unit_form(file="eski.xlsx")], outputs={"eski.xlsx"})
    source = forms(reading)
    assert [it.file for it in source.documents] == ["fen.xlsx", "mali.xlsx"]
    assert source.trust.unread == frozenset()


def test_a_published_programme_is_taken_with_warnings_and_strict_findings() -> None:
    wrong = replace(unit_form(costs(b3=2000_00)), identity={})
    reading = Reading(documents=[wrong])
    source = published(reading, wrong)
    assert source.merged is not None
    assert not any(found.is_error for found in source.merged.findings)
    told = {found.code for found in source.merged.findings}
    strict = {found.code for found in source.strict if found.is_error}
    assert "KX301" in strict & told
    assert (source.reading, source.is_forms, source.assumed) == (reading, False, frozenset())
    assert [it.file for it in source.documents] == ["fen.xlsx"]
    without = replace(
        unit_form(), identity={}, tables=[it for it in unit_form().tables if not isinstance(it, CostTable)]
    )
    assert published(Reading(documents=[without]), without).assumed == {"F.1.1.1"}


def test_another_wording_is_no_news_where_a_plan_is_just_being_made_of_it() -> None:
    """Of activities and indicators; what a target is called differently is."""
    document = replace(unit_form(), identity={})
    texts = document.costs[0].heading.texts
    texts["activity_name"] = texts["activity_name"]._replace(value="F.1.1.1 adlı işi")
    again = unit_form(file="b.xlsx").targets[0]
    row = again.indicators[0]
    again.indicators[0] = row._replace(name=row.name._replace(value="Açılan yeni yol (km)"))
    again.activities = []
    again.heading.texts["target"] = again.heading.texts["target"]._replace(value="Yollar ve kaldırımlar")
    document.tables.append(again)
    source = published(Reading(documents=[document]), document)
    assert source.merged is not None
    differing = [[found.key for found in told if found.code == "KX207"] for told in (source.strict, source.findings)]
    assert {"F.1.1.1", "PG.1.1.1"} <= set(differing[0])
    assert set(differing[1]) == set(differing[0]) - {"F.1.1.1", "PG.1.1.1"}
    assert differing[1]


CSV = """İdare Adı;Kars Belediyesi
Harcama Birimi;Fen İşleri Müdürlüğü
Revizyon No;{}

İdare Adı;Kars Belediyesi
Faaliyet Adı;F.1.1.1 Yol yapımı
Ekonomik Kod;;2024
03;Mal ve Hizmet Alım Giderleri;5
"""


def test_a_source_is_read_from_paths(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.csv").write_text(CSV.format(number), encoding="utf-8")
    told: list[str] = []
    source = read_source([str(tmp_path)], latest=False, progress=told.append)
    assert [Path(it.file).name for it in source.documents] == ["1.csv", "2.csv"]
    assert len(told) == 2
    latest = read_source([str(tmp_path)])
    assert [Path(it.file).name for it in latest.documents] == ["2.csv"]
    missing = read_source([str(tmp_path)], plan=str(tmp_path / "plan.xlsx"))
    assert missing.plan is None
    assert str(tmp_path / "plan.xlsx") in {found.place.file for found in missing.findings}


def test_of_forms_what_their_tables_say_against_each_other_is_told() -> None:
    """The target table has a thousand lira, the cost table two."""
    source = forms_of([unit_form(costs(b3=2000_00)), finance()])
    assert source.merged is not None
    assert "KX301" in {found.code for found in source.merged.findings}
    assert of_documents(source.merged, source.documents, source.strict) == source.trust
