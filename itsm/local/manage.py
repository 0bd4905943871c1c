"""bin/manage: manage.py with the database, broker and secret of bin/serve.

Where bin/serve does not run, the embedded servers run for as long as the command does.
"""

import os
import subprocess
import sys

from itsm.local import environment as env
from itsm.local.folder import BASE_DIR, LocalFolder
from itsm.local.parts import end_leftovers
from itsm.local.trouble import in_one_line


def main():
    folder = LocalFolder().make()
    postgres, valkey = env.local_postgres(folder), env.local_valkey(folder)
    started = []
    # the lock is free: bin/serve does not run, and may not start its servers meanwhile
    if (postgres or valkey) and folder.lock():
        end_leftovers(folder.remembered().get("running", []))
        if valkey:
            env.move_if_taken(folder, valkey)
        started = [server for server in (postgres, valkey) if server]
    try:
        for server in started:
            server.start()
        variables = env.application_environment(folder, postgres, valkey)
        command = [sys.executable, "manage.py", *sys.argv[1:]]
        return subprocess.run(command, cwd=BASE_DIR, env=variables, check=False).returncode
    finally:
        for server in reversed(started):
            server.stop()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    in_one_line(main)
