"""What is wrong, as values: the catalogue of codes and sentences, and how findings are shown.

In: facts and places. Out: `finding` (a finding; a programme with its findings), `catalogue` (made from catalogue.toml:
every code with severity, sentence and remedy), `severity` (their order and words), `as_text` (console and JSON).
"""
