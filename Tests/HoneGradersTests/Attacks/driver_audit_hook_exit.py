# driver_audit_hook_exit | format: stdio | an audit hook ends the process with 0 at the next event | expect: wrong-answer, runtime-error
import os, sys
leave = os._exit
sys.addaudithook(lambda event, arguments: leave(0))
open("anything")
