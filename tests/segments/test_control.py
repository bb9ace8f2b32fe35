"""The control group: a keyed draw that stays."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilder.segments.control import held_out

IDS = [f"C{number:06d}" for number in range(20_000)]


def test_the_share_is_kept_and_a_larger_share_holds_out_the_same_and_more() -> None:
    few, many = held_out(IDS, 0.1, key=b"k"), held_out(IDS, 0.3, key=b"k")
    assert sum(few) / len(IDS) == pytest.approx(0.1, abs=0.01)
    assert sum(many) / len(IDS) == pytest.approx(0.3, abs=0.01)
    assert all(after for before, after in zip(few, many, strict=True) if before)
    assert not any(held_out(IDS, 0.0, key=b"k"))


@given(order=st.permutations(IDS[:30]))
def test_one_customer_does_not_depend_on_the_others(order: list[str]) -> None:
    alone = {each: held_out([each], 0.5, key=b"k")[0] for each in IDS[:30]}
    assert held_out(order, 0.5, key=b"k") == [alone[each] for each in order]


def test_another_key_or_campaign_draws_others() -> None:
    base = held_out(IDS, 0.5, key=b"k")
    for other in (held_out(IDS, 0.5, key=b"l"), held_out(IDS, 0.5, key=b"k", campaign="spring")):
        assert sum(a == b for a, b in zip(base, other, strict=True)) / len(IDS) == pytest.approx(0.5, abs=0.02)


def test_it_is_the_hash_that_the_documents_say() -> None:
    digest = hmac.new(b"secret", b"spring\0C1", hashlib.sha256).hexdigest()
    fraction = int(digest[:12], 16) / 2**48
    assert held_out(["C1"], fraction, key=b"secret", campaign="spring") == [False]
    assert held_out(["C1"], fraction + 1e-9, key=b"secret", campaign="spring") == [True]
