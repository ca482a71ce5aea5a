"""Why the system refused a file, in words of the user's language: its own are English or the computer's."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "böyle bir dosya ya da klasör yok",
    errno.EACCES: "erişim izni yok ya da dosya başka bir programda açık",
    errno.EPERM: "erişim izni yok",
    errno.EISDIR: "bu bir klasör",
    errno.ENOTDIR: "yoldaki bir ad klasör değil",
    errno.EEXIST: "aynı adda bir dosya var",
    errno.ENOSPC: "diskte yer yok",
    errno.EROFS: "disk salt okunur",
    errno.ENAMETOOLONG: "dosya adı çok uzun",
    errno.ELOOP: "kısayollar birbirini gösteriyor",
    errno.EBUSY: "dosya kullanımda",
}
DAMAGED = "çalışma kitabı değil ya da bozuk"


def system_reason(error: OSError) -> str:
    """The reason of a failed read or write; the system's number where it is a rare one."""
    return _REASONS.get(error.errno or 0, f"sistem hatası {error.errno}")
