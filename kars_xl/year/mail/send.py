"""Sends letters: each to whoever has not had it, again after passing trouble, and every step in the log first.

Before a message is handed over the log says "sending", and afterwards "sent" or "failed", each on the disk before the
next step. What a break leaves as "sending" may have arrived or not: it is never sent again by itself, but told to the
user (KX705), who asks the recipient and says `--again`. So nobody gets a letter twice, and none is lost unnoticed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, make_msgid
from pathlib import Path

from kars_xl.base.atomic import system_reason
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.findings.finding import Finding
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.year.folder.folder import FAILED, SENDING, SENT, Sent, append, read_entries
from kars_xl.year.mail.addresses import same
from kars_xl.year.mail.compose import outgoing
from kars_xl.year.mail.letter import Letter
from kars_xl.year.mail.smtp import Connection, Delivery, Server, Unavailable

Progress = Callable[[str], None]
PLANNED, ALREADY, UNCERTAIN = "planned", "already", "uncertain"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often passing trouble is tried again, and the first wait in seconds; each next one is twice as long."""

    retries: int = 4
    first_wait: float = 2.0


@dataclass(slots=True)
class Handled:
    """A letter and what came of it: `waiting` are who is still to get it, `got` who has, `draft` its file."""

    letter: Letter
    waiting: tuple[str, ...] = ()
    got: tuple[str, ...] = ()
    state: str = PLANNED
    reason: str = ""
    message_id: str = ""
    draft: str = ""


@dataclass(slots=True)
class Sending:
    """All letters of a call, in their order, and the findings on the way (KX704, KX705)."""

    handled: list[Handled] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class UnreadableLog(Exception):
    """Who has had a letter can't be told; the argument is the reason in Turkish."""


def plan_sending(letters: Sequence[Letter], log: Path, again: Collection[str] = ()) -> Sending:
    """Who is to get what, by the log; units and addresses in `again` get it once more. Raises UnreadableLog."""
    known = _known(log)
    result = Sending()
    for letter in letters:
        handled = Handled(letter)
        anew = any(is_meant(letter, item) for item in again)
        states = {address: "" if anew else known.get(_key(letter, address), "") for address in letter.to}
        handled.waiting = tuple(address for address in letter.to if states[address] in ("", FAILED))
        handled.got = tuple(address for address in letter.to if states[address] == SENT)
        unknown = [address for address in letter.to if states[address] == SENDING]
        if unknown:
            reason = "önceki gönderim yarıda kaldı, sunucunun alıp almadığı bilinmiyor"
            _uncertain(result, handled, log, reason, unknown)
        if not handled.waiting:
            handled.state = UNCERTAIN if unknown else ALREADY
        result.handled.append(handled)
    return result


def send(
    letters: Sequence[Letter],
    server: Server,
    sender: str,
    log: Path,
    *,
    again: Collection[str] = (),
    patience: Patience = Patience(),
    progress: Progress = lambda _: None,
) -> Sending:
    """Sends all letters over one connection; what can't be sent is a finding, and the others go on."""
    try:
        with alone(log.with_name("gonderim.lock")):
            sending = plan_sending(letters, log, again)
            _Sender(sending, server, sender, log, patience, progress).run()
            return sending
    except (Busy, UnreadableLog, OSError) as error:
        if isinstance(error, OSError):
            reason = f"gönderim günlüğü yazılamıyor, {system_reason(error)}"
        else:
            reason = str(error) or "başka bir gönderim sürüyor"
        place = Place(str(log))
        return Sending(
            [Handled(letter, letter.to, state=FAILED, reason=reason) for letter in letters],
            [finding("KX704", place, whose=f"{len(letters)} ileti", reason=reason)] if letters else [],
        )


def is_meant(letter: Letter, item: str) -> bool:
    """Whether the user's word, a unit's name or an address, means this letter."""
    return Unit(item) == letter.unit != NO_UNIT or same(item.strip()) in map(same, letter.to)


def _known(log: Path) -> dict[tuple[str, Unit, str, str], str]:
    """The last state of each letter to each address."""
    try:
        read = read_entries(log)
    except OSError as error:
        raise UnreadableLog(f"gönderim günlüğü okunamadı, {system_reason(error)}") from error
    if read.damaged:
        lines = ", ".join(map(str, read.damaged))
        raise UnreadableLog(f"gönderim günlüğünün okunamayan satırı var: {lines}; kime gittiği bilinemiyor")
    states: dict[tuple[str, Unit, str, str], str] = {}
    for entry in read.entries:
        for address in entry.to.split(", "):
            states[entry.kind, Unit(entry.unit), same(address), entry.sha256] = entry.state
    return states


def _key(letter: Letter, address: str) -> tuple[str, Unit, str, str]:
    return letter.kind, letter.unit, same(address), letter.digest


def _uncertain(result: Sending, handled: Handled, log: Path, reason: str, to: Sequence[str]) -> None:
    handled.reason = reason
    whose = handled.letter.unit.name or ", ".join(to)
    result.findings.append(
        finding("KX705", Place(str(log)), values=[("unit", handled.letter.unit.name)], whose=whose, reason=reason)
    )


