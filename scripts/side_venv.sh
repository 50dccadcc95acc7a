#!/usr/bin/env bash
# Makes an environment beside .venv, for packages that do not go together with its own or are too heavy for it:
#   side_venv.sh paddle      .venv-paddle, from requirements-paddle.lock
#   side_venv.sh training    .venv-training, from requirements-training.lock
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/python_env.sh
source scripts/system_packages.sh

name=${1:?side_venv: name the environment: paddle or training}
[ -f "requirements-$name.lock" ] || { echo "side_venv: there is no requirements-$name.lock" >&2; exit 2; }
python=$(find_python)
make_venv ".venv-$name" "$python"
install_lock ".venv-$name" "requirements-$name.lock"
install_project ".venv-$name"
case "$name" in
    paddle)
        # PaddleOCR's OpenCV is the one with windows.
        ".venv-$name/bin/python" -c 'import cv2' 2>/dev/null || install_system_packages "$python" libgl1 libglib2.0-0
        ;;
    training) install_system_packages "$python" "${FONTS[@]}" "${TRAINING_FACES[@]}" ;;
esac
