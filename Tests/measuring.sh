# shellcheck shell=bash
# What the measurements share: the program, an nginx in the gateway's place, lists, and the figures of a run. To be
# sourced from the repository's top folder. A run's files go to a temporary folder, under TMPDIR if that is set, and are
# removed at the end.
source samples/setup.sh
export LC_ALL=C

# JELOU_INVENTORY_BINARY is relative to where the caller was.
program=
if [[ -n ${JELOU_INVENTORY_BINARY:-} ]]; then
  program=$(cd "$OLDPWD" && realpath "$JELOU_INVENTORY_BINARY")
  [[ -x $program ]] || stop "JELOU_INVENTORY_BINARY is no program: $JELOU_INVENTORY_BINARY"
fi

# Nothing of the caller's own takes part.
unset "${!JELOU_@}"

readonly measuring_packages=(nginx-light time)
# Seconds after which a single run is given up.
readonly longest_run=3600

# Debian keeps servers out of an ordinary user's PATH.
PATH+=:/usr/sbin

scratch=$(mktemp --directory)
nginx_id=

stop_nginx() {
  if [[ -z $nginx_id ]]; then return; fi
  kill "$nginx_id" 2>/dev/null || true
  wait "$nginx_id" || true
  rm -f "$scratch/nginx.pid"
  nginx_id=
}

