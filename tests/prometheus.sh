#!/usr/bin/env bash
# A private Prometheus for tests: it reads one address every second, and nothing of it outlives them.
#
#   bash tests/prometheus.sh start DIR HOST:PORT   starts it, reading http://HOST:PORT/metrics; prints its own address
#   bash tests/prometheus.sh check DIR             passes metrics on stdin to promtool
#   bash tests/prometheus.sh stop DIR              stops it and removes DIR
#
# Ends with 3 where there is no Prometheus and none can be had. Debian's package is unpacked into a folder of its own, not installed: it would
# start a service.
set -euo pipefail
verb=${1:?start, check or stop} dir=${2:?a folder}
cache=${TMPDIR:-/tmp}/hub-test-prometheus-$(id -u)

find_program() { # NAME
  if command -v "$1" > /dev/null; then command -v "$1"
  elif [ -x "$cache/usr/bin/$1" ]; then echo "$cache/usr/bin/$1"
  fi
}

unpack() {
  command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || return 0
  local loading
  loading=$(mktemp -d)
  # Put in its place whole: another test may look for it meanwhile.
  if (cd "$loading" && apt-get download -q prometheus > /dev/null 2>&1 && dpkg-deb -x prometheus_*.deb unpacked); then
    mv -T "$loading/unpacked" "$cache" 2> /dev/null || true
  fi
  rm -rf "$loading"
}

free_port() {
  local port
  for _ in $(seq 50); do
    port=$((RANDOM % 20000 + 40000))
    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then echo "$port"; return; fi
  done
  echo "no free port found" >&2
  return 1
}

if [ "$verb" != stop ]; then
  if [ -z "$(find_program prometheus)" ]; then unpack; fi
  if [ -z "$(find_program prometheus)" ]; then echo "Prometheus is not installed (prometheus is not in PATH)" >&2; exit 3; fi
fi

case $verb in
  start)
    target=${3:?HOST:PORT}
    mkdir -p "$dir"
    port=$(free_port)
    cat > "$dir/prometheus.yml" << END
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: hub
    static_configs: [ { targets: [ '$target' ] } ]
END
    "$(find_program prometheus)" --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/data" --web.listen-address="127.0.0.1:$port" > "$dir/log" 2>&1 < /dev/null &
    echo $! > "$dir/pid"
    for _ in $(seq 100); do
      if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then echo "http://127.0.0.1:$port"; exit 0; fi
      if ! kill -0 "$(cat "$dir/pid")" 2> /dev/null; then break; fi
      sleep 0.1
    done
    cat "$dir/log" >&2
    exit 1
    ;;
  check) "$(find_program promtool)" check metrics ;;
  stop)
    if [ -f "$dir/pid" ]; then kill -9 "$(cat "$dir/pid")" 2> /dev/null || true; fi
    rm -rf "$dir"
    ;;
  *) echo "start, check or stop" >&2; exit 2 ;;
esac
