"""No network: the kernel refuses this process, and all it starts, every socket but a local one.

`python -m plans.readers.confine PROGRAM ARGUMENTS…` runs a program so, or not at all.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

# The numbers of socket(2) and io_uring_setup(2), which can open sockets too, and the kernel's
# names of the machines; on x86-64 calls above the bit are those of another ABI.
MACHINES = {
    "x86_64": (0xC000003E, 41),
    "aarch64": (0xC00000B7, 198),
    "loongarch64": (0xC0000102, 198),
    "riscv64": (0xC00000F3, 198),
}
IO_URING_SETUP = 425
FOREIGN_ABI = 0x40000000
LOAD, JUMP_EQUAL, JUMP_FROM, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOCAL = 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def without_network() -> bool:
    """Shut the network to this process for good; say whether this kernel and machine can."""
    known = MACHINES.get(platform.machine())
    if known is None or os.name != "posix":
        return False
    machine, socket = known
    rules = (
        (LOAD, 0, 0, MACHINE),
        (JUMP_EQUAL, 0, 7, machine),
        (LOAD, 0, 0, NUMBER),
        (JUMP_FROM, 5, 0, FOREIGN_ABI),
        (JUMP_EQUAL, 4, 0, IO_URING_SETUP),
        (JUMP_EQUAL, 0, 2, socket),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_EQUAL, 0, 1, LOCAL),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    )
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    program = _Program(len(rules), code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0)


def main() -> int:
    """Become the program that the command line names."""
    if without_network():
        os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell is wanted
    return 1


if __name__ == "__main__":
    sys.exit(main())
