"""The relay: the asyncio shell around `core.room`."""
