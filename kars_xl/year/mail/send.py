"""Sends letters: each to whoever has not had it, again after passing trouble, and every step in the log first. Before a
message is handed over the log says "sending", and afterwards "sent" or "failed", each on the disk before the next step.
What a break leaves as "sending" may have arrived or not: it is never sent again by itself, but told to the user
(KX705), who asks the recipient and says `--again`. So nobody gets a letter twice, and none is lost unnoticed."""

import time
from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import datetime
from email.utils import format_datetime, make_msgid
from pathlib import Path

from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import replace

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings.finding import finding
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.reading.files import Progress
from kars_xl.year.folder.folder import FAILED, SENDING, SENT, Sent, append, read_entries
from kars_xl.year.mail.addresses import same
from kars_xl.year.mail.letter import PLANNED, Handled, Letter, Sending, message_bytes
from kars_xl.year.mail.smtp import Connection, Server, Unavailable

ALREADY, UNCERTAIN = "already", "uncertain"
# Seconds before each further attempt where trouble may pass.
_WAITS = (2.0, 4.0, 8.0, 16.0)


class UnreadableLog(Exception):
    """Who has had a letter can't be told; the argument is the reason in Turkish."""


def plan_sending(letters: Sequence[Letter], log: Path, again: Collection[str] = ()) -> Sending:
    """Who is to get what, by the log; units and addresses in `again` get it once more. Raises UnreadableLog."""
    known = _known(log)
    result = Sending()
    moved: dict[tuple[str, str], list[str]] = {}
    for letter in letters:
        handled = Handled(letter)
        anew = any(is_meant(letter, item) for item in again)
        entries = {it: known.get((letter.kind, letter.unit, same(it), letter.digest)) for it in letter.to}
        states = {it: entry.state if entry and not anew else FAILED for it, entry in entries.items()}
        handled.waiting = tuple(it for it in letter.to if states[it] == FAILED)
        handled.got = tuple(it for it in letter.to if states[it] == SENT)
        days = {entry.deadline for it, entry in entries.items() if entry and it in handled.got}
        for day in days - {"", letter.deadline}:
            moved.setdefault((day, letter.deadline), []).append(letter.whose)
        if unknown := [it for it in letter.to if states[it] == SENDING]:
            reason = "önceki gönderim yarıda kaldı, sunucunun alıp almadığı bilinmiyor"
            _uncertain(result, handled, log, reason, unknown)
        if not handled.waiting:
            handled.state = UNCERTAIN if unknown else ALREADY
        result.handled.append(handled)
    for (old, new), whose in moved.items():
        result.findings.append(finding("KX707", Place(str(log)), old=old, new=new or "yok", whose=", ".join(whose)))
    return result


