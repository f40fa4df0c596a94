"""Feeds in the kernel: rows pushed, produced by functions, or taken from a URL; and reading them again."""
