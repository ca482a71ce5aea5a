"""Tests, in the rooms of the package; what lies at the top is about the whole. `helpers` says what they share."""
