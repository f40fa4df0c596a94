"""The client's shell around the core's replica, and the kernel's link thread."""
