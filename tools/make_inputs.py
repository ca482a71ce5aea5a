"""Makes inputs/ anew: the real 2024 forms of Kars, from the tables of the published programme. Byte for byte the same.

Run from the top of the repository: python tools/make_inputs.py [DIR]
"""

import sys
from pathlib import Path

from kars_xl.findings.as_text import as_text
from kars_xl.pipeline import import_plan, make_forms
from kars_xl.reports.answer import answer

SOURCE = Path("tests/data/kars_2024.txt")


def main(folder: str = "inputs") -> None:
    plan = str(Path(folder) / "plan.xlsx")
    for outcome in (import_plan(str(SOURCE), plan), make_forms(plan, folder, filled=True)):
        print(*(text for _, text in as_text(answer("forms", outcome))), sep="\n")
        if outcome.failed:
            raise SystemExit(1)


if __name__ == "__main__":
    main(*sys.argv[1:2])
