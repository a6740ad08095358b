# Sourced by infra/check. `home` is FETTLE_HOME; the current folder is the root.

# go_program NAME VERSION MODULE MAIN: prints the program, built into tools/NAME-VERSION unless it is there, as GoProgram
# does it on the Java side; fails where Go is missing or too old
go_program() {
  folder=$home/tools/$1-$2
  if [ ! -x "$folder/$1" ]; then
    command -v go >/dev/null || return 1
    mkdir -p "$folder/build"
    # in a module of its own: "go install" asks for a list of versions too, which not all proxies have
    printf 'module fettle.local/build\n\ngo 1.24\n\nrequire %s v%s\n' "$3" "$2" >"$folder/build/go.mod"
    (cd "$folder/build" && CGO_ENABLED=0 GOTOOLCHAIN=local go build -mod=mod -o "../$1.new" "$3$4") >"$folder/build.log" 2>&1 ||
      return 1
    mv "$folder/$1.new" "$folder/$1"
  fi
  echo "$folder/$1"
}

# go_module NAME VERSION FOLDER FLAGS: the same of a main package of ours, which names what its go.mod must replace
go_module() {
  folder=$home/tools/$1-$2
  if [ ! -x "$folder/$1" ]; then
    command -v go >/dev/null || return 1
    mkdir -p "$folder/build"
    cp "$3/go.mod" "$3/main.go" "$folder/build/"
    (cd "$folder/build" && CGO_ENABLED=0 GOTOOLCHAIN=local go build -mod=mod -trimpath -ldflags="-s -w $4" -o "../$1.new" .) \
      >"$folder/build.log" 2>&1 || return 1
    mv "$folder/$1.new" "$folder/$1"
  fi
  echo "$folder/$1"
}

# terraform_mirror: prints a folder with Terraform providers, if this machine has one
terraform_mirror() {
  for mirror in "${TF_PLUGIN_MIRROR:-/nowhere}" /opt/tf-plugins "$HOME/.terraform.d/plugins" /usr/share/terraform/plugins; do
    [ ! -d "$mirror/registry.terraform.io" ] || { echo "$mirror" && return; }
  done
  return 1
}

# terraform_offline FOLDER PROVIDER: it is valid and its own tests pass; on a copy, since init writes beside the files
terraform_offline() {
  mirror=$(terraform_mirror) || { skipped "terraform test of $1" 'no local mirror of providers; TF_PLUGIN_MIRROR names one'; return 0; }
  [ -d "$mirror/registry.terraform.io/hashicorp/$2" ] || { skipped "terraform test of $1" "no provider $2 in $mirror"; return 0; }
  copy=$(mktemp -d)
  cp -R infra/terraform infra/launch "$copy/"
  printf 'disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$mirror" >"$copy/rc"
  (
    cd "$copy/$1"
    export TF_CLI_CONFIG_FILE="$copy/rc"
    terraform init -no-color -backend=false -input=false >/dev/null
    terraform test -no-color # begins with what validate does
  )
  rm -rf "$copy"
}
