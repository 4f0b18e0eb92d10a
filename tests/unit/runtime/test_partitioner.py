"""Keys go where every client's default partitioner sends them, one by one or many at once."""

from aiokafka.partitioner import murmur2 as of_the_client
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.partitioner import murmur2, partitions_of


@given(st.binary(max_size=70))
def test_hash_when_taken_word_by_word_then_the_clients(key):
    assert murmur2(key) == of_the_client(key) & 0xFFFFFFFF


@given(st.integers(0, 10).flatmap(lambda words: st.lists(st.binary(min_size=4 * words, max_size=4 * words), min_size=16, max_size=60)), st.integers(1, 12))
def test_many_keys_when_of_one_length_then_each_where_it_goes_alone(keys, count):
    assert partitions_of(keys, count) == [(of_the_client(key) & 0x7FFFFFFF) % count for key in keys]


@given(st.lists(st.binary(max_size=40), max_size=60))
def test_many_keys_when_of_any_length_then_each_where_it_goes_alone(keys):
    assert partitions_of(keys, 12) == [(of_the_client(key) & 0x7FFFFFFF) % 12 for key in keys]
