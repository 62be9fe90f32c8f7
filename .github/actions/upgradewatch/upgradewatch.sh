#!/bin/sh
# Tells UpgradeWatch how far a rollout is, and waits for its verdict. Needs a POSIX shell, sed and curl, so that any CI can
# run it.
#   upgradewatch.sh begin        before the rollout: opens the upgrade
#   upgradewatch.sh gate         after it: waits until the verdict is good, or bad
#   upgradewatch.sh rolled-back  when the old version is back
#   upgradewatch.sh aborted      when nothing was rolled out
# Exit codes: 0 pass or warn, or done; 1 fail; 2 wrong usage; 3 inconclusive; 4 UpgradeWatch cannot be reached;
# 5 no verdict in time; 6 refused by UpgradeWatch.
# Environment:
#   UPGRADEWATCH_URL       where it is, for instance https://upgradewatch.example.com
#   UPGRADEWATCH_TARGET    the target, as UpgradeWatch's configuration names it
#   UPGRADEWATCH_REVISION  what is rolled out, for instance the commit; the same revision means the same upgrade
#   UPGRADEWATCH_TOKEN     a token with the role operate; or UPGRADEWATCH_TOKEN_FILE, a file with it
#   UPGRADEWATCH_VERSION   the version that people know it by; default: the revision
#   UPGRADEWATCH_UNTIL     final: the gate opens only at the end of the observation window
#   UPGRADEWATCH_TIMEOUT   seconds that the gate waits; default 5400
#   UPGRADEWATCH_RETRY     seconds for which a server that is away is asked again; default 300
#   UPGRADEWATCH_INTERVAL  seconds between two questions; default 15
set -u

say() { printf '%s\n' "upgradewatch: $*" >&2; }

wrong() {
  say "$*"
  exit 2
}

# Text as JSON.
quote() { printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

# The token goes to curl on standard input, so that no list of processes shows it.
ask() {
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --config - --silent --show-error --max-time 30 --output "$answer" --write-out '%{http_code}' "$@"
}

# Asks until there is an answer that says something: sets code. What is away is asked again, a refusal ends it.
ask_until_answered() {
  away=0
  while :; do
    code=$(ask "$@") || code=000
    case "$code" in
      000 | 429 | 5??) ;;
      *) return ;;
    esac
    [ "$away" -lt "$retry" ] || { say "no answer from $url for $away s (status $code)"; exit 4; }
    sleep "$interval"
    away=$((away + interval))
    waited=$((waited + interval))
  done
}

# A text of the answer, with its quotes as they were.
field() { sed -nE 's/.*"'"$1"'":"(([^"\\]|\\.)*)".*/\1/p' "$answer" | sed -E 's/\\(["\\/])/\1/g'; }

tell() {
  body="{\"target\":$(quote "$target"),\"revision\":$(quote "$revision"),\"phase\":\"$1\"${UPGRADEWATCH_VERSION:+,\"toVersion\":$(quote "$UPGRADEWATCH_VERSION")}}"
  ask_until_answered --request POST --header 'Content-Type: application/json' --data-binary "$body" "$url/api/v1/hooks/generic"
  if [ "$code" != 200 ]; then
    say "refused ($code): $(field detail)"
    exit 6
  fi
  upgrade=$(field upgradeId)
  [ -n "$upgrade" ] || { say "what answers at $url is not UpgradeWatch"; exit 4; }
  [ "$upgrade $1" = "${told:-}" ] && return
  told="$upgrade $1"
  say "upgrade $upgrade of $target is told: $1"
  [ -z "${GITHUB_OUTPUT:-}" ] || printf 'upgrade=%s\n' "$upgrade" >>"$GITHUB_OUTPUT"
}

# Ends with the verdict: its sentence on standard output.
end() {
  summary=$(field summary)
  printf '%s\n' "$summary"
  [ -z "${GITHUB_OUTPUT:-}" ] || printf 'verdict=%s\n' "$2" >>"$GITHUB_OUTPUT"
  [ -z "${GITHUB_STEP_SUMMARY:-}" ] || printf '**UpgradeWatch, %s: %s.** %s\n' "$target" "$2" "$summary" >>"$GITHUB_STEP_SUMMARY"
  exit "$1"
}

# Each call says how far the revision is and is answered with how it stands, so that it is always this revision's verdict.
gate() {
  while :; do
    tell post-upgrade
    final=$(sed -nE 's/.*"final":(true|false).*/\1/p' "$answer")
    case "$(sed -nE 's/.*"gate":([0-9]+).*/\1/p' "$answer")" in
      200) [ "${UPGRADEWATCH_UNTIL:-}" = final ] && [ "$final" = false ] || end 0 good ;;
      409) end 1 fail ;;
      # Nothing can be said now; only the last word counts.
      424) [ "$final" = false ] || end 3 inconclusive ;;
    esac
    summary=$(field summary)
    [ "$summary" = "${said:-}" ] || say "$(field status): $summary"
    said=$summary
    [ "$waited" -lt "$timeout" ] || { say "no verdict within $timeout s"; end 5 pending; }
    sleep "$interval"
    waited=$((waited + interval))
  done
}

url=${UPGRADEWATCH_URL:-} target=${UPGRADEWATCH_TARGET:-} revision=${UPGRADEWATCH_REVISION:-} token=${UPGRADEWATCH_TOKEN:-}
timeout=${UPGRADEWATCH_TIMEOUT:-5400} retry=${UPGRADEWATCH_RETRY:-300} interval=${UPGRADEWATCH_INTERVAL:-15}
[ -n "$url" ] || wrong "UPGRADEWATCH_URL is not set"
[ -n "$target" ] || wrong "UPGRADEWATCH_TARGET is not set"
[ -n "$revision" ] || wrong "UPGRADEWATCH_REVISION is not set"
case "${UPGRADEWATCH_UNTIL:-}" in "" | final) ;; *) wrong "UPGRADEWATCH_UNTIL is '$UPGRADEWATCH_UNTIL'; it must be final, or not be set" ;; esac
for number in "$timeout" "$retry" "$interval"; do
  case "$number" in "" | *[!0-9]*) wrong "'$number' is not a number of seconds" ;; esac
done
[ "$interval" -gt 0 ] || wrong "UPGRADEWATCH_INTERVAL is 0; then nothing would ever end"
if [ -z "$token" ] && [ -n "${UPGRADEWATCH_TOKEN_FILE:-}" ]; then
  token=$(cat "$UPGRADEWATCH_TOKEN_FILE") || wrong "UPGRADEWATCH_TOKEN_FILE cannot be read"
fi
# A secret that was pasted or written by a command ends with a line break, and may go on after it.
token=$(printf '%s\n' "$token" | sed 's/[[:space:]].*//;1q')
url=${url%/}
waited=0
answer=$(mktemp) || wrong "no temporary file can be made"
trap 'rm -f "$answer"' EXIT
trap 'exit 130' INT TERM

case "${1:-}" in
  begin) tell upgrading ;;
  gate) gate ;;
  rolled-back | aborted) tell "$1" ;;
  *) wrong "usage: upgradewatch.sh begin|gate|rolled-back|aborted" ;;
esac
