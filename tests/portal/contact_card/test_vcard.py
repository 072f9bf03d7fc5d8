"""The vCard is one that other programs read (RFC 6350)."""

from app.portal.contact_card.vcard import Card, write_vcard

SAM = Card(
    "abc", "Sam Okafor", "Engineer, dedicated", "Harbour; Support", "sam@attache.example", "+421 2 1234",
    ("en", "sk"), "Europe/Bratislava", "https://calls.example/contact",
)  # fmt: skip


def test_facts_are_escaped_and_lines_end_as_they_have_to() -> None:
    text = write_vcard(SAM)
    assert text.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\n") and text.endswith("END:VCARD\r\n")
    lines = text.split("\r\n")
    assert "N:Okafor;Sam;;;" in lines
    assert "TITLE:Engineer\\, dedicated" in lines
    assert "ORG:Harbour\\; Support" in lines
    assert "TEL;VALUE=uri;TYPE=voice:tel:+42121234" in lines
    assert lines.count("LANG;PREF=1:en") == 1


def test_long_lines_are_folded_between_characters() -> None:
    title = "Инженер выделенной поддержки крупных заказчиков, " * 3
    text = write_vcard(Card("a", "Ян", title, "", "", "", (), "UTC", "https://x.example"))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "N:Ян;;;;" in text
    unfolded = text.replace("\r\n ", "")
    assert f"TITLE:{title.strip()}".replace(",", "\\,") in unfolded
    assert "EMAIL" not in unfolded
