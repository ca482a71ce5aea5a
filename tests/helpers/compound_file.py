"""Writes Microsoft's compound files ([MS-CFB], version 3): a file system in a file, as Outlook's .msg is one."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

Tree = dict[str, "bytes | Tree"]
_SECTOR, _MINI_SECTOR, _SMALL = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    start: int = _END
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    children: list[int] = field(default_factory=list)


def compound_file(tree: Tree) -> bytes:
    """`tree` maps names to streams (bytes) and storages (trees)."""
    entries = [_Entry("Root Entry", _ROOT)]
    _add(entries, 0, tree)
    for entry in entries:
        entry.child = _balance(entries, entry.children)
    mini, mini_fat = b"", []
    for entry in entries:
        if entry.kind == _STREAM and 0 < len(entry.data) < _SMALL:
            entry.start = len(mini_fat)
            mini_fat += _chain(len(mini_fat), _count(entry.data, _MINI_SECTOR))
            mini += _padded(entry.data, _MINI_SECTOR)
    sectors, fat = b"", []

    def store(data: bytes) -> int:
        nonlocal sectors
        if not data:
            return _END
        start = len(fat)
        fat.extend(_chain(start, _count(data, _SECTOR)))
        sectors += _padded(data, _SECTOR)
        return start

    for entry in entries:
        if entry.kind == _STREAM and len(entry.data) >= _SMALL:
            entry.start = store(entry.data)
    entries[0].data, entries[0].start = mini, store(mini)
    mini_fat_start = store(struct.pack(f"<{len(mini_fat)}I", *mini_fat)) if mini_fat else _END
    directory = b"".join(map(_packed, entries))
    directory_start = store(directory + _packed(_Entry("", 0)) * (-len(entries) % 4))
    fat_sectors = 1
    while fat_sectors * 128 < len(fat) + fat_sectors:
        fat_sectors += 1
    assert fat_sectors <= 109, "a file this large needs more than the header has room for"
    fat_start = len(fat)
    fat += [_FAT] * fat_sectors
    fat += [_FREE] * (-len(fat) % 128)
    sectors += struct.pack(f"<{len(fat)}I", *fat)
    header = struct.pack(
        "<8s16x5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory_start, 0, _SMALL,
        mini_fat_start, _count(b"\0" * 4 * len(mini_fat), _SECTOR), _END, 0,
    )  # fmt: skip
    numbers = [fat_start + number for number in range(fat_sectors)]
    return header + struct.pack("<109I", *numbers, *[_FREE] * (109 - fat_sectors)) + sectors


def _add(entries: list[_Entry], parent: int, tree: Tree) -> None:
    for name, content in tree.items():
        number = len(entries)
        entries[parent].children.append(number)
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entries.append(_Entry(name, _STORAGE))
            _add(entries, number, content)


def _balance(entries: list[_Entry], numbers: list[int]) -> int:
    """The root of a search tree over siblings, which are ordered by length of name first."""
    if not numbers:
        return _FREE
    ordered = sorted(numbers, key=lambda number: (len(entries[number].name), entries[number].name.upper()))
    middle = len(ordered) // 2
    root = ordered[middle]
    entries[root].left = _balance(entries, ordered[:middle])
    entries[root].right = _balance(entries, ordered[middle + 1 :])
    return root


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        name, len(name) + 2 if name else 0, entry.kind, 1, entry.left, entry.right, entry.child, 0,
        0 if entry.kind in (0, _STORAGE) else entry.start, len(entry.data),
    )  # fmt: skip


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END] if count else []


def _count(data: bytes, size: int) -> int:
    return -(-len(data) // size)


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)
