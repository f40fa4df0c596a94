from __future__ import annotations

import re

import lonboard
import numpy as np
import pyarrow
import pytest
from arro3.core import Array, DataType, Field, Schema, Table, fixed_size_list_array
from arro3.io import read_ipc_stream

from cowidget.errors import ShareError
from cowidget.widgets.kinds.lonboard import code, tables_now


def points(*coordinates: tuple[float, float]) -> Table:
    """A table of points, as lonboard's constructors make them."""
    place = fixed_size_list_array(Array.from_numpy(np.array(coordinates, dtype="float64").ravel()), 2)
    metadata = {"ARROW:extension:name": "geoarrow.point", "ARROW:extension:metadata": '{"crs": "OGC:CRS84"}'}
    fields = [Field("geometry", place.type, metadata=metadata), Field("n", DataType.int64())]
    return Table.from_arrays([place, Array.from_numpy(np.arange(len(coordinates)))], schema=Schema(fields))


def layer(**columns: object) -> lonboard.ScatterplotLayer:
    return lonboard.ScatterplotLayer(points((0, 0), (1, 1)), **columns)


def read(pieces: list[bytes]) -> Table:
    (piece,) = pieces
    return read_ipc_stream(piece).read_all()


def test_a_table_travels_as_arrow() -> None:
    shown = layer()

    assert pyarrow.table(read(tables_now(shown)["table"])).equals(pyarrow.table(shown.table))


def test_a_columns_values_travel_as_arrow() -> None:
    shown = layer(get_radius=np.array([1, 2], dtype="float32"))

    assert read(tables_now(shown)["get_radius"]).column("value").to_pylist() == [1, 2]


def test_a_value_for_all_rows_travels_as_it_is() -> None:
    assert "get_radius" not in tables_now(layer(get_radius=5))


def test_a_table_is_converted_once() -> None:
    shown = layer()

    assert tables_now(shown)["table"] is tables_now(shown)["table"]


def test_a_new_table_is_converted_again() -> None:
    shown = layer()
    tables_now(shown)

    shown.table = points((5, 5), (6, 6))

    assert read(tables_now(shown)["table"]).column("geometry").to_pylist() == [[5, 5], [6, 6]]


def test_the_code_loads_no_code_from_the_network() -> None:
    loads = r"(?:jsdelivr|parquet_wasm_bg\.wasm`)"
    view = lonboard.Map(layer())

    assert re.search(loads, str(view._esm))
    assert not re.search(loads, code(view)[0])


def test_code_of_another_shape_is_refused_by_name() -> None:
    view = lonboard.Map(layer())
    view._esm = "export default { render() {} };"

    with pytest.raises(ShareError, match=r"lonboard 0\.17"):
        code(view)
