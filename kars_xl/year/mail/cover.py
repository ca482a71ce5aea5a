"""The üst yazı: one official letter to all units together, for offices that send by EBYS and not by e-mail."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.place import Place
from kars_xl.base.text import upper
from kars_xl.findings.finding import finding
from kars_xl.model.programme import Programme
from kars_xl.model.units import NO_UNIT
from kars_xl.year.mail.letter import FORMS, NAMES, Handled, Letter, Sending, office_of, one_line, write


def write_cover(kind: str, letters: Sequence[Letter], programme: Programme, folder: Path | None) -> Sending:
    """In `folder` (None: nowhere) the üst yazı in place of these letters; the office that signs gets none."""
    asked = [letter for letter in letters if letter.unit != office_of(programme)]
    if not asked or folder is None:
        return Sending([Handled(letter, state="listed") for letter in asked])
    target = folder / f"ust_yazi_{NAMES[kind]}.docx"
    try:
        write_atomically(target, _document(kind, asked, programme))
    except OSError as error:
        return Sending(findings=[finding("KX006", Place(str(target)), reason=system_reason(error))])
    note = f"Üst yazı kaydedildi: {target}. Sayısını EBYS verir; ekleri her birime kendi dosyası olarak ekleyin."
    return Sending([Handled(it, state="listed", draft=str(target)) for it in asked], notes=[note])


def _document(kind: str, letters: Sequence[Letter], programme: Programme) -> bytes:
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGNED
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    office, institution = office_of(programme).name, programme.institution
    whole = write(f"cover_{kind}", programme, NO_UNIT, (), deadline=letters[0].deadline)
    # The Makam is told that the work has begun; who is late is between the office and the unit.
    informed = ["Belediye Başkanlığı Makamına"] if kind == FORMS else []
    listed = bool(informed) or len(letters) > 1
    document: Any = Document()
    page, normal = document.sections[0], document.styles["Normal"]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)
    normal.font.name, normal.font.size, normal.paragraph_format.space_after = "Times New Roman", Pt(12), Pt(0)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "tr-TR")

    def add(text: str, align: Any = ALIGNED.LEFT, before: int = 0) -> Any:
        paragraph = document.add_paragraph(text)
        paragraph.alignment, paragraph.paragraph_format.space_before = align, Pt(before)
        return paragraph

    add(f"T.C.\n{upper(one_line(institution.name)).removeprefix('T.C.').strip()}\n{office}", ALIGNED.CENTER)
    add(f"Sayı:\nKonu: {whole.subject}", before=24)
    add("DAĞITIM YERLERİNE" if listed else upper(one_line(letters[0].unit.addressed)), ALIGNED.CENTER, 24)
    for number, text in enumerate(whole.text.strip().split("\n\n")):
        add(text, ALIGNED.JUSTIFY, 6 if number else 18).paragraph_format.first_line_indent = Mm(12.5)
    head = office.removesuffix("lüğü") + "ü" if office.endswith("Müdürlüğü") else "Birim Amiri"
    add(f"Adı SOYADI\n{head}", ALIGNED.CENTER, 36).paragraph_format.left_indent = Mm(90)
    if files := sum(len(letter.attachments) for letter in letters):
        add(f"Ek: Form ({files} dosya{', her birime kendi dosyası' if files > 1 else ''})", before=24)
    if listed:
        add("DAĞITIM", before=12)
        without = " (Ek konulmadı)" * bool(files)
        units = [one_line(it.unit.addressed) + without * (not it.attachments) for it in letters]
        cells = document.add_table(rows=1, cols=2).rows[0].cells
        for cell, lines in zip(cells, (["Gereği:", *units], ["Bilgi:", *informed] if informed else []), strict=True):
            cell.text = "\n".join(lines)
    extension = f"Dahili: {institution.extension}" if institution.extension else ""
    if contact := ", ".join(filter(None, map(one_line, (institution.officer, extension)))):
        add(f"Bilgi için: {contact}", before=24)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
