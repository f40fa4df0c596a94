"""Widgets that stand for what is no widget: figures, tables, descriptors, anything with a rich repr."""

from cowidget.widgets.objects.adapting import adapt, close, refresh

__all__ = ["adapt", "close", "refresh"]
