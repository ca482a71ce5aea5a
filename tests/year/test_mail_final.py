"""The programme sent on, and the whole way from the command line to the server."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import openpyxl
import pytest
from keyring.backend import KeyringBackend

from kars_xl.pipeline import merge
from kars_xl.year.folder.folder import SENDING, Sent, append, read_entries, read_log
from kars_xl.year.mail.smtp import Server
from tests.helpers.cli_runs import json_of, run
from tests.helpers.form_files import TARGET, finance, form
from tests.helpers.mail_server import (
    PASSWORD,
    SENDER,
    USER,
    Certificates,
    Office,
    files_of,
    mail_server,
    parsed,
    text_of,
    working_folder,
    write_institution,
)
from tests.helpers.workbook_edits import cells_of

COUNCIL = ("baskan@kars.bel.tr", "meclis@kars.bel.tr")


@pytest.fixture
def folder(merged: Path, tmp_path: Path) -> Path:
    """A working folder with the official workbook of 2024, and a PDF that is as new."""
    outputs = tmp_path / "2024" / "outputs"
    outputs.mkdir(parents=True)
    (tmp_path / "2024" / "inputs").mkdir()
    shutil.copy(merged, outputs / "performans programı 2024.xlsx")
    (outputs / "performans programı 2024.pdf").write_bytes(b"%PDF-1.7 kitap")
    return tmp_path / "2024"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the one who runs the tests has set for a server of their own."""
    for name in ("KARS_XL_SMTP_KULLANICI", "KARS_XL_SMTP_PAROLA", "KARS_XL_SMTP_SUNUCU"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workbook(folder: Path) -> Path:
    return folder / "outputs" / "performans programı 2024.xlsx"


def final(folder: Path, *options: object) -> Any:
    return json_of("mail", "final", folder, "--to", ";".join(COUNCIL), *options)


def codes_about_sending(done: Any) -> list[str]:
    return [found["code"] for found in about_sending(done)]


def about_sending(done: Any) -> list[Any]:
    """Without the open warnings of the workbook of 2024 itself, which are there each time."""
    return [found for found in done["findings"] if found["code"] not in ("KX111", "KX311", "KX312")]


# The programme


def test_the_book_goes_on_with_the_totals_in_the_text(folder: Path, workbook: Path) -> None:
    done = final(folder)
    assert codes_about_sending(done) == []
    message = parsed((folder / "mail" / "program.eml").read_bytes())
    assert message["To"] == ", ".join(COUNCIL)
    assert files_of(message) == {"performans programı 2024.pdf": b"%PDF-1.7 kitap"}
    # As the published programme has them.
    text = text_of(message)
    assert "27 performans hedefi, 162 gösterge, 88 faaliyet" in text
    assert "Performans Hedefleri Maliyetleri: 253.748.000,00 TL (%42,06)" in text
    assert "Genel Yönetim Giderleri: 349.601.000,00 TL (%57,94)" in text
    assert "Genel Toplam: 603.349.000,00 TL (%100,00)" in text
    audited = json.loads(run("audit", workbook, "--format", "json").stdout)
    warnings = [found for found in audited["findings"] if found["severity"] == "warning"]
    assert warnings
    assert done["findings"] == warnings, "for the officer's eyes"
    assert "uyarı" not in text
    assert not [found for found in warnings if found["message"] in text]


def test_the_list_is_a_text_file_or_addresses(folder: Path, tmp_path: Path) -> None:
    people = tmp_path / "encümen.txt"
    lines = ("baskan@kars.bel.tr # Başkan", "", "# üyeler", "BASKAN@kars.bel.tr", "Ali <uye@kars.bel.tr>", "bozuk")
    people.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    done = json_of("mail", "final", folder, "--to", people, "--to", "vali@kars.gov.tr", "--dry-run")
    assert [row["to"] for row in done["messages"]] == [
        ["baskan@kars.bel.tr"],
        ["uye@kars.bel.tr"],
        ["vali@kars.gov.tr"],
    ]
    assert codes_about_sending(done) == ["KX702"]
    assert codes_about_sending(json_of("mail", "final", folder, "--to", tmp_path / "yok.txt", "--dry-run")) == ["KX007"]


def test_council_mayor_and_directorates_each_have_a_letter_that_addresses_them(folder: Path, inputs: Path) -> None:
    shutil.copy(inputs / "plan.xlsx", folder / "inputs")
    write_institution(folder / "inputs" / "plan.xlsx", {"Formların İlgilisi": "Ayşe Kaya", "Dahili": "1234"})
    people = folder / "liste.txt"
    lines = (
        *("Belediye Encümeni <encumen@kars.bel.tr>", "Başkanlık Makamı <baskan@kars.bel.tr>"),
        *("Fen İşleri Müdürlüğü <fen@kars.bel.tr>", "bilgi@kars.bel.tr", "arsiv@kars.bel.tr"),
    )
    people.write_text("\n".join(lines), encoding="utf-8")
    done = json_of("mail", "final", folder, "--to", people)
    assert [row["to"] for row in done["messages"]] == [
        ["encumen@kars.bel.tr"], ["baskan@kars.bel.tr"], ["fen@kars.bel.tr"],
        ["bilgi@kars.bel.tr", "arsiv@kars.bel.tr"],
    ]  # fmt: skip
    texts = [text_of(parsed(Path(row["draft"]).read_bytes())) for row in done["messages"]]
    assert [text.partition("\n")[0] for text in texts] == [
        "Belediye Encümenine", "Belediye Başkanlığı Makamına", "Fen İşleri Müdürlüğüne", "Sayın İlgili,",
    ]  # fmt: skip
    wished = ["Bilgilerinize arz ederim."] * 2 + ["Bilgilerinizi rica ederim.", "Bilgilerinize arz ederim."]
    signed = "\n\nAyşe Kaya\nMali Hizmetler Müdürlüğü\nDahili: 1234\nT.C. KARS BELEDİYE BAŞKANLIĞI\n"
    assert [text.endswith(wish + signed) for text, wish in zip(texts, wished, strict=True)] == [True] * 4


def test_a_workbook_edited_after_the_merge_is_not_sent_as_the_final_one(folder: Path, workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["Faaliyet Maliyetleri"]
    next(cell for cell in cells_of(sheet) if cell.data_type == "n" and cell.value and cell.value > 1000).value = 5
    book.save(workbook)
    done = final(folder, "--no-pdf")
    assert codes_about_sending(done)[-1] == "KX706"
    assert "birleştirmeden sonra değiştirilmiş" in done["findings"][-1]["message"]
    assert "KX601" in codes_about_sending(done)
    assert done["messages"] == []
    assert not (folder / "mail").exists()


def test_a_draft_or_faulty_workbook_goes_only_as_a_draft(folder: Path, workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "gelen").mkdir()
    form(tmp_path / "gelen", TARGET)
    finance(tmp_path / "gelen")
    merge([str(tmp_path / "gelen")], str(workbook), draft=True)
    assert codes_about_sending(final(folder, "--no-pdf"))[-1] == "KX706"
    done = final(folder, "--no-pdf", "--draft")
    assert "KX706" not in codes_about_sending(done)
    assert any("TASLAK" in note for note in done["notes"])
    message = parsed((folder / "mail" / "program.eml").read_bytes())
    assert message["Subject"].startswith("TASLAK – ")
    assert "Bu bir TASLAKTIR" in text_of(message)


def test_a_workbook_that_kars_xl_did_not_write_is_refused(folder: Path, tmp_path: Path) -> None:
    done = final(folder, "--workbook", finance(tmp_path), "--no-pdf")
    assert codes_about_sending(done)[-1] == "KX706"


def test_which_of_several_workbooks_is_asked(folder: Path, workbook: Path) -> None:
    openpyxl.Workbook().save(workbook.with_name("rapor.xlsx"))
    assert codes_about_sending(final(folder)) == []
    shutil.copy(workbook, workbook.with_name("eski.xlsx"))
    done = run("mail", "final", folder, "--to", COUNCIL[0])
    assert done.exit_code == 2
    assert "eski.xlsx" in done.output
    assert codes_about_sending(final(folder, "--workbook", workbook)) == []


def test_an_old_pdf_does_not_go_out_with_a_new_workbook(folder: Path, workbook: Path) -> None:
    old = time.time() - 1000
    os.utime(workbook.with_suffix(".pdf"), (old, old))
    done = final(folder, "--no-pdf")
    assert done["messages"][0]["files"] == ["performans programı 2024.docx"]
    assert workbook.with_suffix(".pdf").read_bytes() == b"%PDF-1.7 kitap"


def test_who_filled_in_what_goes_out_only_when_asked_for(folder: Path, workbook: Path) -> None:
    assert final(folder)["messages"][0]["files"] == ["performans programı 2024.pdf"]
    assert final(folder, "--ekler")["messages"][0]["files"] == ["performans programı 2024.pdf", workbook.name]
    assert run("export", workbook, "--to", "pdf", "--ekler").exit_code == 0
    shown = final(folder)["messages"][0]["files"]
    assert shown == ["performans programı 2024_meclis.pdf"], "not the one that holds the appendices"


def test_a_dry_run_leaves_no_book_behind(folder: Path, workbook: Path) -> None:
    workbook.with_suffix(".pdf").unlink()
    before = sorted(workbook.parent.iterdir())
    assert final(folder, "--dry-run", "--no-pdf")["messages"][0]["files"] == ["performans programı 2024.docx"]
    assert sorted(workbook.parent.iterdir()) == before


def test_a_missing_pdf_is_made_and_stays(folder: Path, workbook: Path) -> None:
    workbook.with_suffix(".pdf").unlink()
    done = final(folder)
    assert codes_about_sending(done) == []
    message = parsed((folder / "mail" / "program.eml").read_bytes())
    pdf = files_of(message)["performans programı 2024.pdf"]
    assert pdf == workbook.with_suffix(".pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")


def test_without_libreoffice_the_book_goes_as_a_word_document(
    folder: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook.with_suffix(".pdf").unlink()
    monkeypatch.setenv("PATH", "")
    done = final(folder)
    assert [(found["code"], found["severity"]) for found in about_sending(done)] == [("KX009", "warning")]
    assert done["messages"][0]["files"] == ["performans programı 2024.docx"]


# From the command line to the server


def sending(server: Server) -> list[object]:
    options = ["--send", "--from", SENDER, "--smtp-host", server.host, "--smtp-port", server.port]
    return [*options, "--smtp-security", server.security, "--smtp-ca", server.ca]


ENVIRONMENT = {"KARS_XL_SMTP_KULLANICI": USER, "KARS_XL_SMTP_PAROLA": PASSWORD}


def test_the_council_gets_it_one_by_one_and_once(folder: Path, workbook: Path, trusted: Certificates) -> None:
    office = Office()
    with mail_server(office, trusted) as server:
        command = ("final", folder, "--to", ";".join(COUNCIL), *sending(server))
        assert [row["state"] for row in json_of("mail", *command, env=ENVIRONMENT)["messages"]] == ["sent", "sent"]
        assert [row["state"] for row in json_of("mail", *command, env=ENVIRONMENT)["messages"]] == ["already"] * 2
        again = json_of("mail", *command, "--again", COUNCIL[1], env=ENVIRONMENT)
    assert [row["state"] for row in again["messages"]] == ["already", "sent"]
    assert [received.to for received in office.received] == [(COUNCIL[0],), (COUNCIL[1],), (COUNCIL[1],)]
    for received in office.received:
        assert received.message["To"] == received.to[0]
        assert files_of(received.message) == {"performans programı 2024.pdf": b"%PDF-1.7 kitap"}
    assert [entry.to for entry in read_log(folder / "mail" / "gonderim.jsonl")] == [*COUNCIL, COUNCIL[1]]
    assert not list((folder / "mail").glob("*.eml"))


def test_forms_are_sent_and_a_broken_call_is_taken_up_again(
    inputs: Path, tmp_path: Path, trusted: Certificates
) -> None:
    folder = working_folder(inputs, tmp_path / "2024")
    office = Office(recipients={"zabita.mudurlugu@kars.bel.tr": ["550 kapalı"]})
    with mail_server(office, trusted) as server:
        command = ("forms", folder, "--deadline", "20.11.2099", *sending(server))
        done = run("mail", *command, env=ENVIRONMENT)
        assert done.exit_code == 1
        assert "550 kapalı" in done.output
        assert len(office.received) == 19
        # What a kill after the tenth letter's intent leaves.
        log = folder / "mail" / "gonderim.jsonl"
        entries = read_entries(log, Sent)[0]
        log.unlink()
        for entry in entries[:19]:
            append(log, entry)
        assert entries[18].state == SENDING
        sent = {entry.unit for entry in read_log(log)}
        office.received.clear()
        done = run("mail", *command, env=ENVIRONMENT)
    assert done.exit_code == 1
    assert f"{entries[18].unit}): önceki gönderim yarıda kaldı" in done.output
    greetings = [text_of(received.message).splitlines()[0] for received in office.received]
    assert len(greetings) == 20 - len(sent) - 1
    assert not any(f"Sayın {unit} yetkilisi," in greetings for unit in (*sent, entries[18].unit))


class Safe(KeyringBackend):
    """The system's keyring, as far as one is needed."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def safe() -> Iterator[Safe]:
    before, mine = keyring.get_keyring(), Safe()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_the_password_may_lie_in_the_keyring(folder: Path, trusted: Certificates, safe: Safe) -> None:
    office = Office()
    with mail_server(office, trusted) as server:
        command = ("final", folder, "--to", COUNCIL[0], *sending(server))
        done = run("mail", *command)
        assert done.exit_code == 2
        assert "KARS_XL_SMTP_PAROLA" in done.output
        assert office.received == []
        keyring.set_password("kars-xl:localhost", SENDER, PASSWORD)
        assert run("mail", *command).exit_code == 0
    assert len(office.received) == 1


def test_the_password_is_nowhere_to_be_read(folder: Path, trusted: Certificates) -> None:
    office = Office()
    secret = "gizli-parola-4711"
    with mail_server(office, trusted) as server:
        command = ("final", folder, "--to", COUNCIL[0], *sending(server))
        done = run("mail", *command, env={**ENVIRONMENT, "KARS_XL_SMTP_PAROLA": secret})
    assert done.exit_code == 1
    assert secret not in done.output
    assert all(secret.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_workbook_beside_a_plain_folder_is_not_sent(folder: Path) -> None:
    """An empty folder named by mistake must not send on what lies beside it."""
    (folder / "bos").mkdir()
    result = run("mail", "final", folder / "bos", "--to", ";".join(COUNCIL))
    assert result.exit_code == 2
    assert "bir çalışma klasörü değil" in result.stderr
    assert not (folder / "mail").exists()
    assert not (folder / "bos" / "mail").exists()
