#!/usr/bin/env bash
# A fresh machine, shown: a bare Debian root in which `make run` and `make test` must do all the rest.
#
#   tests/fresh/run.sh [--with python3-pip|python3-venv] [--only-run] [--keep] CHECKOUT
#
# By hand, as root, on a machine with git and debootstrap or mmdebstrap. What is committed in CHECKOUT is
# cloned into the root; the root is mounted in a name space of its own and removed at the end (--keep keeps it).
# FRESH_SUITE, FRESH_MIRROR and FRESH_FOLDER name another suite, mirror or temporary folder.
# Status 0 when everything held, 1 when something did not, 2 when this machine cannot try.
set -euo pipefail

with=python3-pip only_run= keep= checkout=
while [ $# -gt 0 ]; do
  case $1 in
    --with) with=$2; shift 2 ;;
    --only-run) only_run=yes; shift ;;
    --keep) keep=yes; shift ;;
    -*) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
    *) checkout=$1; shift ;;
  esac
done
cannot() { echo "fresh: $*" >&2; exit 2; }
[ "$with" = python3-pip ] || [ "$with" = python3-venv ] || cannot "--with is python3-pip or python3-venv"
[ -n "$checkout" ] && [ -e "$checkout/.git" ] || cannot "name a checkout of the repository"
[ "$(id -u)" = 0 ] || cannot "run as root: a root file system is made and mounted"
command -v git >/dev/null || cannot "git is missing"
maker=$(command -v mmdebstrap || command -v debootstrap) || cannot "apt-get install debootstrap (or mmdebstrap)"
suite=${FRESH_SUITE:-bookworm}

# Its own mounts and its own processes: whatever happens, both are gone when this ends.
if [ -z "${FRESH_INSIDE:-}" ]; then
  options=(--with "$with"); [ -n "$only_run" ] && options+=(--only-run); [ -n "$keep" ] && options+=(--keep)
  FRESH_INSIDE=yes exec unshare --mount --propagation private --pid --fork --kill-child -- \
    bash "$(readlink -f "$0")" "${options[@]}" "$(readlink -f "$checkout")"
fi

folder=$(mktemp -d "${FRESH_FOLDER:-${TMPDIR:-/tmp}}/cotutelle-fresh.XXXXXX")
root=$folder/root
mkdir "$root"
mounted=()
leave() {
  trap - EXIT INT TERM
  local i
  for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do umount --lazy "${mounted[i]}" 2>/dev/null || true; done
  if [ -n "$keep" ]; then echo "fresh: kept in $folder"; else rm -rf --one-file-system "$folder"; fi
}
trap leave EXIT
trap 'exit 130' INT TERM
mounts() { # mount arguments..., the place last
  mkdir -p "${@: -1}"
  mount "$@"
  mounted+=("${@: -1}")
}

faults=0
report=()
began=$SECONDS
lap() { report+=("$(printf '%5d s  %s' $((SECONDS - began)) "$1")"); echo "— $1 ($((SECONDS - began)) s)"; began=$SECONDS; }
check() { # sentence, command...
  local sentence=$1; shift
  if "$@" >/dev/null 2>&1; then echo "  ok   $sentence"; else echo "  NOT  $sentence"; report+=("   NOT    $sentence"); faults=$((faults + 1)); fi
}
none() { ! "$@"; }

