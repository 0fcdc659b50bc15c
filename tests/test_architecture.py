"""Which way the arrows point: the import graph is that of ARCHITECTURE.md."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "tintype": {"tintype"},
    "storage": {"storage"},
    "imaging": {"imaging"},
    "services": {"services", "tintype", "storage", "imaging"},
}
# Backends' own libraries, and the one folder that may know each.
CONFINED = {
    "minio": "storage/drivers",
    "azure": "storage/drivers",
    "cv2": "imaging",
    "sqlalchemy": "services/ingest",
    "starlette": "services/edge",
    "uvicorn": "services/edge",
    "grpc": ("services", "tintype"),
}


def modules(package: str) -> dict[Path, ast.Module]:
    """Parse every module of a package that somebody wrote."""
    return {
        path.relative_to(ROOT): ast.parse(path.read_text())
        for path in (ROOT / package).rglob("*.py")
        if "_pb2" not in path.name
    }


def imported(tree: ast.Module) -> set[str]:
    """Return the full names of all modules that a module imports, wherever it does."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.add(node.module or "")
    return names


def test_the_arrows_point_one_way() -> None:
    wrong = [
        f"{path} imports {name}"
        for package, allowed in ALLOWED.items()
        for path, tree in modules(package).items()
        for name in imported(tree)
        if name.partition(".")[0] in ALLOWED and name.partition(".")[0] not in allowed
    ]
    assert wrong == []


def test_a_service_knows_another_only_by_its_client() -> None:
    names = {path.name for path in (ROOT / "services").iterdir() if path.is_dir()}
    own = {"rpc": {"rpc", "ingest"}, "local": names}  # rpc: the error table names every error
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules("services").items()
        for name in imported(tree)
        if name.startswith("services.")
        and name.split(".")[1] not in own.get(path.parts[1], set()) | {path.parts[1], "rpc"}
    ]
    assert wrong == []


def test_every_backends_library_stays_in_its_folder() -> None:
    wrong = [
        f"{path} imports {name}"
        for package in ALLOWED
        for path, tree in modules(package).items()
        for name in imported(tree)
        if (home := CONFINED.get(name.partition(".")[0])) and not str(path).startswith(home)
    ]
    assert wrong == []


def test_only_a_main_module_reads_the_environment() -> None:
    wrong = [
        str(path)
        for package in ALLOWED
        for path, tree in modules(package).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and path.name != "__main__.py"
    ]
    assert wrong == []
