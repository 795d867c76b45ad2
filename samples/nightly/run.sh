#!/usr/bin/env bash
# A first alignment, a night, and a morning with a conflict, played against the sandbox. It needs the .NET SDK, curl, and nothing else.
#   bash samples/nightly/run.sh           plays it through and ends the sandbox
#   bash samples/nightly/run.sh --stay    leaves the sandbox running, to try things by hand
set -euo pipefail
cd "$(dirname "$0")/../.."
configuration="${CONFIGURATION:-Release}"
# The sandbox is on this machine: a proxy has no part in it.
export NO_COLOR=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
fail() { echo "run.sh: $*" >&2; exit 1; }

step "Build"
for project in src/Hub samples/sandbox; do
  dotnet build "$project" -c "$configuration" -nologo -v quiet
done

# ---- The sandbox, on a free port --------------------------------------------------------------------------------------
log="$(mktemp)"
"samples/sandbox/bin/$configuration/net10.0/Crm.Integration.Sandbox" --port 0 > "$log" 2>&1 &
sandbox=$!
# Whatever happens, the sandbox that was started here ends.
trap 'kill "$sandbox" 2> /dev/null || true; rm -f "$log"' EXIT
address=""
for _ in $(seq 300); do
  address="$(sed -n 's|.* at \(http://[^/ ]*\)/.*|\1|p' "$log")"
  [ -n "$address" ] && break
  kill -0 "$sandbox" 2> /dev/null || fail "the sandbox did not start: $(cat "$log")"
  sleep 0.2
done
[ -n "$address" ] || fail "the sandbox did not start: $(cat "$log")"

# Secrets come from the environment, here as in production. These are the sandbox's, and printed in its README.
export CRM_SANDBOX="$address" SALESFORCE_SECRET=sandbox-consumer-secret ZOHO_SECRET=sandbox-secret ZOHO_REFRESH_TOKEN=1000.sandbox.refresh
export INSIGHTLY_API_KEY=sandbox-api-key FXIAOKE_APP_SECRET=sandbox-secret FXIAOKE_PERMANENT_CODE=sandbox-permanent-code

hub() { "src/Hub/bin/$configuration/net10.0/hub" --hub samples/nightly "$@"; }
control() { curl -sS --fail-with-body -X "$1" "$address/_sandbox/$2" "${@:3}"; }
systems="salesforce zoho insightly fxiaoke"
# Whether the last run wrote anything is not asked of the hub, but of those who would have been written to.
write_calls() { for system in $systems; do control GET "$system/counters" | grep -o '"writeCalls":[0-9]*' | cut -d: -f2; done | paste -sd+ - | { read -r sum; echo $((sum)); }; }
violations() { for system in $systems; do control GET "$system/counters" | grep -o '"violations":[0-9]*' | cut -d: -f2; done | paste -sd+ - | { read -r sum; echo $((sum)); }; }
forget_calls() { for system in $systems; do control POST "$system/counters/reset"; done; }
# The id of the record that holds a value: id_of zoho/records/Contacts Email ann@example.com
id_of() { control GET "$1" -G --data-urlencode "$2=$3" | grep -o '"id":"[^"]*"' | head -n 1 | cut -d'"' -f4; }
holds() { control GET "$1" -G --data-urlencode "$2=$3" | grep -q '"id":"' || fail "$1 holds no record whose $2 is $3"; echo "  $1: $2 is $3"; }
run_until_silent() {
  for night in 1 2 3 4 5; do
    forget_calls
    hub run "$@"
    set --
    if [ "$(write_calls)" = 0 ]; then
      echo; echo "  -> run $night made no write call anywhere: all systems agree."
      return
    fi
  done
  fail "five runs, and there is still something to write"
}

# Forty people each. They overlap: 100 people in all, and the ERP knows forty of them.
control POST salesforce/reset -d '{"records":40,"seed":1,"first":0}'
control POST zoho/reset       -d '{"records":40,"seed":1,"first":20}'
control POST insightly/reset  -d '{"records":40,"seed":1,"first":40}'
control POST fxiaoke/reset    -d '{"records":40,"seed":1,"first":60}'
# The sandbox remembers nothing of the last time, so neither may the hub.
rm -rf samples/nightly/data

