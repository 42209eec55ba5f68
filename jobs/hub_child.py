"""The process that pushes one folder: `python -m jobs.hub_child`, what is asked on its standard input as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huggingface_hub import HfApi


MESSAGE = "Results"
DISABLED_FEATURES = tuple(f"HF_HUB_DISABLE_{name}" for name in ("XET", "TELEMETRY", "IMPLICIT_TOKEN", "PROGRESS_BARS"))
REASONS_BY_STATUS = {401: "token", 403: "forbidden", 408: "network", 429: "busy"}


def main() -> None:
    request = json.load(sys.stdin)
    for name in DISABLED_FEATURES:  # read when the library is imported; Xet's own protocol is not needed
        os.environ[name] = "1"
    os.environ["HF_ENDPOINT"] = request["endpoint"]
    sys.stdout.write(json.dumps(get_outcome(request)))


def get_outcome(request: dict[str, Any]) -> dict[str, Any]:
    """Return `url` and `public` of the pushed data set, or `why` the push failed."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    api = HfApi(endpoint=request["endpoint"], token=request["token"])
    try:
        return push_folder(api, request["name"], request["public"], Path(request["folder"]))
    except HFValidationError:
        return {"why": "name"}
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        return {
            "why": REASONS_BY_STATUS.get(status, "name" if 400 <= status < 500 else "busy" if status >= 500 else "hub")
        }
    except Exception as error:
        return {"why": "network" if _is_of_transport(error) else "hub"}


def _is_of_transport(error: Exception) -> bool:
    """Return whether the connection failed. The library may change its HTTP client; httpx and its successors name these
    errors so."""
    return isinstance(error, OSError) or any(ancestor.__name__ == "TransportError" for ancestor in type(error).__mro__)


def push_folder(api: HfApi, name: str, public: bool, folder: Path) -> dict[str, Any]:
    """Push the folder in one commit. Refused if the push should be private but the data set is public."""
    from huggingface_hub import CommitOperationAdd

    url = api.create_repo(name, repo_type="dataset", private=not public, exist_ok=True)
    open_ = not api.repo_info(name, repo_type="dataset").private
    if open_ and not public:
        return {"why": "public"}
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    added = [CommitOperationAdd(path.relative_to(folder).as_posix(), path) for path in files]
    api.create_commit(name, added, commit_message=MESSAGE, repo_type="dataset")
    return {"url": str(url), "public": open_}


if __name__ == "__main__":
    main()
