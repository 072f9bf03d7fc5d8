"""A real IMAP server for tests: Debian's Dovecot as a child process with a configuration of its own."""

import getpass
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.support.certificates import write_certificate
from tests.support.orphans import ends_with_me
from tests.support.ports import accepts, free_port, wait_until

USER, PASSWORD = "calls", "calls@secret"
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
default_internal_user = {runner}
default_internal_group = {group}
default_login_user = {runner}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={{PLAIN}}{password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """The running server with one empty mailbox; ``certificate`` is the file that its TLS is trusted by."""

    port: int
    tls_port: int
    certificate: Path

    @property
    def url(self) -> str:
        """What IMAP_URL would say."""
        return self.url_by("imap", self.port)

    @property
    def encrypted_urls(self) -> list[str]:
        """The same with TLS from the start, and with STARTTLS."""
        return [self.url_by("imaps", self.tls_port), self.url_by("imap+starttls", self.port)]

    def url_by(self, scheme: str, port: int) -> str:
        """The address by one of the schemes."""
        return f"{scheme}://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/INBOX"

    def append(self, content: bytes) -> None:
        """A mail arrives."""
        with self._client() as client:
            status, answer = client.append("INBOX", "", "", content)
        assert status == "OK", answer

    def flags(self) -> list[set[str]]:
        """The flags of each message, in order of arrival."""
        with self._client() as client:
            client.select("INBOX", readonly=True)
            if client.search(None, "ALL")[1] == [b""]:
                return []
            _status, found = client.fetch("1:*", "(FLAGS)")
        lines = [bytes(line) for line in found if line]
        return [{flag.decode() for flag in imaplib.ParseFlags(line)} - {"\\Recent"} for line in lines]

    def clear(self) -> None:
        """Throw every message away."""
        with self._client() as client:
            client.select("INBOX")
            if client.search(None, "ALL")[1] != [b""]:
                client.store("1:*", "+FLAGS", "\\Deleted")
                client.expunge()

    @contextmanager
    def _client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
            client.login(USER, PASSWORD)
            yield client


def find_dovecot() -> str | None:
    """The program, where Debian's package is installed."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@contextmanager
def running_dovecot(program: str) -> Iterator[Dovecot]:
    """Start it in its own temporary folder on a free port; end it and remove the folder afterwards."""
    # Its sockets have long names of their own, and a socket's path has 108 octets at most.
    folder = Path(tempfile.mkdtemp(prefix="attache-imap-", dir="/tmp"))
    server = Dovecot(free_port(), free_port(), folder / "certificate.pem")
    write_certificate(server.certificate, folder / "key.pem")
    (folder / "dovecot.conf").write_text(_configuration(folder, server))
    child = subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")], stdin=subprocess.DEVNULL)
    with ends_with_me(child.pid, folder):
        try:
            wait_until(lambda: accepts(server.port) or child.poll() is not None, 30, "Dovecot")
            assert child.poll() is None, (folder / "log").read_text()
            yield server
        finally:
            child.terminate()
            child.wait()


def _configuration(folder: Path, server: Dovecot) -> str:
    """Root gives its mail to nobody, because Dovecot opens none as root; others keep theirs."""
    owner = pwd.getpwnam("nobody" if os.geteuid() == 0 else getpass.getuser())
    group = subprocess.run(["/usr/bin/id", "-gn", owner.pw_name], capture_output=True, text=True, check=True)
    for path in (folder, *(folder / name for name in ("mail", "home"))):
        path.mkdir(exist_ok=True)
        os.chown(path, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o755)
    return _CONFIGURATION.format(
        folder=folder,
        port=server.port,
        tls_port=server.tls_port,
        runner=owner.pw_name,
        group=group.stdout.strip(),
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        password=PASSWORD,
    )
