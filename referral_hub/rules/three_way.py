"""Two people who edit one form: nothing that either of them typed is lost.

A form is texts by name. `base` is how it was when somebody opened it, `mine` what they sent, and
`theirs` how it is by now, since others may have saved meanwhile.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed, and not to the same: somebody must choose."""

    name: str
    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of it: all texts where nobody must choose, and what both changed.

    Of a clash `texts` has what was typed, of a list what both typed. `from_others` names what only
    others changed.
    """

    texts: dict[str, str]
    clashes: tuple[Clash, ...]
    from_others: tuple[str, ...]


def merge(base: Texts, mine: Texts, theirs: Texts, lists: Collection[str] = ()) -> Merged:
    """Three texts by field to one. A field that is nowhere is empty.

    `lists` names fields that are lists with an entry a line, to which both may add and from which
    both may take. Their order says nothing. They clash only where both put something else in the
    place of one entry, such as two other times for Monday; then `texts` has both.
    """
    texts: dict[str, str] = {}
    clashes: list[Clash] = []
    others: list[str] = []
    for name in dict.fromkeys((*theirs, *mine, *base)):
        was, typed, now = (each.get(name, "") for each in (base, mine, theirs))
        if name in lists:
            was, typed, now = _in_one_order(was, typed, now)
        if typed in (was, now):
            texts[name] = now
        elif was == now:
            texts[name] = typed
        elif name in lists:
            texts[name] = merge_lines(was, typed, now)
            if _both_replaced(was, typed, now):
                clashes.append(Clash(name, was, typed, now))
        else:
            texts[name] = typed
            clashes.append(Clash(name, was, typed, now))
        if was != now and typed != now:
            others.append(name)
    return Merged(texts, tuple(clashes), tuple(others))


def _both_replaced(was: str, typed: str, now: str) -> bool:
    """Whether both took away one entry of a list, and each brought an entry of their own."""
    old, mine, theirs = (set(lines_of(each)) for each in (was, typed, now))
    return bool(old - mine - theirs and mine - old - theirs and theirs - old - mine)


def _in_one_order(was: str, typed: str, now: str) -> tuple[str, str, str]:
    """Three lists, of which those with the same lines are the same text."""
    by_lines: dict[frozenset[str], str] = {}
    for each in (now, was, typed):
        lines = lines_of(each)
        by_lines.setdefault(frozenset(lines), "\n".join(lines))
    first, second, third = (by_lines[frozenset(lines_of(each))] for each in (was, typed, now))
    return first, second, third


def merge_lines(base: str, mine: str, theirs: str) -> str:
    """The list of the others, without what was taken from it here and with what was added."""
    was, typed, now = (lines_of(each) for each in (base, mine, theirs))
    taken = set(was) - set(typed)
    kept = [line for line in now if line not in taken]
    added = [line for line in typed if line not in was and line not in now]
    return "\n".join([*kept, *added])


def lines_of(text: str) -> list[str]:
    """The lines of a list, each once, without blank ones and with single blanks between words."""
    found = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(filter(None, found)))
