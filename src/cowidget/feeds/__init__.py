"""Remote data to rows: fields, sources by URL, and the life of a feed."""
