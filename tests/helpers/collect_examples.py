"""The smallest mailboxes that have the findings of the intake."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from msgspec.structs import replace

from kars_xl.findings.finding import Finding
from kars_xl.merging.consolidate import consolidate
from kars_xl.model.units import Unit
from kars_xl.workbook.nodes.programme import programme_tree
from kars_xl.workbook.render import PLAN_TEMPLATE, render, template_path
from kars_xl.year.collect.job import collect
from kars_xl.year.folder.desk import open_desk
from tests.helpers.form_files import COSTS, FEN, TARGET, form, read, write
from tests.helpers.mail_files import FEN_ADDRESS, NOON, eml, letter, mbox


def without_unit(folder: Path, *, known: bool) -> Iterable[Finding]:
    """A form without a Kimlik sheet, from an address that the plan has or has not."""
    programme = consolidate(read(form(folder))).programme
    programme = replace(programme, units=(Unit(FEN, FEN_ADDRESS if known else ""),))
    plan = str(folder / "plan.xlsx")
    render(template_path(PLAN_TEMPLATE), programme_tree(programme), plan)
    sent = write(folder / "formumuz.xlsx", [TARGET, COSTS])
    message = eml(folder / "ileti.eml", letter(("formumuz.xlsx", sent.read_bytes())))
    return collect([str(message)], str(folder / "2024"), plan=plan).findings


def sent_twice(folder: Path, first: int, second: int) -> Iterable[Finding]:
    """Two forms of one unit by their revisions, the second sent a day later."""
    forms = [
        form(folder, revision=first),
        form(folder, TARGET.replace("60.", "70."), COSTS.replace("60.", "70."), name="yeni.xlsx", revision=second),
    ]
    messages = [
        letter((path.name, path.read_bytes()), date=NOON + timedelta(days=day)) for day, path in enumerate(forms)
    ]
    box = mbox(folder / "gelen.mbox", *messages)
    with patch.dict(os.environ, TZ="Europe/Istanbul"):
        time.tzset()  # the sentence says when they were sent, by the computer's own time
        found = collect([str(box)], str(folder / "2024")).findings
    time.tzset()
    return found


def left(folder: Path, *attached: tuple[str, bytes]) -> Iterable[Finding]:
    message = eml(folder / "ileti.eml", letter(*attached))
    return collect([str(message)], str(folder / "2024")).findings


def remembered(folder: Path) -> Iterable[Finding]:
    left(folder, ("form.rar", b"Rar!\x1a\x07"))
    desk, _ = open_desk(str(folder / "2024"), None, lambda _: None)
    assert desk is not None
    return desk.status(desk.look()).findings


COLLECT_EXAMPLES: dict[str, Callable[[Path], Iterable[Finding]]] = {
    "KX016": lambda folder: left(folder, ("form.rar", b"Rar!\x1a\x07")),
    "KX017": lambda folder: left(folder, ("form.pdf", b"%PDF-1.7")),
    "KX018": remembered,
    "KX211": lambda folder: without_unit(folder, known=True),
    "KX212": lambda folder: without_unit(folder, known=False),
    "KX213": lambda folder: sent_twice(folder, 0, 0),
    "KX214": lambda folder: sent_twice(folder, 1, 0),
}
