"""Forms that a letter's text has in place of a file: links, as people send them, and tables pasted into it."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from kars_xl.base.text import shown
from kars_xl.reading.grid.archives import Part
from kars_xl.reading.labels import label_of

# Where files are kept for others: by the name of the service, by that of a town's own server, by what its address has.
_SERVICES = (
    r"1drv\.ms|onedrive\.(?:live\.)?com|sharepoint\.com|teams\.microsoft\.com/l/file|drive\.google\.com"
    r"|docs\.google\.com/(?!forms)|dropbox\.com|dropboxusercontent\.com|db\.tt|we\.tl|wetransfer\.com|transferxl\.com"
    r"|disk\.yandex\.[\w.]+|yadi\.sk|mega\.(?:nz|io|co\.nz)|icloud\.com|box\.com|transfernow\.net|filemail\.com|sendgb\.com"
    r"|swisstransfer\.com|mediafire\.com|pcloud\.\w+|dosya\.(?:co|tc|tk)|dosyaupload\.\w+|gofile\.\w+|terabox\.com"
    r"|(?:from)?smash\.\w+|sendspace\.com|hightail\.com|(?:my)?lifebox\.com|file\.io|workdrive\.zoho\.\w+|1fichier\.com"
)
_ADDRESS = re.compile(
    rf"(?:https?|ftps?|file)://[^\s\"'<>]+|\\\\[\w.-]+\\[^\s\"'<>]+|(?<![\w@./-])(?:[\w-]+\.)*(?:{_SERVICES})/[^\s\"'<>]+",
    re.IGNORECASE,
)
_SHARES = re.compile(
    rf"(?:^|[/.@])(?:{_SERVICES})|//(?:bulut|cloud|drive|dosya|paylas\w*|files?|share|nextcloud|owncloud|transfer|depo)\d*\."
    r"|/s/\w{10,}|/sharing/\w{6,}|share\.cgi\?",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:xls[xmb]?|xlt[xm]?|ods|docx?|csv|zip|rar|7z|eyp)(?=$|[?#&\s])", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b[^>]{0,2000}?href\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(.{0,500}?)</a>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# What is said before a link that leads to a file, and to more than a site's first page.
_SAID = re.compile(r"payla[sş]|indir|y[uü]kle|download|shared|form|dosya|tablo", re.IGNORECASE)
_DEEP = re.compile(r"://[^/\s]+/.|^\\\\")
_LONGEST, _NEAR = 1_000_000, 60
_COLUMN_ENDS = re.compile(r"</t[dh]>|\t", re.IGNORECASE)
_LABELS = {"activity_name", "economic_code", "target", "indicators", "grand_total", "need_total", "responsible"}


def linked(name: str, link: str = "", *, code: str = "KX016") -> Part:
    """What was sent as a link; without a code it only may be one to a form."""
    reason = "dosyanın kendisi değil, bağlantısı gönderilmiş" + (f": {link}" if link else "")
    return Part(name, refused=reason, code=code, remedy="link", may_hold=not code)


def links_in(text: str) -> Iterator[Part]:
    """The links in a letter's text, plain or as a page, that lead to what may be a form."""
    text = unescape(text[:_LONGEST])
    anchors = [(to, _TAG.sub("", words)) for to, words in _ANCHOR.findall(text)]
    written = [(it[0], text[max(it.start() - _NEAR, 0) : it.start()]) for it in _ADDRESS.finditer(text)]
    found: dict[str, bool] = {}
    for to, words in (*anchors, *written):
        # The real one may stand in the address of a program that checks links.
        link = unquote(unquote(to)).rstrip(".,;)]")
        if _ADDRESS.match(link):
            is_file = bool(_SHARES.search(link) or _FILE.search(link) or _FILE.search(words.strip()))
            if is_file or (_DEEP.search(link) and (_SAID.search(words) or link.startswith("\\\\"))):
                found[link] = found.get(link, False) or is_file
    for link, is_file in found.items():
        yield linked("bağlantı", shown(link), code="KX016" if is_file else "")


def has_table(text: str) -> bool:
    """Whether an official table was pasted into a letter's text: cells that are labels of one."""
    cells = _COLUMN_ENDS.split(text[:_LONGEST])[:3000]
    labels = {label_of(_TAG.sub(" ", unescape(cell)).strip().rpartition("\n")[2])[0] for cell in cells[:-1]}
    return len(labels & _LABELS) > 1
