#!/bin/bash
# Cyrus IMAP 3.6 httpd (CalDAV) + imapd (only to create the mailbox), all on loopback, private config dir.
. "$(dirname "$0")/_lib.sh"
PORT=$1 USER_=$2 PASS=$3 DATA=$DATAROOT/cyrus MAIL=$USER_@example.org
IPORT=$4 SMTP=$5
need_apt cyrus-caldav cyrus-imapd cyrus-admin sasl2-bin
fresh_dir "$DATA"; mkdir -p "$DATA"/{config,spool,run/proc,run/lock,run/socket,mail}
cat > "$DATA/imapd.conf" <<C
configdirectory: $DATA/config
partition-default: $DATA/spool
defaultpartition: default
proc_path: $DATA/run/proc
mboxname_lockpath: $DATA/run/lock
duplicate_db_path: $DATA/config/deliver.db
admins: cyrus
allowplaintext: yes
servername: localhost
hashimapspool: true
altnamespace: no
unixhierarchysep: no
httpmodules: caldav
httpallowcompress: no
caldav_realm: cyrus
caldav_allowscheduling: ${CYRUS_SCHEDULING:-on}
caldav_create_default: yes
caldav_create_attach: no
caldav_maxdatetime: 20380119T031407Z
calendar_user_address_set: example.org
virtdomains: off
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $DATA/sasldb2
sasl_mech_list: PLAIN LOGIN
smtp_backend: host
smtp_host: 127.0.0.1:$SMTP/noauth
sendmail: $ROOT/capture-sendmail.sh
idlesocket: $DATA/run/socket/idle
notifysocket: $DATA/run/socket/notify
lmtpsocket: $DATA/run/socket/lmtp
syslog_prefix: cyrus-$PORT
umask: 077
C
cat > "$DATA/cyrus.conf" <<C
START { recover cmd="/usr/sbin/cyrus ctl_cyrusdb -C $DATA/imapd.conf -r" }
SERVICES {
  imap cmd="imapd -C $DATA/imapd.conf" listen="127.0.0.1:$IPORT" proto="tcp4" prefork=0
  http cmd="httpd -C $DATA/imapd.conf" listen="127.0.0.1:$PORT" proto="tcp4" prefork=2
}
EVENTS { checkpoint cmd="/usr/sbin/cyrus ctl_cyrusdb -C $DATA/imapd.conf -c" period=30 }
C
for u in "$USER_" bob cyrus; do printf %s "$PASS" | saslpasswd2 -f "$DATA/sasldb2" -u localhost -p -c "$u"; done
chown -R cyrus:mail "$DATA"; chmod 755 "$DATA"
python3 "$ROOT/mailsink.py" "$SMTP" "$DATA/mail" >"$DATA/sink.log" 2>&1 & echo $! > "$DATA/sink.pid"
/usr/sbin/cyrmaster -C "$DATA/imapd.conf" -M "$DATA/cyrus.conf" -p "$DATA/master.lock" -L "$DATA/log" -D >"$DATA/log" 2>&1 &
echo $! > "$DATA/pid"
python3 - "$IPORT" "$PASS" "$USER_" bob <<'P' || exit 1
import imaplib,sys,time
port,pw,users=int(sys.argv[1]),sys.argv[2],sys.argv[3:]
for i in range(100):
    try: c=imaplib.IMAP4("127.0.0.1",port); break
    except OSError: time.sleep(0.1)
else: sys.exit("imapd did not answer")
c.login("cyrus",pw)
for u in users: print(c.create("user."+u)[0], end=" ")
c.logout(); print()
P
wait_ready cyrus "http://127.0.0.1:$PORT/dav/principals/user/$USER_/" "$USER_" "$PASS" "$(cat "$DATA/pid")" 60
