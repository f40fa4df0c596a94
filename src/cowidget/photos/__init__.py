"""Photos made safe: `workshop` runs `cleaning` in a process of its own; nothing here knows rooms or sockets."""
