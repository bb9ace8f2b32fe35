"""A pseudonym is the same for one key and id, different for every other, and says which key made it."""

from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from guilder.contract.pseudonym import Key

KEYS = st.binary(min_size=16, max_size=40)
IDS = st.text(min_size=1, max_size=20)


@given(secret=KEYS, one=IDS, other=IDS)
def test_equal_only_for_equal_ids(secret: bytes, one: str, other: str) -> None:
    key = Key(secret)
    assert (key.pseudonym(one) == key.pseudonym(other)) == (one == other)


@given(old=KEYS, new=KEYS, who=IDS)
def test_another_key_makes_another_pseudonym_that_says_so(old: bytes, new: bytes, who: str) -> None:
    one, other = Key(old).pseudonym(who), Key(new).pseudonym(who)
    assert one.startswith(f"{Key(old).id}.")
    assert len(one) == 41
    assert (one == other) == (old == new)


def test_it_is_hmac_sha256_and_the_secret_is_not_shown() -> None:
    key = Key(b"0123456789abcdef")
    expected = hmac.new(b"0123456789abcdef", b"id\x00C1", hashlib.sha256).hexdigest()[:32]
    assert key.pseudonym("C1") == f"{key.id}.{expected}"
    assert "0123456789" not in repr(key)
