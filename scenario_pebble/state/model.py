"""The model that the unit lives in, and its cloud."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import ops

from ..dataclass import dataclass
from ..fields import check_fields
from ..frozen import EMPTY, empty, empty_list, fill
from .given import read_only_mapping, strings
from .value import Value

# Fixed, so that two States with equal fields are equal.
DEFAULT_NAME = 'test-model'
DEFAULT_UUID = '5ce4a1e0-0d5a-4b1c-8d5e-7e57ab1e0001'


@dataclass(frozen=True, init=False, repr=False)
class CloudCredential(Value):
    """How to log in to the cloud."""

    auth_type: str
    """The cloud's word for the kind of credential."""

    attributes: Mapping[str, str] = dataclasses.field(default_factory=empty)
    """What the kind of credential asks for, for example user name and password."""

    redacted: Sequence[str] = dataclasses.field(default_factory=empty_list)
    """Names of attributes that Juju holds back."""

    def __init__(
        self,
        *,
        auth_type: str,
        attributes: Mapping[str, str] = EMPTY,
        redacted: Iterable[str] = (),
    ):
        fill(
            self,
            auth_type=auth_type,
            attributes=read_only_mapping(attributes, str, 'CloudCredential.attributes'),
            redacted=strings(redacted, 'CloudCredential.redacted'),
        )
        check_fields(self)


@dataclass(frozen=True, init=False, repr=False)
class CloudSpec(Value):
    """The cloud that the model runs on.  A charm gets it only if the application is trusted.

    Example::

        credential = CloudCredential(auth_type='oauth2', attributes={'Token': 'x'})
        State(model=Model('prod', cloud_spec=CloudSpec('kubernetes', credential=credential)))
    """

    type: str
    """Kind of cloud, for example ``lxd`` or ``kubernetes``."""

    name: str = 'localhost'
    """Juju's name for the cloud."""

    region: str | None = None
    """The region of the cloud."""

    endpoint: str | None = None
    """URL of the cloud's API."""

    identity_endpoint: str | None = None
    """URL of the cloud's identity API."""

    storage_endpoint: str | None = None
    """URL of the cloud's storage API."""

    credential: CloudCredential | None = None
    """How to log in."""

    ca_certificates: Sequence[str] = dataclasses.field(default_factory=empty_list)
    """Certificates to trust, each as PEM text."""

    skip_tls_verify: bool = False
    """Whether to trust any certificate."""

    is_controller_cloud: bool = False
    """Whether the controller runs on this cloud too."""

    def __init__(
        self,
        type: str,
        *,
        name: str = 'localhost',
        region: str | None = None,
        endpoint: str | None = None,
        identity_endpoint: str | None = None,
        storage_endpoint: str | None = None,
        credential: CloudCredential | None = None,
        ca_certificates: Iterable[str] = (),
        skip_tls_verify: bool = False,
        is_controller_cloud: bool = False,
    ):
        fill(
            self,
            type=type,
            name=name,
            region=region,
            endpoint=endpoint,
            identity_endpoint=identity_endpoint,
            storage_endpoint=storage_endpoint,
            credential=credential,
            ca_certificates=strings(ca_certificates, 'CloudSpec.ca_certificates'),
            skip_tls_verify=skip_tls_verify,
            is_controller_cloud=is_controller_cloud,
        )
        check_fields(self)


@dataclass(frozen=True, init=False, repr=False)
class Model(Value):
    """The Juju model."""

    name: str = DEFAULT_NAME
    """The model's name.  The default is always the same one."""

    uuid: str = DEFAULT_UUID
    """The model's identity.  The default is always the same one."""

    type: Literal['kubernetes', 'lxd'] = 'kubernetes'
    """Kubernetes, or machines."""

    cloud_spec: CloudSpec | None = None
    """What ``credential-get`` answers."""

    def __init__(
        self,
        name: str | None = None,
        *,
        uuid: str | None = None,
        type: Literal['kubernetes', 'lxd'] = 'kubernetes',
        cloud_spec: CloudSpec | ops.CloudSpec | None = None,
    ):
        fill(
            self,
            name=DEFAULT_NAME if name is None else name,
            uuid=DEFAULT_UUID if uuid is None else uuid,
            type=type,
            cloud_spec=_cloud_spec(cloud_spec),
        )
        check_fields(self)


def _cloud_spec(spec: CloudSpec | ops.CloudSpec | None) -> CloudSpec | None:
    if not isinstance(spec, ops.CloudSpec):
        return spec
    fields: dict[str, Any] = {f.name: getattr(spec, f.name) for f in dataclasses.fields(spec)}
    if spec.credential is not None:
        credential = spec.credential
        fields['credential'] = CloudCredential(
            auth_type=credential.auth_type,
            attributes=credential.attributes,
            redacted=credential.redacted,
        )
    return CloudSpec(**fields)
