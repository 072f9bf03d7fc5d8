#!/bin/bash
# SabreDAV 1.8 composed from Debian's php-sabre-dav on PHP's built-in server (SQLite storage).
. "$(dirname "$0")/_lib.sh"
PORT=$1 USER_=$2 PASS=$3 DATA=$DATAROOT/sabre18 MAIL=$USER_@example.org
need_apt php8.2-cli php8.2-sqlite3 php8.2-xml php8.2-mbstring php-sabre-dav
fresh_dir "$DATA"; mkdir -p "$DATA/mail"
export SABRE_DATA="$DATA"
php -r '
$d=getenv("SABRE_DATA"); $p=new PDO("sqlite:$d/db.sqlite"); $p->setAttribute(PDO::ATTR_ERRMODE,PDO::ERRMODE_EXCEPTION);
$s="/usr/share/doc/php-sabre-dav/examples/sql/"; foreach(["calendars","principals","users"] as $f) foreach(explode(";",file_get_contents("{$s}sqlite.$f.sql")) as $q) if(trim($q)) $p->exec($q);
foreach([[$argv[1],$argv[3]],["bob","bob@example.org"]] as [$u,$m]){ 
 $p->prepare("INSERT INTO users(username,digesta1) VALUES(?,?)")->execute([$u,md5("$u:SabreDAV:$argv[2]")]);
 $p->prepare("INSERT INTO principals(uri,email,displayname) VALUES(?,?,?)")->execute(["principals/$u",$m,$u]);
 foreach(["read","write"] as $x) $p->prepare("INSERT INTO principals(uri) VALUES(?)")->execute(["principals/$u/calendar-proxy-$x"]); }
' "$USER_" "$PASS" "$MAIL"
[ "${WORKERS:-1}" -gt 1 ] && export PHP_CLI_SERVER_WORKERS=$WORKERS
php -d sendmail_path="$ROOT/capture-sendmail.sh $DATA/mail" -d opcache.enable_cli=1 -d variables_order=EGPCS \
   -d post_max_size=64M -S 127.0.0.1:$PORT "$ROOT/php/sabre18.php" >"$DATA/log" 2>&1 &
echo $! > "$DATA/pid"
wait_ready sabre18 "http://127.0.0.1:$PORT/" "$USER_" "$PASS" "$(cat "$DATA/pid")" 60
