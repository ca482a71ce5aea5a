from __future__ import annotations

from tests.helpers.panels import chromium

__all__ = ["chromium"]
