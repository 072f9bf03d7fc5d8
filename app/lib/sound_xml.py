"""Which XML of a stranger's may be given to a parser at all."""

import re

import lxml.etree as etree

from app.lib.outbound import BadResponse

# A multistatus of 16,000 members; each tag or attribute costs libxml2 some 120 bytes.
_MOST_MARKUP = 200_000
_ATTRIBUTE = re.compile(rb"=\s*[\"']")
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml\s([^>]*))?")
# Encodings in which markup looks as in ASCII, and so can be counted.
_ENCODING = re.compile(rb"\bencoding\s*=\s*[\"'](?:utf-?8|us-ascii|iso-8859-\d+|windows-125\d)[\"']", re.I)


def check_xml(data: bytes) -> None:
    """See that an XML body may be given to a parser: no DTD, no entities, well-formed, of bearable size.

    Raises BadResponse, also for an encoding such as UTF-7 or UTF-16, in which no server answers.
    """
    _check_size(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise BadResponse("not well-formed XML") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise BadResponse("a DTD in the answer")


def _check_size(data: bytes) -> None:
    begin = _BEGIN.match(data)
    if begin is None or b"\0" in data:
        raise BadResponse("not well-formed XML")
    declared = begin[1] or b""
    if b"encoding" in declared and not _ENCODING.search(declared):
        raise BadResponse("in an encoding that nobody uses")
    if data.count(b"<") + sum(1 for _ in _ATTRIBUTE.finditer(data)) > _MOST_MARKUP:
        raise BadResponse("too much markup")
