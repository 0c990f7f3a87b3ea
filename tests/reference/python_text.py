"""Records how Python formats numbers and strings.

    python3 python_text.py > ../data/python-text.json
"""

import json
import random
import struct
import sys

rng = random.Random(1)
floats = [0.0, -0.0, 1.0, -1.5, 0.1, 1e15, 1e16, 123456789012345678.0, 9999999999999998.0, 1e-4, 1e-5, 0.00012345, 1e22, 1e100, 5e-324,
          1.7976931348623157e308, 2.2250738585072014e-308, 0.24752041697502136, 100005.0, 0.03125, 2.5, 0.5, 1.5, 999999.5, 0.00005, 9.99995, 99999.5]
floats += [2.0**k for k in [*range(-44, 60), -958, -1022, 1023]]
floats += [struct.unpack(">d", rng.randbytes(8))[0] for _ in range(300)]
floats += [rng.randint(-10**6, 10**6) / 32 for _ in range(100)]
floats += [rng.gauss(0, 1) for _ in range(100)]
floats = [f for f in floats if f == f]
parts = [0.0, -0.0, 1.5, -2.0, 1e16, float("inf"), float("-inf"), float("nan")]
strings = ["", "a", "it's", 'say "x"', "it's \"x\"", "tab\tnewline\n", "back\\slash", "é😀", "\u00a0\u200b", "\x00\x7f", "日本"]
json.dump({
    "floats": [{"bits": struct.pack(">d", f).hex(), "repr": repr(f), "fixed": "{:.4f}".format(f) if abs(f) < 1e40 else None,
                "whole": "{:.0f}".format(f) if abs(f) < 1e40 else None, "scientific": "{:.4e}".format(f)} for f in floats],
    "complex": [{"real": struct.pack(">d", a).hex(), "imaginary": struct.pack(">d", b).hex(), "repr": repr(complex(a, b))} for a in parts for b in parts],
    "strings": [{"text": s, "repr": repr(s)} for s in strings],
}, sys.stdout, indent=0)
print()
