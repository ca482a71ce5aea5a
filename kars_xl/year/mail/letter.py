"""A letter: to whom, what it says (in the words of letters/), what is attached; as a draft or as what goes out. Names
of attachments are given twice. Content-Disposition has the standard's form (RFC 2231), which Thunderbird, phones and
the new Outlook read; Content-Type has encoded words (RFC 2047), where Outlook with POP or IMAP looks, to which the
other form is "untitled attachment". Text is quoted-printable and all else base64: no server has to recode it."""

import datetime as dt
import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.policy import compat32
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.file_names import file_stem, free_name
from kars_xl.base.place import Place
from kars_xl.base.text import tidy, writable
from kars_xl.base.text_templates import fill
from kars_xl.findings.as_text import row_of
from kars_xl.findings.finding import ERROR, WARNING, Finding, finding, kinds
from kars_xl.model.programme import Programme
from kars_xl.model.units import Unit

FORMS, FINDINGS, REMINDERS, FINAL = "forms", "findings", "reminders", "final"
PLANNED = "planned"
# A header's line takes 998 characters, and three bytes of one letter are nine there.
_LONGEST_STEM, _LONGEST_SUFFIX = 90, 8
_MONTHS = (
    "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"
)  # fmt: skip
_DAYS = ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar")
_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"xlsx": _XLSX, "xlsm": "vnd.ms-excel.sheet.macroEnabled.12", "pdf": "pdf", "xls": "vnd.ms-excel"}
_TYPES["docx"] = "vnd.openxmlformats-officedocument.wordprocessingml.document"
# With it an .eml file is one that Outlook and Thunderbird open for editing.
UNSENT = {"X-Unsent": "1"}
# How the files' names begin, by the kind of letter.
NAMES = {FORMS: "form", FINDINGS: "bulgu", REMINDERS: "hatirlatma", FINAL: "program"}


class Attachment(Struct, frozen=True):
    """A file to go with a letter, under a name that no mail program and no file system stumbles over."""

    name: str
    data: bytes

    @classmethod
    def of(cls, path: Path) -> "Attachment":
        """The file at `path`; OSError where it can't be read."""
        return cls(attachment_name(path.name), path.read_bytes())


class Letter(Struct, frozen=True):
    """One letter to a unit (to none where it goes to people by their addresses). `to` are checked addresses."""

    kind: str
    unit: Unit
    to: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    deadline: str = ""
    known_by: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 by which a repetition is known: `known_by`, else of the attached bytes in order, of a reminder the
        text. The programme is known by its workbook: a book made anew has other bytes."""
        if self.known_by:
            return self.known_by
        files, whole = self.attachments, b"".join(attachment.data for attachment in self.attachments)
        return hashlib.sha256(whole if files and self.kind != REMINDERS else self.text.encode()).hexdigest()

    @property
    def whose(self) -> str:
        """How the user knows it: the unit, else the addresses."""
        return self.unit.name or ", ".join(self.to)


class Letters(Struct):
    """The letters of a call, what kept others from being written, what else is to be said; the plan of those to units,
    why some of them have no address and can't go by e-mail, and of letters about forms how these stand."""

    letters: list[Letter] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    plan: Programme | None = None
    unaddressed: list[Finding] = field(default_factory=list)
    tally: str = ""


class Handled(Struct):
    """A letter and what came of it: `waiting` are who is still to get it, `got` who has, `draft` its file."""

    letter: Letter
    waiting: tuple[str, ...] = ()
    got: tuple[str, ...] = ()
    state: str = PLANNED
    reason: str = ""
    message_id: str = ""
    draft: str = ""


class Sending(Struct):
    """All letters of a call, in their order, the findings on the way, and what else is to be said."""

    handled: list[Handled] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def one_line(text: str) -> str:
    """`text` as it may stand in a header or a sentence: no line ends, no control characters."""
    return tidy("".join(letter for letter in writable(text) if letter.isspace() or letter.isprintable()))


def attachment_name(name: str) -> str:
    """A file's name without what Windows forbids in one, and without ";", at which some mail readers end it."""
    plain = unicodedata.normalize("NFC", one_line(name))
    plain = "".join("_" if letter in '<>:"/\\|?*;' else letter for letter in plain).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:_LONGEST_STEM]}{dot}{suffix[:_LONGEST_SUFFIX]}" if dot else plain[:_LONGEST_STEM] or "ek"


def office_of(programme: Programme) -> Unit:
    """The unit that gathers the forms and signs the letters."""
    return Unit(one_line(programme.institution.office) or "Mali Hizmetler Müdürlüğü")


def write(
    kind: str, programme: Programme, unit: Unit, to: Sequence[str], files: Sequence[Attachment] = (), **facts: object
) -> Letter:
    """The letter of this kind: its template filled with these `facts` too. The template's first line is the subject."""
    institution = one_line(programme.institution.name)
    year, of_year = (f"{programme.year} ", f"{programme.year} Mali Yılı ") if programme.year else ("", "")
    subject, _, body = fill(
        f"year/mail/letters/{kind}.txt",
        year=f"{year}Performans Programı",
        programme=one_line(f"{institution} {of_year}Performans Programı"),
        institution=institution,
        office=office_of(programme),
        officer=one_line(programme.institution.officer),
        extension=one_line(programme.institution.extension),
        unit=one_line(unit.name),
        files=", ".join(file.name for file in files),
        **{"addressed": one_line(unit.addressed), **facts},
    ).partition("\n\n")
    return Letter(kind, unit, tuple(to), subject, body.rstrip() + "\n", tuple(files), str(facts.get("deadline", "")))


