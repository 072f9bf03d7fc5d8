# Shared helpers of start-*.sh (sourced). Loopback only; nothing is installed here. Each start script:
#   DATAROOT=FOLDER start-NAME.sh PORT USER PASSWORD
# empties DATAROOT/NAME, starts the server in the background, writes its pids there,
# waits until CalDAV answers an authenticated PROPFIND, prints
#   READY name=.. url=.. user=.. pid=..
# Exit 3: Debian packages are missing (their names are printed).
set -u
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${DATAROOT:?a folder of this run alone}"

need_apt() {   # need_apt package...
  local missing=()
  for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] || { echo "not installed: ${missing[*]}" >&2; exit 3; }
}
stop_old() {   # stop_old DATADIR : end only what an earlier run of this script started there (by pid files)
  local d=$1 p f kids="" all=""
  for f in "$d"/*.pid "$d/pid"; do
    [ -f "$f" ] || continue
    p=$(head -1 "$f"); [ -n "$p" ] && [ -d "/proc/$p" ] || continue
    kids="$kids $(cat /proc/$p/task/$p/children 2>/dev/null)"; all="$all $p"
    # php -S with workers only ends its workers on SIGINT; everything else gets SIGTERM
    case "$(tr '\0' ' ' < /proc/$p/cmdline 2>/dev/null)" in *" -S 127.0.0.1:"*) kill -INT "$p" 2>/dev/null;; *) kill "$p" 2>/dev/null;; esac
  done
  for _ in $(seq 50); do
    local alive=0
    for p in $all; do [ -d "/proc/$p" ] && alive=1; done
    [ $alive = 0 ] && break; sleep 0.1
  done
  for p in $all; do [ -d "/proc/$p" ] && kill -9 "$p" 2>/dev/null; done   # e.g. Radicale waits for running requests on SIGTERM
  for p in $kids; do [ -d "/proc/$p" ] && kill "$p" 2>/dev/null; done      # orphaned workers (SOGo, Cyrus)
  sleep 0.2; for p in $kids; do [ -d "/proc/$p" ] && kill -9 "$p" 2>/dev/null; done
  return 0
}
wait_port_free() { # wait_port_free PORT [max_seconds] : children of an ended master may hold the socket a moment
  for _ in $(seq $(( ${2:-15} * 10 ))); do ss -ltnH "sport = :$1" | grep -q . || return 0; sleep 0.1; done
  echo "port $1 is still in use" >&2; exit 4
}
fresh_dir() {  # fresh_dir DATADIR  (refuses anything outside DATAROOT)
  case "$1" in "$DATAROOT"/*) ;; *) echo "refusing data dir $1" >&2; exit 2;; esac
  stop_old "$1"; wait_port_free "$PORT"; rm -rf "$1"; mkdir -p "$1"
}
wait_ready() { # wait_ready NAME URL USER PASSWORD PID [max_seconds] [curl options...]
  local name=$1 url=$2 user=$3 pw=$4 pid=$5 max=${6:-60}; shift 6 2>/dev/null || shift $#
  local end=$(( $(date +%s) + max )) code=000
  while [ "$(date +%s)" -lt "$end" ]; do
    code=$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$@" -u "$user:$pw" -X PROPFIND -H 'Depth: 0' \
      -H 'Content-Type: application/xml' --data '<d:propfind xmlns:d="DAV:"><d:prop><d:resourcetype/></d:prop></d:propfind>' "$url")
    [ "$code" = 207 ] && break
    [ -d "/proc/$pid" ] || { echo "FAILED name=$name: process $pid ended (last http $code)" >&2; return 1; }
    sleep 0.05
  done
  [ "$code" = 207 ] || { echo "FAILED name=$name url=$url last http $code" >&2; return 1; }
  echo "READY name=$name url=$url user=$user pid=$pid"
}
