# stdout_no_read | format: stdio | closes its input unread and prints the most frequent answer | expect: wrong-answer
import os
os.close(0)
print(5)
