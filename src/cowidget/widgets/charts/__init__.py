"""Charts that follow feeds: what a notebook makes of them, and what of them lives in a room."""
