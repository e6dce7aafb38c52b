"""The registry: the YAML under seeds/ to what is watched, or to all that is wrong with it."""

from extractors.registry.forms import json_schemas
from extractors.registry.read import parse_registry
from extractors.registry.warn import registry_warnings

__all__ = ["json_schemas", "parse_registry", "registry_warnings"]
