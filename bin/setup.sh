# Sourced by the commands in bin/: set_up base|dev makes .venv and installs the locked packages.
# Says nothing when there is nothing to do. Every failure is one line.

stop() {
    echo "$*" >&2
    exit 1
}

find_python() {
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    stop "Python 3.11 or newer is needed and was not found (on Debian: apt install python3)."
}

make_environment() {
    python=$(find_python)
    echo "Making the Python environment .venv ..."
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv .venv >>"$log" 2>&1 ||
            stop "The Python environment could not be made: $(tail -n 1 "$log")"
        return
    fi
    # Debian keeps ensurepip in a package of its own; virtualenv from PyPI stands in for it.
    if "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip install --quiet --target .local/virtualenv virtualenv >>"$log" 2>&1 &&
            PYTHONPATH=.local/virtualenv "$python" -m virtualenv --quiet .venv >>"$log" 2>&1 ||
            stop "The Python environment could not be made: $(tail -n 1 "$log")"
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        { apt-get update && apt-get install -y --no-install-recommends python3-venv; } \
            >>"$log" 2>&1 || stop "apt could not install python3-venv: $(tail -n 1 "$log")"
        "$python" -m venv .venv >>"$log" 2>&1 ||
            stop "The Python environment could not be made: $(tail -n 1 "$log")"
    else
        stop "Python's venv is missing: install it as root (apt install python3-venv), then again."
    fi
}

set_up() {
    wanted=$1
    here=$(pwd)
    [ -w . ] || stop "The folder $here cannot be written by the present user."
    mkdir -p .local/log 2>/dev/null || stop "The folder $here/.local cannot be written."
    [ -w .local ] && [ -w .local/log ] ||
        stop "The folder $here/.local cannot be written by the present user."
    log=.local/log/setup.log
    stamp=.venv/.installed-$wanted
    sum=$(cksum <"requirements/$wanted.txt")
    if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then
        return
    fi
    free=$(df -Pk . | awk 'NR == 2 { print $4 }')
    [ "$free" -gt 1000000 ] ||
        stop "Only $((free / 1024)) MB are free on the disk of $here; 1000 MB are needed."
    exec 9>.local/setup.lock
    if command -v flock >/dev/null; then
        flock 9
    fi
    # an interrupted first run leaves an environment without pip
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        rm -rf .venv
        make_environment
    fi
    if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
        echo "Installing the locked packages of requirements/$wanted.txt ..."
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
            --requirement "requirements/$wanted.txt" >"$log" 2>&1 ||
            stop "The packages could not be installed: $(grep ERROR "$log" | head -n 1) (all: $log)"
        echo "$sum" >"$stamp"
    fi
    exec 9>&-
}
