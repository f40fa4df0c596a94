"""The feed process: runs the sources of all rooms of a relay, and brings their rows over the wire."""
