"""From paths to messages with what is attached to them, archives and attached messages opened; all is only read."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import chain, pairwise
from pathlib import Path
from typing import IO

from msgspec import Struct, field
from msgspec.structs import replace

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.base.text import shown
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.grid import containers
from kars_xl.reading.grid.archives import Part, Unpacking, read_zip
from kars_xl.reading.grid.cells import UnreadableFile
from kars_xl.reading.grid.limits import limited
from kars_xl.year.collect.eml import DEEPEST, LARGEST, MOST_ITEMS, Letter, in_body, read_eml
from kars_xl.year.collect.outlook import read_msg, read_tnef

TAKEN, SAME, REFUSED = "taken", "same", "refused"
_FORMS = (containers.WORKBOOK, containers.TEXT)
_MAILDIR = ("cur", "new")
_DELETED_MESSAGE = "ileti posta kutusunda silinmiş olarak işaretli"
_WITH_TIME = re.compile(rb"From .*\d\d:\d\d")


class Attachment(Struct, frozen=True):
    """What became of an attachment: `file` is where it lies now (TAKEN, SAME), `reason` why it does not (REFUSED).
    `may_hold`: where no form came with it, it may be meant for one."""

    name: str
    result: str
    file: str = ""
    unit: Unit = NO_UNIT
    revision: int | None = None
    sha256: str = ""
    reason: str = ""
    may_hold: bool = False
    remedy: str = ""


class Envelope(Struct):
    """A message and its items, of which the intake makes attachments; no `letter` where files lie there without one.
    `source` is the file on the disk, `steps` lead on from it ("3. ileti", "ekli ileti"), `outer` is what it lies in."""

    source: str
    steps: tuple[str, ...] = ()
    letter: Letter | None = None
    items: list[Part] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    outer: "Envelope | None" = None
    unpacking: Unpacking = field(default_factory=Unpacking)

    def inside(self, name: str) -> "Envelope":
        """A message in this one, or in a file of it."""
        return Envelope(self.source, (*self.steps, name), outer=self, unpacking=self.unpacking)

    @property
    def first(self) -> "Envelope":
        """The message that this one came with, or itself."""
        return self.outer.first if self.outer and self.outer.letter else self

    def refuse_all(self, reason: str) -> None:
        self.items = [Part(item.name, refused=reason) for item in self.items]

    def is_source(self, name: str) -> bool:
        """Whether `name` is that of the file on the disk itself, and of nothing in it."""
        return self.letter is None and not self.steps and name == Path(self.source).name

    @property
    def title(self) -> str:
        """Where the message lies, with its date, sender and subject, by which it is told among many, and `first`'s."""
        names = [Path(self.source).name, *self.steps]
        for at, letter in {len(it.steps): it.letter for it in (self.first, self) if it.letter}.items():
            date = f"{letter.date:%d.%m.%Y %H:%M}" if letter.date else "tarihi yok"
            subject = f"“{letter.subject}”" if letter.subject else "konusuz"
            names[at] = " – ".join((names[at], date, letter.sender or "göndereni yok", subject))
        return " ▸ ".join(names)

    def place_of(self, item: Part | None = None) -> Place:
        """Where something lies in the message, or the message itself."""
        names = [self.title, *([] if item is None or self.is_source(item.name) else [item.name])]
        # A report shows what stands behind the last slash.
        return Place(os.path.join(os.path.dirname(self.source), " ▸ ".join(names).replace("/", "_")))


def files_of(paths: Sequence[str]) -> tuple[list[Path], list[Finding]]:
    """All files to read, folders with their subfolders, in order of name; a missing path is a finding (KX007)."""
    given = [Path(path) for path in paths]
    files = [file for path in given for file in (sorted(_inside(path), key=str) if path.is_dir() else [path])]
    missing = [finding("KX007", Place(str(path))) for path in given if not (path.is_dir() or path.is_file())]
    return [file for file in dict.fromkeys(files) if file.is_file()], missing


