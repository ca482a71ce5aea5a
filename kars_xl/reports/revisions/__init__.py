"""What a form sent again changed."""
