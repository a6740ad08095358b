#!/bin/sh
# Runs one command in a session of its own and leaves its end in exit.json, whoever dies meanwhile.
# usage: setsid sh shim.sh WORKDIR COMMAND [ARGUMENT...]     POSIX sh, Linux; needs setsid, grep, sed, cat, date, mv

look_at() { # pid: sets start, in clock ticks since boot; with the boot id it names a process for good
  read -r line <"/proc/$1/stat" || return 1
  # shellcheck disable=SC2086 # the fields after the name in brackets, which may hold blanks
  set -- ${line##*) }
  start=${20}
}

publish() { # name, content: all of it or nothing
  printf '%s\n' "$2" >"$dir/.$1" && mv "$dir/.$1" "$dir/$1"
}

oom_kills() { # of this cgroup, or of the whole machine where the cgroup does not count
  v2=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null)
  v1=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup 2>/dev/null)
  for file in "/sys/fs/cgroup$v2/memory.events" "/sys/fs/cgroup/memory$v1/memory.oom_control" \
    /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control /proc/vmstat; do
    grep '^oom_kill ' "$file" 2>/dev/null && return
  done
}

if [ "$1" = --command ]; then # in the new session: say who we are, then become the command
  dir=$2 shim=$3
  shift 3
  boot=$(cat /proc/sys/kernel/random/boot_id)
  look_at "$shim" && shim_start=$start
  look_at $$ && publish process.json "{\"bootId\":\"$boot\",\"pid\":$$,\"startTicks\":$start,\
\"shimPid\":$shim,\"shimStartTicks\":$shim_start}" && exec "$@"
  exit 70
fi

# Under systemd an agent's unit is one cgroup. FETTLE_SCOPE (--user or --system) gives the command one of its own, which a
# stop of the unit spares and whose memory is counted alone. Where that cannot be had, it runs without.
if [ -n "${FETTLE_SCOPE:-}" ]; then
  scope=$FETTLE_SCOPE
  unset FETTLE_SCOPE
  systemd-run "$scope" --scope --quiet --collect sh "$0" "$@" && exit
fi

dir=$1
shift
mkdir "$dir/started" 2>/dev/null || exit 0 # one command a folder: somebody else has started it
trap : HUP INT TERM # not '': an ignored signal would stay ignored in the command

# A background command of a plain sh ignores INT and QUIT; where env can undo that, it does.
plain="env --default-signal=INT --default-signal=QUIT"
$plain true 2>/dev/null || plain=

oom_before=$(oom_kills)
# shellcheck disable=SC2086 # empty, or a command with options
setsid $plain sh "$0" --command "$dir" $$ "$@" </dev/null >>"$dir/stdout.log" 2>>"$dir/stderr.log" &
pid=$!
while :; do # a signal to the shim cuts wait short
  wait $pid
  status=$?
  kill -0 $pid 2>/dev/null || break
done

oom=false
[ "$status" -ne 0 ] && [ "$(oom_kills)" != "$oom_before" ] && oom=true
kill -s KILL -- -$pid 2>/dev/null # what the command left behind in its group
end=code
[ "$status" -gt 128 ] && end=signal status=$((status - 128))
publish exit.json "{\"$end\":$status,\"outOfMemory\":$oom,\"endedAt\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}"
