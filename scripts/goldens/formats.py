#!/usr/bin/env python3
"""Writes the number format goldens: what ml_dtypes rounds fp32 to, as codes.

Tests/HoneNumericsTests/Goldens/formats.json: for each format {"inputs": fp32 bit patterns,
"codes": the format's bit patterns}. Inputs are every number of the format (of 16-bit formats every
97th), the midpoints between neighbours, what lies just beside them, and random numbers; within the
range, because beyond it ml_dtypes goes to infinity or NaN where Hone saturates.
"""

import json
import pathlib

import ml_dtypes
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMATS = {
    "bf16": (ml_dtypes.bfloat16, numpy.uint16),
    "e4m3": (ml_dtypes.float8_e4m3fn, numpy.uint8),
    "e5m2": (ml_dtypes.float8_e5m2, numpy.uint8),
    "e3m4": (ml_dtypes.float8_e3m4, numpy.uint8),
    "e5m10": (numpy.float16, numpy.uint16),
}


def golden(dtype, code):
    codes = numpy.arange(numpy.iinfo(code).max + 1, dtype=numpy.uint32).astype(code)
    values = codes.view(dtype).astype(numpy.float32)
    sizes = numpy.unique(numpy.abs(values[numpy.isfinite(values)]))
    middles = (sizes[:-1].astype(numpy.float64) + sizes[1:]) / 2
    step = 97 if len(sizes) > 1000 else 1
    sizes, middles = sizes[::step], middles[::step].astype(numpy.float32)
    random = numpy.random.default_rng(5).normal(size=400).astype(numpy.float32)
    x = numpy.concatenate(
        [sizes, middles, numpy.nextafter(middles, numpy.float32(0)),
         numpy.nextafter(middles, numpy.float32(numpy.inf)), random])
    x = numpy.concatenate([x, -x])
    top = float(values[numpy.isfinite(values)].max())
    x = x[numpy.abs(x) <= top]
    return {
        "inputs": x.view(numpy.uint32).tolist(),
        "codes": x.astype(dtype).view(code).tolist(),
    }


def main():
    path = ROOT / "Tests/HoneNumericsTests/Goldens/formats.json"
    path.parent.mkdir(exist_ok=True)
    goldens = {name: golden(*kinds) for name, kinds in FORMATS.items()}
    path.write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


main()