def send(
    letters: Sequence[Letter],
    server: Server,
    sender: str,
    log: Path,
    *,
    again: Collection[str] = (),
    waits: Sequence[float] = _WAITS,
    progress: Progress = lambda _: None,
) -> Sending:
    """Sends all letters over one connection; what can't be sent is a finding, and the others go on."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        # The system lets go of it however the program ends.
        with FileLock(log.with_name("gonderim.lock"), timeout=0):
            sending = plan_sending(letters, log, again)
            _Sender(sending, server, sender, log, progress).run(waits)
            return sending
    except Timeout:
        reason = "başka bir gönderim sürüyor"
    except UnreadableLog as error:
        reason = str(error)
    except OSError as error:
        reason = _unwritable(error)
    handled = [Handled(letter, letter.to, state=FAILED, reason=reason) for letter in letters]
    found = finding("KX704", Place(str(log)), whose=f"{len(letters)} ileti", reason=reason)
    return Sending(handled, [found] if letters else [])


def _unwritable(error: OSError) -> str:
    return f"gönderim günlüğü yazılamıyor, {system_reason(error)}"


def is_meant(letter: Letter, item: str) -> bool:
    """Whether the user's word, a unit's name or an address, means this letter."""
    return Unit(item) == letter.unit != NO_UNIT or same(item.strip()) in map(same, letter.to)


def _known(log: Path) -> dict[tuple[str, Unit, str, str], Sent]:
    """What the log says last of each letter to each address."""
    try:
        entries, damaged = read_entries(log, Sent)
    except OSError as error:
        raise UnreadableLog(f"gönderim günlüğü okunamadı, {system_reason(error)}") from error
    if damaged:
        lines = ", ".join(map(str, damaged))
        raise UnreadableLog(f"gönderim günlüğünün okunamayan satırı var: {lines}; kime gittiği bilinemiyor")
    states: dict[tuple[str, Unit, str, str], Sent] = {}
    for entry in entries:
        for address in entry.to.split(", "):
            states[entry.kind, Unit(entry.unit), same(address), entry.sha256] = entry
    return states


def _uncertain(result: Sending, handled: Handled, log: Path, reason: str, to: Sequence[str]) -> None:
    handled.reason = reason
    whose = handled.letter.unit.name or ", ".join(to)
    result.findings.append(
        finding("KX705", Place(str(log)), values=[("unit", handled.letter.unit.name)], whose=whose, reason=reason)
    )


class _Sender(Struct):
    """The rounds of a call: what fails for now waits for the next one."""

    sending: Sending
    server: Server
    sender: str
    log: Path
    progress: Progress

    def run(self, waits: Sequence[float]) -> None:
        queue = [handled for handled in self.sending.handled if handled.waiting]
        with closing(Connection(self.server)) as connection:
            for attempt, wait in enumerate((0.0, *waits)):
                if queue and attempt:
                    self.progress(f"{len(queue)} ileti {wait:.0f} saniye sonra yeniden denenecek")
                    time.sleep(wait)
                queue = self._round(connection, queue, last=attempt == len(waits))

    def _round(self, connection: Connection, queue: Sequence[Handled], *, last: bool) -> list[Handled]:
        """One attempt at each letter; those that are worth another are returned."""
        later: list[Handled] = []
        for number, handled in enumerate(queue):
            rest = [*later, *queue[number:]]
            self.progress(f"gönderiliyor {number + 1}/{len(queue)}: {handled.letter.whose}")
            try:
                connection.open()
                if self._attempt(connection, handled, last=last):
                    later.append(handled)
            except Unavailable as error:
                if not error.permanent and not last:
                    return rest
                self._stop(rest, str(error), f"{len(rest)} ileti", error.remedy)
                return []
            except OSError as error:
                # Without the log nothing more may go out.
                self._stop([one for one in rest if one.waiting], _unwritable(error), "kalan iletiler")
                return []
        return later

    def _attempt(self, connection: Connection, handled: Handled, *, last: bool) -> bool:
        """True where some addresses are worth another attempt. Raises OSError where the log can't be written."""
        to, letter = handled.waiting, replace(handled.letter, to=handled.waiting)
        now = datetime.now().astimezone()
        handled.message_id = handled.message_id or make_msgid(domain=self.sender.rpartition("@")[2])
        self._write(handled, SENDING, to, now)
        headers = {"Date": format_datetime(now), "Message-ID": handled.message_id}
        refusals, uncertain = connection.deliver(self.sender, to, message_bytes(letter, self.sender, headers))
        refused = tuple(refusal.address for refusal in refusals)
        handled.waiting = refused
        others = tuple(address for address in to if address not in refused)
        try:
            if others and not uncertain:
                self._write(handled, SENT, others, now)
                handled.got += others
        except OSError as error:
            uncertain = f"sunucu aldı, ama günlüğe yazılamadı, {system_reason(error)}"
            raise
        finally:
            if others and uncertain:
                handled.state = UNCERTAIN
                _uncertain(self.sending, handled, self.log, uncertain, others)
        if refused:
            self._write(handled, FAILED, refused, now)
        for refusal in refusals:
            if refusal.permanent or last:
                whose = ", ".join(filter(None, (letter.unit.name, refusal.address)))
                self._tell(whose, refusal.reason, letter.unit.name)
                handled.reason = refusal.reason
        handled.waiting = tuple(it.address for it in refusals if not (it.permanent or last))
        if handled.state == PLANNED and not handled.waiting:
            handled.state = SENT if handled.got else FAILED
        return bool(handled.waiting)

    def _stop(self, rest: Sequence[Handled], reason: str, whose: str, remedy: str = "") -> None:
        """No more attempts at these; one finding for all."""
        for handled in rest:
            if handled.state == PLANNED:
                handled.reason = reason
                handled.state = SENT if handled.got else FAILED
        if rest:
            self._tell(whose, reason, remedy=remedy)

    def _tell(self, whose: str, reason: str, unit: str = "", remedy: str = "") -> None:
        place = Place(f"{self.server.host}:{self.server.port}")
        found = finding("KX704", place, values=[("unit", unit)], remedy=remedy, whose=whose, reason=reason)
        self.sending.findings.append(found)

    def _write(self, handled: Handled, state: str, to: Sequence[str], now: datetime) -> None:
        letter = handled.letter
        files = tuple(attachment.name for attachment in letter.attachments)
        sent = Sent(now.isoformat(), letter.kind, letter.unit.name, ", ".join(to), handled.message_id)
        append(self.log, replace(sent, files=files, sha256=letter.digest, deadline=letter.deadline, state=state))
