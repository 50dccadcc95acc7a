# What is installed from the system, on Debian and Ubuntu. Read by setup.sh and side_venv.sh. The service itself needs none
# of it but a Python that can make environments.

# For documents that are rendered: one Times-like face, and more, printed and pen-like, where the system offers them.
FACES=(
    fonts-croscore fonts-freefont-ttf fonts-texgyre fonts-dejavu-core
    fonts-breip fonts-femkeklaver fonts-dkg-handwriting fonts-kristi fonts-klee
)
FONTS=(fonts-liberation "${FACES[@]}")
# More faces, for the variety of the lines that a recognizer learns from.
TRAINING_FACES=(fonts-sil-doulos fonts-sil-charis fonts-sil-gentiumplus fonts-linuxlibertine fonts-noto-core)
# The engine that ours is measured against.
TESSERACT=(tesseract-ocr-vie tesseract-ocr-osd)
BROWSERS=(chromium chromium-browser google-chrome google-chrome-stable)

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

is_offered() { [ -n "$(apt-cache madison "$1" 2>/dev/null)" ]; }

# Runs a command as root; fails where there is no way to.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# missing_packages PYTHON PACKAGE…: those that are not installed, one a line.
missing_packages() {
    local package python=$1
    shift
    # With its pip: Debian's python3 has venv, and cannot fill it without this package.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
    for package in "$@"; do
        is_installed "$package" || echo "$package"
    done
}

# Leaves out the faces that this system does not offer.
drop_unoffered() {
    local package
    for package in "$@"; do
        if [[ " ${FACES[*]} ${TRAINING_FACES[*]} " != *" $package "* ]] || is_offered "$package"; then echo "$package"; fi
    done
}

# install_system_packages PYTHON PACKAGE…
install_system_packages() {
    local missing
    [ -z "${SKIP_SYSTEM_PACKAGES:-}" ] || return 0
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} = 0 ] && return
    if ! command -v apt-get >/dev/null; then
        echo "setup: this system has no apt. Install by its own means what these Debian packages hold: ${missing[*]} (of the fonts, one" \
            "Times-like family is enough). Then run this again with SKIP_SYSTEM_PACKAGES=1" >&2
        return 1
    fi
    # Where apt has its lists, they say what there is no use asking for.
    if is_offered fonts-liberation; then mapfile -t missing < <(drop_unoffered "${missing[@]}"); fi
    [ ${#missing[@]} = 0 ] && return
    if ! can_be_root; then
        printf 'setup: these system packages are missing, and there is no right to install them here:\n' >&2
        printf '    %s\n' "${missing[@]}" >&2
        printf 'Install them, then run this again:\n    sudo apt-get update && sudo apt-get install %s\n' "${missing[*]}" >&2
        return 1
    fi
    say "system packages: ${missing[*]}"
    as_root apt-get update -qq
    mapfile -t missing < <(drop_unoffered "${missing[@]}")
    [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

# A browser that starts: on Ubuntu the commands are there even without the snap behind them.
find_browser() {
    local name
    for name in "${BROWSERS[@]}"; do
        if timeout 20 "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

provide_browser() {
    find_browser >/dev/null && return
    # On Ubuntu the package of this name is only a pointer to a snap.
    if ! grep -q '^ID=ubuntu' /etc/os-release && command -v apt-get >/dev/null && can_be_root && [ -z "${SKIP_SYSTEM_PACKAGES:-}" ]; then
        say "system packages: chromium"
        as_root apt-get update -qq
        apt_install chromium
        find_browser >/dev/null && return
    fi
    echo "setup: the browser tests need one of these commands, and none of them starts: ${BROWSERS[*]}. Install it (Debian:" \
        "sudo apt-get install chromium; Ubuntu: sudo snap install chromium, or the google-chrome-stable package)." >&2
    return 1
}
