# Sourced by the scripts that need uv or a Python environment. `home` is FETTLE_HOME; the current folder is this one.

# uv: the pinned one by its hash, else a user's own
find_uv() {
  if [ -x "$home/tools/uv/bin/uv" ]; then
    echo "$home/tools/uv/bin/uv"
  elif command -v uv; then
    :
  else
    python3 -m pip install --quiet --no-deps --require-hashes --target "$home/tools/uv" -r uv.lock >&2
    echo "$home/tools/uv/bin/uv"
  fi
}

# environment NAME LOCK: prints the folder; .complete is written last, so a half-made one is made again. One maker at a
# time: FOLDER.lock holds its pid, so that a killed one's is seen to be stale.
environment() {
  folder=$home/envs/$1-$(sha256 "$2" | cut -c1-12)
  until [ -f "$folder/.complete" ]; do
    if (set -C && echo $$ >"$folder.lock") 2>/dev/null; then
      [ -f "$folder/.complete" ] || make_environment "$folder" "$2"
      rm -f "$folder.lock"
    else
      sleep 1
      kill -0 "$(cat "$folder.lock" 2>/dev/null)" 2>/dev/null || rm -f "$folder.lock"
    fi
  done
  echo "$folder"
}

make_environment() {
  "$uv" venv --quiet --clear --python 3.11 "$1" >&2
  "$uv" pip sync --quiet --require-hashes --python "$1/bin/python" "$2" >&2
  touch "$1/.complete"
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
