"""The code that runs shared widgets in a page without network: found, fetched and packed by the kernel."""
