"""What any program could use: text, money, addresses, places, files written whole. No word of the field. In: nothing of
kars_xl. Out: for every other room. Text is folded and compared in `text`, kuruş are read and shown in `money`, a cell
is named in `place`, a file in `file_names`, written in `atomic`, filled in `text_templates`."""
