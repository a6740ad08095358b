#!/bin/sh
# Runs one command where it can reach nothing: own mounts, processes, network, IPC, host name and, where the caller is
# root, own user; a read-only root of programs alone, limits on everything, and nothing left over afterwards.
# usage: sh sandbox.sh FOLDER SECONDS MEMORY_MIB PROCESSES FILE_MIB COMMAND [ARGUMENT...]
#   FOLDER  files/ (copied to /work), input (its stdin), read-only (paths to show, a line each); we write status there
# POSIX sh, Linux; needs unshare, setpriv, prlimit, mount, pivot_root (util-linux 2.33 or later) and timeout.
# status: "setup REASON" (nothing was run) or "ready", then "left" (processes behind), "exit N", "oom"; without an exit it
# was killed.

user=61184 # of nobody; below 65536, so that containers map it

fail() {
  echo "setup $*" >&3
  exit 125
}

# --- outside: control groups, a backstop, cleaning up ---

try_group() { # parent, first file, its value: sets made
  made=$1/fettle-sandbox-$$
  mkdir "$made" 2>/dev/null || return 1
  (echo "$3" >"$made/$2") 2>/dev/null && (: >>"$made/cgroup.procs") 2>/dev/null && return
  rmdir "$made"
  return 1
}

own() { # controller, empty for v2
  sed -n "s/^[0-9]*:$1://p" /proc/self/cgroup | sed -n 1p
}

make_groups() { # memory bytes, processes: sets groups, counted (where out-of-memory kills are counted)
  groups= counted= fs=/sys/fs/cgroup
  path=$(own '')
  for parent in "$fs$path" "$fs${path%/*}" "$fs"; do # a child, a sibling (delegated to us), a container's root
    [ -f "$parent/cgroup.controllers" ] && try_group "$parent" memory.max "$1" || continue
    groups=$made counted=$made/memory.events
    (echo 0 >"$made/memory.swap.max") 2>/dev/null
    (echo 1 >"$made/memory.oom.group") 2>/dev/null
    (echo "$2" >"$made/pids.max") 2>/dev/null
    return
  done
  for parent in "$fs/memory$(own memory)" "$fs/memory"; do
    [ -d "$fs/memory" ] && try_group "$parent" memory.limit_in_bytes "$1" || continue
    groups=$made counted=$made/memory.oom_control
    (echo "$1" >"$made/memory.memsw.limit_in_bytes") 2>/dev/null
    break
  done
  for parent in "$fs/pids$(own pids)" "$fs/pids"; do
    [ -d "$fs/pids" ] && try_group "$parent" pids.max "$2" || continue
    groups="$groups $made"
    break
  done
}

clean_up() {
  for group in $groups; do
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do # the last of it may still be dying
      rmdir "$group" 2>/dev/null && break
      sleep 0.1
    done
  done
}

outside() {
  folder=$1 seconds=$2 memory=$(($3 * 1048576)) processes=$4 file=$5
  shift 5
  exec 3>>"$folder/status"
  trap '' PIPE # the shell's own word of a killed program may find its reader gone; there is cleaning up to do
  make_groups "$memory" $((processes + 8)) # what sets the sandbox up is in there too
  as="--user --map-root-user" root=no
  [ "$(id -u)" -eq 0 ] && as='' root=yes
  space=$memory
  [ -n "$counted" ] && space=unlimited # else every process has its own limit, which is all that is left to set
  (
    trap - PIPE
    for group in $groups; do echo 0 >"$group/cgroup.procs" || fail "cannot enter $group"; done
    # shellcheck disable=SC2086 # options
    exec timeout -s KILL $((seconds + 90)) unshare $as --mount --net --pid --ipc --uts --fork --kill-child \
      sh "$0" --inside $root "$folder" "$seconds" "$space" "$processes" "$file" "$@"
  )
  grep -q '^oom_kill [1-9]' "$counted" 2>/dev/null && echo oom >&3
  clean_up
}

# --- inside, as the namespace's first process: whatever is left ends with it ---

