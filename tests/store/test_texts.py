"""Texts out of the store as bytes, for one buffer."""

from probata.store import Store


def test_texts_come_as_bytes_beside_their_ids(memory_store: Store) -> None:
    """Over several parts and several fetches every text stands beside its id, as UTF-8; an absent one is empty."""
    for part in range(3):
        ids = [f"{part}-{row}" for row in range(5)]
        texts = [None if row == 2 else f"№ {part} é {row}" for row in range(5)]
        memory_store.add("notes", f"part{part}", {"id": ids, "text": texts})
    found = {
        name: texts[row]
        for names, texts in memory_store.texts("notes", rows=4)
        for row, name in enumerate(names)
    }
    assert len(found) == 15
    assert found["1-2"] == ""
    assert found["2-4"] == "№ 2 é 4"
