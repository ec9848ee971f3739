"""What services print, and how it is read."""

from __future__ import annotations

import re

from scenario_pebble.daemon.message import Lines, Pending
from scenario_pebble.daemon.servicelog import RING_SIZE, ServiceLogs, last_lines
from scenario_pebble.daemon.workload import Behaviour, Output, Reaction

from .simulated import BEGIN_NS, Pebble, exits, prints, service, texts

SECOND = 1_000_000_000


def logs_of(*texts: str, name: str = 'web') -> ServiceLogs:
    logs = ServiceLogs()
    for index, text in enumerate(texts):
        logs.write(name, text.encode(), BEGIN_NS + index * SECOND, in_line=False)
    return logs


def messages(logs: ServiceLogs, count: int = 30) -> list[str]:
    return [entry.message for entry in logs.entries(['web', 'db'], count)]


def test_each_line_is_kept_with_its_time_and_service():
    logs = logs_of('one\ntwo\n')

    assert logs.text('web') == (
        b'2023-11-14T22:13:20.000Z [web] one\n2023-11-14T22:13:20.000Z [web] two\n'
    )


def test_an_entry_is_shown_with_its_time():
    logs = ServiceLogs()
    logs.write('web', b'hello\n', BEGIN_NS + 120_400_000, in_line=False)

    assert [entry.info() for entry in logs.entries(['web'], 30)] == [
        {'time': '2023-11-14T22:13:20.12Z', 'service': 'web', 'message': 'hello'}
    ]


def test_output_that_ends_a_line_gets_no_second_prefix():
    logs = ServiceLogs()

    first = logs.write('web', b'half', BEGIN_NS, in_line=False)
    second = logs.write('web', b' and half\n', BEGIN_NS + SECOND, in_line=first)

    assert (first, second) == (True, False)
    assert logs.text('web') == b'2023-11-14T22:13:20.000Z [web] half and half\n'


def test_the_prefix_of_a_new_run_lands_in_an_unfinished_line():
    programs = {'web': [prints('cut', exit_after_ns=2 * SECOND), prints('new\n')]}
    pebble = Pebble(service('web'), programs)
    pebble.do('start', 'web')
    pebble.advance(2)

    (line,) = texts(pebble, 'web')
    assert re.fullmatch(r'cut2023-11-14T22:13:22\.5..Z \[web\] new', line)


def test_only_the_latest_lines_are_shown():
    logs = logs_of(''.join(f'{n}\n' for n in range(50)))

    assert messages(logs) == [str(n) for n in range(20, 50)]
    assert messages(logs, 2) == ['48', '49']
    assert messages(logs, 0) == []
    assert messages(logs, -1) == [str(n) for n in range(50)]


def test_an_unfinished_line_is_shown_on_top_of_the_finished_ones_before_it():
    logs = logs_of('one\ntwo\nthree')

    assert messages(logs, 3) == ['one', 'two', 'three']
    assert messages(logs, 1) == ['three']


def test_lines_of_several_services_are_merged_by_time_then_name():
    logs = logs_of('web 0\n', 'web 1\n')
    logs.write('db', b'db 0\n', BEGIN_NS, in_line=False)
    logs.write('db', b'db 2\n', BEGIN_NS + 2 * SECOND, in_line=False)

    assert messages(logs) == ['db 0', 'web 0', 'web 1', 'db 2']
    assert messages(logs, 3) == ['web 0', 'web 1', 'db 2']


def test_a_long_line_is_split_as_pebbles_reader_does():
    logs = logs_of('x' * 9000 + '\n')

    prefix = len('2023-11-14T22:13:20.000Z [web] ')
    assert [len(message) for message in messages(logs, -1)] == [
        4096 - prefix,
        4096,
        9000 + prefix - 8192,
    ]


def test_only_the_latest_100_kib_are_kept_and_a_cut_line_is_skipped():
    logs = logs_of(*('x' * 70 + '\n' for _ in range(3000)))

    size = len('2023-11-14T22:13:20.000Z [web] ') + 71
    assert len(logs.text('web')) == RING_SIZE
    assert len(messages(logs, -1)) == RING_SIZE // size


def test_bytes_that_arent_utf_8_are_replaced_one_by_one():
    logs = ServiceLogs()
    logs.write('web', b'\xff\xfe \xe2\x82 \xc3\xbc\n', BEGIN_NS, in_line=False)

    assert messages(logs) == ['\ufffd\ufffd \ufffd\ufffd ü']