bind() { # path, where: that and what is mounted below it, read-only
  mount --rbind "$1" "$2" || fail "cannot show $1"
  at=$(pwd)/$2
  while read -r _ _ _ _ point _; do
    case $point in
      "$at" | "$at"/*) mount -o remount,bind,ro,nosuid,nodev "$point" || fail "cannot make $point read-only" ;;
    esac
  done </proc/self/mountinfo
}

programs() { # the folders of programs, and no other
  for each in usr bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$each" ]; then
      ln -s "$(readlink "/$each")" "$each"
    elif [ -d "/$each" ]; then
      mkdir "$each" && bind "/$each" "$each"
    fi
  done
  mkdir etc
  printf 'sandbox:x:0:0::/work:/bin/sh\n' >etc/passwd
  [ -f /etc/ld.so.cache ] && : >etc/ld.so.cache && bind /etc/ld.so.cache etc/ld.so.cache
  [ -d /etc/alternatives ] && mkdir etc/alternatives && bind /etc/alternatives etc/alternatives
}

shown() { # what the caller lists; last, for it may lie where a folder of ours is
  while read -r path; do
    if [ -d "$path" ]; then mkdir -p ".$path"; else mkdir -p ".${path%/*}" && : >".$path"; fi
    [ -e "$path" ] || fail "there is no $path to show"
    bind "$path" "${path#/}"
  done <"$folder/read-only"
}

devices() {
  mkdir dev dev/shm
  for each in null zero full random urandom; do
    : >dev/$each && mount --bind /dev/$each dev/$each || fail "cannot show /dev/$each"
  done
  ln -s /proc/self/fd dev/fd
  for each in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${each%:*}" "dev/${each#*:}"; done
}

scratch() { # where, mode: memory of its own that holds no more than a file may
  mount -t tmpfs -o "size=${file}m,nr_inodes=10000,nosuid,nodev,mode=$2$owner" scratch "$1" || fail "cannot mount $1"
}

build_root() {
  mkdir "$folder/root" && mount -t tmpfs -o size=1m,mode=755,nosuid,nodev sandbox "$folder/root" && cd "$folder/root" ||
    fail "cannot mount a root"
  programs
  devices
  mkdir proc tmp work old
  mount -t proc -o nosuid,nodev,noexec proc proc || fail "cannot mount /proc"
  owner=
  [ $root = yes ] && owner=",uid=$user,gid=$user"
  scratch tmp 700
  scratch dev/shm 700
  scratch work 700
  shown
  cp -R "$folder/files/." work/ && { [ $root = no ] || chown -R $user:$user work; } || fail "cannot copy files"
  pivot_root . old && cd / && umount -l old && rmdir old && mount -o remount,bind,ro,nosuid,nodev / ||
    fail "cannot leave the old root"
}

inside() {
  root=$1 folder=$2 seconds=$3 space=$4 processes=$5 file=$6 drop=
  shift 6
  exec 4<"$folder/input" </dev/null
  build_root
  cd /work || fail "no /work"
  none="--bounding-set=-all --inh-caps=-all --no-new-privs"
  if [ $root = yes ]; then
    drop="setpriv --reuid=$user --regid=$user --clear-groups"
    # in a user namespace of its own it is counted alone and can make no other
    if $drop unshare --user --map-root-user true 2>/dev/null; then drop="$drop unshare --user --map-root-user"; fi
  fi
  echo ready >&3
  # shellcheck disable=SC2086,SC2016 # options; the script's own arguments
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/work TMPDIR=/tmp LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 \
    $drop sh -c 'echo 0 2>/dev/null >/proc/sys/user/max_user_namespaces; exec "$@"' sh \
    setpriv $none -- nice -n 10 prlimit --cpu="$seconds" --as="$space" --nproc="$processes" --fsize=$((file * 1048576)) --core=0 \
    --nofile=256 -- "$@" <&4 3>&- 4<&- &
  wait $!
  code=$?
  left && sleep 0.3 && left && echo left >&3
  echo "exit $code" >&3
}

left() { # whether anything but us still runs
  for each in /proc/[0-9]*; do
    [ "$each" = /proc/1 ] && continue
    read -r stat 2>/dev/null <"$each/stat" || continue
    case ${stat##*) } in Z*) ;; *) return 0 ;; esac
  done
  return 1
}

if [ "$1" = --inside ]; then
  shift
  inside "$@"
else
  outside "$@"
fi
