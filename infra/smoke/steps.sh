# Sourced by aws and gcp: the order of a smoke test, from nothing to nothing. Each brings: cloud, terraform_variables,
# prepare (what an account needs once, and keeps), upload FILE KEY, machines (ids of those with this test's mark that may cost),
# end_machines, empty_bucket, as_control COMMAND.
set -eu
cd "$(dirname "$0")/../.."
export FETTLE_HOME="${FETTLE_HOME:-$PWD/.fettle}"
work=$FETTLE_HOME/state/smoke-$cloud # Terraform's state stays here until everything is gone
tf() { terraform -chdir="$work/terraform/$cloud" "$@"; }

say() { printf '\nsmoke %s: %s\n' "$cloud" "$*" >&2; }
fail() { say "$*"; exit 1; }
need() { command -v "$1" >/dev/null || { say "$1 is missing" && exit 7; }; }

# A control worker whose run goes on would launch another machine for each that is ended
stop_workers() { ./fettle down || :; }

destroy() {
  say 'ends its machines and deletes what it made'
  stop_workers
  end_machines
  empty_bucket
  tf destroy -auto-approve -input=false >&2
  rm -rf "$work"
}

# Whatever happens, no machine stays. The rest is a few cents a month; --destroy deletes it later, too.
on_exit() {
  status=$?
  trap - EXIT
  stop_workers
  left=$(machines || echo unknown)
  [ -z "$left" ] || { say "ends: $left" && end_machines; }
  [ "$status" = 0 ] || say "FAILED with $status; what it made is still there: infra/smoke/$cloud --destroy"
  exit "$status"
}

await_no_machine() { # two minutes are the promise
  waited=0
  while [ -n "$(machines)" ]; do
    [ "$waited" -lt 120 ] || fail "machines outlived the run by two minutes: $(machines)"
    sleep 5
    waited=$((waited + 5))
  done
  say "the last machine was gone $waited s after the run"
}

train() { # FETTLE_STORE
  export FETTLE_STORE="$1"
  tf output -raw pool >"$FETTLE_HOME/pools.yaml"
  ./fettle down # workers that run already know neither this store nor the pool
  as_control ./fettle store probe --all "$FETTLE_STORE"
  # 20 steps of a model of random weights on the cheapest machine that fits; what launches its hosts serves no endpoint
  as_control ./fettle run examples/tiny/fettle.yaml --set "model.path=$SMOKE_MODEL" --set "capacity.pools=[$cloud]" \
    --set capacity.market=spot --set capacity.max_wait=20m --set deploy.enabled=false
}

smoke() {
  for tool in terraform sha256sum "$@"; do need "$tool"; done
  [ -n "${FETTLE_TEMPORAL_ADDRESS:-}" ] || fail 'set FETTLE_TEMPORAL_ADDRESS to a server that the cloud reaches'
  [ -d "${SMOKE_MODEL:-/nowhere}" ] || fail 'set SMOKE_MODEL to a folder with a tiny model, which infra/smoke/model DIR makes'
  [ ! -e "$FETTLE_HOME/pools.yaml" ] || fail "$FETTLE_HOME/pools.yaml is there; use a FETTLE_HOME of its own"
  rm -rf "$work" && mkdir -p "$work"
  cp -R infra/terraform infra/launch "$work/"
  say 'packs a release'
  sha256=$(infra/launch/pack "$work/fettle.tar.gz")
  terraform_variables "$sha256" >"$work/terraform/$cloud/terraform.tfvars"
  trap on_exit EXIT
  say 'makes bucket, roles, network, template'
  tf init -input=false >&2
  tf apply -auto-approve -input=false >&2
  prepare
  upload "$work/fettle.tar.gz" "fettle/releases/$sha256.tar.gz"
  train "$(tf output -raw store)"
  await_no_machine
  destroy
  say 'passed: launched, joined, trained, released, nothing left'
}
