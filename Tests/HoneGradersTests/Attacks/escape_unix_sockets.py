# escape_unix_sockets | format: stdio | connects to the sockets of services: containers, bus, display, log, by path and by abstract name | expect: wrong-answer, forbidden | layers: seccomp, namespaces, landlock
import glob, socket
paths = ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock", "/run/dbus/system_bus_socket", "/run/systemd/private", "/dev/log", "/run/nscd/socket",
         "\0/tmp/.X11-unix/X0", "\0grader", "\0hone", *glob.glob("/tmp/**/*sock*", recursive=True), *glob.glob("/run/**/*sock*", recursive=True)]
reached = []
for path in paths:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try: socket.socket(socket.AF_UNIX, kind).connect(path); reached.append(path)
        except OSError: pass
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
