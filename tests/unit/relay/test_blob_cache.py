from cowidget.relay.blob_cache import BlobCache


def test_what_was_put_is_there_until_it_is_dropped() -> None:
    cache = BlobCache()
    cache.put("a", b"1")
    kept = cache.get("a")
    cache.drop(["a", "never"])
    assert (kept, cache.get("a")) == (b"1", None)


def test_the_blob_that_nobody_has_asked_for_the_longest_makes_room() -> None:
    cache = BlobCache(max_bytes=20)
    for name in "abc":
        cache.put(name, bytes(8))
        cache.get("a")
    assert [cache.get(name) is not None for name in "abc"] == [True, False, True]


def test_a_blob_that_is_put_again_counts_once() -> None:
    cache = BlobCache(max_bytes=20)
    cache.put("a", bytes(8))
    for _ in range(5):
        cache.put("b", bytes(8))
    assert cache.get("a") is not None


def test_a_blob_larger_than_the_cache_stays_until_the_next_one() -> None:
    cache = BlobCache(max_bytes=20)
    cache.put("a", bytes(8))
    cache.put("large", bytes(50))
    alone = (cache.get("a"), cache.get("large") is not None)
    cache.put("b", bytes(8))
    assert (alone, cache.get("large"), cache.get("b")) == ((None, True), None, bytes(8))


def test_what_was_dropped_makes_room() -> None:
    cache = BlobCache(max_bytes=20)
    cache.put("a", bytes(15))
    cache.drop(["a"])
    cache.put("b", bytes(10))
    cache.put("c", bytes(10))
    assert [cache.get(name) is not None for name in "bc"] == [True, True]
