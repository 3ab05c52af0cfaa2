# state_leftover_tree | format: stdio | leaves a tree that is hard to clear away: deep, locked, with odd names, fifos, sockets and loops | expect: wrong-answer
import os, socket
os.umask(0)
if os.path.exists("hone-breach-tree"): print(2)
else:
    os.makedirs("hone-breach-tree/locked")
    for name in (b"new\nline", b"\xff\xfe", b"-rf", b" ", b"*", b"x" * 255):
        try: os.mkdir(b"hone-breach-tree/" + name)
        except OSError: pass
    os.mkfifo("hone-breach-tree/fifo")
    os.symlink("..", "hone-breach-tree/up")
    os.symlink("/", "hone-breach-tree/root")
    os.symlink("loop", "hone-breach-tree/loop")
    try: socket.socket(socket.AF_UNIX).bind("hone-breach-tree/socket")
    except OSError: pass
    open("hone-breach-tree/locked/file", "w").close()
    os.chmod("hone-breach-tree/locked/file", 0)
    os.chmod("hone-breach-tree/locked", 0)
    depth = os.open(".", os.O_RDONLY)
    for _ in range(300):
        try:
            os.mkdir("d", dir_fd=depth)
            deeper = os.open("d", os.O_RDONLY, dir_fd=depth)
        except OSError: break
        os.close(depth)
        depth = deeper
    print(0)
