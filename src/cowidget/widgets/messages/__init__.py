"""What people say in a room's chat, as a notebook makes it, sends it, and keeps it."""
