"""What can go wrong on a machine, told in one line that says what to do. Never a traceback."""

import errno
import os
import shutil
import sys

MINIMUM_FREE_BYTES = 300 * 1024 * 1024


class Trouble(Exception):
    """A condition of the machine that its user can mend. The message is the whole explanation."""


def explain(error):
    """One line for an OSError that came up outside of any check."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}: free some space and start again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"This folder cannot be written by the present user{where}."
    return f"{error.strerror or error}{where}."


def check_disk(folder, *, minimum=MINIMUM_FREE_BYTES):
    """Refuse to start where the database would soon stop for want of space."""
    free = shutil.disk_usage(folder).free
    if free < minimum:
        raise Trouble(
            f"Only {free // 2**20} MB are free on the disk of {folder}, and at least"
            f" {minimum // 2**20} MB are needed: free some space and start again."
        )


def check_writable(folder):
    """Refuse a folder that belongs to somebody else."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Trouble(f"The folder {folder} cannot be written by the present user.")


def in_one_line(main):
    """Run a command's main function; anything foreseen ends as one line and exit code 1."""
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"{trouble}")
    except OSError as error:
        sys.exit(explain(error))
    except KeyboardInterrupt:
        sys.exit(130)
