"""Writes the six template workbooks: python tools/make_templates.py [DIR] (default: templates/).

The same script writes the same bytes. The workbooks are a starting point: an office edits them in Excel.
"""

from __future__ import annotations

import sys
from pathlib import Path

from template_audit import write_audit
from template_diff import write_diff
from template_forms import write_finance_form, write_unit_form
from template_plan import write_plan
from template_programme import write_programme

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def main(folder: Path = TEMPLATES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_programme(folder / "performans_programi.xlsx")
    write_unit_form(folder / "birim_formu.xlsx")
    write_finance_form(folder / "mali_form.xlsx")
    write_plan(folder / "plan.xlsx")
    write_diff(folder / "fark_raporu.xlsx")
    write_audit(folder / "denetim_raporu.xlsx")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
