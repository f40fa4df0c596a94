"""Sharing widgets from a notebook: the only folder that knows Jupyter."""
