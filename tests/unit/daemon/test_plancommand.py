"""Commands are split as Pebble splits them."""

from __future__ import annotations

import re

import pytest

from scenario_pebble.daemon import plancommand


@pytest.mark.parametrize(
    ('command', 'words'),
    [
        ('', ()),
        ('  a  b\tc\nd ', ('a', 'b', 'c', 'd')),
        ('a "b c" \'d e\'', ('a', 'b c', 'd e')),
        ('a""b \'\' ""', ('ab', '', '')),
        (r'a\ b "c\"d" "e\nf" \\', ('a b', 'c"d', 'enf', '\\')),
        (r"'a\b'", (r'a\b',)),
        ('a # the rest\nb#c', ('a', 'b#c')),
        ('echo $HOME * ~ ; x', ('echo', '$HOME', '*', '~', ';', 'x')),
    ],
)
def test_words_are_split_without_expansion(command: str, words: tuple[str, ...]):
    assert plancommand.split(command) == words


@pytest.mark.parametrize(
    ('command', 'message'),
    [
        ('echo "x', 'EOF found when expecting closing quote'),
        ("echo 'x", 'EOF found when expecting closing quote'),
        ('echo x\\', 'EOF found after escape character'),
        ('echo "x\\', 'EOF found after escape character'),
        ('cmd [ a [ b ] ]', 'cannot nest [ ... ] groups'),
        ('cmd [ a ] b', 'cannot have any arguments after [ ... ] group'),
        ('[ a ]', 'cannot start command with [ ... ] group'),
        ('cmd a ]', 'cannot have ] outside of [ ... ] group'),
    ],
)
def test_a_malformed_command_is_refused(command: str, message: str):
    with pytest.raises(ValueError, match=f'^{re.escape(message)}$'):
        plancommand.parse(command)


def test_a_group_holds_the_default_arguments():
    assert plancommand.parse('cmd --fixed [ --given "a b" ]') == (
        ('cmd', '--fixed'),
        ('--given', 'a b'),
    )


def test_an_unclosed_group_is_accepted():
    assert plancommand.parse('cmd [ a') == (('cmd',), ('a',))