clean_up() {
  stop_nginx
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# numbers NAME=DEFAULT... -- ARGUMENT...: sets each variable to the argument in its place, or to its default. Stops unless
# they are whole numbers above 0.
numbers() {
  local defaults=() default
  until [[ $1 == -- ]]; do
    defaults+=("$1")
    shift
  done
  for default in "${defaults[@]}"; do
    if [[ $# -gt 0 ]]; then shift; fi
    printf -v "${default%=*}" %s "${1:-${default#*=}}"
    [[ ${1:-1} =~ ^[1-9][0-9]{0,8}$ ]] || stop "${default%=*} must be a whole number above 0, not '$1'"
  done
}

# Installs what is needed, and the program as its users do unless there is one already.
prepare() {
  if [[ -n $program ]]; then
    require_packages "${measuring_packages[@]}"
  else
    set_up "${build_packages[@]}" "${measuring_packages[@]}"
    samples/install.sh "$scratch/installed" >/dev/null
    program=$scratch/installed/bin/jelou-inventory
  fi
}

# start_nginx LOG-FORMAT: one worker that answers every project with an integration. Sets base_url, and long_url, under
# which all projects have the same webhook of 900 KB. Each answer leaves a line of this format (nginx's variables) in
# $scratch/access.log, unless it is `off`. With more_servers, two more servers on the ports that follow: TLS with HTTP/2
# offered (tls_url, ca_file), and one that refuses more than limit a second (limited_url). With delay, answers take that
# many seconds (Debian's libnginx-mod-http-echo).
more_servers=
limit=2000
delay=
start_nginx() {
  local port
  for _ in {1..20}; do
    port=$((RANDOM % 12000 + 20000))
    write_nginx_configuration "$port" "$1"
    nginx -e "$scratch/error.log" -p "$scratch" -c "$scratch/nginx.conf" 2>/dev/null &
    nginx_id=$!
    # The process ID is written once the port is its own.
    for _ in {1..50}; do
      if [[ -s $scratch/nginx.pid ]]; then
        base_url=http://127.0.0.1:$port/jelouapi/v1
        # shellcheck disable=SC2034  # for those that measure long values
        long_url=http://127.0.0.1:$port/long
        # shellcheck disable=SC2034  # for those that have asked for more servers
        tls_url=https://localhost:$((port + 1))/jelouapi/v1 limited_url=http://127.0.0.1:$((port + 2))/jelouapi/v1
        return
      fi
      kill -0 "$nginx_id" 2>/dev/null || break
      sleep 0.1
    done
    kill "$nginx_id" 2>/dev/null || true
    wait "$nginx_id" || true
    nginx_id=
  done
  stop "nginx did not start: $(tail -n 1 "$scratch/error.log")"
}

# write_nginx_configuration PORT LOG-FORMAT
write_nginx_configuration() {
  local access='access_log off;' answer long more='' modules='' level
  if [[ $2 != off ]]; then access="log_format measured '$2'; access_log access.log measured;"; fi
  # As most are: a webhook of its own, and updated within the year.
  answer='return 200 '\''{"id":"int_$project","brainId":"brain_9d41c07e3a","authType":"bearer",'
  answer+='"webhookUrl":"https://hooks.acme.example/webhooks/jelou/$project","createdAt":"2024-03-05T14:21:07.000Z",'
  answer+='"updatedAt":"'$(date --utc --date '30 days ago' +%FT08:02:44.000Z)'"}'\'';'
  # nginx reads no parameter as long as that from its file, but makes one: each is ten times the one before.
  long='set $x0 xxxxxxxxx;'
  for level in {1..5}; do long+=" set \$x$level $(printf "\$x$((level - 1))%.0s" {1..10});"; done
  long+=${answer/webhooks\/jelou\/\$project/\$x5}
  if [[ -n $delay ]]; then
    modules='load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;'
    answer=${answer/return 200/echo_sleep $delay; echo}
  fi
  if [[ -n $more_servers ]]; then
    ca_file=$scratch/certificate.pem
    [[ -s $ca_file ]] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
      -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout "$scratch/key.pem" -out "$ca_file" 2>/dev/null
    more="server {
      listen 127.0.0.1:$(($1 + 1)) ssl http2;
      ssl_certificate certificate.pem;
      ssl_certificate_key key.pem;
      location / { $answer }
    }
    limit_req_zone \$server_port zone=gateway:1m rate=${limit}r/s;
    limit_req_status 429;
    server {
      listen 127.0.0.1:$(($1 + 2));
      location / { limit_req zone=gateway burst=50 nodelay; try_files /none @answer; }
      location @answer { $answer }
    }"
  fi
  cat >"$scratch/nginx.conf" <<END
$modules
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 4096; }
http {
  $access
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 1000000000;
  default_type application/json;
  map \$uri \$project { ~/([^/]+)\$ \$1; }
  server {
    listen 127.0.0.1:$1;
    location / { $answer }
    location /long/ { $long }
  }
  $more
}
END
}

# write_list ROWS [PROJECTS=ROWS]: a list that names so many projects in turn, as $scratch/projects.csv.
write_list() {
  awk -v rows="$1" -v projects="${2:-$1}" 'BEGIN {
    print "project_id,owner,team,plan"
    for (row = 0; row < rows; row++) printf "65a1%020x,Lucía Fernández,Ventas,growth\n", row % projects + 1
  }' >"$scratch/projects.csv"
}

# measure OPTION...: takes the inventory of $scratch/projects.csv with all three reports and the database. Prints wall and
# CPU time in seconds, peak memory in KiB, and the database's bytes.
measure() {
  local wall user system peak
  rm -rf "$scratch/inventory"
  JELOU_API_KEY=measurement command time --format '%e %U %S %M' --output "$scratch/figures" \
    timeout --foreground "$longest_run" "$program" run "$scratch/projects.csv" --base-url "$base_url" \
    --format csv,jsonl,html --output "$scratch/inventory" --progress none "$@" >&2 2>"$scratch/messages" \
    || stop "The run failed: $(tail -n 3 "$scratch/messages")"
  read -r wall user system peak <"$scratch/figures"
  printf '%s %s %s %s\n' "$wall" "$(calculate "$user + $system")" "$peak" \
    "$(stat --format %s "$scratch/inventory/inventory.db")"
}

# calculate EXPRESSION [FORMAT]
# The parentheses keep a comparison from being read as a file to write to.
calculate() { awk "BEGIN { printf \"${2:-%.2f}\", ($1) }"; }

# median FORMAT NUMBER...
median() {
  local format=$1
  shift
  printf '%s\n' "$@" | sort -n | awk -v format="$format" '
    { value[NR] = $1 }
    END { printf format, (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}

print_machine() {
  local processor
  processor=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | sort -u)
  printf '%-10s %s\n' Machine "$(nproc) cores, ${processor:-$(uname -m)}" Program "$program"
}
