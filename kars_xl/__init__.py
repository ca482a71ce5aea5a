"""kars-xl: the toolkit with which a Turkish municipality makes its yearly performans programı."""

__version__ = "0.1.0"
