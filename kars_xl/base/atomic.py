"""Files written all at once: under a temporary name beside the target, then moved into place. Whatever ends the
program, the target holds the old bytes or the new ones, whole. A killed program leaves its temporary file behind:
hidden, so that nothing takes it for a form, and removed by the next one that writes into the folder."""

import contextlib
import errno
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_SUFFIX = ".kars-xl.tmp"
# Writing takes seconds: a temporary file as old as this is nobody's any more.
_STALE = 600.0
# What file systems say that know no second name for a file (those of memory sticks, some network shares).
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
_REASONS = {
    errno.ENOENT: "böyle bir dosya ya da klasör yok", errno.EPERM: "erişim izni yok",
    errno.EACCES: "erişim izni yok ya da dosya başka bir programda açık", errno.EROFS: "disk salt okunur",
    errno.EISDIR: "bu bir klasör", errno.ENOTDIR: "yoldaki bir ad klasör değil", errno.ENOSPC: "diskte yer yok",
    errno.EEXIST: "aynı adda bir dosya var", errno.ENAMETOOLONG: "dosya adı çok uzun",
    errno.ELOOP: "kısayollar birbirini gösteriyor", errno.EBUSY: "dosya kullanımda",
}  # fmt: skip
DAMAGED = "çalışma kitabı değil ya da bozuk"


def write_atomically(target: str | Path, data: bytes) -> None:
    """`data` at `target`, folders made as needed; OSError where that can't be done, and the old file then stays."""
    path = Path(target)
    with _temporary(path, data) as temporary:
        os.replace(temporary, path)


def deliver(target: str | os.PathLike[str], data: bytes) -> None:
    """The same; a file that somebody has made read-only is not replaced (PermissionError)."""
    path = Path(target)
    if path.exists() and not path.stat().st_mode & stat.S_IWUSR:
        # Moving a file into place would replace it without a word.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    write_atomically(path, data)


def create_atomically(target: str | Path, data: bytes, modified: float | None = None) -> None:
    """`data` as a new file at `target`, with `modified` (seconds since 1970) as its time. FileExistsError where there
    is one already, even one that appeared this moment; other OSError as above."""
    path = Path(target)
    with _temporary(path, data) as temporary:
        if modified is not None:
            os.utime(temporary, (modified, modified))
        try:
            os.link(temporary, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
            os.replace(temporary, path)


@contextlib.contextmanager
def _temporary(path: Path, data: bytes) -> Iterator[str]:
    """A file like `path` beside it with `data` on the disk; it is gone afterwards, unless it was moved away."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # 50 letters are short enough for every file system, whatever is put before and behind them.
    handle, temporary = tempfile.mkstemp(prefix=f".{path.stem[:50]}-", suffix=_SUFFIX, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            # A name must not reach the disk before what it names, or a power cut leaves an empty file.
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode(path))
        sweep(path.parent, os.stat(temporary).st_mtime)
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def sweep(folder: str | Path, now: float | None = None) -> None:
    """Removes what killed programs left in `folder`; `now` is by the disk's clock, which may be another computer's."""
    now = time.time() if now is None else now
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") and entry.name.endswith(_SUFFIX):
                with contextlib.suppress(OSError):
                    if now - entry.stat(follow_symlinks=False).st_ctime > _STALE:
                        os.unlink(entry.path)


def _mode(path: Path) -> int:
    """The target's own permissions, or those of any new file; mkstemp's are the owner's alone."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def system_reason(error: OSError) -> str:
    """The reason of a failed read or write; the system's number where it is a rare one."""
    return _REASONS.get(error.errno or 0, f"sistem hatası {error.errno}")
