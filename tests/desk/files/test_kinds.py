"""Which files are taken in, by what is in them and what they are named."""

import io
import zipfile

import pytest

from app.desk.files.errors import FileRefused
from app.desk.files.kinds import MOST_BYTES, clean_name, media_type_of, new_file

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"
GIF = b"GIF89a\x01\x00\x01\x00\x00"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 "
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00"
OGG = b"OggS\x00\x02\x00\x00\x00\x00"
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"
OFFICE = "application/vnd.openxmlformats-officedocument"


def packed(*names: str, first: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, first or b"<x/>")
    return out.getvalue()


DOCX = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")
ODT = packed("mimetype", first=b"application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("shot.png", PNG, "image/png"),
        ("shot.jpg", JPEG, "image/jpeg"),
        ("shot.jpeg", PNG, "image/png"),
        ("shot.gif", GIF, "image/gif"),
        ("shot.webp", WEBP, "image/webp"),
        ("Bill.PDF", PDF, "application/pdf"),
        ("words.pdf", b"%PDF-1.4 in plain letters", "application/pdf"),
        ("voice.mp3", MP3, "audio/mpeg"),
        ("voice.wav", WAV, "audio/x-wav"),
        ("voice.ogg", OGG, "audio/ogg"),
        ("voice.m4a", M4A, "audio/mp4"),
        ("logs.zip", packed("a.log"), "application/zip"),
        ("plan.docx", DOCX, f"{OFFICE}.wordprocessingml.document"),
        ("odd.docx", packed("docProps/app.xml"), "application/zip"),
        ("table.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), f"{OFFICE}.spreadsheetml.sheet"),
        ("show.pptx", packed("_rels/.rels", "ppt/a.xml"), f"{OFFICE}.presentationml.presentation"),
        ("letter.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("server.log", b"\x1b[31mERROR\x1b[0m <nobody>\r\n", "text/plain"),
        ("rows.csv", "имя;Zahl\r\n".encode("cp1251"), "text/plain"),
        ("note.txt", "Привет".encode("utf-16"), "text/plain"),
        ("BM.txt", b"BM and MZ begin other files", "text/plain"),
        ("data.json", b'{"a": 1}', "text/plain"),
    ],
)
def test_what_people_send_is_known_by_its_content(name: str, content: bytes, media_type: str) -> None:
    assert media_type_of(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("page.png", b"<html><script>alert(1)</script>"),
        ("page.txt", b"\xef\xbb\xbf \n<!DOCTYPE html>"),
        ("page.txt", "<html>".encode("utf-16")),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("drawing.png", b'<?xml version="1.0"?><svg/>'),
        ("both.html", GIF + b"/*<script>alert(1)</script>*/"),
        ("both.js", GIF + b"=1;alert(1)"),
        ("shot.png.hta", PNG),
        ("run.sh", b"#!/bin/sh\nrm -r /\n"),
        ("run.txt", b"#!/bin/sh\nrm -r /\n"),
        ("run.bat", b"del *.*\r\n"),
        ("run.exe", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("run.pdf", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("run.txt", b"\x7fELF\x02\x01\x01\x00"),
        ("applet.jar", packed("META-INF/MANIFEST.MF")),
        ("photo.png", packed("a.log")),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\x00\x04"),
        ("noise.txt", bytes(range(256))),
        ("photo.txt", PNG),
        # Windows drops what stands behind the real ending.
        ("run.exe. .", b"words"),
        ("run.exe::$DATA", b"words"),
    ],
)
def test_what_a_system_may_run_or_show_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        media_type_of(name, content)
    assert refused.value.reason == "file_kind"


@pytest.mark.parametrize(("content", "reason"), [(b"", "file_empty"), (b"a" * (MOST_BYTES + 1), "file_size")])
def test_nothing_and_too_much_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        media_type_of("a.txt", content)
    assert (refused.value.reason, refused.value.name) == (reason, "a.txt")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\vera\\shot.png", "shot.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie_ x.png"),
        ("gnp.\u202eexe", "gnp. exe"),
        ("Счёт №5.pdf", "Счёт №5.pdf"),
        ('a"b*.png', "a_b_.png"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ("\x00", "file"),
        ("/", "file"),
    ],
)
def test_names_lose_their_path_and_what_misleads(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("a" * 500 + ".png")
    assert len(name) == 150 and name.endswith("a.png")
    assert len(clean_name("a." + "b" * 500)) <= 150
    assert len(clean_name("a" * 500)) == 150


def test_a_name_without_an_ending_gets_that_of_the_content() -> None:
    assert new_file("IMG/1", JPEG).name == "1.jpg"
    assert new_file("README", b"Read this.").name == "README.txt"
