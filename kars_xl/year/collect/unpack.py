"""From paths to messages with what is attached to them, archives and attached messages opened; all is only read."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from msgspec import Struct, field

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding, finding
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.year.collect import containers
from kars_xl.year.collect.eml import DEEPEST, LARGEST, Letter, Part, Unopened, read_eml, read_mbox, shown, starts_mbox
from kars_xl.year.collect.msg import read_msg

TAKEN, SAME, REFUSED = "taken", "same", "refused"
_MOST_ITEMS = 1000
_MAILDIR = ("cur", "new")
_DELETED_MESSAGE = "ileti posta kutusunda silinmiş olarak işaretli"


class Attachment(Struct, frozen=True):
    """What became of an attachment: `file` is where it lies now (TAKEN, SAME), `reason` why it does not (REFUSED)."""

    name: str
    result: str
    file: str = ""
    unit: Unit = NO_UNIT
    revision: int | None = None
    sha256: str = ""
    reason: str = ""


class Envelope(Struct):
    """A message and its items, of which the intake makes attachments; no `letter` where files lie there without one.
    `source` is the file on the disk, `steps` lead on from there ("3. ileti", "ekli ileti")."""

    source: str
    steps: tuple[str, ...] = ()
    letter: Letter | None = None
    items: list[Part] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    def inside(self, name: str) -> "Envelope":
        """A message in this one, or in a file of it."""
        return Envelope(self.source, (*self.steps, name))

    def refuse_all(self, reason: str) -> None:
        self.items = [Part(item.name, refused=reason) for item in self.items]

    def is_source(self, name: str) -> bool:
        """Whether `name` is that of the file on the disk itself, and of nothing in it."""
        return self.letter is None and not self.steps and name == Path(self.source).name

    def place_of(self, item: Part) -> Place:
        inner = () if self.is_source(item.name) else (*self.steps, item.name)
        # A report shows what stands behind the last slash.
        return Place(" ▸ ".join((self.source, *(name.replace("/", "_") for name in inner))))


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
            if starts_mbox(head):
                stream.seek(0)
                yield from _mbox(loose, read_mbox(stream), 0)
                return
            size = path.stat().st_size
            if size > LARGEST:
                raise Unopened("KX003", f"{size} bayt")
            data = head + stream.read()
    except OSError as error:
        loose.items.append(Part(path.name, refused=system_reason(error), code="KX001"))
    except Unopened as error:
        loose.items.append(error.part(path.name))
    else:
        inner = _open(loose, path.name, data, 0)
    if loose.items:
        yield loose
    for envelope in inner:
        # A Maildir keeps a message's marks in its file's name; T is a deleted one.
        marks = path.name.rpartition(":2,")[2] if ":2," in path.name and path.parent.name in _MAILDIR else ""
        if envelope.letter is not None and "T" in marks:
            envelope.refuse_all(_DELETED_MESSAGE)
        yield envelope


def _mbox(outer: Envelope, messages: Iterable[bytes | int], depth: int) -> Iterator[Envelope]:
    for number, message in enumerate(messages, start=1):
        own = outer.inside(f"{number}. ileti")
        try:
            if isinstance(message, int):
                raise Unopened("KX003", f"ileti {message} bayt")
            yield from _letter(own, read_eml(message, depth), depth)
        except Unopened as error:
            own.letter, own.items = Letter(), [error.part("ileti")]
            yield own


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


def _take(envelope: Envelope, part: Part, depth: int) -> Iterable[Envelope]:
    if len(envelope.items) == _MOST_ITEMS:
        part = Part(part.name, refused="çok fazla ek; bu ek ve sonrakiler okunmadı", code="KX003")
    if len(envelope.items) > _MOST_ITEMS or part.refused:
        envelope.items += [part] if len(envelope.items) <= _MOST_ITEMS else []
        return ()
    if part.letter is not None:
        return _letter(envelope.inside(part.name), part.letter, depth + 1)
    return _open(envelope, part.name, part.data, depth)


def _open(envelope: Envelope, name: str, data: bytes, depth: int) -> list[Envelope]:
    """Puts what `data` holds into the envelope; messages in it are envelopes of their own."""
    kind = containers.kind_of(name, data)
    is_source = envelope.is_source(name)
    if kind not in containers.CONTAINERS:
        label = name if is_source else shown(name)
        is_known = kind in (containers.WORKBOOK, containers.TEXT)
        envelope.items.append(Part(label, data) if is_known else Part(label, refused=kind))
        return []
    own = Envelope(envelope.source) if is_source else envelope.inside(shown(name))
    before = len(envelope.items)
    try:
        if depth >= DEEPEST:
            raise Unopened("KX003", "çok fazla iç içe")
        if kind == containers.LETTER:
            return list(_letter(own, read_eml(data, depth + 1), depth + 1))
        if kind == containers.OUTLOOK:
            return list(_letter(own, read_msg(data, depth + 1), depth + 1))
        if kind == containers.MBOX:
            return list(_mbox(own, read_mbox(BytesIO(data)), depth + 1))
        inner: list[Envelope] = []
        for part in containers.read_tnef(data) if kind == containers.WINMAIL else containers.read_zip(data):
            inner += _take(envelope, part, depth + 1)
        if kind == containers.ARCHIVE and len(envelope.items) == before and not inner:
            envelope.items.append(Part(shown(name), refused="arşivin içi boş"))
        return inner
    except Unopened as error:
        envelope.items.append(error.part(shown(name)))
        return []