def _inside(folder: Path) -> Iterator[Path]:
    """Files but hidden ones; a Maildir's folders begin with a dot, and it keeps half-delivered messages in tmp."""
    is_maildir = all((folder / name).is_dir() for name in _MAILDIR)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            sub_maildir = is_maildir and (path / "cur").is_dir()
            if (not path.name.startswith(".") or sub_maildir) and not (is_maildir and path.name == "tmp"):
                yield from _inside(path)
        elif path.is_file() and not path.name.startswith((".", "~$")) and not is_maildir:
            yield path


def envelopes(path: Path) -> Iterator[Envelope]:
    """What one file holds, message by message."""
    loose = Envelope(str(path))
    inner: list[Envelope] = []
    try:
        with path.open("rb") as stream:
            head = stream.read(8192)
            if containers.starts_mbox(head):
                stream.seek(0)
                yield from _mbox(loose, read_mbox(stream), 0)
                return
            size = path.stat().st_size
            if size > LARGEST:
                raise UnreadableFile("KX003", f"{size} bayt")
            data = head + stream.read()
        with limited():
            inner = _open(loose, path.name, data, 0)
    except OSError as error:
        loose.items.append(Part(path.name, refused=system_reason(error), code="KX001"))
    except UnreadableFile as error:
        loose.items.append(_unopened(path.name, error))
    if loose.items:
        yield loose
    for envelope in inner:
        # A Maildir keeps a message's marks in its file's name; T is a deleted one.
        marks = path.name.rpartition(":2,")[2] if ":2," in path.name and path.parent.name in _MAILDIR else ""
        if envelope.letter is not None and "T" in marks:
            envelope.refuse_all(_DELETED_MESSAGE)
        yield envelope


def _unopened(name: str, error: UnreadableFile) -> Part:
    return Part(name, refused=error.reason, code=error.code, remedy=error.remedy)


def _mbox(outer: Envelope, messages: Iterable[bytes | int], depth: int) -> Iterator[Envelope]:
    for number, message in enumerate(messages, start=1):
        own = outer.inside(f"{number}. ileti")
        own.unpacking = Unpacking()
        try:
            if isinstance(message, int):
                raise UnreadableFile("KX003", f"ileti {message} bayt")
            with limited():
                found = list(_letter(own, read_eml(message, depth), depth))
            yield from found
        except UnreadableFile as error:
            own.letter, own.items = _head(b"" if isinstance(message, int) else message), [_unopened("ileti", error)]
            yield own


def _head(data: bytes) -> Letter:
    """Of a message that can't be opened what its headers say."""
    with suppress(UnreadableFile):
        return read_eml(re.split(rb"\r?\n\r?\n", data[:65536].lstrip(), maxsplit=1)[0])
    return Letter()


def _letter(own: Envelope, letter: Letter, depth: int) -> Iterator[Envelope]:
    """The message as the envelope `own`, and those attached to it."""
    own.letter = letter
    inner: list[Envelope] = []
    for part in letter.parts:
        inner += _take(own, part, depth)
    if letter.deleted:
        own.refuse_all(_DELETED_MESSAGE)
    yield own
    yield from inner


def _take(envelope: Envelope, part: Part | Letter, depth: int) -> Iterable[Envelope]:
    if len(envelope.items) == MOST_ITEMS:
        part = Part(part.name, refused="çok fazla ek; bu ek ve sonrakiler okunmadı", code="KX003")
    if isinstance(part, Letter):
        return _letter(envelope.inside(part.name), part, depth + 1)
    if len(envelope.items) > MOST_ITEMS or part.refused:
        part = replace(part, code=part.code or ("KX016" if part.remedy and not part.may_hold else ""))
        # A text that a letter has twice, plain and as a page, has its links twice.
        if len(envelope.items) <= MOST_ITEMS and part not in envelope.items:
            envelope.items.append(part)
        return ()
    return _open(envelope, part.name, part.data, depth)


