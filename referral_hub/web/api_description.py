"""The description of the API, made when it is first asked for."""

from threading import RLock
from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint


class DescribedOnDemand(Api):  # type: ignore[misc]
    """The addresses of the API at once, their description later: it takes longer to make than all
    the rest of the application, and most processes never show it."""

    def __init__(self, app: Flask) -> None:
        self._lock = RLock()
        self._undescribed: list[Blueprint] = []
        self._spec: Any = None
        super().__init__(app)

    @property
    def spec(self) -> Any:
        """The description, complete."""
        with self._lock:
            while self._undescribed:
                part = self._undescribed.pop(0)
                part.register_views_in_doc(
                    self, self._app, self._spec, name=part.name, parameters=None
                )
                self._spec.tag({"name": part.name, "description": part.description})
            return self._spec

    @spec.setter
    def spec(self, spec: Any) -> None:
        self._spec = spec

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Give the application a part of the API."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._undescribed.append(blueprint)
