"""Encryption at rest: what was encrypted is read again, also after the key was changed."""

import pytest

from services.act import Encryption, Undecipherable

OLD, NEW = "the first key of this house", "the second key of this house"


def test_what_is_encrypted_is_read_by_its_key_alone():
    sealed = Encryption([OLD]).encrypt("the secret")
    assert "secret" not in sealed
    assert Encryption([OLD]).decrypt(sealed) == "the secret"
    for others in ([NEW], [OLD + " "], [OLD.upper()]):
        with pytest.raises(Undecipherable):
            Encryption(others).decrypt(sealed)
    other = "B" if sealed[20] == "A" else "A"
    for forged in ("", "é", sealed[:-4], sealed[:20] + other + sealed[21:]):
        with pytest.raises(Undecipherable):
            Encryption([OLD]).decrypt(forged)


def test_a_new_key_reads_what_the_old_one_encrypted_and_moves_it():
    sealed, both = Encryption([OLD]).encrypt("the secret"), Encryption([NEW, OLD])
    assert both.decrypt(sealed) == "the secret"
    moved = both.reencrypt(sealed)
    assert Encryption([NEW]).decrypt(moved) == "the secret"
    with pytest.raises(Undecipherable):
        Encryption([OLD]).decrypt(moved)


def test_without_a_key_nothing_is_encrypted():
    assert not Encryption()
    with pytest.raises(ValueError, match="at least one"):
        Encryption().encrypt("the secret")
