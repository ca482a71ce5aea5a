"""The panel: a page in the officer's own browser over the same jobs as the commands, and no others. In: a working
folder and `run`, which answers a command's arguments with its report. Out: pages on 127.0.0.1. `serve` starts and ends
it, `guard` lets nobody else in, `office` follows the folder and does one job at a time, `jobs` says which there are,
`book` reads the merged workbook, `app` has the pages, whose templates lie in `pages/`."""
