"""openpyxl's workbook as bytes. It puts each sheet down in the system's temporary folder first, which may be full."""

from __future__ import annotations

import errno
from io import BytesIO
from typing import Any


def saved(book: Any) -> bytes:
    """OSError where there is no room."""
    from lxml.etree import SerialisationError

    stream = BytesIO()
    try:
        book.save(stream)
    except SerialisationError as error:
        # Its text is the name of the system's own reason: IO_ENOSPC.
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(number, str(error)) from error
    return stream.getvalue()
