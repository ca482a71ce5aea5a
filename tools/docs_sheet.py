"""Makes docs/birim.html, the clerk's page as one sheet of paper, from docs/birim.md: one file, its picture inside."""

import base64
import re
from pathlib import Path

from markdown_it import MarkdownIt

DOCS = Path(__file__).resolve().parent.parent / "docs"
SHEET = DOCS / "birim.html"
_PAGE = """<!DOCTYPE html>
<html lang="tr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 12mm 14mm; }}
body {{ font: 10.5pt/1.36 Calibri, Carlito, Arial, "Liberation Sans", sans-serif; color: #1b2733; max-width: 182mm;
  margin: 0 auto; }}
h1 {{ font-size: 17pt; margin: 0 0 2mm; color: #17374b; }}
h2 {{ font-size: 13pt; margin: 3.5mm 0 1mm; color: #17374b; border-bottom: 0.6mm solid #17374b; }}
p, ul {{ margin: 1mm 0; }}
ul {{ padding-left: 5mm; }}
table {{ border-collapse: collapse; margin: 1.5mm 0; }}
th, td {{ border: 0.25mm solid #8a9aa6; padding: 0.5mm 2mm; text-align: left; vertical-align: top; }}
th {{ background: #e9eff3; }}
code {{ font-family: inherit; font-weight: bold; }}
img {{ float: right; width: 70mm; margin: 1mm 0 2mm 5mm; border: 0.25mm solid #8a9aa6; }}
@media screen {{ body {{ padding: 8mm; }} }}
</style>
</head>
<body>
{body}</body>
</html>
"""


def sheet() -> str:
    """The page; print it as it is."""
    text = (DOCS / "birim.md").read_text(encoding="utf-8")
    # The picture stands beside the first list, not below it.
    (picture,) = re.findall(r"^!\[.*\n", text, re.M)
    text = text.replace(picture, "").replace("## 1. Doldur\n\n", f"## 1. Doldur\n\n{picture}\n")
    body = MarkdownIt().enable("table").render(text)
    body = re.sub(r'src="([^"]+)"', lambda found: f'src="{_inline(found[1])}"', body)
    title = text.partition("\n")[0].lstrip("# ")
    return _PAGE.format(title=title, body=body)


def _inline(picture: str) -> str:
    return "data:image/png;base64," + base64.b64encode((DOCS / picture).read_bytes()).decode()
