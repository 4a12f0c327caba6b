"""The container of old Office files ([MS-CFB]): a little file system of sectors, chained by a table of links.

Reads what is there of a file that may lie: a chain that leads in a circle or out of the file ends, a name that stands
twice is the last one. Raises ValueError, IndexError or struct.error where nothing can be read at all.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from typing import IO

_NO_SECTOR = 0xFFFFFFFA
_DIRECTORY_MOST = 5_000  # sectors; 20,000 names and more
_SMALL = 4096  # a stream below this lies in the small sectors


class Compound:
    """An open container; `names` are those of its streams, in lower case."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._length = file.seek(0, 2)
        head = self._at(0, 512)
        self._size = 1 << struct.unpack_from("<H", head, 30)[0]
        if self._size not in (512, 4096):
            raise ValueError(self._size)
        self._links = self._read_links(head)
        self._small_links: array[int] | None = None
        self._small_starts = struct.unpack_from("<I", head, 60)[0]
        self._entries = self._read_directory(struct.unpack_from("<I", head, 48)[0])
        self.names = frozenset(self._entries)

    def read(self, name: str, most: int = 1 << 62) -> bytes:
        """The first `most` bytes of a stream, fewer where the file is cut; b"" where there is none."""
        start, length = self._entries.get(name, (_NO_SECTOR, 0))
        length = min(length, most)
        if self._entries.get(name, (0, 0))[1] >= _SMALL:
            return self._whole(start, length)
        return self._small(start, length)

    def _at(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)

    def _sector(self, number: int) -> bytes:
        return self._at((number + 1) * self._size, self._size)

    def _numbers(self, block: bytes) -> array[int]:
        return array("I", struct.unpack_from(f"<{len(block) // 4}I", block))

    def _read_links(self, head: bytes) -> array[int]:
        """The table of links: for each sector the one after it."""
        tables = [number for number in struct.unpack_from("<109I", head, 76) if number < _NO_SECTOR]
        more = struct.unpack_from("<I", head, 68)[0]
        seen: set[int] = set()
        while more < self._length // self._size and more not in seen:
            seen.add(more)
            further = self._numbers(self._sector(more))
            tables += [number for number in further[:-1] if number < _NO_SECTOR]
            more = further[-1] if further else _NO_SECTOR
        # No more tables than the file has sectors to be linked.
        most = self._length // self._size // (self._size // 4) + 1
        links = array("I")
        for number in tables[:most]:
            links += self._numbers(self._sector(number))
        return links

    def _runs(self, start: int, length: int) -> Iterator[tuple[int, int]]:
        """The sectors of a chain as (first, how many) of those that follow each other, for `length` bytes at most."""
        left = min(-(-length // self._size), self._length // self._size)
        first, count = start, 0
        while left and first < len(self._links):
            count += 1
            left -= 1
            after = self._links[first + count - 1]
            if after != first + count or after >= len(self._links) or not left:
                yield first, count
                first, count = after, 0

    def _whole(self, start: int, length: int) -> bytes:
        runs = self._runs(start, length)
        return b"".join(self._at((first + 1) * self._size, count * self._size) for first, count in runs)[:length]

    def _small(self, start: int, length: int) -> bytes:
        if self._small_links is None:
            self._small_links = self._numbers(self._whole(self._small_starts, self._length))
        keeper, most = self._entries.get("root entry", (_NO_SECTOR, 0))
        kept = self._whole(keeper, most)
        found = bytearray()
        while start < len(self._small_links) and len(found) < length:
            found += kept[start * 64 : start * 64 + 64]
            start = self._small_links[start]
        return bytes(found[:length])

    def _read_directory(self, start: int) -> dict[str, tuple[int, int]]:
        entries: dict[str, tuple[int, int]] = {}
        directory = self._whole(start, _DIRECTORY_MOST * self._size)
        for offset in range(0, len(directory) - 127, 128):
            letters, begins, length = struct.unpack_from("<H50xII", directory, offset + 64)
            if 2 <= letters <= 64:
                name = directory[offset : offset + letters - 2].decode("utf-16-le", "replace").lower()
                entries[name] = (begins, length)
        return entries
