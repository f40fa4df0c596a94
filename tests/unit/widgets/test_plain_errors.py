from __future__ import annotations

import pytest

from cowidget.errors import ShareError
from cowidget.widgets.plain_errors import plain_errors


@plain_errors
def fail(error: Exception) -> None:
    raise error


def test_an_error_of_ours_is_shown_as_one_sentence() -> None:
    with pytest.raises(ShareError) as failed:
        fail(ShareError("say this"))

    assert failed.value._render_traceback_() == ["ShareError: say this"]  # type: ignore[attr-defined]


def test_other_errors_keep_their_traceback() -> None:
    with pytest.raises(ValueError, match="x") as failed:
        fail(ValueError("x"))

    assert not hasattr(failed.value, "_render_traceback_")