step "hub check: are addresses, secrets, rights and streams right?"
hub check

step "hub plan: what would the first run do? It ends with 3: the limits hold it back, as they should"
hub plan --show 2 || [ $? = 3 ]

step "hub run --ignore-limits: the first alignment. The plan has been looked at: telephone numbers in one form, the hub's key, the ERP's number"
run_until_silent --ignore-limits

step "A day goes by: users edit"
mail=$(control GET insightly/records/Contacts | grep -o '"EMAIL_ADDRESS":"[^"]*62@[^"]*"' | head -n 1 | cut -d'"' -f4)
control PATCH "zoho/records/Contacts/$(id_of zoho/records/Contacts Email "$mail")" -d '{"Title":"Head of Purchasing"}'
echo "  Zoho CRM: $mail is Head of Purchasing now"
control POST fxiaoke/records/ContactObj -d '{"name":"李雷","mobile1":"+86 138 1234 5678","email":"lei.li@example.cn","job_title":"采购经理"}' > /dev/null
echo "  Fxiaoke: a new contact, 李雷"
other=$(control GET insightly/records/Contacts | grep -o '"EMAIL_ADDRESS":"[^"]*65@[^"]*"' | head -n 1 | cut -d'"' -f4)
contact=$(id_of salesforce/records/Contact Email "$other")
control PATCH "salesforce/records/Contact/$contact" -d '{"Email":"old.address@example.com"}'
sleep 2
control PATCH "insightly/records/Contacts/$(id_of insightly/records/Contacts EMAIL_ADDRESS "$other")" -d '{"EMAIL_ADDRESS":"new.address@example.com"}'
echo "  Salesforce and Insightly: both edit the e-mail address of $other, Insightly last"

step "hub run: the night after"
run_until_silent
for system in salesforce/records/Contact zoho/records/Contacts; do holds $system Title "Head of Purchasing"; done
holds insightly/records/Contacts TITLE "Head of Purchasing"
holds fxiaoke/records/ContactObj job_title "Head of Purchasing"
holds salesforce/records/Contact Email lei.li@example.cn
holds zoho/records/Contacts Email lei.li@example.cn
holds insightly/records/Contacts EMAIL_ADDRESS lei.li@example.cn
holds zoho/records/Contacts Email new.address@example.com
# "conflict": { "Email": "ask" } in pipelines/salesforce-out.json: nobody is written over unasked.
holds salesforce/records/Contact Email old.address@example.com

step "hub conflict list: what waits for a person"
hub conflict list
conflict=$(hub --json conflict list | grep -o '"id": *[0-9]*' | head -n 1 | grep -o '[0-9]*$')
[ -n "$conflict" ] || fail "no conflict waits"
hub conflict show "$conflict"

step "hub conflict accept $conflict hub: a person decides, and the next run carries it out"
hub conflict accept "$conflict" hub
run_until_silent
holds salesforce/records/Contact Email new.address@example.com

[ "$(violations)" = 0 ] || fail "a limit of one of the systems was broken"
step "Done: four systems and the hub agree, and no limit was broken"
if [ "${1:-}" = --stay ]; then
  echo "The sandbox stays at $address until you press Enter. In another shell:"
  echo "  export CRM_SANDBOX=$address SALESFORCE_SECRET=$SALESFORCE_SECRET ZOHO_SECRET=$ZOHO_SECRET ZOHO_REFRESH_TOKEN=$ZOHO_REFRESH_TOKEN INSIGHTLY_API_KEY=$INSIGHTLY_API_KEY FXIAOKE_APP_SECRET=$FXIAOKE_APP_SECRET FXIAOKE_PERMANENT_CODE=$FXIAOKE_PERMANENT_CODE"
  echo "  $PWD/src/Hub/bin/$configuration/net10.0/hub --hub samples/nightly search Wilson"
  read -r _
fi
