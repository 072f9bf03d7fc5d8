#!/bin/bash
# SOGo 5.8 (Debian) with a private PostgreSQL cluster, memcached and SMTP sink, all on loopback.
# sogod only reads /etc/sogo/sogo.conf, so our config is bind-mounted there in a private mount namespace.
. "$(dirname "$0")/_lib.sh"
PORT=$1 USER_=$2 PASS=$3 DATA=$DATAROOT/sogo MAIL=$USER_@example.org
PGPORT_=$4 SMTP=$5 MC=$6
need_apt sogo postgresql memcached
PGB=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
fresh_dir "$DATA"; mkdir -p "$DATA"/{mail,sock,spool,run}; chown postgres "$DATA" "$DATA/sock"; chown sogo "$DATA/spool" "$DATA/run"
pg() { runuser -u postgres -- "$@"; }
pg "$PGB/initdb" -D "$DATA/pg" -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$DATA/initdb.log" 2>&1 || { tail -5 "$DATA/initdb.log"; exit 1; }
pg "$PGB/pg_ctl" -D "$DATA/pg" -w -l "$DATA/pg/log" -o "-p $PGPORT_ -c listen_addresses=127.0.0.1 -c unix_socket_directories='$DATA/sock' -c fsync=off" start >/dev/null || exit 1
head -1 "$DATA/pg/postmaster.pid" > "$DATA/postgres.pid"
export PGHOST=$DATA/sock PGPORT=$PGPORT_ PGUSER=postgres
psql -qX postgres <<S
CREATE USER sogo PASSWORD 'sogo'; CREATE DATABASE sogo OWNER sogo TEMPLATE template0 ENCODING 'UTF8';
S
psql -qX -U sogo sogo <<S
CREATE TABLE sogo_users (c_uid VARCHAR(64) PRIMARY KEY, c_name VARCHAR(64), c_password VARCHAR(128), c_cn VARCHAR(128), mail VARCHAR(128));
INSERT INTO sogo_users VALUES ('$USER_','$USER_','$PASS','$USER_','$MAIL'),('bob','bob','$PASS','bob','bob@example.org');
S
D="postgresql://sogo:sogo@127.0.0.1:$PGPORT_/sogo"
cat > "$DATA/sogo.conf" <<C
{
  SOGoProfileURL = "$D/sogo_user_profile";
  OCSFolderInfoURL = "$D/sogo_folder_info";
  OCSSessionsFolderURL = "$D/sogo_sessions_folder";
  OCSEMailAlarmsFolderURL = "$D/sogo_alarms_folder";
  OCSStoreURL = "$D/sogo_store";
  OCSAclURL = "$D/sogo_acl";
  OCSCacheFolderURL = "$D/sogo_cache_folder";
  SOGoUserSources = ({ type = sql; id = directory; viewURL = "$D/sogo_users"; canAuthenticate = YES; isAddressBook = YES; userPasswordAlgorithm = none; MailFieldNames = (mail); });
  SOGoMailDomain = "example.org";
  SOGoAppointmentSendEMailNotifications = ${SOGO_MAIL:-YES};
  SOGoMailingMechanism = smtp;
  SOGoSMTPServer = "smtp://127.0.0.1:$SMTP";
  SOGoIMAPServer = "imap://127.0.0.1:1";
  SOGoTimeZone = UTC;
  SOGoMemcachedHost = "127.0.0.1:$MC";
  SOGoMaximumFailedLoginCount = 0;
  SOGoEnableEMailAlarms = NO;
  WOWorkersCount = ${SOGO_WORKERS:-3};
  WOSpoolDirectory = "$DATA/spool";
  SxVMemLimit = 1024;
}
C
python3 "$ROOT/mailsink.py" "$SMTP" "$DATA/mail" >"$DATA/sink.log" 2>&1 & echo $! > "$DATA/sink.pid"
memcached -u nobody -l 127.0.0.1 -p "$MC" -U 0 -m 16 >"$DATA/memcached.log" 2>&1 & echo $! > "$DATA/memcached.pid"
unshare -m --propagation private sh -c "mount --bind '$DATA/sogo.conf' /etc/sogo/sogo.conf && exec setpriv --reuid=sogo --regid=sogo --init-groups env HOME=/var/lib/sogo /usr/sbin/sogod -WOPort 127.0.0.1:$PORT -WONoDetach YES -WOLogFile - -WOPidFile '$DATA/run/sogo.pid'" >"$DATA/log" 2>&1 &
echo $! > "$DATA/pid"
wait_ready sogo "http://127.0.0.1:$PORT/SOGo/dav/$USER_/" "$USER_" "$PASS" "$(cat "$DATA/pid")" 60
