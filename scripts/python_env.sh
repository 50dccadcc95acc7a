# Python environments from hashed lock files. Read by setup.sh and side_venv.sh.

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { printf '==> %s\n' "$*"; }

# Names and contents of the files, as one word.
fingerprint() { sha256sum "$@" | sha256sum | cut -c1-64; }

# up_to_date STAMP KEY: whether the stamp was last left with this key.
up_to_date() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

find_python() {
    local name
    # The oldest first: it is the likeliest to have a wheel of every package.
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "setup: no Python 3.11 or later found${PYTHON:+ as '$PYTHON'}. Install one (Debian 12, Ubuntu 24.04: apt-get install python3" \
        "python3-venv; Ubuntu 22.04: apt-get install python3.11 python3.11-venv), or name it: make setup PYTHON=/path/to/python3" >&2
    return 1
}

# make_venv FOLDER PYTHON
make_venv() {
    "$1/bin/python" -c 'import pip' 2>/dev/null && return
    say "Python environment in $1 ($("$2" --version))"
    "$2" -m venv --clear "$1"
}

# install_lock FOLDER LOCK: nothing but what the lock file names, which is complete.
install_lock() {
    local key stamp="$1/stamps/$2"
    mkdir -p "$1/stamps"
    key=$(fingerprint "$2")
    up_to_date "$stamp" "$key" && return
    say "Python packages from $2"
    "$1/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$2"
    echo "$key" >"$stamp"
}

# install_project FOLDER
install_project() {
    local key stamp="$1/stamps/project"
    # The names of the packages too: an editable install knows only those that were there. Its stamp does not travel with
    # the folder, since the install holds the folder's path.
    key="$PWD $(fingerprint pyproject.toml) $(echo */__init__.py)"
    up_to_date "$stamp" "$key" && return
    say "the sohoa command"
    "$1/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
    echo "$key" >"$stamp"
}
