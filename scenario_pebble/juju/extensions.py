"""What Charmcraft's framework extensions add to a charm's metadata, config and actions."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, cast

_SECRET_KEY = {'secret-key': 'string', 'secret-key-id': 'secret'}
_SERVER = {
    'webserver-keepalive': 'int',
    'webserver-threads': 'int',
    'webserver-timeout': 'int',
    'webserver-worker-class': 'string',
    'webserver-workers': 'int',
}
_METRICS = {'metrics-path': ('string', '/metrics'), 'metrics-port': ('int', 8080)}
_PORT = {'app-port': ('int', 8080)}

# Options by extension: the type, or the type and the default.
_OPTIONS: dict[str, dict[str, str | tuple[str, Any]]] = {
    'django-framework': {
        'django-allowed-hosts': 'string',
        'django-debug': ('boolean', False),
        **{f'django-{name}': kind for name, kind in _SECRET_KEY.items()},
        **_SERVER,
    },
    'flask-framework': {
        'flask-application-root': 'string',
        'flask-debug': 'boolean',
        'flask-env': 'string',
        'flask-permanent-session-lifetime': 'int',
        'flask-preferred-url-scheme': ('string', 'HTTPS'),
        **{f'flask-{name}': kind for name, kind in _SECRET_KEY.items()},
        'flask-session-cookie-secure': 'boolean',
        **_SERVER,
    },
    'fastapi-framework': {
        **{f'app-{name}': kind for name, kind in _SECRET_KEY.items()},
        **_METRICS,
        'webserver-log-level': ('string', 'info'),
        'webserver-port': ('int', 8080),
        'webserver-workers': ('int', 1),
    },
}
for _name in ('expressjs-framework', 'go-framework', 'spring-boot-framework'):
    _OPTIONS[_name] = {
        **_PORT,
        **{f'app-{name}': kind for name, kind in _SECRET_KEY.items()},
        **_METRICS,
    }
_OPTIONS['spring-boot-framework']['metrics-path'] = ('string', '/actuator/prometheus')

_CONTAINERS = {'django-framework': 'django-app', 'flask-framework': 'flask-app'}


def expand(meta: dict[str, Any], extensions: list[str]) -> None:
    """Merge into *meta*, a whole ``charmcraft.yaml``, what the extensions add, as Charmcraft does.

    Raises:
        ValueError: If *meta* itself defines what an extension adds.
    """
    for extension in extensions:
        if extension not in _OPTIONS:
            warnings.warn(
                f'cannot expand extension {extension!r}: not simulated; its metadata is missing',
                stacklevel=2,
            )
            continue
        for key, added in _additions(extension).items():
            meta[key] = _merged(meta.get(key), added, key, extension)


def _additions(extension: str) -> dict[str, Any]:
    container = _CONTAINERS.get(extension, 'app')
    actions: dict[str, Any] = {'rotate-secret-key': {}}
    if extension == 'django-framework':
        params = {name: {'type': 'string'} for name in ('email', 'username')}
        actions['create-superuser'] = {'params': params, 'required': ['username', 'email']}
    return {
        'assumes': ['k8s-api'],
        'containers': {container: {'resource': f'{container}-image'}},
        'resources': {f'{container}-image': {'type': 'oci-image'}},
        'peers': {'secret-storage': {'interface': 'secret-storage'}},
        'provides': {
            'grafana-dashboard': {'interface': 'grafana_dashboard'},
            'metrics-endpoint': {'interface': 'prometheus_scrape'},
        },
        'requires': {
            'ingress': {'interface': 'ingress', 'limit': 1},
            'logging': {'interface': 'loki_push_api'},
        },
        'config': {'options': {k: _option(v) for k, v in _OPTIONS[extension].items()}},
        'actions': actions,
    }


def _option(option: str | tuple[str, Any]) -> dict[str, Any]:
    if isinstance(option, str):
        return {'type': option}
    return {'type': option[0], 'default': option[1]}


def _merged(own: Any, added: Any, where: str, extension: str) -> Any:
    """The charm's own entries and the extension's."""
    if own is None:
        return added
    if isinstance(own, list) and isinstance(added, list):
        return [*added, *(item for item in cast('list[Any]', own) if item not in added)]
    if not isinstance(own, Mapping):
        raise ValueError(
            f'cannot expand extension {extension!r}: {where} in charmcraft.yaml is no mapping'
        )
    entries = dict(cast('Mapping[str, Any]', own))
    if where == 'config':
        options = _merged(entries.get('options'), added['options'], 'config.options', extension)
        return {**entries, 'options': options}
    both = sorted(set(entries) & set(added))
    if both:
        raise ValueError(
            f'cannot expand extension {extension!r}: {where} in charmcraft.yaml has '
            f'{", ".join(map(repr, both))} too\n  hint: rename or remove what the extension adds'
        )
    return {**added, **entries}
