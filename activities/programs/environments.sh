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
# time: FOLDER.lock holds its pid, so that a killed one's is seen to be stale; it appears by a link, never empty. The Java
# side (MakerLock) keeps the same rule, and reads FOLDER.log for its bars.
environment() {
  folder=$home/envs/$1-$(sha256 "$2" | cut -c1-12)
  until [ -f "$folder/.complete" ]; do
    echo $$ >"$folder.lock.$$"
    if ln "$folder.lock.$$" "$folder.lock" 2>/dev/null; then
      rm -f "$folder.lock.$$"
      [ -f "$folder/.complete" ] || make_environment "$folder" "$2"
      rm -f "$folder.lock"
    else
      rm -f "$folder.lock.$$"
      sleep 1
      kill -0 "$(cat "$folder.lock" 2>/dev/null)" 2>/dev/null || rm -f "$folder.lock"
    fi
  done
  echo "$folder"
}

make_environment() {
  { "$uv" venv --clear --python 3.11 "$1" && "$uv" pip sync --require-hashes --python "$1/bin/python" "$2"; } \
    >"$1.log" 2>&1 || { cat "$1.log" >&2 && rm -f "$1.lock" && exit 1; }
  touch "$1/.complete"
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
