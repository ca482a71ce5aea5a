"""The rules between tables, one file each: `check(book)` yields its findings. What lies here is called (`..rules`)."""