def what_is_found(findings: Sequence[Finding]) -> dict[str, object]:
    """The facts of a letter about a unit's findings."""
    return {
        "count": Counter(found.severity for found in findings),
        "errors": list(kinds(found for found in findings if found.severity == ERROR)),
        "warnings": list(kinds(found for found in findings if found.severity == WARNING)),
        "line": _line,
        "one_line": one_line,
    }


def _line(found: Finding) -> str:
    """A finding with its cell as a clerk finds it; without one where it is about the whole form."""
    cell = f"{found.place.cell} hücresi" if found.place.cell else ""
    where = ", ".join(filter(None, (f"{found.place.sheet} sayfası" if found.place.sheet else "", cell)))
    return one_line(": ".join(filter(None, (where, row_of(found), found.message))))


def read_date(text: str) -> dt.date:
    """2026-11-20, 20.11.2026 or 20/11/2026; ValueError with the reason in Turkish."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        with suppress(ValueError):
            return dt.datetime.strptime(text.strip(), form).date()
    raise ValueError(f"“{text}” takvimde yok ya da tarih olarak okunamadı; 20.11.2026 ya da 2026-11-20 gibi yazın.")


def say_date(date: dt.date) -> str:
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def say_day(date: dt.date) -> str:
    """The date with its day of the week."""
    return f"{say_date(date)} {_DAYS[date.weekday()]}"


def deadline_notes(day: dt.date, year: int) -> Iterator[str]:
    """What is odd about `day` as the last one for the forms of the programme of `year` (0: not known)."""
    if year and day.year >= year:
        yield (
            f"Son gün ({say_day(day)}) programın yılına ya da sonrasına geliyor; {year} programı {year - 1} yılının "
            "sonunda hazırlanır. Tarihin yılını denetleyin."
        )
    if day.weekday() >= 5:
        yield f"Son gün hafta sonuna geliyor: {say_day(day)}."


def message_bytes(letter: Letter, sender: str, headers: Mapping[str, str]) -> bytes:
    """The message as a server gets it, lines ending in CR LF, all of it in 7 bits; of a draft `sender` may be ""."""
    # A line that stands in no part: text is encoded, and base64 has no "=_" in it.
    whole = f"{letter.kind}\n{letter.unit}\n{letter.subject}\n{letter.text}\n{letter.digest}"
    boundary = f"=_kars-xl_{hashlib.sha256(whole.encode()).hexdigest()[:32]}"
    message = MIMEMultipart("mixed", boundary=boundary)
    if sender:
        message["From"] = sender
    message["To"] = ",\n ".join(letter.to)
    message["Subject"] = _words(letter.subject, "Subject")
    charset = Charset("utf-8")
    charset.body_encoding = QP
    body = Message()
    body["Content-Type"] = "text/plain"
    body.set_payload(letter.text, charset)
    message.attach(body)
    for attachment in letter.attachments:
        message.attach(_part(attachment))
    for name, value in headers.items():
        message[name] = value
    stream = BytesIO()
    # Headers are folded already; the newer policies would write names in one form alone.
    policy = compat32.clone(linesep="\r\n", max_line_length=None)
    BytesGenerator(stream, mangle_from_=False, policy=policy).flatten(message)
    return stream.getvalue()


def _part(attachment: Attachment) -> Message:
    part = Message()
    kind = _TYPES.get(attachment.name.rpartition(".")[2].lower(), "octet-stream")
    part["Content-Type"] = f'application/{kind};\n name="{_words(attachment.name, "Content-Type")}"'
    plain = attachment.name.isascii()
    name = f'filename="{attachment.name}"' if plain else f"filename*=utf-8''{quote(attachment.name, safe='')}"
    part["Content-Disposition"] = f"attachment;\n {name}"
    part.set_payload(attachment.data)
    encode_base64(part)
    return part


def _words(text: str, header: str) -> str:
    """Text as RFC 2047's encoded words, folded; plain text as it is."""
    plain = one_line(text)
    if plain.isascii() and "=?" not in plain and len(plain) < 60:
        return plain
    return Header(plain, "utf-8", header_name=header, maxlinelen=75).encode()


def write_drafts(kind: str, letters: Sequence[Letter], folder: Path, sender: str = "") -> Sending:
    """One file per letter in `folder`. The same letter makes the same file; drafts of other letters stay."""
    result = Sending()
    taken: set[str] = set()
    if kind == FINAL:
        # To all who are addressed alike a single draft: nobody wants to press Send thirty times.
        alike = [[it for it in letters if it.text == text] for text in dict.fromkeys(it.text for it in letters)]
        letters = [replace(same[0], to=tuple(it for letter in same for it in letter.to)) for same in alike]
    for letter in letters:
        # Units' names may differ in signs that no file name keeps.
        stem = f"{NAMES[kind]}_{file_stem(letter.unit.name)}" if letter.unit else NAMES[kind]
        target = folder / free_name(stem, ".eml", taken)
        handled = Handled(letter, letter.to, state="draft", draft=str(target))
        try:
            write_atomically(target, message_bytes(letter, sender, UNSENT))
        except OSError as error:
            result.findings.append(finding("KX006", Place(str(target)), reason=system_reason(error)))
            handled = Handled(letter, letter.to, state="failed")
        result.handled.append(handled)
    if count := sum(bool(handled.draft) for handled in result.handled):
        result.notes.append(f"{count} taslak kaydedildi: {folder}. Göndermek için dosyaya çift tıklayın.")
    found = sorted(folder.glob(f"{NAMES[kind]}*.eml"), key=str)
    if old := [path.name for path in found if path.name.casefold() not in taken]:
        remark = "artık gerekmiyor olabilir, silinmedi"
        result.notes.append(f"Önceki çağrılardan kalan taslaklar ({remark}): {', '.join(old)}")
    return result
