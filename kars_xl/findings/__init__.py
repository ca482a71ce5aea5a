"""What is wrong, as values: the catalogue of codes and sentences, and how findings are shown. In: facts and places.
Out: `finding` (a finding, made from catalogue.toml, where every code has its severity, sentence, remedy and what it
means for the program; a programme with its findings), `blocks` (a report, which every command answers with, and that as
JSON), `as_text` (and how things are called wherever they are shown) and `as_page`."""
