"""A template and a data tree → laid-out sheets with formulas and values."""
