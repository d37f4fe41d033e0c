"""Writes the files of this folder with the official writers: python3 make.py

Made with Python 3.11, numpy 2.4.6 and safetensors 0.8.0. The values are small and exact, so the
tests spell them out again.
"""

import pathlib
import sys

import numpy as np
from safetensors.numpy import save_file

here = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent

grid = np.arange(6, dtype="<f4").reshape(2, 3) / 4 - 0.5  # -0.5 -0.25 0 0.25 0.5 0.75

# Every type that NumPy has, in an order that is not the order in which they are stored.
save_file(
    {
        "scalar": np.array(1.5, dtype="f4"),
        "grid": grid,
        "empty": np.zeros((0, 3), dtype="f4"),
        "a \"quoted\" name/ü": np.array([7], dtype="u1"),
        "bool": np.array([True, False, True]),
        "u8": np.array([0, 255], dtype="u1"),
        "i8": np.array([-128, 127], dtype="i1"),
        "i16": np.array([-32768, 32767], dtype="i2"),
        "u16": np.array([0, 65535], dtype="u2"),
        "i32": np.array([-(2**31), 2**31 - 1], dtype="i4"),
        "u32": np.array([0, 2**32 - 1], dtype="u4"),
        "i64": np.array([-(2**63), 2**63 - 1], dtype="i8"),
        "u64": np.array([0, 2**64 - 1], dtype="u8"),
        "f16": np.array([-1.5, np.inf, 2.0**-24], dtype="f2"),
        "f64": np.array([0.1, -1e300], dtype="f8"),
    },
    here / "types.safetensors",
    metadata={"format": "pt"},
)
save_file({}, here / "empty.safetensors", metadata={"format": "pt"})
save_file({"x": np.arange(3, dtype="f4")}, here / "plain.safetensors")
save_file(
    {"x": np.arange(2, dtype="i8")},
    here / "text.safetensors",
    metadata={"format": "pt\n\t\"\\/\x01\x7fü"},
)

for name, code in {
    "b1": "|b1", "u1": "|u1", "i1": "|i1", "i2": "<i2", "u2": "<u2", "i4": "<i4", "u4": "<u4",
    "i8": "<i8", "u8": "<u8", "f2": "<f2", "f4": "<f4", "f8": "<f8",
    "big_i2": ">i2", "big_i8": ">i8", "big_f4": ">f4", "big_f8": ">f8",
}.items():
    np.save(here / f"{name}.npy", np.array([[0, 1, 1], [1, 0, 100]]).astype(code))
np.save(here / "scalar.npy", np.float32(2.5))
np.save(here / "vector.npy", np.arange(3, dtype="i8"))
np.save(here / "fortran.npy", np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4)))
np.save(here / "no_rows.npy", np.zeros((0, 5), dtype="f4"))
np.save(here / "objects.npy", np.array([None, {}], dtype=object))
np.save(here / "text.npy", np.array(["a", "bc"]))
for version in (2, 3):
    with open(here / f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, grid, version=(version, 0))
