"""The working folder of a year: made (`folder/init`), looked at (`folder/status`), forms in (`collect/`), letters out
(`mail/`). In: a folder, mailboxes, dates. Out: files in the folder, drafts, letters sent, and what to do next."""
