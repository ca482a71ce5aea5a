"""Links to files, as people send them instead of the file."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from kars_xl.base.text import shown
from kars_xl.reading.grid.containers import Part

_ADDRESS = re.compile(r"(?:https?|ftps?|file)://[^\s\"'<>]+|\\\\[\w.-]+\\[^\s\"'<>]+", re.IGNORECASE)
# Where files are kept for others: by the name of the service, by that of a town's own server, by what its address has.
_SHARES = re.compile(
    r"[/.@](?:1drv\.ms|onedrive\.live\.com|sharepoint\.com|drive\.google\.com|docs\.google\.com/(?!forms)|dropbox\.com"
    r"|dropboxusercontent\.com|we\.tl|wetransfer\.com|disk\.yandex\.\w+|yadi\.sk|mega\.(?:nz|io)|icloud\.com|box\.com"
    r"|transfernow\.net|filemail\.com|sendgb\.com|swisstransfer\.com|mediafire\.com|pcloud\.\w+|dosya\.co|dosyaupload\.\w+"
    r"|gofile\.\w+|terabox\.com|smash\.\w+|sendspace\.com|hightail\.com)"
    r"|//(?:bulut|cloud|drive|dosya|paylas\w*|files?|share|nextcloud|owncloud|transfer|depo)\d*\."
    r"|/s/\w{10,}|/sharing/\w{6,}|share\.cgi\?",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:xls[xmb]?|xlt[xm]?|ods|docx?|csv|zip|rar|7z|eyp)(?=$|[?#&\s])", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b[^>]{0,2000}?href\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(.{0,500}?)</a>", re.IGNORECASE | re.DOTALL)


def linked(name: str, link: str = "") -> Part:
    """What was sent as a link."""
    reason = "dosyanın kendisi değil, bağlantısı gönderilmiş" + (f": {link}" if link else "")
    return Part(name, refused=reason, code="KX016", remedy="link")


def links_in(text: str) -> Iterator[Part]:
    """The links in a letter's text, plain or as a page, that lead to what may be a form."""
    text = text[:1_000_000]
    named = {unescape(to) for to, words in _ANCHOR.findall(text) if _FILE.search(re.sub(r"<[^>]*>", "", words).strip())}
    for written in dict.fromkeys((*named, *map(unescape, _ADDRESS.findall(text)))):
        # The real one may stand in the address of a program that checks links.
        link = unquote(unquote(written)).rstrip(".,;)]")
        is_share = "://" in link and _SHARES.search(link)
        if is_share or _FILE.search(link) or (written in named and _ADDRESS.match(link)):
            yield linked("bağlantı", shown(link))
