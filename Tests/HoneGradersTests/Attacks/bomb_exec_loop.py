# bomb_exec_loop | format: stdio | becomes itself again and again | expect: time-limit, wrong-answer, runtime-error, forbidden
import os, sys
code = "import os, sys; os.execv(sys.executable, [sys.executable, '-S', '-c', os.environ['CODE']])"
os.environ["CODE"] = code
os.execv(sys.executable, [sys.executable, "-S", "-c", code])
