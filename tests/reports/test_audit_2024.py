"""What a careful auditor flags in the published 2024 programme, found by reading it; nothing more, nothing less.

Cells are lines and columns of tests/data/kars_2024.txt, which holds the published tables.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kars_xl.reading.grid import open_grid
from kars_xl.reading.recognise import recognise
from kars_xl.reports.audit import Audit, audit_documents
from tests.helpers.cli_runs import run
from tests.helpers.repository import PUBLISHED

# code, cell, key: what is printed there.
ERRORS = """
KX301 E714 F.7.3.1    30.000.000 in the target table, 15.000.000 in the cost and the summary table
KX301 E715 F.7.3.2    6.000.000, 4.000.000
KX301 E716 F.7.3.3    9.000.000, 4.000.000
KX301 E759 F.8.2.1    18.000.000, 7.000.000
KX301 E778 F.8.3.1    30.000.000, 15.000.000
KX301 E780 F.8.3.3    9.000.000, 2.000.000
KX302 B271 F.1.3.1    600.000, no cost table
KX302 B272 F.1.3.2    300.000
KX302 B273 F.1.3.3    225.000
KX302 B274 F.1.3.4    150.000
KX302 B505 F.4.4.1    0
KX302 B506 F.4.4.2    0
KX302 B507 F.4.4.3    0
KX302 B521 F.4.5.1    0
KX303 B2608 -         "Mevcut arıtma tesisinin bakım ve onarımının yapılması.", in the list of units only
KX304 C2527 F.1.3.5   Destek Hizmetleri, cost table Yazı İşleri: the units have slipped by a row
KX304 C2532 F.1.4.5   Bilgi İşlem, cost table Destek Hizmetleri
KX304 C2537 F.1.5.4   Kültür ve Sosyal İşler, cost table Bilgi İşlem
KX304 C2539 F.2.1.2   Muhtarlık İşleri, cost table Kültür ve Sosyal İşler
KX304 C2540 F.2.1.3   Kültür ve Sosyal İşler, cost table Muhtarlık İşleri
KX304 C2574 F.5.3.1   Fen İşleri, cost table İtfaiye
KX304 C2575 F.5.3.2   Fen İşleri, cost table İtfaiye
KX305 A2540 F.2.1.3   beside it target 2.2's name: the targets have slipped by a row
KX305 A2542 F.2.2.2   target 3.1's name
KX305 A2544 F.3.1.2   target 3.2's name
KX305 B2605 F.8.3.1   above it still target 8.2's name: 8.3's begins a row too late
KX308 C2496 3         246.348.000 in Tablo 11, 199.348.000 by the activities
KX309 C2508 Faaliyetler_toplamı  four different totals
KX309 F2508 Genel_toplam         603.349.000 and 650.349.000
KX310 B634 6.3        Performans Hedefi is blank
KX310 B724 8.1        Performans Hedefi is blank
KX310 B829 F.1.1.3    the unit is blank
KX311 B51 Toplam_Fiziki_Alan  88.145 m2 printed, the rows give 87.864 (or 78.864)
KX311 B49 Asfalt_Tesisi       10000(100m2Kapalı+900m2Açık)m2: the parts are 1.000
KX311 B154 Toplam             Tablo 9 counts 89, 67, 156 people, the other four tables 104, 68, 172
"""
WARNINGS = """
KX111 C265 PG.1.3.6   0,70 beside 70%
KX111 C266 PG.1.3.7   1,00 beside 100%
KX111 C267 PG.1.3.8   1,00 beside 100%
KX111 C268 PG.1.3.9   1,00 beside 100%
KX312 D2502 9_Yedek_Ödenek  40.000.000 of reserve among the general administration expenses
KX207 B209 1          "memnuniyete dayalı", list of goals "memnuniyeti ile"
KX207 B430 4          "kesimlere … vatandaşlara", list "kesimleri … vatandaşların"
KX207 B527 5          "fiziki bir kent", list "fiziki kent"
KX207 B528 5.1        "alanlarının arttırmak", list "alanlarını arttırmak"
KX207 B594 6          "kapsamlı kent temizliğini", list "kent temizliğini"
KX207 B658 7          "Kentin doğal", list "Kenti doğal"
KX207 B722 8          "sunulması ve vatandaşın", list "sunulmasıyla"
KX207 B745 8          "sunularak vatandaşın", list "sunulmasıyla"
KX207 C808 F.1.1.2    "denkliliğini", target table "denkliğini"
KX207 C2392 F.1.1.2   "denkleğini"
KX207 C2408 F.1.5.1   "kurulumunun", target table "kurulmasının"
KX207 C2412 F.2.1.1   "gruplara", target table "guruplara"
KX207 B1168 F.2.2.1   "hediyelik", target table "hediyecek"
KX207 B2541 F.2.2.1   "hediye"
KX207 B1488 F.4.3.3   "kapsamlılaştırarak", target table "kapsamlaştırarak"
KX207 C2443 F.5.1.1   "yapılıp", target table "yapıp"
KX207 B2573 F.5.2.3   words differ
KX207 B1668 F.5.3.1   "ihtiyaççe", target table "ihtiyaç ve"
KX207 C2449 F.5.3.1   "ihtiyaçta"
KX207 C2451 F.5.3.3   "müfrezinin", target table "müfrezenin"
KX207 B1828 F.6.3.1   "aşılanması", target table "aşılama"
KX207 B2582 F.6.3.1   "aşılması"
KX207 B1848 F.6.3.2   "aşılanması"
KX207 B2583 F.6.3.2   "aşılması"
KX207 B2228 F.8.2.2   "yapıp", target table "yapılıp"
KX207 B2603 F.8.2.2   "yapıpı"
"""
# Advice beyond KX401–408, which test_quality_2024.py has.
ADVICE = """
KX111 C366 PG.2.2.3   1000,00 beside 1.250,00
KX111 C600 PG.6.1.2   52560,00 beside 63.072,00
KX307 E2391 PAY_(%)   activities' shares are of 253.748.000, the totals' of 603.349.000
KX311 B34 Kapalı_Alanlar_Toplamı  a subtotal without a figure
"""


@pytest.fixture(scope="module")
def done() -> Audit:
    return audit_documents([recognise(open_grid(str(PUBLISHED)))])


def listed(text: str) -> set[tuple[str, str, str]]:
    rows = [line.split() for line in text.strip().splitlines()]
    return {(code, cell, key.replace("_", " ").strip("-")) for code, cell, key, *_ in rows}


@pytest.mark.parametrize(("severity", "expected"), [("error", ERRORS), ("warning", WARNINGS)])
def test_the_reviewed_list(done: Audit, severity: str, expected: str) -> None:
    found = {(item.code, item.place.cell, item.key) for item in done.findings if item.severity == severity}
    assert found == listed(expected)


def test_the_advice_beyond_quality(done: Audit) -> None:
    found = {(item.code, item.place.cell, item.key) for item in done.findings if item.severity == "advice"}
    assert {item for item in found if not item[0].startswith("KX4")} == listed(ADVICE)


def test_every_cell_named_holds_what_the_list_says(done: Audit) -> None:
    """The figures and words quoted in a message stand in the line that it names."""
    lines = PUBLISHED.read_text(encoding="utf-8").splitlines()
    for item in done.findings:
        if item.code in ("KX301", "KX304", "KX308", "KX312"):
            found = item.message.split("“")[1].split("”")[0] if item.code == "KX304" else dict(item.values)["found"]
            shown = found if item.code == "KX304" else f"{int(float(found)):,}".replace(",", ".") + ",00"
            assert shown in lines[item.place.row - 1]


def test_letters_that_a_pdf_has_spoiled_are_one_piece_of_advice(done: Audit) -> None:
    (letters,) = [item for item in done.findings if item.code == "KX409"]
    assert "geliřtirmek" in letters.message
    assert len(letters.related) > 20
    texts = " ".join(dict(item.values)["found"] for item in done.findings if item.code == "KX207")
    assert "ř" not in texts


def test_all_totals_stand_side_by_side(done: Audit) -> None:
    said = {line.name: {name: item.kurus // 100 for name, item in line.sums.items()} for line in done.totals.lines}
    assert said == {
        "Performans Hedefi": {"activities": 308_748_000},
        "Faaliyet Maliyetleri": {"activities": 252_473_000},
        "İdare Performans Tablosu": {
            "activities": 253_748_000, "general": 349_601_000, "transfers": 0, "grand": 603_349_000,
        },
        "Tablo 11": {"activities": 300_748_000, "general": 349_601_000, "transfers": 0, "grand": 650_349_000},
    }  # fmt: skip


def test_every_difference_is_explained(done: Audit) -> None:
    by_tables = {(item.tables, item.difference): item for item in done.explanations}
    six = by_tables[("PHT", "İPT"), 55_000_000_00]
    assert six.keys == ("F.7.3.1", "F.7.3.2", "F.7.3.3", "F.8.2.1", "F.8.3.1", "F.8.3.3")
    eight = by_tables[("FMT", "İPT"), -1_275_000_00]
    assert set(eight.keys) == {item.key for item in done.findings if item.code == "KX302"}
    assert "4 tanesi sıfır tutarlı" in eight.text
    matrix = by_tables[("TKT", "İPT"), 47_000_000_00]
    assert matrix.keys == ("3",)
    assert "genel toplamlar arasındaki fark da budur" in matrix.text
    slips = [set(item.keys) for item in done.explanations if item.tables == ("SHB",)]
    assert slips == [{"F.1.3.5", "F.1.4.5", "F.1.5.4", "F.2.1.2", "F.2.1.3"}, {"F.2.1.3", "F.2.2.2", "F.3.1.2"}]


def test_the_command_says_so_and_fails() -> None:
    answer = run("audit", PUBLISHED)
    assert answer.exit_code == 1
    head = answer.output.split("HATA")[0]
    for amount in ("308.748.000,00", "252.473.000,00", "253.748.000,00", "300.748.000,00", "+55.000.000,00"):
        assert amount in head
    assert "35 hata, 31 uyarı" in " ".join(answer.output.split())


def test_json(done: Audit) -> None:
    answer = run("audit", PUBLISHED, "--format", "json")
    assert answer.exit_code == 1
    data = json.loads(answer.stdout)
    assert data["summary"]["error"] == 35
    assert [item["difference"] for item in data["explanations"]][:3] == ["55000000.00", "-1275000.00", "47000000.00"]
    lines = {line["table"]: line for line in data["reconciliation"]}
    assert lines["TKT"]["differences"]["grand"] == "47000000.00"
    assert lines["TKT"]["places"]["grand"]["cell"] == "F2508"


def test_the_merged_workbook_is_clean(merged: Path) -> None:
    """0,70 beside 70% and the reserve among the general expenses are printed so: warnings, no errors."""
    answer = run("audit", merged, "--format", "json")
    assert answer.exit_code == 0
    data = json.loads(answer.stdout)
    assert data["summary"]["error"] == 0
    assert {item["code"] for item in data["findings"] if item["severity"] == "warning"} == {"KX111", "KX311", "KX312"}
    assert data["explanations"] == []
    assert {line["totals"]["activities"] for line in data["reconciliation"]} == {"253748000.00"}


def test_forms_together_are_clean(inputs: Path) -> None:
    forms = [str(path) for path in sorted(inputs.glob("*.xlsx")) if path.name != "plan.xlsx"]
    answer = run("audit", *forms, "--format", "json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["summary"]["error"] == 0


def test_a_report_never_takes_the_place_of_what_is_audited(merged: Path, tmp_path: Path) -> None:
    own = tmp_path / "program.xlsx"
    own.write_bytes(merged.read_bytes())
    for target in (own, tmp_path / "rapor.txt"):
        answer = run("audit", own, "--html", target)
        assert answer.exit_code == 1
        assert "KX006" in answer.output
    assert own.read_bytes() == merged.read_bytes()
    assert not (tmp_path / "rapor.txt").exists()
