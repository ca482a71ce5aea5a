"""Workbooks edited by LibreOffice itself, with a macro in a profile of its own: it rewrites formulas as Excel does."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.helpers.oracles import not_there

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Edits"/></library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edits" script:language="StarBasic">{}
</script:module>
"""
_EDIT = """
Sub Edit{number}
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  sheets = book.Sheets
{statements}
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName"
  kind(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL("{target}", kind())
  book.close(True)
End Sub
"""


def edited_by_libreoffice(source: Path, edits: Mapping[str, str], folder: Path) -> dict[str, Path]:
    """A copy of the workbook for each edit: Basic that finds the document as `book` and its sheets as `sheets`."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        not_there("LibreOffice (soffice) is not installed")
    profile = folder / "profile"
    run = [soffice, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    # The first start makes the profile and would write over a macro that is there already.
    subprocess.run([*run, "--terminate_after_init"], capture_output=True, check=False)
    targets = {name: folder / f"{number}.xlsx" for number, name in enumerate(edits)}
    parts = [
        _EDIT.format(number=number, source=source.as_uri(), target=targets[name].as_uri(), statements=statements)
        for number, (name, statements) in enumerate(edits.items())
    ]
    calls = "".join(f"  Edit{number}\n" for number in range(len(edits)))
    code = "\n".join([*parts, f"Sub Main\n{calls}End Sub"])
    library = profile / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    (library / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (library / "Edits.xba").write_text(_MODULE.format(escape(code)), encoding="utf-8")
    done = subprocess.run([*run, "macro:///Standard.Edits.Main"], capture_output=True, text=True, check=False)
    missing = [name for name, path in targets.items() if not path.is_file()]
    assert not missing, f"LibreOffice did not make {missing}:\n{done.stdout}{done.stderr}"
    return targets


def office_edited_document(source: Path, folder: Path) -> Path:
    """The Word document as LibreOffice writes it when somebody opens and saves it."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        not_there("LibreOffice (soffice) is not installed")
    folder.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, "--headless", "--norestore", profile, "--convert-to", "docx", "--outdir", str(folder)]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False)
    assert (folder / source.name).is_file(), done.stderr
    return folder / source.name
