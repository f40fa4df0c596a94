"""Feeds: numbering, keeping and telling of rows; pure."""
