"""Paths and patterns by Go's rules."""

from __future__ import annotations

import pytest

from scenario_pebble.daemon import filepath


@pytest.mark.parametrize(
    ('path', 'cleaned', 'directory', 'base'),
    [
        ('', '.', '.', '.'),
        ('/', '/', '/', '/'),
        ('//', '/', '/', '/'),
        ('/a', '/a', '/', 'a'),
        ('/a/', '/a', '/a', 'a'),
        ('/a/b', '/a/b', '/a', 'b'),
        ('/a//b/./c/..', '/a/b', '/a/b/c', '..'),
        ('/../a', '/a', '/', 'a'),
        ('../a', '../a', '..', 'a'),
        ('a', 'a', '.', 'a'),
    ],
)
def test_parts_of_paths(path: str, cleaned: str, directory: str, base: str):
    assert filepath.clean(path) == cleaned
    assert filepath.directory(path) == directory
    assert filepath.base(path) == base


# From the table in the tests of Go's package path.
@pytest.mark.parametrize(
    ('pattern', 'name', 'matches'),
    [
        ('abc', 'abc', True),
        ('*', 'abc', True),
        ('*c', 'abc', True),
        ('a*', 'a', True),
        ('a*', 'ab/c', False),
        ('a*b*c*d*e*', 'axbxcxdxe', True),
        ('*ab*ab', 'aab-ab', True),
        ('*ab*ab', 'aab', False),
        ('a*[b-c]?*d', 'aabcbcd', True),
        ('a*b?c*x', 'abxbbxdbxebxczzx', True),
        ('a*b?c*x', 'abxbbxdbxebxczzy', False),
        ('ab[c]', 'abc', True),
        ('ab[b-d]', 'abc', True),
        ('ab[e-g]', 'abc', False),
        ('ab[^c]', 'abc', False),
        ('ab[^b-d]', 'abc', False),
        ('ab[^e-g]', 'abc', True),
        ('a\\*b', 'a*b', True),
        ('a\\*b', 'ab', False),
        ('a?b', 'a☺b', True),
        ('a[^a]b', 'a☺b', True),
        ('a???b', 'a☺b', False),
        ('[a-ζ]*', 'α', True),
        ('*[a-ζ]', 'A', False),
        ('[\\]a]', ']', True),
        ('[\\-]', '-', True),
        ('[x\\-]', 'x', True),
        ('[x\\-]', 'z', False),
        ('[\\-x]', 'a', False),
        ('[b-a]', 'a', False),
        ('*.txt', '.hidden.txt', True),
        ('', '', True),
    ],
)
def test_what_patterns_match(pattern: str, name: str, matches: bool):
    assert bool(filepath.matcher(pattern).fullmatch(name)) is matches


@pytest.mark.parametrize(
    'pattern',
    ['[', '[]a]', '[-]', '[x-]', '[-x]', '[a-b-c]', '[^', '[^bc', 'a[', 'a\\', '[\\', '[a-'],
)
def test_malformed_patterns(pattern: str):
    with pytest.raises(filepath.BadPattern, match=r'^syntax error in pattern$'):
        filepath.matcher(pattern)


def test_many_stars_take_no_time():
    assert filepath.matcher('*a' * 50).fullmatch('a' * 200)
    assert not filepath.matcher('*a' * 50 + 'b').fullmatch('a' * 200)
