# Sourced by the scripts that need uv or a Python environment. `home` is FETTLE_HOME; the current folder is this one.

# uv: a user's own, else the pinned one by its hash
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

# environment NAME LOCK: prints the folder; .complete is written last, so a half-made one is made again
environment() {
  folder=$home/envs/$1-$(sha256sum "$2" | cut -c1-12)
  if [ ! -f "$folder/.complete" ]; then
    "$uv" venv --quiet --clear --python 3.11 "$folder" >&2
    "$uv" pip sync --quiet --require-hashes --python "$folder/bin/python" "$2" >&2
    touch "$folder/.complete"
  fi
  echo "$folder"
}
