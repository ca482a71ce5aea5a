"""What is said of a failure that nobody expected: no traceback, but where it is kept."""

import sys
import tempfile
import traceback

from kars_xl import __version__

_SAID = "Beklenmeyen bir hata oluştu. Okunan dosyalar değişmedi; hatadan önce yazılan dosyalar olabilir."


def unexpected() -> list[str]:
    """What is said of the failure that is being handled, which is kept in a log file."""
    try:
        with tempfile.NamedTemporaryFile("w", prefix="kars-xl-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.write(f"kars-xl {__version__}\n{sys.argv}\n{traceback.format_exc()}")
    except OSError:
        kept = "Ayrıntı dosyaya kaydedilemedi; ekranda görmek için komutu kars-xl --debug ile tekrarlayın."
        return [_SAID, kept]
    return [_SAID, f"Ayrıntı şu dosyada, lütfen bildirirken ekleyin: {log.name}"]
