#!/usr/bin/env bash
# Builds everything once and passes all the tests. Needs the .NET 10 SDK; PostgreSQL, where it is installed or can be, is started
# as a private server for the time of the tests. HUB_TEST_POSTGRES names another one: a database to which schemas may be added.
#
#   bash tests/run.sh                      everything
#   bash tests/run.sh Mapping.Tests        only these projects
#
# A test that needs a server which is not there is skipped, its reason beginning with "server:". On a build server (CI=true)
# nobody reads what was skipped: there such a skip is a failure. The last line is: N passed, N failed, N skipped
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

dotnet build Crm.Integration.sln -c Release -v quiet || { echo "The build failed; no test was run."; exit 1; }

results=$(mktemp -d)
server=""
trap '[ -z "$server" ] || bash tests/postgresql.sh stop "$server"; rm -rf "$results"' EXIT
trap 'exit 130' INT TERM

if [ -z "${HUB_TEST_POSTGRES:-}" ]; then
  server=$(mktemp -d)
  if HUB_TEST_POSTGRES=$(bash tests/postgresql.sh start "$server"); then
    export HUB_TEST_POSTGRES
  else
    rm -rf "$server"
    unset HUB_TEST_POSTGRES
    server=""
  fi
fi

projects=("$@")
if [ ${#projects[@]} -eq 0 ]; then
  for project in tests/*.Tests; do projects+=("$(basename "$project")"); done
fi

passed=0 failed=0 skipped=0 missing_servers=0
skips=""
for project in "${projects[@]}"; do
  echo "== $project"
  dotnet test "tests/$project" -c Release --no-build --logger "trx;LogFileName=$project.trx" --results-directory "$results" 2>&1 |
    grep -v -e '^Test run for' -e '^A total of' -e '^Results File:' -e '^VSTest version' -e '^Starting test execution' -e '^[[:space:]]*$'
  code=${PIPESTATUS[0]}

  good=0 bad=0 left=0
  if [ -f "$results/$project.trx" ]; then
    # A result a line, whatever the line breaks of the file: its head, and for a skipped one the reason behind it.
    lines=$(tr '\r\n' '  ' < "$results/$project.trx" | sed 's/<UnitTestResult /\n&/g; s/<TestDefinitions>/\n&/')
    count() { grep -c "^<UnitTestResult [^>]*outcome=\"$1\"" <<< "$lines" || true; }
    good=$(count Passed) bad=$(count Failed) left=$(count NotExecuted)
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
    if [ "$left" -gt 0 ]; then
      while IFS= read -r line; do
        name=$(sed -E 's/.* testName="([^"]*)".*/\1/; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' <<< "$line")
        reason=$(grep -oE '<(Message|StdOut)>[^<]*' <<< "$line" | head -n 1 | sed -E 's/<[A-Za-z]+>//; s/^ +//; s/ +$//' || true)
        skips+="  $name${reason:+ ($reason)}"$'\n'
        case $reason in server:*) missing_servers=$((missing_servers + 1)) ;; esac
      done < <(grep '^<UnitTestResult [^>]*outcome="NotExecuted"' <<< "$lines")
    fi
  fi

  # A test host that died, or a project that does not exist, leaves no failed test behind; it must not look like success.
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$project did not run to its end (exit code $code); counted as one failure."
    failed=$((failed + 1))
  elif [ $((good + bad + left)) -eq 0 ]; then
    echo "$project ran no test at all; counted as one failure."
    failed=$((failed + 1))
  fi
done

echo
if [ -n "$skips" ]; then
  echo "Skipped:"
  printf '%s' "$skips"
fi
if [ "${CI:-}" = true ] && [ "$missing_servers" -gt 0 ]; then
  echo "CI=true: $missing_servers skipped for want of a server count as failed."
  failed=$((failed + missing_servers)) skipped=$((skipped - missing_servers))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
