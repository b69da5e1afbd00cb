"""Columns in and out of an engine: lists to typed arrays, masked arrays to plain ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from probata.model import Table

Array = np.ndarray[Any, np.dtype[Any]]


def constant(value: Any, rows: int) -> Array:
    """A column of one value, which takes the memory of one row; it may not be written to."""
    kind = value.dtype if isinstance(value, (np.datetime64, np.timedelta64)) else np.dtype(object)
    one: Array = np.empty(1, dtype=kind)
    one[0] = value
    return np.broadcast_to(one, rows)


def literal(array: Array) -> str | None:
    """The value of a column that ``constant`` made as SQL writes it; None for other columns and other values."""
    if array.strides != (0,) or len(array) < 2:
        return None
    value = array[0]
    if value is None or (isinstance(value, np.datetime64) and np.isnat(value)):
        return "NULL"
    # a name of a file may hold what a query cannot
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) and value.isprintable() else None


def to_arrays(columns: Table) -> dict[str, Array]:
    """Make every column a numpy array of one length that the engine can scan.

    Raises:
        ValueError: where columns differ in length.
    """
    arrays = {name: _array(column) for name, column in columns.items()}
    if len({len(array) for array in arrays.values()}) > 1:
        raise ValueError(f"columns differ in length: { {n: len(a) for n, a in arrays.items()} }")
    return arrays


def _array(column: Any) -> Array:
    if isinstance(column, np.ndarray):
        return column if column.dtype.kind != "U" else column.astype(object)
    if isinstance(column, range):
        return np.arange(column.start, column.stop, column.step, dtype=np.int64)
    values = column if isinstance(column, list) else list(column)
    array = np.fromiter(values, object, len(values))
    return _narrow(array, set(map(type, values)))


def _narrow(array: Array, kinds: set[type]) -> Array:
    """Give a list of whole numbers, floats or truths its own type; text and mixtures stay objects."""
    if kinds == {bool}:
        return array.astype(bool)
    if kinds == {int}:
        return array.astype(np.int64)
    if kinds and kinds <= {int, float, type(None)} and float in kinds:
        return np.array([np.nan if value is None else value for value in array], dtype=float)
    return array


def clean(fetched: dict[str, Any]) -> dict[str, Array]:
    """Replace masked arrays: None in text, NaT in times, NaN in numbers."""
    return {name: _unmask(column) for name, column in fetched.items()}


def _unmask(column: Any) -> Array:
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    data, absent = column.data, np.ma.getmaskarray(column)
    if data.dtype.kind in "mMO" and absent.all() and len(data):
        return constant(np.array("NaT", data.dtype)[()] if data.dtype.kind in "mM" else None, len(data))
    if data.dtype.kind in "mM":
        return np.where(absent, np.array("NaT", dtype=data.dtype), data)
    if data.dtype.kind in "iuf" and absent.any():
        return np.where(absent, np.nan, data.astype(float))
    if data.dtype.kind in "Ob" and absent.any():
        filled = data.astype(object)
        filled[absent] = None
        return filled
    return data
