"""No module imports itself by a detour, not even for type checking."""

import networkx
import pytest

grimp = pytest.importorskip("grimp")


def test_no_import_circle():
    graph = grimp.build_graph("gutexo", exclude_type_checking_imports=False)
    imports = networkx.DiGraph(
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    )
    assert len(imports) > 200
    assert not [c for c in networkx.strongly_connected_components(imports) if len(c) > 1]
