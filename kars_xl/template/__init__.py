"""Template engine: an ordinary workbook with placeholders and `her_` names is filled from a tree of nodes.

load → expand → evaluate → write. It knows nothing of performance programmes.
"""

from .evaluate import evaluate
from .expand import expand
from .layout import LaidCell, LaidSheet, Layout
from .nodes import Node, Problem, Styled, TemplateError
from .read import Template, load
from .write import RefusedError, write

__all__ = [
    "LaidCell",
    "LaidSheet",
    "Layout",
    "Node",
    "Problem",
    "RefusedError",
    "Styled",
    "Template",
    "TemplateError",
    "evaluate",
    "expand",
    "load",
    "write",
]
