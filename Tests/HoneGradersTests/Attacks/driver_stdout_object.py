# driver_stdout_object | format: stdio | standard streams become objects that count as everything | expect: wrong-answer, runtime-error
import sys
class Stream:
    encoding, errors, closed, buffer = "utf-8", "strict", False, None
    def write(self, text): return len(text)
    def flush(self): raise SystemExit(0)
    def fileno(self): return 4
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = Stream()
print(0)
