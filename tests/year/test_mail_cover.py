"""The üst yazı for offices that send by EBYS: one official letter, read back from the Word file, with its list."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.document import Document

from kars_xl.reading.grid import open_grid
from kars_xl.reading.plan import read_plan
from tests.helpers.cli_runs import json_of, run
from tests.helpers.mail_server import write_addresses, write_institution
from tests.year.test_mail import DEADLINE, FEN, MALI, ZABITA, spoil

BODY = "Bilgilerinizi ve gereğini rica ederim."


def lines_of(document: Document) -> list[str]:
    return [line for paragraph in document.paragraphs for line in paragraph.text.split("\n")]


def distribution(document: Document) -> list[list[str]]:
    """The two columns, Gereği and Bilgi, as lines."""
    (table,) = document.tables
    return [cell.text.split("\n") if cell.text else [] for cell in table.rows[0].cells]


def written(folder: Path, kind: str) -> Document:
    path = folder / "mail" / f"ust_yazi_{kind}.docx"
    assert sorted((folder / "mail").iterdir()) == [path], "no drafts beside it"
    return docx.Document(str(path))


def test_the_distribution_list_is_the_units_asked(folder: Path) -> None:
    plan = folder / "inputs" / "plan.xlsx"
    write_addresses(plan, {FEN: "", ZABITA: "zabita@kars"})
    write_institution(plan, {"Formların İlgilisi": "Ayşe Kaya", "Dahili": 1234})
    done = run("mail", "forms", folder, *DEADLINE, "--docx")
    assert done.exit_code == 0, done.output
    assert "KX70" not in done.output, "no address is needed"
    document = written(folder, "form")
    asked = [unit.addressed for unit in read_plan(open_grid(str(plan))).programme.asked if unit.name != MALI]
    assert len(asked) == 19
    assert distribution(document) == [["Gereği:", *asked], ["Bilgi:", "Belediye Başkanlığı Makamına"]]
    lines = lines_of(document)
    assert lines[:4] == ["T.C.", "KARS BELEDİYE BAŞKANLIĞI", MALI, "Sayı:"]
    assert lines[4:6] == ["Konu: 2024 Performans Programı formları", "DAĞITIM YERLERİNE"]
    assert any("en geç 20 Kasım 2099 Cuma gününe kadar Mali Hizmetler Müdürlüğüne" in line for line in lines)
    assert "Bilgilerinizi ve gereğini arz ve rica ederim." in lines
    assert lines[-5:] == [
        "Adı SOYADI", "Mali Hizmetler Müdürü", "Ek: Form (19 dosya, her birime kendi dosyası)", "DAĞITIM",
        "Bilgi için: Ayşe Kaya, Dahili: 1234",
    ]  # fmt: skip
    assert round(document.sections[0].page_height.mm) == 297


def test_the_answer_says_who_is_on_the_list_and_a_dry_run_writes_nothing(folder: Path) -> None:
    planned = json_of("mail", "forms", folder, *DEADLINE, "--docx", "--dry-run")["messages"]
    assert not (folder / "mail").exists()
    rows = json_of("mail", "forms", folder, *DEADLINE, "--docx")["messages"]
    assert [row["unit"] for row in rows] == [row["unit"] for row in planned]
    assert {row["state"] for row in rows} == {"listed"}
    assert {row["draft"] for row in rows} == {str(folder / "mail" / "ust_yazi_form.docx")}
    assert [row["files"] for row in rows if row["unit"] == FEN] == [["fen_isleri_mudurlugu.xlsx"]]


def test_a_reminder_to_one_unit_addresses_it_and_to_several_lists_them(folder: Path, inputs: Path) -> None:
    for path in inputs.glob("*.xlsx"):
        if path.stem not in ("plan", "zabita_mudurlugu", "fen_isleri_mudurlugu"):
            (folder / "inputs" / path.name).write_bytes(path.read_bytes())
    (folder / "forms" / "zabita_mudurlugu.xlsx").unlink()
    assert run("mail", "reminders", folder, *DEADLINE, "--docx").exit_code == 0
    document = written(folder, "hatirlatma")
    assert distribution(document) == [["Gereği:", "Fen İşleri Müdürlüğüne", "Zabıta Müdürlüğüne (Ek konulmadı)"], []]
    assert {"DAĞITIM YERLERİNE", "Ek: Form (1 dosya)", BODY} <= set(lines_of(document))
    (folder / "inputs" / "fen.xlsx").write_bytes((inputs / "fen_isleri_mudurlugu.xlsx").read_bytes())
    run("mail", "reminders", folder, *DEADLINE, "--docx")
    document = written(folder, "hatirlatma")
    assert document.tables == []
    assert "ZABITA MÜDÜRLÜĞÜNE" in lines_of(document)
    assert "DAĞITIM" not in lines_of(document)


def test_the_findings_go_with_a_letter_too(folder: Path, inputs: Path) -> None:
    form = folder / "inputs" / "fen_isleri_mudurlugu.xlsx"
    form.write_bytes((inputs / form.name).read_bytes())
    spoil(form)
    run("mail", "findings", folder, "--docx")
    lines = lines_of(written(folder, "bulgu"))
    assert {"FEN İŞLERİ MÜDÜRLÜĞÜNE", "Konu: 2024 Performans Programı formunun düzeltilmesi", BODY} <= set(lines)
    assert any("formun yeniden gönderilmesi gerekmektedir." in line for line in lines), "without a last day"
    assert (folder / "annotated" / "fen_isleri_mudurlugu" / form.name).is_file()


def test_hostile_names_stay_text(folder: Path) -> None:
    name = "<w:t>\x0b & {{ birim }} İşleri Müd."
    write_institution(folder / "inputs" / "plan.xlsx", {"Mali Hizmetler Birimi": "A & <b> Birimi", "Dahili": "<1>"})
    write_institution(folder / "inputs" / "plan.xlsx", {"Formların İlgilisi": name.replace("\x0b", "")})
    assert run("mail", "forms", folder, *DEADLINE, "--docx").exit_code == 0
    lines = lines_of(written(folder, "form"))
    assert {"A & <b> Birimi", "Birim Amiri", "Bilgi için: <w:t> & {{ birim }} İşleri Müd., Dahili: <1>"} <= set(lines)


def test_a_letter_by_ebys_is_not_sent_by_mail(folder: Path) -> None:
    done = run("mail", "forms", folder, *DEADLINE, "--docx", "--send", "--from", "a@kars.bel.tr")
    assert done.exit_code == 2
    assert "üst yazıyı EBYS gönderir" in done.output


def test_a_letter_that_is_open_in_word_is_said(folder: Path) -> None:
    (folder / "mail" / "ust_yazi_form.docx").mkdir(parents=True)
    done = run("mail", "forms", folder, *DEADLINE, "--docx")
    assert done.exit_code == 1
    assert "KX006" in done.output
