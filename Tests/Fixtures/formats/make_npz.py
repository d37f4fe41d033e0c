"""Writes the .npz files of this folder with NumPy: python3 make_npz.py

Made with numpy 2.4.6. `zip64.npz` is what savez writes, whose local headers leave the sizes out.
"""

import io
import pathlib
import zipfile

import numpy as np

here = pathlib.Path(__file__).parent
x = np.arange(24, dtype="f4").reshape(2, 4, 3)
y = np.array([1, 0], dtype="i8")
np.savez(here / "stored.npz", x=x, y=y)
np.savez_compressed(here / "deflated.npz", x=x, y=y)
with zipfile.ZipFile(here / "zip64.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, array in (("x", x), ("y", y)):
        with archive.open(name + ".npy", "w", force_zip64=True) as member:
            np.save(member, array)
# 80 MiB of zeros in 80 kB.
with zipfile.ZipFile(here / "bomb.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (80 << 20,)}
    )
    with archive.open("x.npy", "w") as member:
        member.write(header.getvalue())
        for _ in range(80):
            member.write(bytes(1 << 20))