def _open(envelope: Envelope, name: str, data: bytes, depth: int) -> list[Envelope]:
    """Puts what `data` holds into the envelope; messages in it are envelopes of their own."""
    kind = containers.kind_of(name, data)
    is_source = envelope.is_source(name)
    label = name if is_source else shown(name)
    if kind.remedy != "mail" and kind != containers.ARCHIVE:
        part = Part(label, data)
        if containers.is_signature(label, data) and kind not in _FORMS:
            part = Part(label, refused=kind.what)
        elif kind not in _FORMS:
            # It may hold a form, or be meant for one.
            code = "" if containers.may_be_cover(label, kind) else "KX016"
            part = Part(label, refused=kind.what, code=code, remedy=kind.remedy, may_hold=True)
        envelope.items.append(part)
        if kind != containers.PAGE or depth >= DEEPEST:
            return []
        return [it for part in in_body(data, depth + 1) for it in _take(envelope, part, depth + 1)]
    own = Envelope(envelope.source) if is_source else envelope.inside(label)
    before = len(envelope.items)
    try:
        if depth >= DEEPEST:
            raise UnreadableFile("KX003", "çok fazla iç içe")
        if read := {containers.LETTER: read_eml, containers.OUTLOOK: read_msg}.get(kind):
            return list(_letter(own, read(data, depth + 1), depth + 1))
        if kind == containers.MBOX:
            return list(_mbox(own, read_mbox(BytesIO(data)), depth + 1))
        inner: list[Envelope] = []
        for part in read_tnef(data) if kind == containers.WINMAIL else read_zip(data, envelope.unpacking):
            inner += _take(envelope, replace(part, name=part.name.rpartition("/")[2]), depth + 1)
        if kind == containers.ARCHIVE and len(envelope.items) == before and not inner:
            envelope.items.append(Part(label, refused="arşivin içi boş", may_hold=True))
        return inner
    except UnreadableFile as error:
        if kind == containers.LETTER:
            own.letter, own.items = _head(data), [_unopened(label, error)]
            return [own]
        envelope.items.append(_unopened(label, error))
        return []


def read_mbox(stream: IO[bytes]) -> Iterator[bytes | int]:
    """Each message's bytes; of one that is too large only how many there are. A line of a letter's text that looks like
    the start of a message parts it: where one lacks its end, and what follows goes on with it, the two are one."""
    before: bytes | int = b""
    for message in chain(_between_lines(stream), (b"",)):
        if isinstance(before, bytes) and isinstance(message, bytes) and message and _goes_on(before, message):
            before += message
            continue
        if before:
            yield before.split(b"\n", 1)[1] if isinstance(before, bytes) else before
        before = message


def _goes_on(before: bytes, message: bytes) -> bool:
    """Whether the parts of one message are still open, and those after the next line "From " are of it."""
    boundary = re.search(rb"^Content-Type:[^\n]*(?:\n[ \t][^\n]*)*boundary=\"?([^\"\s;]+)", before[:65536], re.M | re.I)
    line = b"\n--" + boundary[1] if boundary else b""
    own = re.split(rb"\r?\n\r?\n", message[:65536], maxsplit=1)[0]
    return bool(line) and line + b"--" not in before and line in message and line[3:] not in own


def _between_lines(stream: IO[bytes]) -> Iterator[bytes | int]:
    """As `read_mbox`, each with its line "From ". The standard library's mailbox.mbox opens for writing, and takes each
    such line for a new message, so that one in a letter's text would cost the attachments behind it."""
    message: list[bytes] | None = None
    size, after_blank = 0, True
    lines = iter(lambda: stream.readline(LARGEST), b"")
    for line, following in pairwise(chain(lines, (b"", b""))):
        # A blank line should stand before it; not every program writes one.
        is_separator = containers.unmarked(line).startswith(b"From ") and (after_blank or _WITH_TIME.match(line))
        if not line or (is_separator and containers.opens_message(following)):
            if message is not None:
                yield b"".join(message) if size <= LARGEST else size
            message, size = [], 0
        if message is not None:
            size += len(line)
            if size <= LARGEST:
                message.append(line)
        after_blank = not line.strip(b"\r\n")
