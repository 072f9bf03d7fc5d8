"""Tokens, sealed values and key files."""

import stat
from pathlib import Path

import pytest

from app.lib.keys import KeyFileError, KeyFiles
from app.lib.sealed import CannotOpen, seal, unseal
from app.lib.tokens import keyed_digest, new_code, new_public_id, new_reference, new_token, token_hash

PLACE = ("7", "https://dav.example", "sam", "password")


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "keys")


def test_keys_are_made_once_and_readable_by_their_owner_alone(keys: KeyFiles) -> None:
    assert keys.secret_key() == keys.secret_key()
    assert keys.sealing_keys() == keys.sealing_keys()
    for path in keys.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o400


def test_a_key_that_others_can_read_is_refused(keys: KeyFiles) -> None:
    keys.secret_key()
    (keys.folder / "secret").chmod(0o440)
    with pytest.raises(KeyFileError, match="chmod 0400"):
        keys.secret_key()


def test_a_sealed_value_opens_only_with_its_key_in_its_place(keys: KeyFiles, tmp_path: Path) -> None:
    own = keys.sealing_keys()
    sealed = seal(own, "app password", *PLACE)
    assert "app password" not in sealed
    assert unseal(own, sealed, *PLACE) == "app password"
    with pytest.raises(CannotOpen):
        unseal(own, sealed, "8", *PLACE[1:])
    with pytest.raises(CannotOpen):
        unseal(KeyFiles(tmp_path / "others").sealing_keys(), sealed, *PLACE)


def test_a_renewed_key_still_opens_what_the_older_sealed(keys: KeyFiles, tmp_path: Path) -> None:
    older = keys.sealing_keys()
    newer = KeyFiles(tmp_path / "newer").sealing_keys()
    assert unseal((*newer, *older), seal(older, "x", *PLACE), *PLACE) == "x"


def test_equal_secrets_do_not_look_equal(keys: KeyFiles) -> None:
    own = keys.sealing_keys()
    assert seal(own, "same", *PLACE) != seal(own, "same", *PLACE)


def test_tokens_are_long_and_different() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 32 for token in tokens)
    assert all(len(new_public_id()) == 16 for _ in range(10))


def test_references_can_be_read_out() -> None:
    assert all(set(new_reference()).isdisjoint("IO01") for _ in range(200))
    assert all(len(new_code()) == 6 and new_code().isdigit() for _ in range(20))


def test_digest_parts_cannot_run_into_each_other() -> None:
    assert keyed_digest("k", "ab", "c") != keyed_digest("k", "a", "bc")
    assert token_hash("a") != token_hash("b")
