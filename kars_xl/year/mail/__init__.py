"""The letters of the year's round, built from the working folder: written as drafts or as one üst yazı, or sent. Flow:
addresses (what may stand behind To:) · units, final (which letters there are) → letter (what is written, and as MIME) →
drafts, or cover (all in one for EBYS), or send (retries and the log) over smtp (one connection); and report of it."""
