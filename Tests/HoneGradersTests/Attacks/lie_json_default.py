# lie_json_default | format: call | patched json encoders print whatever they are given as 0 | expect: wrong-answer
import json, json.encoder
json.dumps = lambda *a, **k: "0"
json.dump = lambda value, file, *a, **k: file.write("0")
json.JSONEncoder.default = json.JSONEncoder.encode = lambda self, value: "0"
json.JSONEncoder.iterencode = lambda self, value, **k: iter(("0",))
json.encoder.c_make_encoder = None
def solve(xs):
    return object()
