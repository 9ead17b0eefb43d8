#!/usr/bin/env bash
# From a CSV file to a live report, with nothing but curl.
#
#   examples/first-campaign.sh BASE_URL API_KEY CSV
#
# The file needs a column of e-mail addresses, and consent with its date and source (columns such as consent,
# consent_date, consent_source): Fanfare mails nobody whose consent is not proven. Ends by printing the report as JSON.
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: $0 BASE_URL API_KEY CSV" >&2
  exit 2
fi
base=${1%/} key=$2 csv=$3
[ -r "$csv" ] || { echo "$csv cannot be read" >&2; exit 2; }

# call METHOD PATH [curl arguments…]: prints the answer, or tells what was refused and ends.
call() {
  local method=$1 path=$2 answer status
  shift 2
  answer=$(curl --silent --show-error --write-out '\n%{http_code}' --request "$method" --header "Authorization: Bearer $key" "$@" "$base$path")
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  if [ "$status" -ge 400 ]; then
    echo "$method $path was refused ($status): $answer" >&2
    exit 1
  fi
  printf '%s' "$answer"
}
json() { call "$1" "$2" --header 'Content-Type: application/json' --data "$3"; }
# first NAME: the first "NAME":"…" of the JSON on standard input.
first() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }
say() { echo "$*" >&2; }

say "Uploading $csv"
import=$(call POST /api/contacts/imports --form "file=@$csv;type=text/csv" | first id)

say "Importing as the columns were understood"
json POST "/api/contacts/imports/$import/start" '{}' >/dev/null
until state=$(call GET "/api/contacts/imports/$import" | first state); [ "$state" != running ]; do sleep 0.5; done
[ "$state" = completed ] || { say "The import ended as: $state"; exit 1; }

say "Making a segment of everybody in this import"
segment=$(json POST /api/segments "{\"name\":\"First campaign $import\",\"kind\":\"dynamic\",\"rule\":{\"all\":[{\"kind\":\"import\",\"operator\":\"one_of\",\"value\":[\"$import\"]}]}}" | first id)

say "Writing the mail"
campaign=$(json POST /api/campaigns "{
  \"name\": \"First campaign\",
  \"audience\": { \"include\": { \"segmentIds\": [\"$segment\"] } },
  \"content\": { \"email\": {
    \"subject\": \"Hello {{ contact.first_name | default: 'there' }}\",
    \"preheader\": \"A first mail from Fanfare\",
    \"fromName\": \"Fanfare\",
    \"fromEmail\": \"hello@example.com\",
    \"format\": \"html\",
    \"body\": \"<html><body><p>Hello {{ contact.first_name | default: 'there' }},</p><p>this is your first campaign. <a href='https://example.com/welcome'>Have a look</a>.</p></body></html>\"
  } }
}" | first id)

say "Launching"
call POST "/api/campaigns/$campaign/launch" --header "Idempotency-Key: launch-$campaign" >/dev/null
until status=$(call GET "/api/campaigns/$campaign" | first status); [ "$status" != running ]; do sleep 0.5; done
say "The campaign is $status"

call GET "/api/campaigns/$campaign/report"
echo
