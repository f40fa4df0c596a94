"""What survives: one contract (`base`) and its implementations, opened by URL in `relay.backends`."""