def test_carriage_returns_and_blanks_belong_to_the_message():
    assert messages(logs_of('\n  two\t\r\n')) == ['', '  two\t\r']


def test_saving_logs_that_nobody_wrote_gives_what_they_were_made_from():
    saved = logs_of('one\n').save()

    logs = ServiceLogs(saved)
    logs.entries(['web'], 30)

    assert logs.save() is saved


def test_logs_go_on_from_what_was_saved():
    logs = ServiceLogs(logs_of('one\n').save())

    logs.write('web', b'two\n', BEGIN_NS, in_line=False)

    assert messages(logs) == ['one', 'two']


# -- the excerpt of a failed start


def test_an_excerpt_has_twenty_lines_without_prefixes():
    logs = logs_of(''.join(f'{n}\n' for n in range(20)))

    assert last_lines(logs.text('web')) == '\n'.join(f'    {n}' for n in range(20))


def test_a_longer_excerpt_begins_with_dots():
    logs = logs_of(''.join(f'{n}\n' for n in range(21)))

    expected = ['    (...)', *(f'    {n}' for n in range(1, 21))]
    assert last_lines(logs.text('web')).split('\n') == expected


def test_an_empty_last_line_of_an_excerpt_keeps_its_time():
    logs = logs_of('one\n\n')

    assert last_lines(logs.text('web')) == '    one\n    2023-11-14T22:13:20.000Z [web]'


def test_an_excerpt_of_nothing_is_one_empty_line():
    assert last_lines(b'') == '    '


# -- processes


def test_output_that_comes_later_is_in_the_log_later():
    later = Output(b'later\n', after_ns=2 * SECOND)
    pebble = Pebble(service('web'), {'web': Behaviour(output=(Output(b'now\n'), later))})
    pebble.do('start', 'web')

    assert texts(pebble, 'web') == ['now']
    pebble.advance(5)
    answer = pebble.send('GET', '/v1/logs', services='web')
    assert isinstance(answer, Lines)
    assert [line['time'] for line in answer.lines] == [
        '2023-11-14T22:13:20Z',
        '2023-11-14T22:13:22Z',
    ]


def test_output_after_the_end_never_comes():
    later = Output(b'later\n', after_ns=2 * SECOND)
    pebble = Pebble(service('web', on_failure='ignore'), {'web': exits(1.5, 1, output=(later,))})
    pebble.do('start', 'web')

    pebble.advance(5)

    assert texts(pebble, 'web') == []


def test_what_a_signal_makes_a_process_print_follows_what_it_printed_before():
    reactions = {'SIGHUP': Reaction(b'reloaded\n')}
    outputs = (Output(b'one\n'), Output(b'two\n', after_ns=SECOND // 2))
    pebble = Pebble(service('web'), {'web': Behaviour(output=outputs, reactions=reactions)})
    pebble.do('start', 'web')

    pebble.post('/v1/signals', signal='SIGHUP', services=['web'])

    assert texts(pebble, 'web') == ['one', 'two', 'reloaded']


def test_the_log_survives_a_restart_of_the_service():
    pebble = Pebble(service('web'), {'web': prints('hello\n')})
    pebble.do('start', 'web')

    pebble.do('restart', 'web')

    assert texts(pebble, 'web') == ['hello', 'hello']


def test_logs_of_all_services_are_those_of_the_plan():
    pebble = Pebble(service('web'), {'web': prints('hello\n')})
    pebble.do('start', 'web')

    assert texts(pebble) == ['hello']
    assert texts(pebble, 'nope') == []


def test_wrong_parameters_are_refused():
    pebble = Pebble()

    wrong_n = (400, 'n must be -1, 0, or a positive integer')
    assert pebble.error('GET', '/v1/logs', n='-2') == wrong_n
    assert pebble.error('GET', '/v1/logs', n='many') == wrong_n
    assert pebble.error('GET', '/v1/logs', follow='maybe') == (
        400,
        'follow parameter must be "true" or "false"',
    )


def test_following_collects_lines_until_the_client_hangs_up():
    outputs = (Output(b'old\n'), Output(b'new\n', after_ns=3 * SECOND))
    pebble = Pebble(service('web'), {'web': Behaviour(output=outputs)})
    pebble.do('start', 'web')

    pending = pebble.send('GET', '/v1/logs', follow='true', n='5')
    assert isinstance(pending, Pending)
    pebble.advance(5)

    answer = pending.expired()
    assert isinstance(answer, Lines)
    assert [line['message'] for line in answer.lines] == ['old', 'new']
