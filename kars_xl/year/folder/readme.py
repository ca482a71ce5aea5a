"""The read-me of a working folder: what lies in it, and what to do next, command by command."""

from __future__ import annotations

import datetime as dt
import os

from kars_xl.base.text_templates import fill
from kars_xl.model.programme import Programme
from kars_xl.year.folder.folder import Folder
from kars_xl.year.folder.rollover import has_figures


def readme(folder: Folder, programme: Programme, source_year: int | None) -> bytes:
    """The text for Notepad: UTF-8 with its mark, lines ended as Windows ends them. `source_year` None: from nothing."""
    text = fill(
        "year/folder/readme.txt",
        year=programme.year,
        institution=programme.institution.name,
        change=f'{"cd /d" if os.name == "nt" else "cd"} "{folder.root.resolve()}"',
        source_year=source_year,
        filled=has_figures(programme),
        deadline=_deadline(programme.year - 1).strftime("%d.%m.%Y"),
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _deadline(year: int) -> dt.date:
    """A day to start from: the Friday of November's second week."""
    first = dt.date(year, 11, 8)
    return first + dt.timedelta(days=(4 - first.weekday()) % 7)
