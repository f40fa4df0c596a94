"""The protocol without I/O: frames and the time go in, effects come out."""