@dataclass(slots=True)
class _Sender:
    """The rounds of a call: what fails for now waits for the next one."""

    sending: Sending
    server: Server
    sender: str
    log: Path
    patience: Patience
    progress: Progress

    def run(self) -> None:
        queue = [handled for handled in self.sending.handled if handled.waiting]
        with Connection(self.server) as connection:
            for attempt in range(self.patience.retries + 1):
                if not queue:
                    return
                if attempt:
                    wait = self.patience.first_wait * 2 ** (attempt - 1)
                    self.progress(f"{len(queue)} ileti {wait:.0f} saniye sonra yeniden denenecek")
                    time.sleep(wait)
                queue = self._round(connection, queue, last=attempt == self.patience.retries)

    def _round(self, connection: Connection, queue: Sequence[Handled], *, last: bool) -> list[Handled]:
        """One attempt at each letter; those that are worth another are returned."""
        later: list[Handled] = []
        for number, handled in enumerate(queue):
            self.progress(f"gönderiliyor {number + 1}/{len(queue)}: {handled.letter.whose}")
            try:
                connection.open()
            except Unavailable as error:
                rest = [*later, *queue[number:]]
                if not error.permanent and not last:
                    return rest
                self._stop(rest, error.reason, f"{len(rest)} ileti")
                return []
            try:
                open_still = self._attempt(connection, handled, last=last)
            except OSError as error:
                # Without the log nothing more may go out.
                reason = f"gönderim günlüğü yazılamıyor, {system_reason(error)}"
                self._stop([one for one in (*later, *queue[number:]) if one.waiting], reason, "kalan iletiler")
                return []
            if open_still:
                later.append(handled)
        return later

    def _attempt(self, connection: Connection, handled: Handled, *, last: bool) -> bool:
        """True where some addresses are worth another attempt. Raises OSError where the log can't be written."""
        to, letter = handled.waiting, replace(handled.letter, to=handled.waiting)
        now = datetime.now().astimezone()
        handled.message_id = handled.message_id or make_msgid(domain=self.sender.rpartition("@")[2])
        self._write(handled, SENDING, to, now)
        data = outgoing(letter, self.sender, handled.message_id, format_datetime(now))
        done = connection.deliver(self.sender, to, data)
        if done.uncertain or done.accepted:
            unknown = tuple(a for a in to if a not in {refusal.address for refusal in done.refused})
            handled.waiting = tuple(refusal.address for refusal in done.refused)
            self._after_data(handled, done, unknown, now)
        if done.refused:
            self._write(handled, FAILED, tuple(refusal.address for refusal in done.refused), now)
        return self._refused(handled, done, last=last)

    def _after_data(self, handled: Handled, done: Delivery, to: tuple[str, ...], now: datetime) -> None:
        """The server has the text: it said so, or nobody knows."""
        if done.uncertain:
            handled.state = UNCERTAIN
            _uncertain(self.sending, handled, self.log, done.uncertain, to)
            return
        try:
            self._write(handled, SENT, to, now)
        except OSError as error:
            handled.state = UNCERTAIN
            reason = f"sunucu aldı, ama günlüğe yazılamadı, {system_reason(error)}"
            _uncertain(self.sending, handled, self.log, reason, to)
            raise
        handled.got += to
        if handled.state == PLANNED:
            handled.state = SENT

    def _refused(self, handled: Handled, done: Delivery, *, last: bool) -> bool:
        """Tells of refusals that are final; the others are what is waiting still."""
        final = [refusal for refusal in done.refused if refusal.permanent or last]
        for refusal in final:
            whose = ", ".join(filter(None, (handled.letter.unit.name, refusal.address)))
            self._tell(whose, refusal.reason, handled.letter.unit.name)
            handled.reason = refusal.reason
        handled.waiting = tuple(r.address for r in done.refused if r not in final)
        if final and handled.state == PLANNED and not handled.waiting:
            handled.state = SENT if handled.got else FAILED
        return bool(handled.waiting)

    def _stop(self, rest: Sequence[Handled], reason: str, whose: str) -> None:
        """No more attempts at these; one finding for all."""
        for handled in rest:
            if handled.state == PLANNED:
                handled.reason = reason
                handled.state = SENT if handled.got else FAILED
        if rest:
            self._tell(whose, reason)

    def _tell(self, whose: str, reason: str, unit: str = "") -> None:
        place = Place(f"{self.server.host}:{self.server.port}")
        self.sending.findings.append(finding("KX704", place, values=[("unit", unit)], whose=whose, reason=reason))

    def _write(self, handled: Handled, state: str, to: Sequence[str], now: datetime) -> None:
        letter = handled.letter
        files = tuple(attachment.name for attachment in letter.attachments)
        sent = Sent(now.isoformat(), letter.kind, letter.unit.name, ", ".join(to), handled.message_id)
        append(self.log, replace(sent, files=files, sha256=letter.digest, state=state))


class Busy(Exception):
    """Another call holds the lock."""


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds the lock file at `path`; the system lets go of it however the program ends. Raises Busy, or OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        raise Busy from error