# 1. The root: the suite's least, Python, make.
mirror=${FRESH_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' "Codename: $suite" 2>/dev/null | head -n 1)}
packages="python3,$with,make"
echo "— a bare $suite with ${packages//,/, }"
log=$folder/root.log
if [ "$(basename "$maker")" = mmdebstrap ]; then
  "$maker" --quiet --mode=root --variant=minbase --include="$packages,ca-certificates" "$suite" "$root" ${mirror:+"$mirror"} >"$log" 2>&1 || { tail -n 20 "$log"; exit 2; }
else
  "$maker" --variant=minbase --include="$packages,ca-certificates" "$suite" "$root" ${mirror:+"$mirror"} >"$log" 2>&1 || { tail -n 20 "$log"; exit 2; }
fi
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
mounts -t proc proc "$root/proc"
mounts --rbind /sys "$root/sys"
mounts --rbind /dev "$root/dev"
mounts -t tmpfs tmpfs "$root/dev/shm"
mounts -t tmpfs tmpfs "$root/run"

# How this machine reaches the network: names, certificates, pip's and apt's configuration. No host is named here.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp -L /etc/hosts "$root/etc/hosts"
for place in /usr/local/share/ca-certificates /etc/ssl/certs /etc/pip.conf /etc/xdg/pip /root/.config/pip /root/.pip; do
  [ -e "$place" ] || continue
  mkdir -p "$root$(dirname "$place")"
  rm -rf "${root:?}$place"
  cp -rL "$place" "$root$place"
done
for file in /etc/apt/apt.conf.d/*; do
  if [ -f "$file" ] && grep -qi '^ *acquire' "$file"; then cp "$file" "$root$file"; fi
done
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root)
while IFS='=' read -r name value; do
  case $name in
    PIP_* | *_proxy | *_PROXY | SSL_CERT_FILE | SSL_CERT_DIR | REQUESTS_CA_BUNDLE | CURL_CA_BUNDLE) environment+=("$name=$value") ;;
  esac
done < <(env)
# Folders of packages on this machine that pip's configuration names are lent to the root, read only; of an
# index the folder above, since its pages point there.
while read -r lent; do
  lent=${lent%/}
  [ "$(basename "$lent")" = simple ] && lent=$(dirname "$lent")
  [ -d "$lent" ] && [ ! -e "$root$lent" ] || continue
  mounts --bind "$lent" "$root$lent"
  mount -o remount,bind,ro "$root$lent"
done < <({ cat /etc/pip.conf /etc/xdg/pip/pip.conf /root/.config/pip/pip.conf /root/.pip/pip.conf 2>/dev/null || true; env | grep '^PIP_' || true; } |
  grep -oE '(file://|[= ])/[^ ,]+' | sed -E 's,^(file://|[= ]),,' | sort -u)
inside() { chroot "$root" /usr/bin/env -i "${environment[@]}" "$@"; }
lap "the root is made"

# 2. What is committed, and nothing else.
git -c safe.directory='*' clone --quiet --no-hardlinks "$checkout" "$root/srv/cotutelle"
echo "— commit $(git -c safe.directory='*' -C "$root/srv/cotutelle" log -1 --format='%h %s')"
rm -rf "$root/srv/cotutelle/.git/hooks"
port=$(inside python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
here=$root/srv/cotutelle

answers() { # path: its status, from inside the root
  inside python3 -c '
import sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=60).status)
except urllib.error.HTTPError as error:
    print(error.code)
except OSError:
    print(0)' "http://127.0.0.1:$port$1"
}

start() { # log, seconds to wait: `make run` in the background, until it answers and has greeted
  local waited=0
  set -m # a group of its own, which an interrupt reaches as at a terminal
  inside PORT="$port" sh -c 'cd /srv/cotutelle && exec make run' >"$1" 2>&1 &
  running=$!
  set +m
  while [ "$(answers /healthz)" != 200 ] || ! grep -q 'Stop with' "$1"; do
    if ! kill -0 "$running" 2>/dev/null; then echo "  make run ended by itself:"; sed 's/^/    /' "$1"; return 1; fi
    if [ "$waited" -ge "$2" ]; then echo "  make run does not answer:"; sed 's/^/    /' "$1"; return 1; fi
    sleep 1; waited=$((waited + 1))
  done
}

stop() { # as Ctrl+C does: an interrupt to everything that make started
  local ended=0 left=20
  kill -INT -- "-$running"
  wait "$running" || ended=$?
  while [ "$(answers /healthz)" != 0 ] && [ "$left" -gt 0 ]; do sleep 1; left=$((left - 1)); done
  [ "$ended" = 0 ] || [ "$ended" = 130 ] # make itself says that it was interrupted
}

says() { grep -qF -- "$2" "$1"; }

# 3. Nothing but `make`, then the first run.
inside sh -c 'cd /srv/cotutelle && make' >"$folder/help.log" 2>&1 || true
check "make alone lists the commands" says "$folder/help.log" "make run"
check "make alone says nothing else" none grep -qiE 'not found|error' "$folder/help.log"
began=$SECONDS
first=$folder/first.log
if start "$first" 900; then
  lap "the first make run answers"
  sed 's/^/    /' "$first"
  check "it says where it is" says "$first" "Cotutelle is at http://localhost:$port"
  check "it says where mail is shown" says "$first" "Mail is shown at http://localhost:$port/mailbox"
  check "it says where the convention is" says "$first" "instance/demo-convention.pdf"
  check "it says how to sign in" says "$first" "Sign in with the password"
  check "it says how to stop" says "$first" "Stop with Ctrl+C."
  check "it filled the database" says "$first" "filling the database with the demonstration"
  check "it has no trace of a fault" none grep -qE 'Traceback|\[(ERROR|CRITICAL|WARNING)\]|^make: ' "$first"
  check "it shows no other programme's complaint" none grep -qE '^(The virtual environment was not|    apt install|ERROR:)' "$first"
  check "the convention is a PDF" grep -qa '^%PDF-1' "$here/instance/demo-convention.pdf"
  check "the sign-in page answers" test "$(answers /sign-in)" = 200
  check "/readyz is content" test "$(answers /readyz)" = 200
  check "an interrupt ends it without a complaint" stop
  check "nothing answers any more" test "$(answers /healthz)" = 0
  check "it leaves without a trace of a fault" none grep -qE 'Traceback|\[(ERROR|CRITICAL)\]' "$first"
else
  report+=("   NOT    the first make run answers"); faults=$((faults + 1))
  [ -n "${running:-}" ] && kill -- "-$running" 2>/dev/null || true
fi

# 4. The second run: nothing left to do.
touch "$folder/before"; sleep 1
pdf=
[ -f "$here/instance/demo-convention.pdf" ] && pdf=$(sha256sum <"$here/instance/demo-convention.pdf")
began=$SECONDS
second=$folder/second.log
if [ -n "$pdf" ] && start "$second" 120; then
  lap "the second make run answers"
  sed 's/^/    /' "$second"
  check "it says that nothing was to migrate or to fill in" says "$second" "nothing to migrate or to fill in"
  check "it neither installs, migrates, fills nor prints anew" none grep -qE 'installing|making|bringing|filling|writing' "$second"
  check "it installed nothing" test -z "$(find "$here/.venv" -newer "$folder/before" -not -path '*/__pycache__*' -type f -print -quit)"
  check "the convention is the same" test "$pdf" = "$(sha256sum <"$here/instance/demo-convention.pdf")"
  check "an interrupt ends it without a complaint" stop
elif [ -n "$pdf" ]; then
  report+=("   NOT    the second make run answers"); faults=$((faults + 1))
fi
check "the checkout is as it was cloned" test -z "$(git -c safe.directory='*' -C "$here" status --porcelain)"

# 5. The tests, after what they need of the machine.
if [ -z "$only_run" ]; then
  began=$SECONDS
  if inside sh -c 'cd /srv/cotutelle && bash .ci/setup' >"$folder/setup.log" 2>&1; then ready=yes; else ready=; fi
  lap ".ci/setup"
  check ".ci/setup installs what the machine lacks" test -n "$ready"
  [ -n "$ready" ] || tail -n 20 "$folder/setup.log" | sed 's/^/    /'
  if inside sh -c 'cd /srv/cotutelle && make test' >"$folder/test.log" 2>&1; then green=yes; else green=; fi
  lap "make test"
  check "make test is green" test -n "$green"
  tail -n "$([ -n "$green" ] && echo 5 || echo 60)" "$folder/test.log" | sed 's/^/    /'
fi

echo
printf '%s\n' "${report[@]}"
if [ "$faults" -gt 0 ]; then echo "fresh: $faults did not hold (bare $suite, $with)"; exit 1; fi
echo "fresh: everything held (bare $suite, $with)"
