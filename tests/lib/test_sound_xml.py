"""Which XML no parser of ours gets."""

import pytest

from app.lib.outbound import BadResponse
from app.lib.sound_xml import check_xml

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>"""


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        FILE,
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>',
        b"<a>" * 5000 + b"</a>" * 5000,
        b"<a><b></a>",
        b"<a>\xff\xfe</a>",
        b"<a/>" * 100_001,
        b"<a>" + b"<b/>" * 200_000 + b"</a>",
        b"BEGIN:VCALENDAR",
        b"<a " + b" ".join(b'b%d =\n""' % number for number in range(200_001)) + b"/>",
        b'<?xml version="1.0" encoding="utf-7"?><a>' + b"+ADw-b/+AD4-" * 200_000 + b"</a>",
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        "<a/>".encode("utf-16"),
        FILE.decode().replace("1.0", '1.0" encoding="UTF-16').encode("utf-16"),
    ],
    ids=[
        "laughs",
        "file",
        "DTD",
        "deep",
        "broken",
        "bytes",
        "two roots",
        "wide",
        "no XML",
        "wide with spaces",
        "wide in UTF-7",
        "UTF-7",
        "UTF-16",
        "file in UTF-16",
    ],
)
def test_xml_that_no_parser_gets(body: bytes) -> None:
    with pytest.raises(BadResponse):
        check_xml(body)


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"\xef\xbb\xbf\n",
        b'<?xml version="1.0"?>',
        b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n",
        b'<?xml version="1.0" encoding = "iso-8859-1"?>',
    ],
)
def test_plain_xml_passes(begin: bytes) -> None:
    check_xml(begin.strip(b"\n") + b'<D:multistatus xmlns:D="DAV:"/>')
