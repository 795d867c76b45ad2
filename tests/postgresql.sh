#!/usr/bin/env bash
# A private PostgreSQL for tests: nothing of it outlives them, and nobody else's server is touched.
#
#   bash tests/postgresql.sh start DIR     makes a cluster in DIR, starts it, prints its connection string
#   bash tests/postgresql.sh stop DIR      stops it as a power cut would, and removes DIR
#   bash tests/postgresql.sh crash DIR     stops it as a power cut would
#   bash tests/postgresql.sh again DIR     starts it again, at the same port
#
# Ends with 3 where there is no PostgreSQL and none can be installed.
set -euo pipefail
verb=${1:?start, stop, crash or again} dir=${2:?a folder}

find_programs() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -n 1)
  if [ -n "$found" ] && [ -x "$found/initdb" ]; then echo "$found"
  elif command -v initdb > /dev/null && command -v pg_ctl > /dev/null; then dirname "$(readlink -f "$(command -v initdb)")"
  fi
}

# PostgreSQL refuses to run as root.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u "$owner" -- "$@"; else "$@"; fi; }

free_port() {
  local port
  for _ in $(seq 50); do
    # Below the ports that systems give to clients: one of those may be taken at the next moment.
    port=$((RANDOM % 20000 + 12000))
    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then echo "$port"; return; fi
  done
  echo "no free port found" >&2
  return 1
}

serve() {
  as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -s start \
    -o "-c listen_addresses=127.0.0.1 -c port=$(cat "$dir/port") -c unix_socket_directories='' -c max_connections=200 -c shared_buffers=256MB -c max_wal_size=2GB" > /dev/null ||
    { cat "$dir/log" >&2; return 1; }
}

bin=$(find_programs)
if [ -z "$bin" ] && [ "$verb" = start ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q postgresql > /dev/null 2>&1 || true
  bin=$(find_programs)
fi
if [ -z "$bin" ]; then echo "PostgreSQL is not installed (initdb and pg_ctl are neither in PATH nor in /usr/lib/postgresql)" >&2; exit 3; fi
owner=$(id -un)
if [ "$owner" = root ]; then
  owner=postgres
  id postgres > /dev/null 2>&1 || owner=nobody
fi

case $verb in
  start)
    mkdir -p "$dir"  # may be there, empty
    chmod 755 "$dir"
    mkdir "$dir/data"
    touch "$dir/log"
    if [ "$(id -u)" = 0 ]; then chown "$owner" "$dir/data" "$dir/log"; fi
    as_owner "$bin/initdb" -D "$dir/data" -U hub -A trust -E UTF8 --locale=C --no-sync > /dev/null
    # Somebody may have taken the port between the look and the start.
    for attempt in 1 2 3 4 5; do
      free_port > "$dir/port"
      if serve; then break; elif [ "$attempt" = 5 ]; then exit 1; fi
    done
    echo "Host=127.0.0.1;Port=$(cat "$dir/port");Username=hub;Database=postgres"
    ;;
  again) serve ;;
  crash) as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop ;;
  stop)
    as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop > /dev/null 2>&1 || true
    rm -rf "$dir"
    ;;
  *) echo "start, stop, crash or again" >&2; exit 2 ;;
esac
