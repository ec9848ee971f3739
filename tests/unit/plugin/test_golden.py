from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

pytest_plugins = ['pytester']

Run = Callable[..., pytest.RunResult]

TESTS = """
import pytest
from scenario_pebble import ActiveStatus, Container, State

WEB = Container('web', files={'/etc/app.conf': 'port = 80\\n', '/run/pid': '1'})


@pytest.mark.parametrize('leader', [True, False])
def test_state(leader, golden):
    assert State(leader=leader, unit_status=ActiveStatus()) == golden


class TestParts:
    def test_parts(self, golden):
        assert golden.plan == State(containers={WEB})
        assert WEB == golden.files('/etc')
        assert WEB.files['/etc/app.conf'].text == golden('conf')
        assert WEB == golden('again').files('/etc')
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pathlib.Path:
    """A suite, and its folder."""
    folder = pytester.mkdir('tests')
    (folder / 'test_web.py').write_text(TESTS)
    return folder


@pytest.fixture
def goldens(suite: pathlib.Path, run: Run) -> pathlib.Path:
    """The folder of the golden files of that suite, which were written."""
    run('--golden-update')
    return suite / 'golden' / 'test_web'


def contents(folder: pathlib.Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_a_missing_golden_file_fails_the_test_and_shows_the_remedy(suite: pathlib.Path, run: Run):
    result = run()

    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            'E * assert the golden file tests/golden/test_web/test_state[[]True].yaml is missing',
            "E * write it: pytest 'tests/test_web.py::test_state[[]True]' --golden-update",
        ]
    )
    assert not (suite / 'golden').exists()


@pytest.mark.parametrize('assertion', ['"a" != golden', 'not ("a" != golden)'])
def test_what_is_to_differ_or_not_needs_a_golden_file(
    suite: pathlib.Path, run: Run, assertion: str
):
    (suite / 'test_web.py').write_text(f'def test_text(golden):\n    assert {assertion}\n')

    result = run()

    result.assert_outcomes(failed=1)
    assert 'the golden file tests/golden/test_web/test_text.txt is missing' in result.outlines
    assert not (suite / 'golden').exists()


def test_what_does_not_differ_is_written_if_that_is_asked_for(suite: pathlib.Path, run: Run):
    (suite / 'test_web.py').write_text('def test_text(golden):\n    assert not ("a" != golden)\n')

    run('--golden-update').assert_outcomes(passed=1)

    assert contents(suite / 'golden' / 'test_web') == {'test_text.txt': 'a'}
    run().assert_outcomes(passed=1)


def test_what_differs_from_a_golden_value_of_the_test_is_not_written(
    suite: pathlib.Path, run: Run
):
    (suite / 'test_web.py').write_text(
        'def test_text(golden):\n    assert "b" == golden\n    assert "a" != golden\n'
    )

    for options in (['--golden-update'], ['--golden-update'], []):
        run(*options).assert_outcomes(passed=1)
        assert contents(suite / 'golden' / 'test_web') == {'test_text.txt': 'b'}


@pytest.mark.parametrize('processes', ['0', '2'])
def test_golden_files_are_written_if_that_is_asked_for(
    suite: pathlib.Path, run: Run, processes: str
):
    result = run('-n', processes, '--golden-update')

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(['golden files written: 6'])
    assert contents(suite / 'golden' / 'test_web') == {
        'TestParts.test_parts.again.files.yaml': '/etc/app.conf: |\n  port = 80\n',
        'TestParts.test_parts.conf.txt': 'port = 80\n',
        'TestParts.test_parts.files.yaml': '/etc/app.conf: |\n  port = 80\n',
        'TestParts.test_parts.plan.yaml': 'web: {}\n',
        'test_state[False].yaml': 'unit_status: active\n',
        'test_state[True].yaml': 'leader: true\nunit_status: active\n',
    }


def test_of_golden_files_that_are_right_nothing_is_said(goldens: pathlib.Path, run: Run):
    result = run()

    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line('*golden file*')


@pytest.mark.parametrize('processes', ['0', '2'])
def test_a_golden_file_that_differs_fails_the_test_until_it_is_updated(
    suite: pathlib.Path, goldens: pathlib.Path, run: Run, processes: str
):
    (suite / 'test_web.py').write_text(TESTS.replace('ActiveStatus()', "ActiveStatus('ready')"))

    result = run('-n', processes)
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(
        [
            'E * assert the golden file tests/golden/test_web/test_state[[]True].yaml differs '
            '(- golden, + this run)',
            "E * update it: pytest 'tests/test_web.py::test_state[[]True]' --golden-update",
            'E * - [[]\'unit_status\'] = "active"',
            'E * + [[]\'unit_status\'] = "active: ready"',
        ],
        consecutive=True,
    )

    run('--golden-update').stdout.fnmatch_lines(['golden files written: 2'])
    run().assert_outcomes(passed=3)


def test_the_command_that_is_shown_updates_one_test(goldens: pathlib.Path, run: Run):
    for path in goldens.iterdir():
        path.write_text('changed: true\n')

    result = run('tests/test_web.py::test_state[True]', '--golden-update')

    result.assert_outcomes(passed=1)
    changed = [name for name, text in contents(goldens).items() if text != 'changed: true\n']
    assert changed == ['test_state[True].yaml']


def test_the_form_of_the_yaml_makes_no_difference(goldens: pathlib.Path, run: Run):
    (goldens / 'test_state[True].yaml').write_text('# right\n{unit_status: "active", leader: yes}')

    run().assert_outcomes(passed=3)


def test_what_is_no_yaml_differs(goldens: pathlib.Path, run: Run):
    (goldens / 'test_state[True].yaml').write_text('leader: [true')

    run().stdout.fnmatch_lines(
        ['E * update it: pytest *', 'E * it is no YAML: while parsing a flow sequence*']
    )


@pytest.mark.parametrize('processes', ['0', '2'])
def test_golden_files_that_no_test_compares_with_are_reported_and_removed(
    suite: pathlib.Path, goldens: pathlib.Path, run: Run, processes: str
):
    (suite / 'test_web.py').write_text(TESTS.replace('[True, False]', '[True]'))
    (suite / 'golden' / 'test_gone').mkdir()
    (suite / 'golden' / 'test_gone' / 'test_a.yaml').write_text('1')

    result = run('-n', processes)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            'golden files that no test compares with:',
            '  tests/golden/test_gone/test_a.yaml',
            '  tests/golden/test_web/test_state[[]False].yaml',
            'remove them: pytest --golden-update',
        ],
        consecutive=True,
    )

    result = run('-n', processes, '--golden-update')
    result.stdout.fnmatch_lines(['golden files removed: 2'])
    assert len(contents(goldens)) == 5
    assert not (suite / 'golden' / 'test_gone').exists()


@pytest.mark.parametrize(
    'arguments',
    [
        ['-k', 'parts'],
        ['tests/test_web.py::TestParts'],
        ['--deselect', 'tests/test_web.py::TestParts'],
        ['--collect-only'],
    ],
)
def test_not_if_only_some_tests_of_the_file_are_run(
    suite: pathlib.Path, goldens: pathlib.Path, run: Run, arguments: list[str]
):
    (suite / 'test_web.py').write_text(TESTS.replace('[True, False]', '[True]'))

    result = run(*arguments, '--golden-update')

    result.stdout.no_fnmatch_line('golden file*')
    assert len(contents(goldens)) == 6


def test_nor_those_of_tests_that_did_not_pass(
    suite: pathlib.Path, goldens: pathlib.Path, run: Run
):
    text = TESTS.replace('self, golden):', 'self, golden):\n        pytest.skip()')
    (suite / 'test_web.py').write_text(text.replace('assert State', 'assert not leader or State'))

    result = run()

    result.assert_outcomes(passed=2, skipped=1)
    lines = [line for line in result.outlines if 'golden' in line and ' passed' not in line]
    assert lines == [
        'golden files that no test compares with:',
        '  tests/golden/test_web/test_state[False].yaml',
        'remove them: pytest --golden-update',
    ]


def test_other_files_of_the_suite_are_left_alone(
    suite: pathlib.Path, goldens: pathlib.Path, run: Run
):
    others = [goldens / 'notes.md', goldens.parent / 'expected' / 'app.yaml']
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_text('mine')

    result = run('--golden-update')

    assert [path.read_text() for path in others] == ['mine', 'mine']
    result.stdout.no_fnmatch_line('golden files*')


def test_names_of_files_are_safe_and_unique_everywhere(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(
        test_names="""
        import pytest

        IDS = ['a', 'A', 'a/b:c', 'a?b c', '\\xe4', 'x' * 200, 'y=1', 'true', 'True']

        @pytest.mark.parametrize('x', IDS, ids=IDS)
        def test_x(x, golden):
            assert {'x': x} == golden

        def test_X(golden):
            assert [] == golden
        """
    )

    run('--golden-update').assert_outcomes(passed=10)

    names = list(contents(pytester.path / 'golden' / 'test_names'))
    assert [name[:-14] for name in names if '-' in name] == [
        'test_X',
        'test_x[-xe4]',
        'test_x[A]',
        'test_x[a-b-c]',
        'test_x[a-b-c]',
        'test_x[true]',
        f'test_x[{"x" * 113}',
    ]
    assert {'test_x[a].yaml', 'test_x[y=1].yaml', 'test_x[True].yaml'} < set(names)
    assert len({name.casefold() for name in names}) == 10
    run().assert_outcomes(passed=10)


@pytest.mark.parametrize('known', [None, 'a: 1\n'])
def test_two_values_need_two_names(pytester: pytest.Pytester, run: Run, known: str | None):
    if known:
        folder = pytester.mkdir('golden') / 'test_two'
        folder.mkdir()
        (folder / 'test_two.yaml').write_text(known)
    pytester.makepyfile(
        test_two="""
        def test_two(golden):
            assert {'a': 1} == golden
            assert {'a': 1} == golden
            assert {'a': 2} == golden
        """
    )

    result = run('--golden-update')

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            'E * assert the test compares two values with the golden file '
            'golden/test_two/test_two.yaml',
            "E * hint: give each a name: golden('…')",
            "E * - [[]'a'] = 1",
            "E * + [[]'a'] = 2",
        ],
        consecutive=True,
    )


def test_other_names_and_values_are_refused(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(
        """
        import pytest

        def test_refused(golden):
            for wrong in ('../elsewhere', '', 3, None):
                with pytest.raises(ValueError) as name:
                    golden(wrong)
                print(name.value)
            with pytest.raises(TypeError) as value:
                golden == object
            print(value.value)
        """
    )

    run('-rP').stdout.fnmatch_lines(
        [
            *(
                line
                for name in ("'../elsewhere'", "''", '3', 'None')
                for line in (
                    f'cannot name a golden value {name}: '
                    'it takes letters, digits, hyphens and underscores',
                    "  hint: golden('after-restart')",
                )
            ),
            "cannot keep a type in a golden file: <class 'object'>",
        ]
    )


def test_the_path_is_shown_as_it_is_typed(
    suite: pathlib.Path, pytester: pytest.Pytester, run: Run
):
    pytester.makeini('[pytest]')
    pytester.chdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(suite)
        result = run('-k', 'parts')

    result.stdout.fnmatch_lines(
        ['E * write it: pytest test_web.py::TestParts::test_parts --golden-update']
    )


@pytest.mark.parametrize('processes', ['0', '2'])
def test_other_plugins_for_charms_may_be_installed(
    pytester: pytest.Pytester, run: Run, processes: str
):
    pytester.makepyfile(
        test_both="""
        import pathlib
        import ops.testing
        import scenario_pebble

        def test_ops_scenario_is_itself():
            assert getattr(ops.testing, 'State', None) is not scenario_pebble.State

        def test_the_files_of_pyfakefs_are_not_those_of_the_golden_values(fs, golden):
            fs.create_file('/etc/app.conf', contents='port = 80')
            assert pathlib.Path('/etc/app.conf').read_text() == golden
            assert pathlib.Path('/etc/app.conf').exists()
        """
    )

    arguments = ['-p', 'pyfakefs.pytest_plugin', '-n', processes]
    run(*arguments, '--golden-update').assert_outcomes(passed=2)

    [golden] = (pytester.path / 'golden' / 'test_both').iterdir()
    assert golden.read_text() == 'port = 80'


def test_a_fixture_of_the_same_name_is_the_suites_own_affair(
    suite: pathlib.Path, goldens: pathlib.Path, run: Run
):
    (suite / 'test_own.py').write_text("""
import pytest

@pytest.fixture
def golden():
    return 1

def test_own(golden):
    assert golden == 1
""")
    own = suite / 'golden' / 'test_own' / 'any.yaml'
    own.parent.mkdir()
    own.write_text('mine')

    run('--golden-update').assert_outcomes(passed=4)
    run('--golden-update', 'tests/test_own.py').assert_outcomes(passed=1)

    assert own.read_text() == 'mine'
