"""Where each key of a TOML text stands: neither tomllib nor tomlkit says it."""

from collections.abc import Mapping

Path = tuple[str | int, ...]

_BLANK = " \t"
_SPACE = " \t\r\n"
_ENDS_BARE = frozenset(",]}#\r\n")


def line_index(text: str) -> Mapping[Path, int]:
    """Line, from 1, of every key, table and list item. `text` must be valid TOML: nothing is checked again."""
    return _Scanner(text).scan()


def line_of(path: Path, index: Mapping[Path, int]) -> int:
    """The line of the path, or of the nearest table around it; 1 at worst."""
    for length in range(len(path), 0, -1):
        if path[:length] in index:
            return index[path[:length]]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[Path, int] = {}
        self._items: dict[Path, int] = {}

    def scan(self) -> Mapping[Path, int]:
        table: Path = ()
        while self._skip(_SPACE):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> Path:
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        start = self._at
        path = self._resolved(self._keys("]"))
        self._at += 2 if is_array else 1
        if is_array:
            number = self._items.get(path, -1) + 1
            self._items[path] = number
            self._note(path, start)
            path = (*path, number)
        self._note(path, start)
        return path

    def _resolved(self, keys: Path) -> Path:
        """A table under a list of tables belongs to the last one."""
        path: Path = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            if path in self._items and position < len(keys) - 1:
                path = (*path, self._items[path])
        return path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = (*table, *self._keys("="))
        self._at += 1
        for length in range(len(table) + 1, len(path) + 1):
            self._note(path[:length], start)
        self._value(path)

    def _note(self, path: Path, position: int) -> None:
        self._lines.setdefault(path, self._text.count("\n", 0, position) + 1)

    def _keys(self, end: str) -> Path:
        keys: list[str] = []
        while self._text[self._at] != end:
            mark = self._text[self._at]
            if mark in "\"'":
                start = self._at
                self._string()
                keys.append(self._text[start + 1 : self._at - 1])
            elif mark in f"{_BLANK}.":
                self._at += 1
            else:
                start = self._at
                while self._text[self._at] not in f"{_BLANK}.{end}":
                    self._at += 1
                keys.append(self._text[start : self._at])
        return tuple(keys)

    def _value(self, path: Path) -> None:
        self._skip(_BLANK)
        mark = self._text[self._at]
        if mark in "\"'":
            self._string()
        elif mark == "[":
            self._list(path)
        elif mark == "{":
            self._inline_table(path)
        else:
            while self._at < len(self._text) and self._text[self._at] not in _ENDS_BARE:
                self._at += 1

    def _list(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._skip(f"{_SPACE},") and self._text[self._at] != "]":
            self._note((*path, number), self._at)
            self._value((*path, number))
            number += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip(f"{_SPACE},") and self._text[self._at] != "}":
            self._pair(path)
        self._at += 1

    def _string(self) -> None:
        """Leaves the position just after the closing quotes."""
        quote = self._text[self._at]
        closing = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(closing)
        while not self._text.startswith(closing, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(closing)
        # A long string may end with one or two quotes of its own.
        while len(closing) > 1 and self._text.startswith(quote, self._at):
            self._at += 1

    def _skip(self, marks: str) -> bool:
        """Pass over marks and comments; False at the end of the text."""
        while self._at < len(self._text):
            mark = self._text[self._at]
            if mark == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif mark in marks:
                self._at += 1
            else:
                return True
        return False
